"""What is left out in a file is explicit in the model, so that the core need not know what it means."""

from datetime import date, datetime
from fractions import Fraction

from small import loaded

from aaworkflow.calendars import WorkingCalendar
from aaworkflow.rulesets import Procedure, Ruleset, Step
from aaworkflow.rulesets import model as m
from aaworkflow.texts import Text

HEAD = "procedure: new\ntitle: New\ndocument: paper\nsteps:\n"


def procedure(text: str) -> Procedure:
    return loaded(HEAD + text).procedures["new"]


def step(text: str) -> Step:
    """Return a step that the procedure begins with."""
    return next(iter(procedure(f"  one: {{title: One, {text}}}\n").steps.values()))


def test_an_outcome_that_is_not_written_leads_to_the_step_written_next_and_the_last_one_to_the_end() -> None:
    made = procedure("  a: {title: A, by: clerk, does: act}\n  b: {title: B, by: clerk, does: act}\n")
    assert made.start == "a"
    assert made.steps["a"].outcomes == {"done": m.Route.to("b")}
    assert made.steps["b"].outcomes == {"done": m.Route.to("end")}
    assert made.ends == {"end": m.End("end", Text(zh="结束", en="Ended"))}


def test_the_last_step_leads_to_the_only_end_that_is_named() -> None:
    made = procedure("  a: {title: A, by: clerk, does: act}\nends:\n  kept: {title: Kept, result: refused}\n")
    assert made.steps["a"].outcomes == {"done": m.Route.to("kept")}
    assert made.ends["kept"].result == "refused"


def test_drafting_signing_and_sending_mean_the_document_of_the_procedure() -> None:
    assert step("by: clerk, does: draft").produces == ("paper",)
    assert step("by: clerk, does: sign").signs == ("paper",)
    assert step("by: clerk, does: act").produces == step("by: clerk, does: act").signs == ()
    assert step("by: clerk, does: act").document == "paper"


def test_a_step_may_say_what_it_means_itself() -> None:
    assert step("by: clerk, does: act, produces: [paper], signs: paper").signs == ("paper",)
    sent = step("by: clerk, does: send, sends: {document: paper, to: chief}").sends
    assert sent == m.Sending("paper", ("chief",))


def test_routes_are_plain_first_or_each() -> None:
    made = procedure(
        "  a:\n    title: A\n    by: clerk\n    does: act\n    outcomes:\n"
        "      plain: b\n"
        "      first: {first: [{when: urgent, to: c}, {to: b}]}\n"
        "      each: {each: [{to: b}, {when: urgent, to: c}], join: d}\n"
        "  b: {title: B, by: clerk, does: act, outcomes: {done: d}}\n"
        "  c: {title: C, by: clerk, does: act}\n"
        "  d: {title: D, by: clerk, does: act}\n"
    )
    assert made.steps["a"].outcomes == {
        "plain": m.Route("one", (m.RouteBranch("b"),)),
        "first": m.Route("one", (m.RouteBranch("c", "urgent"), m.RouteBranch("b"))),
        "each": m.Route("each", (m.RouteBranch("b"), m.RouteBranch("c", "urgent")), "d"),
    }


def panel(agree: str) -> m.PanelRule | None:
    return step(f"by: [chief, deputy], does: review, agree: {agree}, outcomes: {{pass: end, fail: end}}").agree


def test_panels_agree_by_a_word_or_by_a_measure() -> None:
    assert panel("any") == m.PanelRule("any")
    assert panel("in_order") == m.PanelRule("in_order")
    assert panel("{at_least: 2}") == m.PanelRule("count", Fraction(2))
    assert panel("{share: 2/3}") == m.PanelRule("share", Fraction(2, 3))
    assert panel("{share: 60%}") == m.PanelRule("share", Fraction(3, 5))
    weights = {"chief": Fraction(60), "deputy": Fraction(40)}
    assert panel("{weight: 60, weights: {chief: 60, deputy: 40}}") == m.PanelRule("weight", Fraction(60), weights)
    assert panel("{rule: all, veto: chief, stop: all_decided, tie: pass, abstain: true, secret: true}") == m.PanelRule(
        "all", veto=frozenset({"chief"}), stop="all_decided", tie="pass", abstain=True, secret=True
    )


def test_a_chain_of_superiors_decides_in_order() -> None:
    made = step("supervisors: {until: chief, levels: 3}, does: review, outcomes: {pass: end, fail: end}")
    assert made.supervisors == m.Supervisors("chief", 3)
    assert made.agree == m.PanelRule("in_order")


def test_time_and_flow_of_a_step() -> None:
    made = step(
        "by: clerk, does: act, within: 2 working days, after_hours: next_working_day, receipt: recorded, "
        "remind: [50%, 1 working day after], overdue: {act: reassign, to: chief}, irrevocable: true, "
        "allows: [transfer], returns: {to: [previous], resume: back_to_me}, not_by: initiator, "
        "tolerance: {parts: annex, within: {amount: 5%}}, fields: {paper: {amount: write, '*': hidden}}"
    )
    assert (made.within, made.after_hours, made.receipt) == ("2 working days", "next_working_day", "recorded")
    assert made.remind == ("50%", "1 working day after")
    assert made.overdue == m.Overdue("reassign", "chief")
    assert made.allows == {"transfer"}
    assert made.returns == m.Return(("previous",), "back_to_me")
    assert made.tolerance == m.Tolerance(frozenset({"annex"}), {"amount": Fraction(1, 20)})
    assert made.fields == {"paper": {"amount": "write", "*": "hidden"}}
    assert (made.irrevocable, made.not_by) == (True, ("initiator",))


def test_spans_and_schedules() -> None:
    made = procedure(
        "  a: {title: A, by: clerk, does: act}\n"
        "spans:\n"
        "  s: {title: S, from: a received, until: a, within: 1 working day, by: chief}\n"
        "  t: {title: T, from: a, until: a, within: 1 working day, by: chief}\n"
        "schedule: {every: 2 working days, by: clerk, for_each: office}\n"
    )
    assert [span.start for span in made.spans] == [("a", "received"), ("a", "closed")]
    assert made.schedule == m.Schedule("2 working days", "clerk", "office")


def test_calendars_have_their_days_and_the_source_of_them() -> None:
    calendar = loaded(
        "calendars:\n  plant:\n    {country: CN, timezone: Asia/Shanghai, opens_at: '08:00', closes_at: '17:00', "
        "weekend: [sunday], closures: 2026-03-02, extra_working_days: [2026-03-08], source: N1}\n"
    ).calendars["plant"]
    assert isinstance(calendar, WorkingCalendar)
    assert calendar.id == "plant"
    assert [overlay.source for overlay in calendar.overlays] == ["N1", "N1"]
    assert not calendar.is_working_day(date(2026, 3, 2))
    assert calendar.is_working_day(date(2026, 3, 7))
    assert calendar.is_working_day(date(2026, 3, 8))
    assert calendar.closing(date(2026, 3, 3)) == datetime.fromisoformat("2026-03-03T17:00+08:00")


def test_parameters_are_sorted_by_their_dates() -> None:
    made = loaded("parameters: {p: {title: P, values: {2027-01-01: 2, 2026-01-01: 1}}}\n").parameters["p"]
    assert made.values == ((date(2026, 1, 1), 1), (date(2027, 1, 1), 2))


def test_facts_know_where_they_come_from() -> None:
    office = loaded(
        "facts:\n  size: {title: Size, type: string, table: sizes.size}\n"
        "  note: {title: Note, type: string, optional: true}\n"
        "tables:\n  sizes: {title: S, hit_policy: first, inputs: [urgent], outputs: [size], rows: [[-, small]]}\n"
    )
    assert office.facts["amount"].taken_from == ("paper", "amount")
    assert (office.facts["size"].table, office.facts["size"].output) == ("sizes", "size")
    assert office.facts["note"].optional


GUARANTEES = """\
guarantees:
  a: {text: A, never: {step: chief, when: large, before: check}}
  b: {text: B, never: {sends: paper, unsigned: true}}
  c: {text: C, always_before: {step: chief, before: paper.check}}
  d: {text: D, always_within: {step: chief, within: 1 working day}}
  e: {text: E, only: {step: chief, roles: chief, office: office}}
  f: {text: F, can_finish: paper}
"""


def test_guarantees_name_their_steps_in_full() -> None:
    made = loaded(GUARANTEES).guarantees
    step, check = "paper.chief", "paper.check"
    assert made["a"] == m.Guarantee("a", Text.same("A"), "never", step=step, when="large", before=check)
    assert made["b"] == m.Guarantee("b", Text.same("B"), "never", document="paper")
    assert made["c"] == m.Guarantee("c", Text.same("C"), "always_before", step=step, before=check)
    assert made["d"] == m.Guarantee("d", Text.same("D"), "always_within", step=step, within="1 working day")
    assert made["e"] == m.Guarantee("e", Text.same("E"), "only_roles", step=step, roles=("chief",), office="office")
    assert made["f"] == m.Guarantee("f", Text.same("F"), "can_finish", procedure="paper")


def test_actions_name_procedure_and_step() -> None:
    office: Ruleset = loaded(
        "rules:\n  r:\n    title: R\n    when: {name: urgent, operator: is_true}\n    then:\n"
        "      - {require_step: chief}\n      - {refuse_step: {step: paper.register, text: No}}\n"
        "      - {add_reviewer: {step: panel_all.panel, role: counsel}}\n      - {warn: Look}\n"
    )
    assert [(a.name, a.step, a.role, a.text.en) for a in office.rules["r"].then] == [
        ("require_step", ("paper", "chief"), None, ""),
        ("refuse_step", ("paper", "register"), None, "No"),
        ("add_reviewer", ("panel_all", "panel"), "counsel", ""),
        ("warn", None, None, "Look"),
    ]
