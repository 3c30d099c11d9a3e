"""追加: a step added to the plan of one case; where it comes, what it leads to, and every refusal."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from play import PAPER, Play

from aaworkflow.analysis.drawing.draw import draw
from aaworkflow.cases import Context, abilities, plan_of
from aaworkflow.cases import commands as c
from aaworkflow.cases import events as ev
from aaworkflow.codec import decode_command, decode_event, encode_command, encode_event
from aaworkflow.engine.explaining import explain_case
from aaworkflow.engine.rows import task_rows
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Ruleset, load_files, load_ruleset

Player = Callable[[], Play]
OFFICE = dict(load_ruleset(Path(__file__).parent / "office").files)


def add(step: str = "legal", before: str = "sign", **more: Any) -> c.AddStep:
    given = {"roles": ("counsel",), "reason": "unusual terms", **more}
    return c.AddStep(case="case-1", step=step, before=before, **given)


def at_the_join(p: Play) -> Play:
    """Bring a case to the step where its two branches meet."""
    p.decide("draft", "ann", documents={"paper": PAPER})
    p.decide("ways", "fay")
    p.decide("one", "bob", "pass")
    p.decide("other", "gus", "pass")
    return p


# -------------------------------------------------------------------- where it comes


def test_it_comes_before_the_join_once_however_many_branches_meet(play: Player) -> None:
    p = play().start("amended")
    p.do(add(), "pat")
    at_the_join(p)
    assert p.case.open_steps() == ("legal",)
    p.decide("legal", "gus", "pass")
    assert p.case.open_steps() == ("sign",)


def test_it_may_be_added_while_the_branches_run(play: Player) -> None:
    p = play().drafted("amended")
    p.decide("ways", "fay")
    p.do(add(), "pat")
    p.decide("one", "bob", "pass")
    p.decide("other", "gus", "pass")
    assert p.case.open_steps() == ("legal",)


def test_what_is_removed_again_leaves_no_trace_on_the_way(play: Player) -> None:
    p = play().start("amended")
    p.do(add(), "pat")
    p.decide("draft", "ann", documents={"paper": PAPER})
    p.decide("ways", "fay")
    p.do(c.RemoveStep(case="case-1", step="legal", reason="never mind"), "pat")
    p.decide("one", "bob", "pass")
    p.decide("other", "gus", "pass")
    assert p.case.open_steps() == ("sign",)


def test_several_come_in_the_order_in_which_they_were_added(play: Player) -> None:
    p = play().start("amended")
    p.do(add("first"), "pat")
    p.do(add("second", roles=(), persons=("fay", "bob"), agree="any"), "pat")
    at_the_join(p)
    p.decide("first", "gus", "pass")
    assert p.case.open_steps() == ("second",)
    p.decide("second", "bob", "pass")
    assert p.case.open_steps() == ("sign",)


def test_a_refusal_leads_where_one_leads_at_the_step_after_it(play: Player) -> None:
    p = play().start("amended")
    p.do(add(), "pat")
    assert at_the_join(p).decide("legal", "gus", "fail").end == "refused"


def test_or_where_the_administrator_says(play: Player) -> None:
    p = play().start("amended")
    p.do(add(fail_to="draft"), "pat")
    at_the_join(p).decide("legal", "gus", "fail")
    assert p.case.open_steps() == ("draft",)
    at_the_join(p)
    assert p.case.open_steps() == ("legal",), "on every way there it is asked"


def test_a_reading_is_confirmed_and_not_voted_on(play: Player) -> None:
    p = play().start("amended")
    p.do(add("told", "register", roles=(), persons=("fay", "bob"), does="read"), "pat")
    at_the_join(p).decide("sign", "eve", "pass")
    p.decide("told", "fay")
    assert p.case.open_steps() == ("told",)
    p.decide("told", "bob")
    assert p.case.open_steps() == ("register",)
    assert p.case.activations["told#1"].outcome == "done"


def test_its_deadline_runs_from_its_opening(play: Player) -> None:
    p = play().start("amended")
    p.do(add(within="2 working days"), "pat")
    at_the_join(p)
    assert p.dues() == {"legal#1/1": "2026-03-04 18:00"}


def test_who_may_not_act_after_it_may_not_act_there(play: Player) -> None:
    p = play().start("amended", by="ann")
    p.do(add(roles=("deputy",)), "pat")
    files = {
        **OFFICE,
        "procedures/amended.yaml": OFFICE["procedures/amended.yaml"].replace("not_by: [draft]", "not_by: [one]"),
    }
    p = Play(load_files(files), p.directory).start("amended")
    p.do(add(roles=("reviewer",)), "pat")
    at_the_join(p)
    p.refused(c.Decide(case="case-1", step="legal", outcome="pass"), "bob", "separation_of_duties")
    p.decide("legal", "cat", "pass")


# -------------------------------------------------------------------- going back, jumping, moving to other rules


def test_going_back_over_it_asks_it_again(play: Player) -> None:
    p = play().start("amended")
    p.do(add(), "pat")
    at_the_join(p).decide("legal", "gus", "pass")
    p.do(c.Return(case="case-1", step="sign", to="drafter", reason="look again"), "eve")
    assert p.case.activations["legal#1"].void
    at_the_join(p)
    assert p.case.open_steps() == ("legal",)


def test_going_back_to_it_and_on(play: Player) -> None:
    p = play().start("amended")
    p.do(add(), "pat")
    at_the_join(p).decide("legal", "gus", "pass")
    p.do(c.Return(case="case-1", step="sign", to="legal", reason="look again"), "eve")
    assert p.case.open_steps() == ("legal",)
    p.decide("legal", "gus", "pass")
    p.do(c.Return(case="case-1", step="sign", to="previous", reason="once more"), "eve")
    assert p.case.open_steps() == ("legal",)


def test_a_step_after_it_can_be_returned_to_alone(play: Player) -> None:
    p = play().start("amended")
    p.do(add(), "pat")
    at_the_join(p).decide("legal", "gus", "pass")
    p.decide("sign", "eve", "pass")
    p.do(c.Return(case="case-1", step="register", to="sign", reason="look again"), "ann")
    assert p.case.open_steps() == ("sign",)


def test_a_jump_goes_where_it_says_and_lists_what_was_added(play: Player) -> None:
    p = play().start("amended")
    p.do(add(), "pat")
    p.do(c.Jump(case="case-1", to="sign", reason="urgent"), "pat")
    assert p.case.open_steps() == ("sign",)
    jumped = next(e for e in p.last if isinstance(e, ev.Jumped))
    assert "legal" in jumped.skipped


def newer(text: str) -> Ruleset:
    files = {**OFFICE, "procedures/amended.yaml": text}
    files["ruleset.yaml"] = files["ruleset.yaml"].replace("version: 1\n", "version: 2\n")
    return load_files(files)


def test_it_moves_with_the_step_that_it_stands_before(play: Player) -> None:
    p = play().start("amended")
    p.do(add(), "pat")
    p.ruleset = newer(OFFICE["procedures/amended.yaml"].replace("sign", "consent"))
    p.refused(c.Migrate(case="case-1"), "pat", "step_gone")
    p.do(c.Migrate(case="case-1", mapping={"sign": "consent"}), "pat")
    at_the_join(p)
    assert p.case.open_steps() == ("legal",)
    p.decide("legal", "gus", "pass")
    assert p.case.open_steps() == ("consent",)


def test_it_moves_while_it_is_open(play: Player) -> None:
    p = play().start("amended")
    p.do(add(), "pat")
    at_the_join(p)
    p.ruleset = newer(OFFICE["procedures/amended.yaml"])
    p.do(c.Migrate(case="case-1"), "pat")
    p.decide("legal", "gus", "pass")
    assert p.case.open_steps() == ("sign",)


def test_other_rules_may_have_a_step_of_that_name(play: Player) -> None:
    p = play().start("amended")
    p.do(add(), "pat")
    text = OFFICE["procedures/amended.yaml"].replace("pass: register, fail", "pass: legal, fail")
    legal = "  legal: {title: Legal, by: counsel, does: act, outcomes: {done: register}}\n"
    p.ruleset = newer(text.replace("  register: {title", legal + "  register: {title"))
    p.refused(c.Migrate(case="case-1"), "pat", "step_id_taken")
    p.do(c.Migrate(case="case-1", mapping={"legal": "legal"}), "pat")
    assert not p.case.added_steps


def test_migration_renames_what_was_picked_and_who_was_added(play: Player) -> None:
    p = play().start("panel_roles")
    p.do(c.Amend(case="case-1", step="panel", roles=("reviewer",), reason="x"), "pat")
    files = {k: v.replace("panel:", "board:") if k.endswith("panel_roles.yaml") else v for k, v in OFFICE.items()}
    files["ruleset.yaml"] = files["ruleset.yaml"].replace("version: 1\n", "version: 2\n")
    p.ruleset = load_files(files)
    p.do(c.Migrate(case="case-1", mapping={"panel": "board"}), "pat")
    p.decide("draft", "ann", documents={"paper": PAPER})
    assert "reviewer" in {t.role for t in p.case.tasks.values() if t.step == "board"}


# -------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (add(before="ways"), "step_not_addable"),
        (add(before="sing"), "unknown_step"),
        (add(reason=" "), "reason_required"),
        (add(step="sign"), "step_id_taken"),
        (add(step="refused"), "step_id_taken"),
        (add(step="drafter"), "step_id_taken"),
        (add(step="a#1"), "step_id_taken"),
        (add(step=""), "step_id_taken"),
        (add(roles=("lawyer",)), "unknown_role"),
        (add(roles=("chief",)), "role_not_addable"),
        (add(roles=(), persons=("eve",)), "person_not_addable"),
        (add(roles=(), persons=("zoe",)), "unknown_person"),
        (add(roles=()), "roles_or_persons"),
        (add(persons=("gus",)), "roles_or_persons"),
        (add(within="soon"), "duration_not_readable"),
        (add(within="-1 working days"), "duration_negative"),
        (add(fail_to="register"), "fail_leads_nowhere"),
        (add(fail_to="registered"), "fail_leads_nowhere"),
        (add(does="read", fail_to="refused"), "fail_leads_nowhere"),
        (add(before="register"), "fail_way_required"),
        (add(does="sign"), "word_unknown"),
        (add(agree="rule"), "word_unknown"),
    ],
)
def test_what_cannot_be_added(play: Player, command: c.AddStep, code: str) -> None:
    p = play().start("amended")
    p.refused(command, "pat", code)
    assert p.refused(attrs.evolve(command, step="x"), "ann", "administrators_only")


def test_a_step_is_added_once_and_only_before_what_is_not_reached(play: Player) -> None:
    p = play().start("amended")
    p.do(add(), "pat")
    p.refused(add(), "pat", "step_id_taken")
    p.do(c.RemoveStep(case="case-1", step="legal", reason="no"), "pat")
    p.do(add(), "pat")
    at_the_join(p)
    p.refused(c.RemoveStep(case="case-1", step="legal", reason="no"), "pat", "step_already_reached")
    p.decide("legal", "gus", "pass")
    p.refused(add("another"), "pat", "step_already_reached")
    p.refused(c.RemoveStep(case="case-1", step="nothing", reason="no"), "pat", "step_not_added")
    p.refused(c.RemoveStep(case="case-1", step="legal", reason="no"), "ann", "administrators_only")


def test_a_procedure_that_does_not_say_so_takes_no_steps(play: Player) -> None:
    p = play().start("panel_all")
    refusal = p.refused(add(before="panel"), "pat", "step_not_addable")
    assert refusal.reasons[0].data["allowed"] == ()


def test_nobody_holds_the_role(staff: StaticDirectory) -> None:
    files = {**OFFICE, "procedures/amended.yaml": OFFICE["procedures/amended.yaml"].replace("reviewer]}", "vacant]}")}
    p = Play(load_files(files), staff).start("amended")
    p.refused(add(roles=("vacant",)), "pat", "nobody_holds_role")


# -------------------------------------------------------------------- seen


def test_it_is_seen_in_explanations_tasks_pictures_and_abilities(play: Player, office: Ruleset) -> None:
    p = play().start("amended")
    context = Context(office, p.directory, p.case.started_at, "pat")  # type: ignore[union-attr]
    commands = {(a.command, a.step) for a in abilities(p.case, context)}  # type: ignore[arg-type]
    assert {(c.AddStep, "sign"), (c.AddStep, "register")} <= commands
    p.do(add(), "pat")
    assert (c.RemoveStep, "legal") in {(a.command, a.step) for a in abilities(p.case, context)}  # type: ignore[arg-type]
    explained = explain_case(p.case, context)  # type: ignore[arg-type]
    assert '"Added review" was added to this case, before "The chief consents".' in explained.text("en")
    assert "本单追加了“追加审批”" in explained.text("zh")
    at_the_join(p)
    (row,) = task_rows(p.case, office)  # type: ignore[arg-type]
    assert row.title.get("en") == "Steps may be added: Added review"
    picture = draw(office, "amended", "mermaid", case=p.case, lang="en")
    assert "Added review" in picture
    assert "added to this case" in picture
    assert "Added review" not in draw(office, "amended", "mermaid", lang="en")
    assert list(plan_of(office, p.case).steps) == ["draft", "ways", "one", "other", "legal", "sign", "register"]  # type: ignore[arg-type]


def test_it_is_kept_as_it_was_added(play: Player) -> None:
    p = play().start("amended")
    command = add(within="1 working day", agree="any", roles=("counsel", "deputy"))
    assert decode_command(encode_command(command)) == command
    p.do(command, "pat")
    (event,) = p.last
    assert decode_event(*encode_event(event)) == event
    assert isinstance(event, ev.PlanAmended)
    assert (event.step, event.reason, event.added and event.added.before) == ("legal", "unusual terms", "sign")


def test_reviewers_join_a_panel_of_named_persons_too(play: Player) -> None:
    p = play().start("people")
    p.do(c.Amend(case="case-1", step="picked", roles=("counsel", "reviewer"), reason="x"), "pat")
    p.do(c.Amend(case="case-1", step="superiors", roles=("counsel",), reason="x"), "pat")
    p.decide("draft", "ann", documents={"paper": PAPER}, picks={"picked": ("bob",)})
    assert [(t.person, t.role) for t in p.case.open_tasks()] == [
        ("bob", "reviewer"),
        (None, "counsel"),
        (None, "reviewer"),
    ]
    p.refused(c.Decide(case="case-1", step="picked", task="picked#1/3", outcome="pass"), "bob", "already_asked")
    p.decide("picked", "bob", "pass")
    p.decide("picked", "gus", "pass")
    p.decide("picked", "cat", "pass")
    p.decide("superiors", "hal", "pass")
    p.decide("superiors", "eve", "pass")
    assert p.case.running
    assert p.decide("superiors", "gus", "pass").end == "passed"


def test_a_panel_that_votes_by_a_rule_moves_only_to_rules_that_have_it(play: Player) -> None:
    p = play().drafted("panel_by_rule")
    files = dict(OFFICE)
    files["ruleset.yaml"] = (
        files["ruleset.yaml"].replace("version: 1\n", "version: 2\n").replace("deputy_and_most", "most")
    )
    files["procedures/panel_by_rule.yaml"] = files["procedures/panel_by_rule.yaml"].replace("deputy_and_most", "most")
    p.ruleset = load_files(files)
    p.refused(c.Migrate(case="case-1"), "pat", "unknown_rule")
