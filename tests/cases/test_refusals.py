"""Bad input at every door: one of our errors, with a stable code and what would work; nothing half-written."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from play import PAPER, ZONE, Play

from aaworkflow.cases import Context, Refused, decide
from aaworkflow.cases import commands as c
from aaworkflow.documents import make_version
from aaworkflow.people import Appointment, Delegation, StaticDirectory
from aaworkflow.rulesets import Ruleset, load_files
from aaworkflow.signatures import UnsignedSignature
from aaworkflow.testing.memory import MemorySigner

Player = Callable[[], Play]
CASE = {"case": "case-1"}


def test_an_unknown_procedure_names_the_nearest(play: Player) -> None:
    out = play().refused(c.Start(**CASE, procedure="papper"), "ann", "unknown_procedure")
    assert out.reasons[0].data["nearest"] == "paper"


def test_an_unknown_person_is_refused(play: Player) -> None:
    out = play().refused(c.Start(**CASE, procedure="paper", facts={"subject": "x"}), "anne", "unknown_person")
    assert out.reasons[0].data["nearest"] == "ann"


def test_who_has_not_the_role_cannot_start(play: Player) -> None:
    play().refused(c.Start(**CASE, procedure="paper", facts={"subject": "x"}), "hal", "not_your_role")


def test_nobody_starts_a_case_on_documents_of_his_own(play: Player) -> None:
    version = make_version("paper", 1, PAPER, "ann", datetime.fromisoformat("2026-03-02T09:00+08:00"))
    start = c.Start(**CASE, procedure="paper", facts={"subject": "x"}, documents=(version,))
    play().refused(start, "ann", "document_not_expected")


def test_a_case_starts_once(play: Player) -> None:
    p = play().start("paper", subject="x")
    p.refused(c.Start(**CASE, procedure="paper", facts={"subject": "x"}), "ann", "case_exists")


def test_nothing_happens_to_a_case_that_was_not_started(play: Player) -> None:
    play().refused(c.Decide(**CASE, step="draft"), "ann", "case_not_started")


def test_facts_are_required_known_and_typed(play: Player) -> None:
    p = play()
    p.refused(c.Start(**CASE, procedure="paper"), "ann", "facts_required")
    p.refused(c.Start(**CASE, procedure="paper", facts={"subjetc": "x"}), "ann", "unknown_fact")
    p.refused(c.Start(**CASE, procedure="paper", facts={"subject": 1}), "ann", "fact_wrong_type")
    p.refused(c.Start(**CASE, procedure="paper", facts={"subject": "x", "amount": 1}), "ann", "fact_not_settable")
    p.refused(c.Start(**CASE, procedure="paper", facts={"subject": "x", "urgent": 1}), "ann", "fact_wrong_type")
    p.refused(c.Start(**CASE, procedure="panel_all", facts={"subject": "x"}), "ann", "fact_not_expected")


def test_unknown_steps_outcomes_and_tasks(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    assert p.refused(c.Decide(**CASE, step="chek"), "bob", "unknown_step").reasons[0].data["nearest"] == "check"
    p.refused(c.Decide(**CASE, step="check", outcome="maybe"), "bob", "unknown_outcome")
    p.refused(c.Decide(**CASE, step="check"), "bob", "outcome_required")
    p.refused(c.Decide(**CASE, step="check", outcome="pass", task="check#9/1"), "bob", "unknown_task")
    p.refused(c.Decide(**CASE, step="register"), "ann", "step_not_open")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"text": "t"}, "document_incomplete"),
        ({"amount": 1, "text": " "}, "document_incomplete"),
        ({**PAPER, "anex": "x"}, "unknown_part"),
        ({"amount": 1.5, "text": "t"}, "value_float"),
        ({"amount": "much", "text": "t"}, "fact_wrong_type"),
        ({"amount": True, "text": "t"}, "fact_wrong_type"),
        ({"amount": Decimal("NaN"), "text": "t"}, "value_not_finite"),
        ({"amount": 1, "text": datetime(2026, 1, 1)}, "value_naive_instant"),  # noqa: DTZ001
    ],
)
def test_documents_are_complete_and_exact(play: Player, content: dict, code: str) -> None:
    p = play().start("paper", subject="x")
    p.refused(c.Decide(**CASE, step="draft", documents={"paper": content}), "ann", code)


def test_documents_that_are_not_asked_for_or_missing(play: Player) -> None:
    p = play().start("paper", subject="x")
    p.refused(c.Decide(**CASE, step="draft"), "ann", "document_missing")
    p.refused(
        c.Decide(**CASE, step="draft", documents={"paper": PAPER, "papers": PAPER}),
        "ann",
        "document_not_expected",
    )


def test_an_opinion_is_required_with_a_refusal(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.refused(c.Decide(**CASE, step="check", outcome="fail", opinion="  "), "bob", "opinion_required")
    p.refused(c.Decide(**CASE, step="check", outcome="pass", form={"x": 1}), "bob", "form_not_expected")


def test_whoever_refuses_says_why_unless_the_step_leaves_it_open_or_has_a_form_for_it(play: Player) -> None:
    p = play().drafted("panel_all")
    refusal = c.Decide(**CASE, step="panel", outcome="fail")
    p.refused(refusal, "bob", "opinion_required")
    files = p.ruleset.files

    def drafted_where(*lines: str) -> Play:
        panel = files["procedures/panel_all.yaml"].replace("does: review", "\n    ".join(("does: review", *lines)))
        ruleset = Ruleset.from_files({**files, "procedures/panel_all.yaml": panel})
        return Play(ruleset, p.directory).drafted("panel_all")

    filled_in = attrs.evolve(refusal, form=PAPER)
    drafted_where("opinion: optional").do(refusal, "bob")
    drafted_where("form: paper").do(filled_in, "bob")
    drafted_where("form: paper", "opinion: required_on_fail").refused(filled_in, "bob", "opinion_required")


def test_the_drafter_may_not_check_his_own(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.refused(c.Decide(**CASE, step="check", outcome="pass"), "ann", "not_your_role")


def test_a_decision_holds_for_the_version_shown(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    p.refused(c.Decide(**CASE, step="check", outcome="pass", shown={"paper": 2}), "bob", "document_changed")
    p.decide("check", "bob", "pass", shown={"paper": 1})


def test_a_stale_version_is_refused(play: Player) -> None:
    p = play().drafted("paper", subject="x")
    out = p.refused(c.Decide(**CASE, step="check", outcome="pass", expected_version=1), "bob", "stale_version")
    assert out.stale
    p.do(c.Decide(**CASE, step="check", outcome="pass", expected_version=p.case.version), "bob")


def test_naive_and_early_instants(play: Player, office, staff) -> None:
    p = play().drafted("paper", subject="x")
    context = Context(office, staff, datetime(2026, 3, 2, 9), "bob")  # noqa: DTZ001
    out = decide(p.case, c.Decide(**CASE, step="check", outcome="pass"), context)
    assert isinstance(out, Refused)
    assert out.codes == ("naive_instant",)
    p.refused(c.Decide(**CASE, step="check", outcome="pass"), "bob", "before_opening", "2026-03-01 09:00")


def test_only_the_engine_ticks(play: Player) -> None:
    play().drafted("paper", subject="x").refused(c.Tick(**CASE), "bob", "only_the_system")


def test_nobody_approves_his_own_case_as_an_agent(office: Ruleset, staff: StaticDirectory) -> None:
    at = datetime(2026, 3, 1, tzinfo=ZONE)
    agents = staff.with_delegations(Delegation("leave", "gus", "ann", at, at + timedelta(days=9)))
    p = Play(office, agents).drafted("twice")
    p.decide("glance", "eve", "pass")
    p.refused(c.Decide(case="case-1", step="legal", outcome="pass"), "ann", "separation_of_duties")
    p.decide("legal", "gus", "pass")


def test_a_case_is_not_taken_back_by_two(play: Player) -> None:
    p = play().drafted("panel_any")
    p.decide("panel", "bob", "pass")
    p.do(c.RevertBy(case="case-1", reverting="case-2"), "system:case")
    p.do(c.RevertBy(case="case-1", reverting="case-3"), "system:case")
    assert p.case.reverted_by == "case-2"
    assert not p.last


def signed(p: Play, case: str | None) -> c.Decide:
    """Return the chief's decision with his signature, made for a case."""
    version = p.case.current("paper")  # type: ignore[union-attr]
    assert version is not None
    unsigned = UnsignedSignature("paper", version.digest, "eve", "chief", None, version.at, case=case)
    return c.Decide(**CASE, step="sign", signatures=(p.verifier.sign(unsigned),))


SIGNED = """
procedure: signed
title: Signed
document: paper
withdraw: lenient
steps:
  draft: {title: Draft, by: clerk, does: draft}
  sign: {title: Sign, by: chief, does: sign}
  file: {title: File, by: clerk, does: act}
"""


def to_be_signed(office: Ruleset, staff: StaticDirectory) -> Play:
    p = Play(load_files({**office.files, "more.yaml": SIGNED}), staff, verifier=MemorySigner())
    return p.drafted("signed")


def test_a_signature_made_for_one_case_does_not_count_in_another(office: Ruleset, staff: StaticDirectory) -> None:
    p = to_be_signed(office, staff)
    p.refused(signed(p, "case-2"), "eve", "signature_other_case")
    forged = signed(p, "case-2").signatures[0]
    hidden = attrs.evolve(forged, case=None)
    p.refused(c.Decide(**CASE, step="sign", signatures=(hidden,)), "eve", "signature_forged")
    p.do(signed(p, "case-1"), "eve")
    assert p.case.signatures[-1].case == "case-1"


def test_a_signature_made_for_no_case_counts_as_before(office: Ruleset, staff: StaticDirectory) -> None:
    p = to_be_signed(office, staff)
    p.do(signed(p, None), "eve")
    assert p.case.open_steps() == ("file",)


def test_what_is_signed_is_not_withdrawn(office: Ruleset, staff: StaticDirectory) -> None:
    p = to_be_signed(office, staff)
    p.do(signed(p, "case-1"), "eve")
    p.refused(c.Withdraw(**CASE, reason="changed my mind"), "ann", "irrevocable")


def test_who_alone_can_fill_a_seat_takes_no_other_first(office: Ruleset, staff: StaticDirectory) -> None:
    both = [
        attrs.evolve(x, appointments=(*x.appointments, Appointment("reviewer"))) if x.id == "eve" else x
        for x in staff.persons()
    ]
    text = """
procedure: two_hats
title: Two hats
document: paper
steps:
  draft: {title: Draft, by: clerk, does: draft}
  panel: {title: Panel, by: [reviewer, chief], does: review, agree: all, outcomes: {pass: end, fail: end}}
"""
    p = Play(load_files({**office.files, "more.yaml": text}), StaticDirectory(both, staff.units())).drafted("two_hats")
    p.refused(c.Decide(**CASE, step="panel", task="panel#1/1", outcome="pass"), "eve", "already_asked")
    p.decide("panel", "eve", "pass")
    assert p.case.tasks["panel#1/2"].decided_by == "eve"
    assert p.decide("panel", "bob", "pass").end == "end"
