"""追加: amend the plan of one case: more reviewers at a panel, or a further step, where it has not come to yet."""

import re
from collections.abc import Iterator
from typing import Final

from aaworkflow.calendars import parse_duration
from aaworkflow.cases import events as ev
from aaworkflow.cases.commands import AddStep, Amend, RemoveStep
from aaworkflow.cases.ending import check_administrator, check_reason
from aaworkflow.cases.picking import holders_of
from aaworkflow.cases.state import AddedStep
from aaworkflow.cases.tally import FAIL
from aaworkflow.cases.transcript import Transcript, refuse
from aaworkflow.errors import CommandRefused, Reason
from aaworkflow.rulesets.model import Step
from aaworkflow.texts import Text

__all__ = ["add_step", "amend", "remove_step"]

_ID: Final = re.compile(r"[^\W\d][\w-]*")
_DOES: Final = {"review": Text(zh="追加审批", en="Added review"), "read": Text(zh="追加传阅", en="Added reading")}
_AGREE: Final = ("all", "any", "in_order")


def amend(t: Transcript, command: Amend) -> None:
    """追加 reviewers at a step not yet reached, for this case only."""
    check_administrator(t)
    step = t.step(command.step)
    _check_not_reached(t, step.id)
    if step.agree is None and not step.each_person:
        refuse("not_a_panel_step", step=step.id)
    for role in command.roles:
        if role not in t.context.ruleset.roles:
            refuse("unknown_role", name=role, allowed=t.context.ruleset.roles)
    check_reason(command.reason)
    t.emit(ev.PlanAmended, step=step.id, roles=command.roles, reason=command.reason)


def add_step(t: Transcript, command: AddStep) -> None:
    """追加 a step before one not yet reached, for this case only, where the ruleset allows it."""
    check_administrator(t)
    check_reason(command.reason)
    after = t.step(command.before)
    allowed = t.procedure.amend.before
    if after.id not in allowed:
        refuse("step_not_addable", name=after.id, procedure=t.case.procedure, allowed=allowed)
    _check_not_reached(t, after.id)
    taken = (*t.procedure.steps, *t.procedure.ends, "previous", "drafter", "initiator")
    if not _ID.fullmatch(command.step) or command.step in (*taken, *_steps_that_were(t)):
        refuse("step_id_taken", name=command.step)
    reasons = [*_words(command), *_asked(t, command), *_ways(t, command, after)]
    if reasons:
        raise CommandRefused(*reasons)
    added = AddedStep(
        id=command.step,
        before=after.id,
        title=command.title or _DOES[command.does],
        does=command.does,
        roles=tuple(dict.fromkeys(command.roles)),
        persons=tuple(dict.fromkeys(command.persons)),
        agree=command.agree,
        within=command.within,
        fail_to=command.fail_to,
    )
    t.emit(ev.PlanAmended, step=added.id, added=added, reason=command.reason)


def remove_step(t: Transcript, command: RemoveStep) -> None:
    """Take off the plan what was added to it and is not yet reached."""
    check_administrator(t)
    check_reason(command.reason)
    if command.step not in t.case.added_steps:
        refuse("step_not_added", name=command.step, allowed=t.case.added_steps)
    _check_not_reached(t, command.step)
    t.emit(ev.PlanAmended, step=command.step, removed=True, reason=command.reason)


def _check_not_reached(t: Transcript, step: str) -> None:
    if any(a.step == step for a in t.case.activations.values()):
        refuse("step_already_reached", step=step)


def _steps_that_were(t: Transcript) -> set[str]:
    """Return the steps that the case passed, under whatever names and rules."""
    return {a.step for a in t.case.activations.values()} | {a.id.partition("#")[0] for a in t.case.activations.values()}


def _words(command: AddStep) -> Iterator[Reason]:
    """Yield what is wrong with the words of a command: only those of them mean something."""
    for value, words in ((command.does, tuple(_DOES)), (command.agree, _AGREE)):
        if value not in words:
            yield Reason.of("word_unknown", name=value, allowed=words)
    if command.within is not None and parse_duration(command.within).amount < 0:
        yield Reason.of("duration_negative", value=command.within)


def _asked(t: Transcript, command: AddStep) -> Iterator[Reason]:
    """Yield what is wrong with who is asked: unknown, not allowed, or nobody."""
    roles, allowed = t.context.ruleset.roles, t.procedure.amend.by
    if bool(command.roles) == bool(command.persons):
        yield Reason.of("roles_or_persons", step=command.step)
    for id in command.roles:
        if id not in roles:
            yield Reason.of("unknown_role", name=id, allowed=allowed or roles)
        elif allowed and id not in allowed:
            yield Reason.of("role_not_addable", name=id, allowed=allowed)
        elif roles[id].external and roles[id].recorded_by is None:
            yield Reason.of("role_is_external", role=id)
        elif not roles[id].external and not holders_of(t, id):
            yield Reason.of("nobody_holds_role", step=command.step, roles=(id,))
    able = {person for role in allowed for person in holders_of(t, role)}
    for person in command.persons:
        if not t.context.directory.person(person).active:
            yield Reason.of("person_inactive", person=person)
        elif allowed and person not in able:
            yield Reason.of("person_not_addable", name=person, roles=allowed, allowed=sorted(able))


def _ways(t: Transcript, command: AddStep, after: Step) -> Iterator[Reason]:
    """Yield what is wrong with where a refusal leads: never past anything that is to be asked."""
    ends = [end.id for end in t.procedure.ends.values() if end.result == "refused"]
    if command.fail_to is not None and (command.does == "read" or command.fail_to not in (*ends, t.procedure.start)):
        allowed = () if command.does == "read" else (*ends, t.procedure.start)
        yield Reason.of("fail_leads_nowhere", name=command.fail_to, step=command.step, allowed=allowed)
    elif command.does == "review" and command.fail_to is None and FAIL not in after.outcomes:
        yield Reason.of("fail_way_required", step=command.step, before=after.id, allowed=(*ends, t.procedure.start))
