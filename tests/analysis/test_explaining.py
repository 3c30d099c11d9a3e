"""Why cases stand where they stand, what would have led them elsewhere, and what rules say."""

import json
from contextvars import copy_context
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from walking import Office

from aaworkflow.analysis.explaining import (
    CaseExplanation,
    RuleExplanation,
    explain_case,
    explain_procedure,
    explain_rule,
)
from aaworkflow.cli.main import cli
from aaworkflow.errors import RuleError, UnknownCase
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import load_people
from aaworkflow.testing import MemoryStore
from aaworkflow.texts import LANGS

ROOT = Path(__file__).parents[2]
AA, PURCHASE = ROOT / "rulesets/aa", ROOT / "rulesets/purchase"
ON = date(2026, 5, 1)


def office(folder: Path = AA, unit: str = "shanghai", store: MemoryStore | str | None = None) -> Office:
    return Office(load_ruleset(folder), load_people(folder / "people.yaml"), store or MemoryStore(), unit)


def secondary(amount: int, until: str | None = None, **more: object) -> CaseExplanation:
    here = office()
    here.take(
        "secondary_contract",
        day=date(2026, 3, 2),
        case="c",
        by="branch_manager",
        facts={"customer_name": "华东机械"},
        parts={"secondary_contract.amount": amount},
        until=until,
        **more,  # type: ignore[arg-type]
    )
    return explain_case(here.engine, "c")


def lines(found: CaseExplanation | RuleExplanation, section: str, lang: str = "en") -> list[str]:
    one = next(s for s in found.sections if s.id == section)
    return [s.text.get("zh" if lang == "zh" else "en") for s in one.sentences]


# -------------------------------------------------------------------- cases


def test_it_says_what_was_done_by_whom_and_by_which_clause() -> None:
    found = secondary(640_000)
    (standing,) = lines(found, "standing")
    assert standing.endswith("is over: Signed, archived and sent.")
    done = next(s for s in found.sections if s.id == "done").sentences
    president = next(s for s in done if s.about == "president_consent")
    assert "Chen Guodong decided" in president.text.en
    assert "陈国栋办理“总裁同意”:通过" in president.text.zh
    assert president.source == ("Z3", "K3")


def test_it_says_who_may_act_by_when_and_why_then() -> None:
    here = office()
    here.take("transformation_proposal", day=date(2026, 2, 12), case="p", by="consultant", until="panel",
              facts={"customer_name": "x"})  # fmt: skip
    found = explain_case(here.engine, "p")
    assert '"Head-office review" is for Wu Qiang (Software manager)' in " ".join(lines(found, "open"))
    opened = next(s for s in found.sections if s.id == "open").sentences
    why = next(s for s in opened if s.about.startswith("span:") and s.depth == 1)
    assert "1 working day from 2026-02-12" in why.text.en
    assert "counting 2026-02-13" in why.text.en
    assert "收件当日不计" in why.text.zh
    assert why.source == ("T8",)


def test_days_off_that_a_deadline_skips_are_named() -> None:
    here = office()
    here.take("transformation_proposal", day=date(2026, 2, 14), case="p", by="consultant", until="panel",
              facts={"customer_name": "x"})  # fmt: skip
    words = " ".join(lines(explain_case(here.engine, "p"), "open", "zh"))
    assert "计入 2026-02-24" in words
    assert "2026-02-17" in words
    assert "春节" in words
    assert "2026-02-21 至 2026-02-22(周末)" in words


def test_it_says_which_rules_were_asked_on_which_facts() -> None:
    rules = lines(secondary(640_000), "rules")
    assert rules[0].startswith('"A major secondary contract needs the president\'s consent" fires: so')
    assert "640000.00) is at least 500000" in rules[1]
    below = lines(secondary(499_999), "rules", "zh")
    assert "未触发,因此不要求“总裁同意”" in below[0]


def test_it_says_which_approvals_stand_and_which_were_lost_on_the_way_back() -> None:
    found = secondary(640_000, outcomes={"president_consent": "fail"})
    words = lines(found, "approvals")
    assert any("stands" in line for line in words)
    assert any(line.startswith('"The president\'s consent" passed by Chen Guodong') for line in words)


def test_the_smallest_change_of_facts_that_would_have_led_elsewhere_is_tried_on_the_real_decide() -> None:
    (led,) = secondary(640_000).otherwise
    assert led.facts == {"secondary_contract_amount": (Decimal("640000.00"), Decimal("499999.99"))}
    assert [d.what for d in led.differences] == ["asked_no_more"]
    (more,) = secondary(499_999).otherwise
    assert more.facts == {"secondary_contract_amount": (Decimal("499999.00"), Decimal(500000))}
    assert {d.what for d in more.differences} == {"asked_as_well", "not_ended"}


def test_a_change_of_what_a_table_asks_about_may_lead_elsewhere_too() -> None:
    here = office(PURCHASE, "munich")
    here.take(
        "purchase",
        day=date(2026, 3, 2),
        case="p",
        by="employee",
        facts={"supplier_blocked": False},
        parts={"purchase_request.amount": 6_000, "purchase_request.category": "it"},
    )
    found = explain_case(here.engine, "p")
    assert 'table "Approval levels" answers Approval level Department head' in lines(found, "rules")
    changes = [set(led.facts) for led in found.otherwise]
    assert {"amount"} in changes
    assert any(d.what == "asked_as_well" and d.step == "committee" for led in found.otherwise for d in led.differences)
    zh = lines(found, "otherwise", "zh")
    assert any(line.startswith("若金额为 10000(现为 6000.00)") for line in zh)


def test_a_change_that_leads_nowhere_else_is_not_told() -> None:
    here = office()
    here.take("visit", day=date(2026, 3, 2), case="v", by="consultant", facts={"customer_name": "x"})
    assert explain_case(here.engine, "v").otherwise == ()


def test_a_case_that_another_started_is_explained_with_it() -> None:
    here = office()
    here.take(
        "transformation_proposal",
        day=date(2026, 3, 2),
        case="p",
        by="consultant",
        facts={"customer_name": "x"},
        parts={"sales_contract.amount": 900_000},
    )
    found = explain_case(here.engine, "p/start_contract#1")
    assert [set(led.facts) for led in found.otherwise] == [{"contract_amount"}]
    with pytest.raises(UnknownCase):
        explain_case(here.engine, "nothing")


# -------------------------------------------------------------------- rules and tables


def test_a_rule_is_told_with_its_parameters_dates_and_sources_and_where_it_is_used() -> None:
    found = explain_rule(load_ruleset(AA), "major_contract", on=ON)
    assert found.answer is None
    assert "when Contract amount is at least" in lines(found, "says")[1]
    assert lines(found, "parameters")[1:3] == ["from 2019-01-01: 500000 (in force)", "from 2027-01-01: 800000"]
    assert next(s for s in found.sections if s.id == "parameters").sentences[0].source == ("K3", "assumption")
    assert 'taken from "Amount" of Sales and consulting service contract' in lines(found, "facts")[0]
    used = lines(found, "used")
    assert "requires step “The president's consent”" in used[0]
    assert "guarantee: No major contract is signed without the president's consent" in used
    assert lines(found, "answer") == []


@pytest.mark.parametrize(
    ("amount", "on", "fires"), [(640_000, ON, True), (640_000, date(2027, 2, 1), False), (1, ON, False)]
)
def test_a_rule_with_facts_says_whether_it_fires_and_what_would_turn_it(amount: int, on: date, fires: bool) -> None:
    found = explain_rule(load_ruleset(AA), "major_contract", {"contract_amount": Decimal(amount)}, on=on)
    assert found.answer is fires
    answer = lines(found, "answer")
    assert answer[0] == ("fires" if fires else "does not fire")
    assert answer[-1].startswith("⇄ for the other answer: Contract amount would be")


def test_a_rule_about_what_a_table_answers_says_what_to_change_in_what_people_give() -> None:
    facts = {"amount": Decimal(6000), "category": "it"}
    found = explain_rule(load_ruleset(PURCHASE), "committee_decides", facts, on=ON)
    assert found.answer is False
    assert "⇄ if Amount were 10000 instead of 6000" in lines(found, "answer")


def test_facts_that_do_not_suffice_lead_to_the_one_to_ask_for() -> None:
    found = explain_rule(load_ruleset(PURCHASE), "committee_decides", {"category": "it"}, on=ON)
    assert found.answer is None
    assert lines(found, "answer") == ["not certain yet: ask next for Approval level (approval_level)"]


def test_a_table_is_told_row_by_row_and_asked() -> None:
    ruleset = load_ruleset(PURCHASE)
    found = explain_rule(ruleset, "approval_levels", {"amount": Decimal(6000), "category": "it"}, on=ON)
    assert found.answer == {"level": "department"}
    assert any("Category it, Amount [500..10000) → department" in line for line in lines(found, "says"))
    assert "it answers Approval level (approval_level)" in lines(found, "used")
    assert any("row 5 matches" in line for line in lines(found, "answer"))
    partly = explain_rule(ruleset, "approval_levels", {"category": "it"}, on=ON)
    assert partly.answer is None


def test_a_name_that_there_is_not_leads_to_the_nearest() -> None:
    with pytest.raises(RuleError) as error:
        explain_rule(load_ruleset(AA), "major_contrat", on=ON)
    assert (error.value.code, error.value.nearest) == ("unknown_rule", "major_contract")


# -------------------------------------------------------------------- who would be asked


@pytest.mark.parametrize("amount", [100, 500_000])
def test_who_would_be_asked_is_who_is_asked(amount: int) -> None:
    here = office()
    taken = {
        "secondary_contract": ("branch_manager", {"secondary_contract_amount": Decimal(amount)}),
        "transformation_proposal": ("consultant", {"finance_joins_review": False}),
        "visit": ("consultant", {}),
    }
    for procedure, (by, facts) in taken.items():
        parts = {"secondary_contract.amount": amount, "sales_contract.amount": amount}
        here.take(procedure, day=ON, case=procedure, by=by, facts={"customer_name": "x"}, parts=parts)
        opened = [e.event.step for e in here.engine.history(procedure) if e.kind == "step_opened"]  # type: ignore[attr-defined]
        said = explain_procedure(here.ruleset, procedure, facts, directory=here.people, at=here.now, unit="shanghai")
        ahead = next(s for s in said.sections if s.id == "ahead").sentences
        assert [s.about for s in ahead if s.depth == 0] == [*opened, here.engine.case(procedure).end]


def test_where_facts_do_not_tell_it_says_on_which_they_hang() -> None:
    here = office()
    found = explain_procedure(here.ruleset, "secondary_contract", directory=here.people, at=here.now, unit="shanghai")
    words = lines(found, "ahead")
    assert '"The president\'s consent" by Chen Guodong (President) (perhaps)' in words
    assert any(line.endswith("which needs Secondary contract amount") for line in words)


def test_a_running_case_is_told_what_comes_next() -> None:
    found = secondary(640_000, until="president_consent")
    ahead = lines(found, "ahead")
    assert ahead[0] == '"Print the official contract" by Zhou Jie (Marketing manager)'
    assert ahead[-1] == "it ends: Signed, archived and sent"
    assert lines(secondary(640_000), "ahead") == []


# -------------------------------------------------------------------- the command


def run(*args: object, lang: str = "en") -> Result:
    return copy_context().run(CliRunner().invoke, cli, ["--lang", lang, "explain", *map(str, args)])


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('explain') / 'cases.db'}"
    here = office(store=url)
    here.take(
        "secondary_contract",
        day=date(2026, 3, 2),
        case="c",
        by="branch_manager",
        facts={"customer_name": "x"},
        parts={"secondary_contract.amount": 640_000},
    )
    here.engine.close()
    return url


@pytest.mark.parametrize("lang", LANGS)
def test_the_command_explains_a_case_in_both_languages(database: str, lang: str) -> None:
    done = run("c", "--ruleset", AA, "--store", database, lang=lang)
    assert done.exit_code == 0
    heads = {
        "en": ("Where it stands", "What would have led elsewhere", "“The president's consent” is asked no more"),
        "zh": ("现状", "怎样会不同", "“总裁同意”不再需要办理"),
    }[lang]
    for words in (*heads, "[Z3, K3]"):
        assert words in done.stdout


def test_the_command_says_who_would_be_asked_in_a_procedure() -> None:
    done = run("sales_contract", "--ruleset", AA, "--unit", "shanghai", "--facts", "contract_amount=640000", lang="zh")
    assert "“起草”由王伟(分公司经理)办理,2个工作日内 [C1, K1]" in done.stdout
    assert "“总裁同意”由陈国栋(总裁)办理 [K3]" in done.stdout


def test_the_command_gives_json(database: str) -> None:
    data = json.loads(run("c", "--ruleset", AA, "--store", database, "--format", "json").stdout)
    assert (data["case"], data["status"]) == ("c", "ended")
    assert [s["section"] for s in data["sections"]][:2] == ["standing", "done"]
    rule = json.loads(
        run("major_contract", "--ruleset", AA, "--facts", "contract_amount=640000", "--format", "json").stdout
    )
    assert rule["answer"] is True


def test_the_command_explains_a_rule_and_refuses_what_is_no_fact(database: str) -> None:
    done = run("major_contract", "--ruleset", AA, "--facts", "contract_amount=640000", "--on", "2027-01-02", lang="zh")
    assert "未触发" in done.stdout
    for wrong in (("contract_amoun=1", "contract_amount"), ("contract_amount=much", "Decimal")):
        refused = run("major_contract", "--ruleset", AA, "--facts", wrong[0])
        assert isinstance(refused.exception, RuleError)
        assert wrong[1] in refused.exception.text("en")
    assert run("major_contract", "--ruleset", AA, "--facts", "contract_amount").exit_code == 2
    assert run("c", "--ruleset", AA, "--store", database, "--facts", "a=1").exit_code == 2


@pytest.mark.parametrize(
    ("fact", "text", "answer"),
    [
        ("finance_joins_review", "是", True),
        ("finance_joins_review", "no", False),
        ("finance_joins_review", "true", True),
    ],
)
def test_facts_are_read_by_their_type(fact: str, text: str, answer: bool) -> None:
    done = run("finance_reviews", "--ruleset", AA, "--facts", f"{fact}={text}", "--format", "json")
    assert json.loads(done.stdout)["answer"] is answer
