"""A case holds credit codes: a wrong one is refused as it is given, rules act by it, and all of it can be checked."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from aaworkflow_china import CreditCode

from aaworkflow import Engine, Person, StaticDirectory, Unit, load_ruleset
from aaworkflow.analysis.checking.check import check
from aaworkflow.analysis.wording import Wording
from aaworkflow.errors import CommandRefused
from aaworkflow.people import Appointment
from aaworkflow.testing import MemoryStore

RULESET = """\
ruleset: sales
version: 1
effective_from: 2026-01-01
title: Sales
calendar: {country: CN, timezone: Asia/Shanghai}
roles:
  clerk: {title: {zh: 办事员, en: Clerk}}
  southern_manager: {title: {zh: 华南经理, en: Southern manager}}
facts:
  customer_code: {title: {zh: 客户代码, en: Customer code}, type: credit_code}
rules:
  southern:
    title: {zh: 华南客户, en: Southern customers}
    when: {name: customer_code, operator: registered_in, value: 广东}
    then: [{require_step: consent}]
guarantees:
  consent_first:
    text: {zh: 华南客户先经华南经理同意, en: Southern customers need the southern manager's consent first}
    never: {step: close, when: southern, before: consent}
"""
PAPER = """\
procedure: paper
title: {zh: 客户, en: Customer}
initiators: clerk
needs_facts: [customer_code]
steps:
  draft: {title: {zh: 登记, en: Enter}, by: clerk, does: act}
  consent: {title: {zh: 同意, en: Consent}, by: southern_manager, does: act, if_not_required: close}
  close: {title: {zh: 归档, en: File}, by: clerk, does: act}
"""
THEN = "    then: [{require_step: consent}]\n"
NORTHERN = f"""\
  northern:
    title: Northern customers
    when: {{name: customer_code, operator: registered_in, value: 北京}}
{THEN}"""
NOW = datetime(2026, 6, 1, 2, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ruleset.yaml").write_text(RULESET, "utf-8")
    (tmp_path / "paper.yaml").write_text(PAPER, "utf-8")
    return tmp_path


@pytest.fixture
def engine(folder: Path) -> Engine:
    people = [
        Person(name, name, [Appointment(role)], unit="hq")
        for name, role in (("ann", "clerk"), ("bob", "southern_manager"))
    ]
    directory = StaticDirectory(people, [Unit("hq", "HQ")])
    return Engine(folder, MemoryStore(), directory=directory, clock=lambda: NOW)


def test_a_wrong_code_is_refused_as_it_is_given(engine: Engine) -> None:
    with pytest.raises(CommandRefused) as error:
        engine.start("paper", by="ann", facts={"customer_code": "91350100M000100Y44"})
    assert error.value.code == "fact_wrong_type"
    assert "统一社会信用代码(18 位,末位为校验码)" in error.value.text("zh")
    assert "a unified social credit code" in error.value.text("en")


def test_a_rule_acts_by_where_the_customer_is_registered(engine: Engine) -> None:
    northern, southern = (
        engine.start("paper", by="ann", facts={"customer_code": code})
        for code in (CreditCode.examples[0], CreditCode.examples[2])
    )
    assert [engine.case(case.id).facts["customer_code"] for case in (northern, southern)] == [
        CreditCode.examples[0],
        CreditCode.examples[2],
    ]
    ruleset, day = engine.rulesets[0], NOW.date()
    assert [ruleset.fires("southern", case.facts, day) for case in (northern, southern)] == [False, True]


def test_a_ruleset_of_the_type_is_checked_and_its_guarantees_proved(folder: Path) -> None:
    findings = check(folder)
    assert [finding.code for finding in findings if finding.severity == "error"] == []
    others = RULESET.replace(THEN, "").replace("guarantees:\n", NORTHERN + "guarantees:\n")
    (folder / "ruleset.yaml").write_text(others, "utf-8")
    (refuted,) = (finding for finding in check(folder) if finding.severity == "error")
    assert refuted.code == "guarantee_refuted"
    assert CreditCode.examples[2] in refuted.text("en")


def test_a_condition_is_told_in_words(folder: Path) -> None:
    ruleset = load_ruleset(folder)
    when = ruleset.rules["southern"].when
    assert Wording(ruleset, "zh").condition(when) == "客户代码的登记地在 广东"
    assert Wording(ruleset, "en").condition(when) == "Customer code is registered in 广东"
    company = {"name": "customer_code", "operator": "is_of_company"}
    assert Wording(ruleset, "zh").condition(company) == "客户代码属于企业"
