"""Whether procedures can go as they are written: what the bad files do not show."""

import pytest
from small import places

HEAD = "procedure: new\ntitle: New\ndocument: paper\nsteps:\n"
DRAFT = "  draft: {title: Draft, by: clerk, does: draft}\n"


def found_in(text: str) -> set[str]:
    """Return `line:column code`, lines counted within the procedure's steps."""
    return {f"{int(at.partition(':')[0]) - 4}:{at.partition(':')[2]}" for at in places(HEAD + text)}


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("by: clerk, does: draft, within: 1 workday", "unknown_duration_unit"),
        ("by: clerk, does: act, within: 1 working day, overdue: {act: outcome, outcome: done}", "overdue_lacks"),
        ("by: clerk, does: act, overdue: {act: remind}", "without_deadline"),
        ("does: wait, waits: -1 working days", "duration_negative"),
        ("does: wait, waits: 1 working day, supervisors: {levels: 1}", "nobody_acts"),
        ("by: nobody, does: act, only_office: office", "unknown_role"),
        ("by: clerk, does: act, starts: {procedure: panel_all}", "key_of_another_step"),
        ("by: clerk, does: start, starts: {procedure: panel_all}", "nobody_acts"),
        ("by: clerk, does: record", "step_lacks"),
        ("by: clerk, does: send", "step_lacks"),
        ("does: start", "step_lacks"),
        ("does: wait", "step_lacks"),
        ("by: clerk, does: act, tolerance: {within: {amuont: 5%}}", "unknown_document_part"),
        ("by: clerk, does: act, tolerance: {parts: [anex]}", "unknown_document_part"),
        ("by: clerk, does: act, fields: {papre: {amount: read}}", "unknown_document"),
        ("by: clerk, does: act, fields: {paper: {amuont: read}}", "unknown_document_part"),
        ("by: clerk, does: act, returns: {to: [previous, drafter, drft]}", "unknown_step"),
        ("by: clerk, does: act, not_by: [initiator, drft]", "unknown_step"),
        ("by: clerk, does: act, needs_signatures: {papre: [clerk]}", "unknown_document"),
        ("by: clerk, does: act, needs_signatures: {paper: [clerck]}", "unknown_role"),
        ("by: clerk, does: act, may_record: [amount]", "fact_not_entered"),
        ("by: clerk, does: act, if_not_required: nowhere", "unknown_step"),
        ("by: clerk, does: act, supervisors: {until: chef}", "unknown_role"),
        ("by: clerk, does: send, sends: {document: paper, to: [chef]}", "unknown_role"),
    ],
)
def test_a_step_that_cannot_go_so_is_refused(step: str, expected: str) -> None:
    found = found_in(f"  one: {{title: One, {step}}}\n")
    assert any(one.endswith(expected) for one in found), found


def test_an_outcome_may_lead_by_first_or_by_each_and_never_by_both() -> None:
    both = "  one: {title: One, by: clerk, does: act, outcomes: {done: {first: [{to: end}], each: [{to: end}], join: end}}}\n"
    assert any("route_not_one" in one for one in found_in(both))


def test_branches_may_end_on_the_way_to_where_they_meet() -> None:
    text = (
        "  a:\n    {title: A, by: clerk, does: act, outcomes: {done: {each: [{to: b}, {to: stop}], join: c}}}\n"
        "  b: {title: B, by: clerk, does: act, outcomes: {on: c, off: stop}}\n"
        "  c: {title: C, by: clerk, does: act, outcomes: {done: stop}}\n"
        "ends: {stop: {title: Stop}}\n"
    )
    assert not found_in(text)


def test_procedures_may_start_one_another_if_they_do_not_wait() -> None:
    assert not found_in(DRAFT + "  go: {title: Go, does: start, starts: {procedure: new, waits: false}}\n")


def test_a_calendar_cannot_be_called_default() -> None:
    assert places("calendars: {default: {country: CN, timezone: UTC}}\n") == {"1:13 name_is_a_word"}


def test_a_route_asks_for_a_rule_that_there_is() -> None:
    route = "{first: [{when: urgnt, to: end}, {to: end}]}"
    assert found_in(f"  one: {{title: One, by: clerk, does: act, outcomes: {{done: {route}}}}}\n") == {
        "1:76 unknown_rule"
    }


def test_signers_by_weight_need_one_each() -> None:
    panel = "agree: {weight: 60, weights: {chief: 50, boss: 50}}"
    found = found_in(
        f"  one: {{title: One, by: [chief, deputy], does: review, {panel}, outcomes: {{pass: end, fail: end}}}}\n"
    )
    assert {one.partition(" ")[2] for one in found} == {"unknown_role", "weights_missing"}
