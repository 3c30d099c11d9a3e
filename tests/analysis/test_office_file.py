"""Office files: every problem with its place and the nearest name, and what they leave out is as usual."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import attrs
import jsonschema
import pytest
import yaml
from small_offices import counter, people

from aaworkflow.analysis.simulation import Workplace, load_office, office_schema, read_office, usual_workplace
from aaworkflow.analysis.simulation.chance import Choice, Exponential, Fixed, Lognormal, Triangular, Uniform
from aaworkflow.errors import RulesetError
from aaworkflow.rulesets import load_people, load_ruleset

ROOT = Path(__file__).parents[2]

FACTS = """
facts:
  amount: {title: Amount, type: money}
  urgent: {title: Urgent, type: boolean}
  category: {title: Category, type: select, options: {goods: Goods, services: Services}}
  wanted_on: {title: Wanted, type: date}
  size: {title: Size, type: string, table: sizes.size}
tables:
  sizes:
    hit_policy: first
    inputs: [amount]
    outputs: [size]
    rows:
      - {when: {amount: ">= 100"}, then: {size: large}}
      - {then: {size: small}}
"""
RULES = counter(**{"facts.yaml": FACTS})
PEOPLE = people(2)


@pytest.fixture
def office(tmp_path: Path):
    def load(text: str) -> Workplace:
        file = tmp_path / "office.yaml"
        file.write_text(text, "utf-8")
        return load_office(file, RULES, PEOPLE)

    return load


@pytest.fixture
def problems(office):
    def refused(text: str) -> list[str]:
        with pytest.raises(RulesetError) as error:
            office(text)
        assert all(finding.text(lang) for finding in error.value.findings for lang in ("zh", "en"))
        return [f"{f.place.line}:{f.place.column} {f.code}" for f in error.value.findings]

    return refused


@pytest.mark.parametrize("name", ["aa", "purchase"])
def test_the_office_files_that_ship_fit_their_rulesets(name: str) -> None:
    folder = ROOT / "rulesets" / name
    ruleset = load_ruleset(folder)
    directory = load_people(folder / "people.yaml", ruleset=ruleset)
    found, findings = read_office(folder / "office.yaml", ruleset, directory)
    assert findings == ()
    assert found is not None
    assert found.first == date(2026, 1, 1)


def test_what_is_left_out_is_as_usual(office) -> None:
    usual = usual_workplace(RULES)
    assert office("order: due\n") == usual
    assert office("order: arrival\n") == attrs.evolve(usual, order="arrival")


@pytest.mark.parametrize(
    ("written", "spread"),
    [
        ("20 minutes", Fixed(1200)),
        ("1.5小时", Fixed(5400)),
        ("2 working days", Fixed(16 * 3600)),  # the office is open 8 hours
        ("1个工作日", Fixed(8 * 3600)),
        ("{fixed: 1 min}", Fixed(60)),
        ("{uniform: [10 minutes, 1 hour]}", Uniform(600, 3600)),
        ("{triangular: [1分钟, 2分钟, 10分钟]}", Triangular(60, 120, 600)),
        ("{exponential: 30 minutes}", Exponential(1800)),
        ("{lognormal: {median: 20 minutes, p90: 1 hour}}", Lognormal(1200, 3600)),
    ],
)
def test_times_are_written_as_people_say_them(office, written: str, spread: object) -> None:
    found = office(f"takes:\n  steps: {{request.handle: {written}}}\n")
    assert found.takes.steps == {("request", "handle"): spread}


def test_a_step_may_be_named_alone_where_its_name_is_unique(office) -> None:
    assert office("delays: {steps: {handle: 1 hour}}\n").delays.steps == {("request", "handle"): Fixed(3600)}


def test_arrivals_are_a_rate_or_what_lies_between(office) -> None:
    rate = office("arrivals: {request: {rate: 4, by: {ann: 1}}}\n").arrivals["request"]
    assert (rate.every, rate.by) == (Exponential(2 * 3600), {"ann": 1.0})
    every = office("arrivals: {request: {every: {uniform: [1 hour, 3 hours]}}}\n").arrivals["request"]
    assert every.every == Uniform(3600, 3 * 3600)


def test_values_of_facts_are_those_of_their_type(office) -> None:
    facts = office(
        "facts:\n"
        "  amount: {lognormal: {median: 1000, p90: 5000}, unit: 50}\n"
        "  urgent: {choice: {true: 1, false: 3}}\n"
        "  category: goods\n"
        "  wanted_on: 2026-02-01\n"
    ).facts
    assert facts["amount"].at(0.5) == Decimal(1000)
    assert facts["amount"].at(0.77) % 50 == 0
    assert [facts["urgent"].at(share) for share in (0.1, 0.9)] == [True, False]
    assert facts["category"].spread == Choice({"goods": 1.0})
    assert facts["wanted_on"].at(0.5) == date(2026, 2, 1)


def test_people_have_their_hours_absences_and_agents(office) -> None:
    found = office(
        "people:\n  clerk.0:\n    hours: [09:00-12:00, 13:00-16:00]\n"
        "    absent: [{from: 2026-02-02, until: 2026-02-03, reason: ill}]\n"
        "delegations:\n  d: {from: clerk.0, to: ann, valid_from: 2026-02-01 00:00, valid_until: 2026-03-01 00:00}\n"
    )
    presence = found.people["clerk.0"]
    assert presence.hours == ((time(9), time(12)), (time(13), time(16)))
    ((gone, back),) = presence.absent
    assert (gone, back) == (datetime(2026, 2, 2, tzinfo=UTC), datetime(2026, 2, 4, tzinfo=UTC))
    assert [(d.principal, d.agent) for d in found.delegations] == [("clerk.0", "ann")]


BAD = {
    "period: {from: 2026-03-01, until: 2026-02-01}": ["1:35 period_backwards"],
    "period: {from: 1900-01-01, until: 2026-02-01}": ["1:9 period_outside_calendar"],
    "order: newest": ["1:8 word_unknown"],
    "arivals: {}": ["1:1 setting_unknown"],
    "arrivals: {requests: {rate: 1}}": ["1:12 unknown_procedure"],
    "arrivals: {request: {}}": ["1:21 arrival_not_one"],
    "arrivals: {request: {rate: 1, every: 1 hour}}": ["1:21 arrival_not_one"],
    "arrivals: {request: {rate: 0}}": ["1:28 arrival_not_possible"],
    "arrivals: {request: {rate: 1, by: {anne: 1}}}": ["1:36 unknown_person"],
    "arrivals: {request: {rate: 1, by: {ann: 0}}}": ["1:35 weights_all_zero"],
    "takes: {steps: {handel: 1 hour}}": ["1:17 unknown_step"],
    "takes: {roles: {clark: 1 hour}}": ["1:17 unknown_role"],
    "takes: {does: {drafts: 1 hour}}": ["1:16 setting_unknown"],
    "takes: {roles: {clerk: 20}}": ["1:24 span_not_readable"],
    "takes: {roles: {clerk: 20 days}}": ["1:24 span_not_readable"],
    "takes: {roles: {clerk: {uniform: [2 hours, 1 hour]}}}": ["1:34 spread_not_in_order"],
    "takes: {roles: {clerk: {uniform: 1 hour}}}": ["1:34 spread_not_in_order"],
    "takes: {roles: {clerk: {exponential: 0 minutes}}}": ["1:38 spread_not_in_order"],
    "takes: {roles: {clerk: {lognormal: {median: 1 hour, p90: 1 hour}}}}": ["1:36 spread_not_in_order"],
    "takes: {roles: {clerk: {lognormal: {median: 1 hour}}}}": ["1:36 setting_missing"],
    "takes: {roles: {clerk: {fixed: 1 hour, exponential: 1 hour}}}": ["1:24 spread_not_one"],
    "takes: {roles: {clerk: {}}}": ["1:24 spread_not_one"],
    "outcomes: {handle: {finished: 1}}": ["1:21 unknown_outcome"],
    "outcomes: {handle: {done: 0}}": ["1:20 weights_all_zero"],
    "outcomes: {handle: {done: many}}": ["1:27 value_not_readable"],
    "facts: {amout: 5}": ["1:9 unknown_fact"],
    "facts: {size: small}": ["1:9 fact_not_settable"],
    "facts: {amount: dear}": ["1:17 fact_value_not_readable"],
    "facts: {urgent: {choice: {perhaps: 1}}}": ["1:27 fact_value_not_readable"],
    "facts: {category: {choice: {good: 1, services: 1}}}": ["1:29 fact_not_an_option"],
    "facts: {category: {uniform: [1, 2]}}": ["1:29 fact_not_an_option", "1:29 fact_not_an_option"],
    "people: {clerk.7: {hours: 09:00-12:00}}": ["1:10 unknown_person"],
    "people: {ann: {hours: nine to five}}": ["1:23 office_hours_not_readable"],
    "people: {ann: {hours: [13:00-16:00, 09:00-12:00]}}": ["1:23 office_hours_not_in_order"],
    "people: {ann: {absent: {from: 2026-02-03, until: 2026-02-02}}}": ["1:50 absence_backwards"],
    "delegations: {d: {from: ann, to: bob, valid_from: 2026-02-01 00:00, valid_until: 2026-03-01 00:00}}": [
        "1:34 unknown_person"
    ],
    "delegations: {d: {from: ann, to: clerk.0, valid_from: 2026-03-01 00:00, valid_until: 2026-02-01 00:00}}": [
        "1:18 delegation_window_empty"
    ],
    "": ["1:1 file_empty"],
    "takes: [": ["2:1 yaml_syntax"],
}


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:50])
def test_every_problem_has_its_place(problems, text: str) -> None:
    assert problems(text + "\n") == BAD[text]


def test_all_problems_are_told_at_once_with_the_nearest_name(office) -> None:
    with pytest.raises(RulesetError) as error:
        office("arrivals: {reqest: {rate: 1}}\nfacts: {amout: 5}\npeople: {clerk.00: {}}\n")
    assert [reason.data["nearest"] for reason in error.value.reasons] == ["request", "amount", "clerk.0"]


def test_procedures_that_start_by_themselves_have_no_arrivals(tmp_path: Path) -> None:
    folder = ROOT / "rulesets/aa"
    ruleset = load_ruleset(folder)
    file = tmp_path / "office.yaml"
    file.write_text("arrivals: {daily_sales_advice: {rate: 1}}\n", "utf-8")
    _, findings = read_office(file, ruleset, load_people(folder / "people.yaml", ruleset=ruleset))
    assert [f.code for f in findings] == ["procedure_starts_by_itself"]


def test_the_schema_refuses_other_words() -> None:
    schema = jsonschema.Draft202012Validator(office_schema())
    good = yaml.load((ROOT / "rulesets/purchase/office.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    assert schema.is_valid({"takes": good["takes"], "people": good["people"], "delays": good["delays"]})
    assert not schema.is_valid({"takes": {"does": {"drafts": "1 hour"}}})
    assert not schema.is_valid({"takes": {"roles": {"clerk": {"fixed": "1 hour", "exponential": "1 hour"}}}})
