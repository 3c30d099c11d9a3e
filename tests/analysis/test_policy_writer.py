"""A policy writer at work on `rulesets/aa`, by docs/zh alone: changes that go well, and slips that are explained."""

import shutil
from contextvars import copy_context
from pathlib import Path

import pytest
from click.testing import CliRunner

from aaworkflow.cli.main import cli

AA = Path(__file__).parents[2] / "rulesets/aa"


def run(*command: str | Path) -> str:
    """Run a command in Chinese and return what it says."""
    # In a context of its own: its language is not left to the next test.
    result = copy_context().run(CliRunner().invoke, cli, ["--lang", "zh", *map(str, command)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.output


def checked(folder: Path) -> str:
    """Return what check says of a ruleset, as of a day before its delegations and announced holidays run out."""
    return run("check", "--no-prove", "--on", "2026-03-01", folder)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A copy of the ruleset, to work on."""
    shutil.copytree(AA, tmp_path / "mine")
    return tmp_path / "mine"


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


SLIPS = [
    pytest.param(
        "procedures/visit.yaml",
        "by: consultant",
        "by: 顾问",
        "procedures/visit.yaml:10:9 unknown_role 没有名为 顾问 的岗位;您是否想写 consultant?",
        id="writes a title instead of the name of a role",
    ),
    pytest.param(
        "procedures/visit.yaml",
        "title: {",
        "title：{",
        "procedures/visit.yaml:3:6 yaml_wide_punctuation 请把全角的 ： 改为半角的 : 加空格",
        id="types a full-width colon",
    ),
    pytest.param(
        "ruleset.yaml",
        "2027-01-01: 800000",
        "2027-01-01: 80万",
        "ruleset.yaml:26:19 parameter_changes_kind 参数 major_contract_amount 自 2027-01-01 起为 80万,"
        "与之前的 500000 不是同一类值;数字只写数字,如 800000",
        id="writes an amount with a word",
    ),
    pytest.param(
        "ruleset.yaml",
        "2027-01-01: 800000",
        "2027-1-1: 800000",
        "ruleset.yaml:26:7 value_not_readable 2027-1-1 不符合要求,应为日期,如 2026-01-31",
        id="writes a date without its zeros",
    ),
    pytest.param(
        "ruleset.yaml",
        "2027-01-01: 800000",
        "2019-01-01: 800000",
        "ruleset.yaml:26:7 yaml_duplicate_key 2019-01-01 重复,已在第 25 行出现",
        id="gives a day two values",
    ),
    pytest.param(
        "procedures/sales_contract.yaml",
        "within: 2 working days",
        "within: 2天",
        "procedures/sales_contract.yaml:13:13 unknown_duration_unit 未知的单位 天:请说明是工作日、工作小时还是自然日",
        id="does not say which days",
    ),
    pytest.param(
        "procedures/sales_contract.yaml",
        "outcomes: {pass: approve, fail: notify_refusal}",
        "outcomes: {通过: approve, 不通过: notify_refusal}",
        "procedures/sales_contract.yaml:24:29 outcome_by_another_name marketing_check 的结果只有 pass 表示同意、"
        "fail 表示不同意,不通过 只是一个普通名称;您是否想写 fail?",
        id="names outcomes in Chinese",
    ),
    pytest.param(
        "procedures/sales_contract.yaml",
        "outcomes: {pass: approve, fail: notify_refusal}",
        "outcomes: {pass: 市场中心经理审批, fail: notify_refusal}",
        "procedures/sales_contract.yaml:24:22 unknown_step 没有名为 市场中心经理审批 的步骤;您是否想写 approve?",
        id="leads to a step by its title",
    ),
    pytest.param(
        "procedures/sales_contract.yaml",
        "    by: president\n    does: review",
        "    by: president\n    does: 审批",
        "procedures/sales_contract.yaml:40:11 word_unknown 审批 不是可用的词;您是否想写 review?",
        id="says in Chinese what a step does",
    ),
    pytest.param(
        "procedures/sales_contract.yaml",
        "    by: president",
        "\tby: president",
        "procedures/sales_contract.yaml:39:1 yaml_tab 缩进请用空格,不要用制表符",
        id="indents by a tab",
    ),
    pytest.param(
        "procedures/transformation_proposal.yaml",
        "agree: {rule: all, stop: all_decided}",
        "agree: 会签",
        "procedures/transformation_proposal.yaml:53:12 word_unknown 会签 不是可用的词;您是否想写 all?",
        id="says in Chinese how a panel agrees",
    ),
    pytest.param(
        "rules.yaml",
        "operator: greater_than_or_equal_to",
        "operator: 大于等于",
        "rules.yaml:7:45 operator_unknown money 类事实没有比较符 大于等于;您是否想写 greater_than_or_equal_to?",
        id="compares in Chinese",
    ),
    pytest.param(
        "rules.yaml",
        "value: {parameter: major_contract_amount}",
        "value: major_contract_amount",
        "您是否想写 {parameter: major_contract_amount}?",
        id="forgets that a parameter is meant",
    ),
    pytest.param(
        "rules.yaml",
        "step: transformation_proposal.panel",
        "step: 总公司评审",
        "rules.yaml:27:31 unknown_step 没有名为 总公司评审 的步骤;您是否想写 transformation_proposal.panel?",
        id="names a step of a rule by its title",
    ),
    pytest.param(
        "people.yaml",
        "valid_until: 2026-03-07 00:00",
        "valid_until: 2026-03-01 00:00",
        "people.yaml:37:18 delegation_window_empty 授权 market_center_deputy_2026 止于 2026-03-01 00:00+08:00,"
        "不晚于起始时间 2026-03-02 09:00+08:00",
        id="lets a delegation end before it begins",
    ),
    pytest.param(
        "people.yaml",
        "roles: [president]",
        "roles: []",
        "roles.yaml:21:3 nobody_has_role 没有人担任总裁",
        id="leaves a role vacant",
    ),
    pytest.param(
        "tables/customer_classes.csv",
        "false,false,false,false,true,potential\n",
        "",
        "tables/customer_classes.yaml:5:5 table_gap 表 customer_classes:已签约 false、已签意向书 false、属重点 false、"
        "洽谈有进展 false、有明确需求 true 时没有行命中;例如已签约为否、已签意向书为否、属重点为否、洽谈有进展为否、"
        "有明确需求为是",
        id="deletes a row of a table",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), SLIPS)
def test_a_slip_is_told_where_it_is_and_with_what_would_work(
    mine: Path, file: str, old: str, new: str, said: str
) -> None:
    change(mine, file, old, new)
    shown = checked(mine)
    assert said in shown
    assert len(shown.splitlines()) <= 4  # one slip, few findings: and the count


def test_the_threshold_is_changed_in_one_line_and_told_in_a_sentence(mine: Path) -> None:
    change(mine, "ruleset.yaml", "      2027-01-01: 800000", "      2027-01-01: 800000\n      2028-01-01: 1000000")
    assert "0 个错误,0 个提醒" in checked(mine)
    told = run("diff", AA, mine)
    assert "自 2028-01-01 起,参数“重大合同金额起点（元）”由 800000 改为 1000000" in told
    assert "合同金额不小于 800000 且小于 1000000 的,规则“重大合同须总裁同意”不再适用" in told


def test_a_reviewer_is_added_where_he_reviews_and_where_he_signs(mine: Path) -> None:
    file = mine / "procedures/transformation_proposal.yaml"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace("software_manager, quality_manager]", "software_manager, quality_manager, finance]"), "utf-8"
    )
    assert "0 个错误,0 个提醒" in checked(mine)
    told = run("diff", AA, mine)
    assert told.count("增加 财务部门") >= 3
    # Scenarios that say who reviews tell that it is another panel now.
    assert "✗ proposal_unanimous" in run("test", mine, "--only", "proposal_unanimous")


def test_a_step_is_added_and_what_is_still_missing_is_told_bit_by_bit(mine: Path) -> None:
    step = """\
  legal_check:
    title: {zh: 法务审核}
    by: legal
    does: review
    within: 1个工作日
    source: assumption
    outcomes: {pass: approve, fail: notify_refusal}

"""
    change(mine, "procedures/sales_contract.yaml", "  approve:\n", step + "  approve:\n")
    shown = checked(mine)
    assert "sales_contract.yaml:28:9 unknown_role 没有名为 legal 的岗位" in shown
    assert "sales_contract.yaml:26:3 step_unreachable 没有去向通往 legal_check:请在前一步的 outcomes 中写明" in shown
    change(mine, "procedures/sales_contract.yaml", "outcomes: {pass: approve,", "outcomes: {pass: legal_check,")
    change(mine, "roles.yaml", "  president:", "  legal: {title: {zh: 法务}, office: head_office}\n  president:")
    assert "nobody_has_role 没有人担任法务" in checked(mine)
    change(mine, "people.yaml", "roles: [quality_manager]", "roles: [quality_manager, legal]")
    assert "0 个错误,0 个提醒" in checked(mine)
    assert "新增程序“《销售和咨询服务合同》的审批与签订”的步骤“法务审核”(法务)" in run("diff", AA, mine)
    picture = mine / "合同.svg"
    run("draw", mine, "sales_contract", "-o", picture)
    assert "法务审核" in picture.read_text("utf-8")
    assert "✗ major_contract" in run("test", mine, "--only", "major_contract")
    assert "✓ approval_precedes_support" in run("prove", mine, "--only", "approval_precedes_support")


def test_the_layout_is_put_right_by_one_command(mine: Path) -> None:
    change(mine, "ruleset.yaml", "currency: CNY", "currency:    CNY")
    assert "ruleset.yaml" in run("fmt", mine, "--check")
    run("fmt", mine)
    assert (mine / "ruleset.yaml").read_text("utf-8") == (AA / "ruleset.yaml").read_text("utf-8")
