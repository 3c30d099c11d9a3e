"""`check` says all at once what is wrong with a ruleset or doubtful about it, at its place."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from aaworkflow.analysis.check import check
from aaworkflow.cli.main import cli

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


def test_what_the_loader_finds_is_told_as_it_is(tmp_path: Path) -> None:
    folder = _ruleset(tmp_path, refused="nowhere")
    assert "error" in {finding.severity for finding in check(folder)}


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
