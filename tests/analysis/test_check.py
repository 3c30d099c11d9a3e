"""`check` says all at once what is wrong with a ruleset or doubtful about it, at its place."""

import json
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from aaworkflow.analysis.checking.check import check, rulesets_in
from aaworkflow.analysis.regions import situations
from aaworkflow.cli.main import cli
from aaworkflow.rules.tables import index
from aaworkflow.rulesets import load_people, load_ruleset
from aaworkflow.testing import load_scenarios
from aaworkflow.testing.naming import unknown_names

HEAD = """ruleset: small
version: 1
effective_from: 2026-01-01
title: {zh: 小, en: Small}
calendar: {country: CN, timezone: Asia/Shanghai}
offices:
  office: {title: {zh: 公司, en: Office}}
roles:
  clerk: {title: {zh: 职员, en: Clerk}, office: office}
  chief: {title: {zh: 主管, en: Chief}, office: office}
facts:
  amount: {title: {zh: 金额, en: Amount}, type: money}
parameters:
  limit: {title: {zh: 限额, en: Limit}, values: {2026-01-01: 100, 2027-01-01: LATER}}
rules:
  large:
    title: {zh: 大额, en: Large}
    when: CONDITIONS
    then: [{require_step: consent}]
guarantees:
  chief_first:
    text: {zh: 大额须主管同意, en: Large amounts need the chief}
    never: {step: pay, when: large, before: consent}
"""
PAYMENT = """procedure: payment
title: {zh: 付款, en: Payment}
needs_facts: [amount]
steps:
  ask: {title: {zh: 申请, en: Ask}, by: clerk, does: act, outcomes: {go: consent, drop: refused}}
  consent:
    title: {zh: 同意, en: Consent}
    by: chief
    does: review
    if_not_required: pay
    outcomes: {pass: pay, fail: REFUSED}
  pay: {title: {zh: 付款, en: Pay}, by: clerk, does: act, outcomes: {done: paid}}
ends:
  paid: {title: {zh: 已付, en: Paid}}
  refused: {title: {zh: 不同意, en: Refused}, result: refused}
"""
PEOPLE = """units:
  office: {title: {zh: 公司, en: Office}, office: office}
people:
  li: {name: 李, unit: office, roles: [clerk]}
  wang: {name: 王, unit: office, roles: [chief]}
"""
LARGE = "{all: [{name: amount, operator: greater_than, value: {parameter: limit}}]}"
NEVER = "{all: [{name: amount, operator: less_than, value: 5}, {name: amount, operator: greater_than, value: 9}]}"
ALWAYS = "{any: [{name: amount, operator: less_than, value: 9}, {name: amount, operator: greater_than, value: 5}]}"


def _ruleset(
    folder: Path, *, later: str = "200", when: str = LARGE, refused: str = "refused", people: str = PEOPLE
) -> Path:
    (folder / "ruleset.yaml").write_text(HEAD.replace("LATER", later).replace("CONDITIONS", when), "utf-8")
    (folder / "payment.yaml").write_text(PAYMENT.replace("REFUSED", refused), "utf-8")
    (folder / "people.yaml").write_text(people, "utf-8")
    return folder


def test_a_sound_ruleset_has_no_findings(tmp_path: Path) -> None:
    assert check(_ruleset(tmp_path)) == ()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"when": NEVER}, "rule_never_fires"),
        ({"when": ALWAYS}, "rule_always_fires"),
        ({"later": "100"}, "parameter_does_not_change"),
        ({"people": PEOPLE.replace("roles: [chief]", "roles: []")}, "nobody_has_role"),
    ],
)
def test_each_doubt_is_told_at_its_place(tmp_path: Path, changed: dict[str, str], code: str) -> None:
    (finding,) = check(_ruleset(tmp_path, **changed))
    assert finding.code == code
    assert finding.severity == "warning"
    assert finding.place.file.endswith("ruleset.yaml")
    assert finding.place.line > 1
    assert finding.reason.text("zh") != finding.reason.text("en")


def test_a_guarantee_that_does_not_hold_is_an_error_with_its_story(tmp_path: Path) -> None:
    (finding,) = [f for f in check(_ruleset(tmp_path, refused="pay")) if f.code == "guarantee_refuted"]
    assert finding.severity == "error"
    assert "outcome: fail" in finding.reason.data["scenario"]
    assert "by: wang" in finding.reason.data["scenario"]


def test_what_the_loader_finds_hides_nothing_else(tmp_path: Path) -> None:
    folder = _ruleset(tmp_path, refused="nowhere", when=NEVER, later="100", people=PEOPLE.replace("[chief]", "[]"))
    (folder / "tables.yaml").write_text("tables:\n  t: {inputs: [amount], outputs: [r], rows: [['> 5', x]]}\n", "utf-8")
    assert {finding.code for finding in check(folder)} == {
        *("unknown_step", "rule_never_fires", "parameter_does_not_change", "nobody_has_role", "table_gap"),
    }


def test_a_rule_about_very_much_is_decided_where_the_order_of_asking_is_clear(tmp_path: Path) -> None:
    facts = "".join(f"  f{n}: {{title: F, type: money}}\n" for n in range(20))
    conditions = ", ".join(f"{{name: f{n}, operator: less_than, value: {n + 1}}}" for n in range(20))
    for more, code in (("", None), (", {name: f0, operator: greater_than, value: 9}", "rule_never_fires")):
        folder = _ruleset(tmp_path, when=f"{{all: [{conditions}{more}]}}")
        (folder / "facts.yaml").write_text(f"facts:\n{facts}", "utf-8")
        assert [finding.code for finding in check(folder, guarantees=False)] == ([code] if code else [])


_COMPARISONS = st.builds(
    lambda name, operator, value: f"{{name: {name}, operator: {operator}, value: {value}}}",
    st.sampled_from(["amount", "size"]),
    st.sampled_from(["less_than", "greater_than", "equal_to"]),
    st.integers(0, 3),
)
_CONDITIONS = st.recursive(
    _COMPARISONS,
    lambda below: (
        st.builds("{{{}: [{}]}}".format, st.sampled_from(["all", "any"]), st.lists(below, min_size=1).map(", ".join))
        | below.map("{{not: {}}}".format)
    ),
    max_leaves=6,
)


@settings(max_examples=40)
@given(_CONDITIONS)
def test_a_rule_is_doubted_exactly_where_every_situation_has_the_same_answer(conditions: str) -> None:
    with TemporaryDirectory() as name:
        folder = _ruleset(Path(name), when=f"{{all: [{conditions}]}}", later="100", people="units: {}\npeople: {}\n")
        (folder / "facts.yaml").write_text("facts:\n  size: {title: S, type: numeric, optional: true}\n", "utf-8")
        ruleset = load_ruleset(folder)
        answers = {ruleset.fires("large", facts, ruleset.effective_from) for facts in situations(ruleset, "large")}
        told = {finding.code for finding in check(folder, guarantees=False)}
    assert ("rule_always_fires" in told) is (answers == {True})
    assert ("rule_never_fires" in told) is (answers == {False})


def test_a_rule_with_an_error_is_not_asked_whether_it_fires(tmp_path: Path) -> None:
    folder = _ruleset(tmp_path, when="{all: [{name: amuont, operator: less_than, value: 5}]}")
    assert {finding.code for finding in check(folder)} == {"condition_fact_unknown"}


def test_a_file_that_is_no_yaml_hides_nothing_about_people(tmp_path: Path) -> None:
    folder = _ruleset(tmp_path, people=PEOPLE.replace("unit: office, roles: [clerk]", "unit: ofice, roles: [clerk]"))
    (folder / "payment.yaml").write_text("procedure: {", "utf-8")
    assert {finding.code for finding in check(folder)} == {"yaml_syntax", "unknown_unit"}


@settings(max_examples=50)
@given(st.sampled_from(["ruleset.yaml", "payment.yaml"]), st.integers(0, 3000), st.integers(1, 12))
def test_whatever_is_cut_out_gives_findings_and_never_another_error(name: str, at: int, cut: int) -> None:
    with TemporaryDirectory() as folder:
        file = _ruleset(Path(folder)) / name
        text = file.read_text("utf-8")
        at %= len(text)
        file.write_text(text[:at] + text[at + cut :], "utf-8")
        check(folder, guarantees=False, on=date(2026, 6, 1))


def test_a_table_too_large_for_its_index_is_an_error_at_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _ruleset(tmp_path)
    rows = ", ".join(f"['-', '> {n}', x]" for n in range(40))
    table = f"tables:\n  t: {{inputs: [urgent, amount], outputs: [r], hit_policy: collect, rows: [{rows}]}}\n"
    fact = "facts:\n  urgent: {title: Urgent, type: boolean}\n"
    (folder / "tables.yaml").write_text(fact + table, "utf-8")
    monkeypatch.setattr(index, "_SPACE", 100)
    (finding,) = check(folder, guarantees=False)
    assert (finding.code, finding.severity, finding.place.line) == ("table_index_size", "error", 4)


# -------------------------------------------------------------------- over time


def _people(*roles: str) -> str:
    chief = f"  wang: {{name: 王, unit: office, roles: [{', '.join(roles)}]}}\n"
    return PEOPLE.replace("  wang: {name: 王, unit: office, roles: [chief]}\n", chief)


@pytest.mark.parametrize(
    ("roles", "on", "vacant"),
    [
        (["{role: chief, until: 2026-06-30}"], None, ["from 2026-07-01 on"]),
        (["{role: chief, until: 2026-06-30}", "{role: chief, from: 2026-07-01}"], None, []),
        (["{role: chief, until: 2026-06-30}", "{role: chief, from: 2026-08-01}"], None, ["2026-07-01 to 2026-07-31"]),
        (["{role: chief, until: 2026-06-30}", "{role: chief, from: 2026-08-01}"], date(2026, 8, 1), []),
        (["{role: chief, until: 2026-06-30}"], date(2026, 9, 1), ["from 2026-09-01 on"]),
        (["{role: chief, from: 2026-08-01}"], None, []),
        (["{role: chief, from: 2026-08-01}"], date(2026, 7, 30), ["2026-07-30 to 2026-07-31"]),
    ],
)
def test_a_role_that_falls_vacant_is_told_with_its_days(
    tmp_path: Path, roles: list[str], on: date | None, vacant: list[str]
) -> None:
    findings = check(_ruleset(tmp_path, people=_people(*roles)), guarantees=False, on=on)
    told = [finding.reason.text("en") for finding in findings if finding.code == "role_falls_vacant"]
    assert len(told) == len(vacant)
    assert all(days in text for days, text in zip(vacant, told, strict=True))


def test_a_role_of_one_unit_must_be_held_in_each_or_in_one_above(tmp_path: Path) -> None:
    branches = "  west: {title: West, office: office}\n  east: {title: East, office: office, parent: office}\npeople:"
    folder = _ruleset(tmp_path, people=PEOPLE.replace("people:", branches))
    head = (folder / "ruleset.yaml").read_text("utf-8")
    (folder / "ruleset.yaml").write_text(head.replace("Chief}, office", "Chief}, per_unit: true, office"), "utf-8")
    (finding,) = check(folder, guarantees=False)
    assert finding.reason.text("en") == "nobody in West holds the role Chief"
    assert finding.reason.text("zh") == "West没有人担任主管"


def test_the_end_of_the_announced_days_is_told_before_it_comes(tmp_path: Path) -> None:
    folder = _ruleset(tmp_path)
    (folder / "payment.yaml").write_text(
        PAYMENT.replace("does: review", "does: review\n    within: 1 working day").replace("REFUSED", "refused"),
        "utf-8",
    )
    head = (folder / "ruleset.yaml").read_text("utf-8")
    (folder / "ruleset.yaml").write_text(head.replace("Shanghai}", "Shanghai, final_through: 2026-07-31}"), "utf-8")
    assert check(folder, guarantees=False, on=date(2026, 3, 1)) == ()
    for on, severity in ((date(2026, 6, 1), "note"), (date(2026, 8, 1), "warning")):
        (finding,) = check(folder, guarantees=False, on=on)
        assert (finding.code, finding.severity) == ("deadlines_provisional", severity)


def test_a_calendar_that_nothing_goes_by_is_left_alone(tmp_path: Path) -> None:
    folder = _ruleset(tmp_path)
    (folder / "more.yaml").write_text("calendars:\n  plain: {timezone: UTC}\n", "utf-8")
    assert check(folder, guarantees=False, on=date(2030, 1, 1)) == ()


def test_the_office_beside_a_ruleset_is_checked_as_well(tmp_path: Path) -> None:
    folder = _ruleset(tmp_path)
    (folder / "office.yaml").write_text("days: {}\n", "utf-8")
    (finding, *_) = check(folder, guarantees=False)
    assert (finding.code, finding.place.file) == ("setting_unknown", f"{folder.as_posix()}/office.yaml")


def test_versions_in_one_folder_are_checked_together(tmp_path: Path) -> None:
    for version, begins in (("1", "2026-01-01"), ("2", "2027-01-01")):
        (tmp_path / version).mkdir()
        folder = _ruleset(tmp_path / version)
        head = (folder / "ruleset.yaml").read_text("utf-8")
        head = head.replace("version: 1", f"version: {version}").replace("from: 2026-01-01", f"from: {begins}")
        (folder / "ruleset.yaml").write_text(head, "utf-8")
    assert rulesets_in(tmp_path) == (tmp_path / "1", tmp_path / "2")
    assert check(tmp_path, guarantees=False) == ()
    newer = tmp_path / "2/ruleset.yaml"
    newer.write_text(newer.read_text("utf-8").replace("2026-01-01: 100", "2026-01-01: 90"), "utf-8")
    (finding,) = check(tmp_path, guarantees=False)
    assert (finding.code, finding.place.file) == ("parameter_rewrites_past", newer.as_posix())
    assert rulesets_in(tmp_path / "1") == (tmp_path / "1",)


def test_the_commands_fail_for_errors_and_speak_both_languages(tmp_path: Path) -> None:
    good = CliRunner().invoke(cli, ["--lang", "zh", "check", str(_ruleset(tmp_path))])
    assert (good.exit_code, "0 个错误" in good.output) == (0, True)
    bad = CliRunner().invoke(cli, ["--lang", "en", "check", "--format", "json", str(_ruleset(tmp_path, refused="pay"))])
    assert bad.exit_code == 1
    assert "guarantee_refuted" in {finding["code"] for finding in json.loads(bad.output)}
    proven = CliRunner().invoke(cli, ["prove", "--format", "json", "--out", str(tmp_path / "out"), str(tmp_path)])
    assert proven.exit_code == 1
    assert json.loads(proven.output)[0]["result"] == "refuted"
    assert (tmp_path / "out" / "chief_first_broken.yaml").exists()


def test_doubts_fail_only_where_that_is_asked_for(tmp_path: Path) -> None:
    folder = str(_ruleset(tmp_path, when=NEVER))
    assert CliRunner().invoke(cli, ["check", "--no-prove", folder]).exit_code == 0
    assert CliRunner().invoke(cli, ["check", "--no-prove", "--strict", folder]).exit_code == 1


def test_findings_can_be_annotations_of_a_pull_request(tmp_path: Path) -> None:
    folder = _ruleset(tmp_path, refused="nowher")
    shown = CliRunner().invoke(cli, ["--lang", "en", "check", "--format", "github", str(folder)]).output.splitlines()
    assert shown == [
        f"::error file={folder.as_posix()}/payment.yaml,line=11,col=33,title=unknown_step::there is no step nowher "
        "(allowed: ask, consent, paid, pay, refused)"
    ]


def test_scenarios_that_cannot_be_read_are_among_the_findings_of_the_command(tmp_path: Path) -> None:
    folder = _ruleset(tmp_path)
    (folder / "scenarios").mkdir()
    (folder / "scenarios/one.yaml").write_text("scenario: one\n", "utf-8")
    found = json.loads(CliRunner().invoke(cli, ["check", "--format", "json", str(folder)]).output)
    assert [(one["file"].rsplit("/", 1)[-1], one["code"]) for one in found] == [("one.yaml", "setting_missing")] * 3


def test_names_in_scenarios_that_nothing_has_are_told_before_they_are_played(tmp_path: Path) -> None:
    folder = _ruleset(tmp_path)
    (folder / "scenarios").mkdir()
    story = """\
scenario: one
title: One
procedure: PROCEDURE
given: {facts: {amount: 5}}
story:
  - {at: 2026-02-10 09:30, by: li, do: start, then: {open: [ask], outcomes: {asks: [go, drop]}}}
  - {at: 2026-02-10 09:40, by: lii, do: 申请, outcome: go, then: {open: [conset]}}
  - {at: 2026-02-10 09:50, by: nobody, do: nothing, then: {refused: [unknown_person]}}
"""
    file = folder / "scenarios/one.yaml"
    file.write_text(story.replace("PROCEDURE", "payment"), "utf-8")
    found = json.loads(CliRunner().invoke(cli, ["check", "--no-prove", "--format", "json", str(folder)]).output)
    assert {(one["line"], one["code"], one["nearest"], one["severity"]) for one in found} == {
        (6, "unknown_step", "ask", "warning"),
        (7, "unknown_step", "ask", "warning"),
        (7, "unknown_person", "li", "warning"),
        (7, "unknown_step", "consent", "warning"),
    }
    file.write_text(story.replace("PROCEDURE", "paiment"), "utf-8")
    (only,) = json.loads(CliRunner().invoke(cli, ["check", "--no-prove", "--format", "json", str(folder)]).output)
    assert (only["code"], only["nearest"]) == ("unknown_procedure", "payment")


@pytest.mark.parametrize("folder", ["rulesets/aa", "rulesets/purchase", "tests/cases/office"])
def test_the_scenarios_that_ship_name_what_there_is(folder: str) -> None:
    root = Path(__file__).parents[2] / folder
    ruleset = load_ruleset(root)
    directory = load_people(root / "people.yaml", ruleset=ruleset)
    assert list(unknown_names(load_scenarios(root), ruleset, directory)) == []


def test_the_shape_of_findings_in_json_stays(tmp_path: Path) -> None:
    (finding,) = json.loads(
        CliRunner().invoke(cli, ["check", "--format", "json", str(_ruleset(tmp_path, refused="refusd"))]).output
    )
    assert finding == {
        "file": f"{tmp_path.as_posix()}/payment.yaml",
        "line": 11,
        "column": 33,
        "cell": "",
        "severity": "error",
        "code": "unknown_step",
        "zh": "没有名为 refusd 的步骤;您是否想写 refused?(可用:ask、consent、paid、pay、refused)",
        "en": "there is no step refusd; did you mean refused? (allowed: ask, consent, paid, pay, refused)",
        "allowed": ["ask", "consent", "paid", "pay", "refused"],
        "nearest": "refused",
    }
