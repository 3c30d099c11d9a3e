"""Changes in meaning: each is seen, each is said in both languages, and what means the same is none."""

from pathlib import Path

import pytest

from aaworkflow.analysis.diff import Change, diff
from aaworkflow.rulesets import Ruleset, load_ruleset

ROOT = Path(__file__).parents[2]
AA = load_ruleset(ROOT / "rulesets/aa")
PURCHASE = load_ruleset(ROOT / "rulesets/purchase")
CONTRACT, PROPOSAL = "procedures/sales_contract.yaml", "procedures/transformation_proposal.yaml"


def edited(file: str, old: str, new: str, ruleset: Ruleset = AA) -> Ruleset:
    assert old in ruleset.files[file], old
    return Ruleset.from_files({**ruleset.files, file: ruleset.files[file].replace(old, new, 1)})


def the_change(file: str, old: str, new: str, ruleset: Ruleset = AA) -> Change:
    (change,) = diff(ruleset, edited(file, old, new, ruleset))
    return change


# -------------------------------------------------------------------- parameters


def test_another_amount_is_said_with_its_dates_and_whom_it_touches() -> None:
    change = the_change("ruleset.yaml", "2027-01-01: 800000", "2027-01-01: 900000")
    assert change.where == "parameters.major_contract_amount.values.2027-01-01"
    assert change.text.en.startswith(
        "Parameter “Amount from which a contract is major (yuan)” is 900000 instead of 800000 from 2027-01-01; "
        "where Contract amount is at least 800000 and is less than 900000, "
        "rule “A major contract needs the president's consent” no longer fires"
    )
    assert change.text.zh.startswith("自 2027-01-01 起,参数“重大合同金额起点（元）”由 800000 改为 900000;")
    assert "规则“重大合同须总裁同意”不再适用" in change.text.zh


def test_a_lower_amount_makes_the_rule_fire() -> None:
    change = the_change("ruleset.yaml", "2027-01-01: 800000", "2027-01-01: 600000")
    assert "rule “A major contract needs the president's consent” now fires" in change.text.en


def test_a_change_that_ends_says_until_when() -> None:
    change = the_change("ruleset.yaml", "2019-01-01: 500000", "2019-01-01: 400000")
    assert "400000 instead of 500000 from 2019-01-01 until 2027-01-01" in change.text.en
    assert "至 2027-01-01(不含)" in change.text.zh


def test_a_date_that_changes_nothing_is_no_change() -> None:
    same = edited("ruleset.yaml", "2019-01-01: 500000", "2019-01-01: 500000\n      2020-01-01: 500000")
    assert diff(AA, same) == ()


# -------------------------------------------------------------------- everything else


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "en", "zh"),
    [
        (
            CONTRACT,
            "within: 2 working days",
            "within: 3 working days",
            "procedures.sales_contract.steps.draft.within",
            "step “Draft”: the deadline is 3 working days instead of 2 working days",
            "步骤“起草”的期限由 2个工作日 改为 3个工作日",
        ),
        (
            CONTRACT,
            "    within: 2 working days\n    remind: [1 working day]\n",
            "    within: 2 working days\n",
            "procedures.sales_contract.steps.draft.remind",
            "the reminders: loses 1 working day",
            "提醒:去掉 1个工作日",
        ),
        (
            CONTRACT,
            "by: finance",
            "by: president",
            "procedures.sales_contract.steps.finance_sign.by",
            "step “Finance signs”: who acts: gains President, loses Finance",
            "步骤“财务部门签字”的办理人:增加 总裁,去掉 财务部门",
        ),
        (
            CONTRACT,
            "pass: president_consent, fail: notify_refusal",
            "pass: president_consent, fail: revise",
            "procedures.sales_contract.steps.approve.outcomes.fail",
            "outcome “fail” leads to Change the contract instead of Tell the branch manager in writing to change it",
            "结果“不通过”改为转到 修改合同(原为 文字通知分公司经理修改)",
        ),
        (
            CONTRACT,
            "pass: print, fail: notify_refusal",
            "pass: print, fail: notify_refusal, later: approve",
            "procedures.sales_contract.steps.president_consent.outcomes.later",
            "outcome “later” is added (The market centre manager decides)",
            "的结果“later”(市场中心经理审批)",
        ),
        (
            CONTRACT,
            "    needs_signatures: {sales_contract: [market_center_manager]}\n",
            "",
            "procedures.sales_contract.steps.finance_sign.needs_signatures",
            "is none instead of Sales and consulting service contract: Market centre manager",
            "需要的签字由 销售和咨询服务合同: 市场中心经理 改为 无",
        ),
        (
            CONTRACT,
            "within: 1 working day",
            "within: 4 working hours",
            "procedures.sales_contract.spans.approval.within",
            "the deadline is 4 working hours instead of 1 working day",
            "期限由 1个工作日 改为 4个工作小时",
        ),
        (
            PROPOSAL,
            "stop: all_decided",
            "stop: certain",
            "procedures.transformation_proposal.steps.panel.agree.stop",
            "when its panel closes is when the result is certain instead of when all have decided",
            "会签何时结束由 全部表态 改为 结果确定",
        ),
        (
            "documents.yaml",
            "signed_by: [market_center_manager, finance]",
            "signed_by: [finance]",
            "documents.sales_contract.signed_by",
            "who must have signed it: loses Market centre manager",
            "须签字:去掉 市场中心经理",
        ),
        (
            "documents.yaml",
            "      terms: {zh: 服务内容与条款, en: Services and terms}\n",
            "",
            "documents.sales_contract.parts.terms",
            "required part “Services and terms” is removed",
            "删去文件“销售和咨询服务合同”的必备内容“服务内容与条款”",
        ),
        (
            "rules.yaml",
            "operator: greater_than_or_equal_to",
            "operator: greater_than",
            "rules.major_contract.when",
            "the condition is Contract amount is more than “Amount from which a contract is major (yuan)” instead of",
            "条件由 合同金额不小于 “重大合同金额起点（元）” 改为 合同金额大于",
        ),
        (
            "rules.yaml",
            "      - {add_reviewer: {step: transformation_proposal.sign_agreed, role: finance}}\n",
            "",
            "rules.finance_reviews.then",
            "what follows: loses adds Finance to step “Every responsible person signs (unanimous)”",
            "去掉 在步骤“各负责人签字（一致通过）”增加财务部门",
        ),
        (
            "guarantees.yaml",
            "within: 2 working days}",
            "within: 3 working days}",
            "guarantees.revised_in_time.within",
            "the deadline is 3 working days instead of 2 working days",
            "期限由 2个工作日 改为 3个工作日",
        ),
        (
            "ruleset.yaml",
            'closes_at: "18:00"',
            'closes_at: "17:30"',
            "calendars.default.closes_at",
            "when the office closes is 17:30",
            "下班时间由 18:00",
        ),
        (
            "ruleset.yaml",
            "effective_from: 2019-01-01",
            "effective_from: 2019-02-01",
            "effective_from",
            "The ruleset: the day it takes effect is 2019-02-01 instead of 2019-01-01",
            "规则集的生效日期由 2019-01-01 改为 2019-02-01",
        ),
    ],
)
def test_a_change_is_one_sentence_in_both_languages(
    file: str, old: str, new: str, where: str, en: str, zh: str
) -> None:
    change = the_change(file, old, new)
    assert change.where == where
    assert en in change.text.en
    assert zh in change.text.zh


def test_what_is_new_is_said_and_the_other_way_round_it_is_gone() -> None:
    text = "roles:\n  auditor: {title: {zh: 审计, en: Auditor}, office: head_office}\n"
    more = Ruleset.from_files({**AA.files, "more.yaml": text})
    (come,), (gone,) = diff(AA, more), diff(more, AA)
    assert (come.kind, come.text.en, come.text.zh) == ("added", "Role “Auditor” is added", "新增岗位“审计”")
    assert (gone.kind, gone.text.en, gone.text.zh) == ("removed", "Role “Auditor” is removed", "删去岗位“审计”")


def test_a_new_step_says_who_acts_there() -> None:
    step = "  audit: {title: {zh: 审计, en: Audit}, by: finance, does: act, outcomes: {done: sign_contract}}\n\n"
    files = AA.files[CONTRACT].replace("  sign_contract:\n", step + "  sign_contract:\n")
    changes = diff(AA, Ruleset.from_files({**AA.files, CONTRACT: files}))
    assert [c.where for c in changes if c.kind == "added"] == ["procedures.sales_contract.steps.audit"]
    assert "step “Audit” is added (Finance)" in changes[-1].text.en


def test_a_row_of_a_table_comes_and_goes() -> None:
    ((name, table),) = ((n, t) for n, t in PURCHASE.files.items() if n.endswith(".csv"))
    lines = table.splitlines(keepends=True)
    less = Ruleset.from_files({**PURCHASE.files, name: "".join(lines[:-1])})
    (gone,) = diff(PURCHASE, less)
    (come,) = diff(less, PURCHASE)
    assert gone.kind == "removed"
    assert " loses a row: " in gone.text.en
    assert come.kind == "added"
    assert "新增一行:" in come.text.zh


# -------------------------------------------------------------------- no change


def test_the_same_is_no_change() -> None:
    assert diff(AA, AA) == ()
    assert diff(PURCHASE, PURCHASE) == ()


def test_comments_order_of_sections_and_files_are_no_change() -> None:
    files = {f"moved/{name}": "# 说明\n\n" + text for name, text in reversed(AA.files.items()) if name.endswith("yaml")}
    tables = {name: text for name, text in AA.files.items() if not name.endswith("yaml")}
    same = {n: t for n, t in AA.files.items() if n.startswith("tables/") or n == "ruleset.yaml"}
    plain = {n.removeprefix("moved/"): t for n, t in files.items() if n.removeprefix("moved/") not in same}
    assert diff(AA, Ruleset.from_files({**tables, **same, **plain})) == ()
