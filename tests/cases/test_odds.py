"""Facts of every type, rights on parts, vacant roles, signatures, and what follows an overdue task."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve as with_
from play import PAPER, Play

from aaworkflow.cases import commands as c
from aaworkflow.signatures import UnsignedSignature
from aaworkflow.testing.memory import MemorySigner

Player = Callable[[], Play]
CASE = {"case": "case-1"}
MOMENT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("count", Decimal("1.5"), [1.5, True, "1", Decimal("NaN")]),
        ("period", 3, ["3 days"]),
        ("day", date(2026, 3, 2), [MOMENT, "2026-03-02"]),
        ("moment", MOMENT, [date(2026, 3, 2), datetime(2026, 3, 2)]),  # noqa: DTZ001
        ("format", "big", ["huge", ["big"], 1]),
        ("formats", ["big", "small"], ["big", ["huge"], [1]]),
        ("remark", "x", [1, None]),
    ],
)
def test_facts_of_every_type(play: Player, name: str, good: Any, bad: list[Any]) -> None:
    for value in bad:
        p = play().start("odds")
        decide = c.Decide(**CASE, step="draft", documents={"paper": PAPER}, facts={name: value})
        out = p.refused(decide, "ann", "fact_not_an_option" if value in ("huge", ["huge"], [1]) else "fact_wrong_type")
        assert out.reasons[0].data["fact"] == name
    p = play().start("odds")
    p.decide("draft", "ann", documents={"paper": PAPER}, facts={name: good})
    assert p.case.facts[name] == (tuple(good) if isinstance(good, list) else good)


def test_facts_can_be_set_beside_the_flow_by_who_is_involved(play: Player) -> None:
    p = play().drafted("odds")
    p.do(c.SetFacts(**CASE, facts={"format": "big"}), "ann")
    assert "Warned" in p.names()
    p.do(c.SetFacts(**CASE, facts={"format": "big"}), "ann")
    assert p.names() == []
    p.refused(c.SetFacts(**CASE, facts={"format": "small"}), "hal", "not_involved")
    p.refused(c.SetFacts(**CASE, facts={"period": 1}), "ann", "fact_not_expected")


def at_sign(play: Player) -> Play:
    p = play().drafted("odds")
    p.verifier = MemorySigner()
    p.decide("amend", "ann", documents={"paper": {**PAPER, "text": "new"}})
    p.decide("stand_in", "hal", "pass")
    return p


def test_a_part_that_may_only_be_read_cannot_be_changed(play: Player) -> None:
    p = play().drafted("odds")
    p.refused(c.Decide(**CASE, step="amend", documents={"paper": {**PAPER, "amount": 1}}), "ann", "part_not_writable")


def test_a_vacant_role_is_skipped_or_its_superior_stands_in(play: Player) -> None:
    p = play().drafted("odds")
    p.decide("amend", "ann", documents={"paper": {**PAPER, "text": "new"}})
    assert p.case.skipped == {"absent": "nobody_holds_role"}
    assert [t.person for t in p.case.open_tasks()] == ["hal"], "the initiator's superior"


def sign(p: Play, by: str, role: str = "chief", **changes: Any):
    made = p.verifier.sign(UnsignedSignature("paper", p.case.current("paper").digest, by, role, None, p.context(by).at))
    return (with_(made, **changes),)


def test_signatures_are_asked_for_and_checked(play: Player) -> None:
    p = at_sign(play)
    p.refused(c.Decide(**CASE, step="sign"), "eve", "signature_required")
    p.refused(c.Decide(**CASE, step="sign", signatures=sign(p, "fay")), "eve", "signed_by_another")
    p.refused(c.Decide(**CASE, step="sign", signatures=sign(p, "eve", "boss")), "eve", "unknown_role")
    p.refused(
        c.Decide(**CASE, step="sign", signatures=sign(p, "eve", document="other")), "eve", "signature_not_expected"
    )
    p.refused(c.Decide(**CASE, step="sign", signatures=sign(p, "eve", value="AAAA")), "eve", "signature_invalid")
    signatures, verifier = sign(p, "eve"), p.verifier
    p.verifier = None
    p.refused(c.Decide(**CASE, step="sign", signatures=signatures), "eve", "no_verifier")
    p.verifier = verifier
    p.decide("sign", "eve", signatures=signatures)
    assert p.case.open_steps() == ("countersign",)
    p.refused(c.TakeBack(**CASE, step="sign"), "eve", "irrevocable")
    p.refused(c.Withdraw(**CASE), "ann", "irrevocable")


def at_countersign(play: Player) -> Play:
    p = at_sign(play)
    p.decide("sign", "eve", signatures=sign(p, "eve"))
    return p


def test_a_signature_that_must_be_there_is_looked_at_again(play: Player) -> None:
    p = at_countersign(play)
    p.verifier = MemorySigner()
    p.refused(c.Decide(**CASE, step="countersign"), "fay", "document_not_signed")


def test_an_overdue_task_is_given_to_another_role(play: Player) -> None:
    p = at_countersign(play)
    p.do(c.Tick(**CASE), "system:deadline", "2026-03-03 18:00")
    assert [t.role for t in p.case.open_tasks()] == ["counsel"]
    p.refused(c.Decide(**CASE, step="countersign"), "fay", "not_your_role")
    p.decide("countersign", "gus")


def test_silence_is_an_outcome_only_by_its_legal_text(play: Player) -> None:
    p = at_countersign(play)
    p.decide("countersign", "fay")
    p.do(c.Tick(**CASE), "system:deadline", "2026-03-03 18:00")
    decided = next(e for e in p.last if type(e).__name__ == "Decided")
    assert (decided.by, decided.outcome, decided.rule) == ("system:deadline", "fail", "X1")
    assert p.case.end == "ended"


def test_a_rule_can_refuse_a_step(play: Player) -> None:
    p = at_countersign(play)
    p.decide("countersign", "fay")
    p.do(c.SetFacts(**CASE, facts={"format": "big"}), "ann")
    out = p.refused(c.Decide(**CASE, step="silent", outcome="pass"), "gus", "refused_by_rule")
    assert out.reasons[0].data["rule"] == "bulky"


def test_an_extension_is_by_a_duration_or_to_a_day(play: Player) -> None:
    p = at_countersign(play)
    (id,) = p.dues()
    p.refused(c.Extend(**CASE, deadline=id), "pat", "extension_by_or_to_a_day")
    p.refused(c.Extend(**CASE, deadline=id, by="1 working day", to=date(2026, 3, 9)), "pat", "extension_by_or_to_a_day")
    p.do(c.Extend(**CASE, deadline=id, to=date(2026, 3, 9)), "pat")
    assert p.dues() == {id: "2026-03-09 18:00"}
    p.refused(c.Redate(**CASE, reason=""), "pat", "reason_required")
    p.do(c.Redate(**CASE, reason="notice"), "pat")
    assert p.names() == []


def test_migration_says_everything_that_stands_in_the_way(play: Player, office) -> None:
    from aaworkflow.rulesets import load_files

    def newer(**changes: str):
        files = {k: v.replace("version: 1\n", "version: 2\n") for k, v in office.files.items()}
        for old, new in changes.items():
            files = {k: v.replace(old, new) for k, v in files.items()}
        return load_files(files)

    p = at_countersign(play)
    p.refused(c.Migrate(**CASE), "ann", "administrators_only")
    p.refused(c.Migrate(**CASE), "pat", "already_migrated")
    p.ruleset = newer(countersign="endorse")
    p.refused(c.Migrate(**CASE), "pat", "step_gone")
    p.refused(c.Migrate(**CASE, mapping={"countersign": "endorze"}), "pat", "unknown_step")
    p.do(c.Migrate(**CASE, mapping={"countersign": "endorse"}), "pat")
    assert p.case.open_steps() == ("endorse",)
    assert [d.step for d in p.case.deadlines.values() if d.state == "open"] == ["endorse"]
    p.decide("endorse", "fay")
    p.ruleset = newer(deputy="vice")
    p.ruleset = load_files({k: v.replace("ruleset: office", "ruleset: bureau") for k, v in p.ruleset.files.items()})
    p.refused(c.Migrate(**CASE), "pat", "other_ruleset")
    p.ruleset = newer(counsel="lawyer")
    p.refused(c.Migrate(**CASE), "pat", "unknown_role")
