"""Whether procedures can go as they are written: their names, what their steps need, where ways lead."""

from collections.abc import Mapping
from typing import Final

from aaworkflow.calendars import parse_duration
from aaworkflow.rulesets.checker import Checker, circle_from
from aaworkflow.rulesets.meanings import meant_word
from aaworkflow.rulesets.model import Procedure, Role, Route, Span, Step
from aaworkflow.rulesets.panel_checks import check_panel
from aaworkflow.rulesets.reader import Path

__all__ = ["check_procedures"]

_WORDS_OF_RETURNS: Final = ("previous", "drafter")
_VERDICTS: Final = ("pass", "fail")
_WORDS_OF_SEPARATION: Final = ("initiator",)


def check_procedures(check: Checker) -> None:
    """Note what is wrong with the procedures."""
    for procedure in check.ruleset.procedures.values():
        path: Path = ("procedures", procedure.id)
        _names(check, procedure, path)
        for step in procedure.steps.values():
            here = (*path, "steps", step.id)
            _names_of_step(check, procedure, step, here)
            _routes(check, procedure, step, here)
            if check.reader.sound(here):
                _demands(check, procedure, step, here)
                check_panel(check, step, here)
        if check.reader.sound(path) and all(_leads_on(procedure, step) for step in procedure.steps.values()):
            _reachable(check, procedure, path)
    _circles_of_starts(check)


# -------------------------------------------------------------------- names


def _names(check: Checker, procedure: Procedure, path: Path) -> None:
    r = check.ruleset
    if not procedure.steps:
        if check.reader.sound(path):
            check.wrong((*path, "steps"), "procedure_without_steps", procedure=procedure.id)
        return
    check.known((*path, "initiators"), "unknown_role", procedure.initiators, r.roles)
    check.known((*path, "document"), "unknown_document", [procedure.document], r.documents)
    for key in ("needs_facts", "may_set"):
        check.known((*path, key), "unknown_fact", getattr(procedure, key), r.facts)
        _settable(check, (*path, key), getattr(procedure, key))
    for end in procedure.ends:
        if end in procedure.steps:
            check.wrong((*path, "ends", end, "~key"), "end_named_like_step", name=end)
    for step in procedure.steps:
        if step in (*_WORDS_OF_RETURNS, *_WORDS_OF_SEPARATION):
            check.wrong((*path, "steps", step, "~key"), "name_is_a_word", name=step)
    check.known((*path, "amend", "before"), "unknown_step", procedure.amend.before, procedure.steps)
    check.known((*path, "amend", "by"), "unknown_role", procedure.amend.by, r.roles)
    if procedure.start in procedure.amend.before:
        check.wrong((*path, "amend", "before"), "amend_before_start", name=procedure.start)
    for span in procedure.spans:
        _span(check, procedure, span, (*path, "spans", span.id))
    _schedule(check, procedure, (*path, "schedule"))


def _span(check: Checker, procedure: Procedure, span: Span, path: Path) -> None:
    step, moment = span.start
    check.known((*path, "from"), "unknown_step", [step], procedure.steps)
    check.known((*path, "from"), "unknown_moment", [moment], ("opened", "received", "closed"))
    check.known((*path, "until"), "unknown_step", [span.until], procedure.steps)
    check.known((*path, "by"), "unknown_role", [span.by], check.ruleset.roles)
    check.known((*path, "calendar"), "unknown_calendar", [span.calendar], ("default", *check.data["calendars"]))


def _schedule(check: Checker, procedure: Procedure, path: Path) -> None:
    schedule = procedure.schedule
    if schedule is None:
        return
    check.known((*path, "by"), "unknown_role", [schedule.by], check.ruleset.roles)
    check.known((*path, "for_each"), "unknown_office", [schedule.for_each], check.ruleset.offices)
    if procedure.needs_facts:
        check.wrong(path, "schedule_needs_facts", facts=procedure.needs_facts)
    if schedule.every is not None:
        every = parse_duration(schedule.every)
        if every.unit != "working day" or every.amount < 1:
            check.wrong((*path, "every"), "schedule_not_in_days", every=schedule.every)


def _names_of_step(check: Checker, procedure: Procedure, step: Step, path: Path) -> None:
    r, steps = check.ruleset, procedure.steps
    for key in ("by", "only_office", "calendar"):
        code, allowed = {
            "by": ("unknown_role", r.roles),
            "only_office": ("unknown_office", r.offices),
            "calendar": ("unknown_calendar", {"default": None, **check.data["calendars"]}),
        }[key]
        check.known((*path, key), code, _several(getattr(step, key)), allowed)
    for key in ("document", "produces", "signs", "form", "needs_documents"):
        if (*path, key) not in check.reader.places:
            continue  # what the procedure says for all its steps is checked there
        check.known((*path, key), "unknown_document", _several(getattr(step, key)), r.documents)
    for key in ("records", "may_record"):
        check.known((*path, key), "unknown_fact", getattr(step, key), r.facts)
        _settable(check, (*path, key), getattr(step, key))
    check.known((*path, "not_by"), "unknown_step", step.not_by, (*steps, *_WORDS_OF_SEPARATION))
    check.known((*path, "picked_at"), "unknown_step", [step.picked_at], steps)
    check.known((*path, "if_not_required"), "unknown_step", [step.if_not_required], {**steps, **procedure.ends})
    check.known((*path, "returns", "to"), "unknown_step", step.returns.to, (*steps, *_WORDS_OF_RETURNS))
    for kind, roles in step.needs_signatures.items():
        check.known((*path, "needs_signatures", kind, "~key"), "unknown_document", [kind], r.documents)
        check.known((*path, "needs_signatures", kind), "unknown_role", roles, r.roles)
    if step.sends is not None:
        check.known((*path, "sends", "document"), "unknown_document", [step.sends.document], r.documents)
        check.known((*path, "sends", "to"), "unknown_role", step.sends.to, r.roles)
    if step.supervisors is not None:
        check.known((*path, "supervisors", "until"), "unknown_role", [step.supervisors.until], r.roles)
    check.known((*path, "overdue", "to"), "unknown_role", [step.overdue.to], r.roles)
    check.known((*path, "unreceived", "to"), "unknown_role", [step.unreceived.to], r.roles)
    check.known((*path, "overdue", "outcome"), "unknown_outcome_of_step", [step.overdue.outcome], step.outcomes)
    _parts(check, step, path)
    _starts(check, step, path)


def _several(names: tuple[str, ...] | str | None) -> tuple[str | None, ...]:
    return names if isinstance(names, tuple) else (names,)


def _settable(check: Checker, path: Path, facts: tuple[str, ...]) -> None:
    """Note the facts that nobody can enter, since documents or tables give them."""
    for i, name in enumerate(facts):
        fact = check.ruleset.facts.get(name)
        if fact is not None and (fact.taken_from is not None or fact.table is not None):
            check.wrong((*path, i), "fact_not_entered", name=name)


def _parts(check: Checker, step: Step, path: Path) -> None:
    """Note the parts that a tolerance or rights name and no document of theirs has."""
    documents = check.ruleset.documents
    for kind, rights in step.fields.items():
        check.known((*path, "fields", kind, "~key"), "unknown_document", [kind], documents)
        if kind in documents and check.reader.sound(("documents", kind)):
            parts = (*documents[kind].parts, *documents[kind].optional_parts, "*")
            for part in rights:
                check.known((*path, "fields", kind, part, "~key"), "unknown_document_part", [part], parts)
    if step.tolerance is not None and check.reader.sound(("documents",)):
        own = documents.get(step.document or "")
        kinds = documents.values() if own is None else [own]
        every = [part for kind in kinds for part in (*kind.parts, *kind.optional_parts)]
        check.known((*path, "tolerance", "parts"), "unknown_document_part", sorted(step.tolerance.parts), every)
        for part in step.tolerance.within:
            check.known((*path, "tolerance", "within", part, "~key"), "unknown_document_part", [part], every)


def _starts(check: Checker, step: Step, path: Path) -> None:
    r, start = check.ruleset, step.starts
    if start is None:
        return
    path = (*path, "starts")
    check.known((*path, "procedure"), "unknown_procedure", [start.procedure], r.procedures)
    check.known((*path, "documents"), "unknown_document", start.documents, r.documents)
    for theirs, ours in start.facts.items():
        check.known((*path, "facts", theirs), "unknown_fact", [ours], r.facts)
        check.known((*path, "facts", theirs, "~key"), "unknown_fact", [theirs], r.facts)
    started = r.procedures.get(start.procedure)
    if started is None or not check.reader.sound(("procedures", started.id)):
        return
    missing = [name for name in started.needs_facts if name not in start.facts]
    if missing:
        check.wrong(path, "start_lacks_facts", procedure=started.id, missing=missing)
    for theirs in start.facts:
        if theirs in r.facts and theirs not in (*started.needs_facts, *started.may_set):
            allowed = (*started.needs_facts, *started.may_set)
            check.wrong((*path, "facts", theirs, "~key"), "fact_not_taken", name=theirs, allowed=allowed)
    if start.waits:
        _ends_of_started(check, step, started, path[:-1])


_RESULTS: Final = {"done": ("done", "pass"), "refused": ("refused", "fail")}
"""What an end may be called where a step waits for it, besides by its own name."""


def _ends_of_started(check: Checker, step: Step, started: Procedure, path: Path) -> None:
    """Note the outcomes that no end of a procedure that is waited for leads to, and refusals that go unheeded."""
    possible = {name for names in _RESULTS.values() for name in names} | set(started.ends)
    for outcome in step.outcomes if (*path, "outcomes") in check.reader.places else ():
        if outcome not in possible:
            check.wrong(
                (*path, "outcomes", outcome), "outcome_of_no_end", name=outcome, procedure=started.id, allowed=possible
            )
    for end in started.ends.values():
        names = (end.id, *_RESULTS[end.result])
        if end.result == "refused" and step.outcomes and not any(name in step.outcomes for name in names):
            first = next(iter(step.outcomes))
            check.doubtful(
                (*path, "outcomes"), "refusal_not_heeded", name=step.id, end=end.id, outcome=first, allowed=set(names)
            )


# -------------------------------------------------------------------- where outcomes lead


def _routes(check: Checker, procedure: Procedure, step: Step, path: Path) -> None:
    if not step.outcomes and check.reader.sound(path):
        check.wrong((*path, "outcomes"), "step_without_outcomes", name=step.id)
    for outcome, route in step.outcomes.items():
        where = (*path, "outcomes", outcome)
        usual = meant_word(outcome, _VERDICTS) if step.does in ("review", "sign") else None
        if usual is not None:
            told = {"name": step.id, "outcome": outcome, "nearest": usual}
            check.doubtful((*where, "~key"), "outcome_by_another_name", **told)
        branches = "each" if route.kind == "each" else "first"
        for i, branch in enumerate(route.branches):
            here = (*where, branches, i) if (*where, branches, i) in check.reader.places else where
            to = (*here, "to") if (*here, "to") in check.reader.places else here
            check.known(to, "unknown_step", [branch.to], {**procedure.steps, **procedure.ends})
            check.known_condition((*here, "when"), branch.when)
        check.known((*where, "join"), "unknown_step", [route.join], procedure.steps)
        if check.reader.sound(where):
            _route(check, procedure, outcome, route, where)
    if any(not b.to for route in step.outcomes.values() for b in route.branches) and check.reader.sound(path):
        check.wrong(path, "end_not_said", name=step.id, allowed=procedure.ends)


def _route(check: Checker, procedure: Procedure, outcome: str, route: Route, where: Path) -> None:
    written = check.data["procedures"][procedure.id]["steps"][where[3]].get("outcomes", {}).get(outcome)
    if isinstance(written, Mapping) and ("first" in written) == ("each" in written):
        check.wrong(where, "route_not_one", outcome=outcome, allowed=("first", "each"))
    elif not route.branches:
        check.wrong(where, "route_without_branches", outcome=outcome)
    elif route.kind == "one":
        if route.join is not None:
            check.wrong((*where, "join"), "join_without_each", outcome=outcome)
        if route.branches[-1].when is not None:
            check.wrong((*where, "first", len(route.branches) - 1), "route_not_exhaustive", outcome=outcome)
        for i, branch in enumerate(route.branches[:-1]):
            if branch.when is None:
                check.wrong((*where, "first", i), "route_never_gets_further", outcome=outcome, to=branch.to)
    elif route.join is None:
        check.wrong(where, "route_without_join", outcome=outcome)
    elif route.join in procedure.steps and check.reader.sound(("procedures", procedure.id)):
        _joins(check, procedure, route, where)


def _joins(check: Checker, procedure: Procedure, route: Route, where: Path) -> None:
    """Note the branches from which the step where all meet cannot be reached."""
    ways = _ways_of(procedure)
    for i, branch in enumerate(route.branches):
        if branch.to in procedure.steps and route.join not in _closure({branch.to}, ways):
            check.wrong((*where, "each", i, "to"), "branch_misses_join", name=branch.to, join=route.join)


def _reachable(check: Checker, procedure: Procedure, path: Path) -> None:
    """Note steps that no way leads to, and steps from which no end can be reached."""
    ways = _ways_of(procedure)
    back: dict[str, set[str]] = {}
    for start, targets in ways.items():
        for target in targets:
            back.setdefault(target, set()).add(start)
    reached = _closure({procedure.start}, ways)
    finishing = _closure(set(procedure.ends), back)
    for step in procedure.steps:
        here: Path = (*path, "steps", step, "~key")
        if step not in reached:
            check.wrong(here, "step_unreachable", name=step)
        elif step not in finishing:
            check.wrong(here, "step_without_way_out", name=step)
    for end in procedure.ends:
        if end not in reached and (*path, "ends", end) in check.reader.places:
            check.wrong((*path, "ends", end, "~key"), "end_unreachable", name=end)


def _leads_on(procedure: Procedure, step: Step) -> bool:
    """Say whether all that a step leads to is there; else what cannot be reached may only be misnamed."""
    known = {*procedure.steps, *procedure.ends}
    return all(route.branches and all(b.to in known for b in route.branches) for route in step.outcomes.values())


def _ways_of(procedure: Procedure) -> dict[str, set[str]]:
    ways: dict[str, set[str]] = {}
    for step in procedure.steps.values():
        routes = step.outcomes.values()
        targets = {b.to for route in routes for b in route.branches} | {route.join for route in routes}
        ways[step.id] = {target for target in (*targets, step.if_not_required) if target}
    return ways


def _closure(start: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    seen, todo = set(start), list(start)
    while todo:
        for target in ways.get(todo.pop(), ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen


def _circles_of_starts(check: Checker) -> None:
    """Note the first step of each circle of procedures that start and wait for one another: none would ever end."""
    waits: dict[str, dict[str, str]] = {}
    for procedure in check.ruleset.procedures.values():
        starts = {s.starts.procedure: s.id for s in procedure.steps.values() if s.starts is not None and s.starts.waits}
        waits[procedure.id] = starts
    ways = {id: set(starts) for id, starts in waits.items()}
    noted: set[str] = set()
    for id, starts in waits.items():
        circle = circle_from(id, ways)
        if circle and not noted & set(circle):
            noted |= set(circle)
            where: Path = ("procedures", id, "steps", starts[circle[1]], "starts", "procedure")
            check.wrong(where, "starts_in_a_circle", path=circle)


# -------------------------------------------------------------------- what steps need

_NEEDS: Final = {
    "draft": "produces",
    "sign": "signs",
    "send": "sends",
    "record": "records",
    "start": "starts",
    "wait": "waits",
}


def _demands(check: Checker, procedure: Procedure, step: Step, path: Path) -> None:
    needed = _NEEDS.get(step.does)
    if needed is not None and not getattr(step, needed):
        check.wrong((*path, "does"), "step_lacks", does=step.does, name=needed)
    for does, key in (("start", "starts"), ("wait", "waits")):
        if step.does != does and getattr(step, key) is not None:
            check.wrong((*path, key, "~key"), "key_of_another_step", key=key, does=does, name=step.does)
    if step.does in ("start", "wait"):
        if step.by or step.supervisors is not None:
            check.wrong((*path, "by"), "nobody_acts", does=step.does)
    elif not step.by and step.supervisors is None:
        check.wrong(path, "step_by_nobody", name=step.id)
    if step.supervisors is not None:
        if step.by:
            check.wrong((*path, "by"), "supervisors_and_roles", name=step.id)
        if step.supervisors.levels is not None and step.supervisors.levels < 1:
            check.wrong((*path, "supervisors", "levels"), "levels_too_few", levels=step.supervisors.levels)
    if step.does == "review" and len(step.outcomes) == 1:
        check.doubtful((*path, "outcomes"), "review_cannot_refuse", name=step.id, outcome=next(iter(step.outcomes)))
    _deadline(check, step, path)
    _who_can(check, step, path)
    if step.agreed_before is not None:
        _agreed_before(check, procedure, step, path)
    if step.if_not_required is not None and not check.ruleset.rules_with("require_step", procedure.id, step.id):
        check.wrong((*path, "if_not_required"), "step_never_required", name=step.id)


def _deadline(check: Checker, step: Step, path: Path) -> None:
    if step.overdue.act == "reassign" and step.overdue.to is None:
        check.wrong((*path, "overdue"), "overdue_lacks", act="reassign", name="to")
    if step.overdue.act == "outcome" and (step.overdue.outcome is None or not step.overdue.source):
        check.wrong((*path, "overdue"), "overdue_lacks", act="outcome", name="outcome, source")
    for key in ("remind", "overdue"):
        if step.within is None and (*path, key) in check.reader.places:
            check.wrong((*path, key), "without_deadline", key=key)
    _unreceived(check, step, (*path, "unreceived"))
    for key, duration in (("within", step.within), ("waits", step.waits)):
        if duration is not None and parse_duration(duration).amount < 0:
            check.wrong((*path, key), "duration_negative", value=duration)


def _unreceived(check: Checker, step: Step, path: Path) -> None:
    if path not in check.reader.places:
        return
    late = step.unreceived
    if step.receipt != "recorded":
        check.wrong((*path, "~key"), "unreceived_not_recorded", name=step.id)
    elif late.after is None and step.within is None:
        check.wrong((*path, "~key"), "without_deadline", key="unreceived")
    if late.act == "reassign" and late.to is None:
        check.wrong(path, "overdue_lacks", act="reassign", name="to")
    if late.act == "received" and (not late.source or step.within is None):
        check.wrong(path, "overdue_lacks", act="received", name="source, within")
    if late.after is not None and parse_duration(late.after).amount < 0:
        check.wrong((*path, "after"), "duration_negative", value=late.after)


def _agreed_before(check: Checker, procedure: Procedure, step: Step, path: Path) -> None:
    """Note steps that cannot pass by themselves, since who decides there brings more than his agreement."""
    where = (*path, "agreed_before", "~key")
    if step.does != "review":
        check.wrong(where, "agreed_before_no_review", does=step.does)
    asks = [key for key in ("produces", "signs", "sends", "form", "records") if getattr(step, key)]
    asks += ["opinion"] if step.opinion == "required" else []
    asks += ["picked_at"] if any(other.picked_at == step.id for other in procedure.steps.values()) else []
    if asks:
        check.wrong(where, "agreed_before_asks_more", name=step.id, asks=asks)
    if "pass" not in step.outcomes:
        check.wrong(where, "agreed_before_no_pass", name=step.id, outcomes=list(step.outcomes))


def _who_can(check: Checker, step: Step, path: Path) -> None:
    """Note the roles that can never act, whoever holds them."""
    roles = check.ruleset.roles
    for i, id in enumerate(step.by):
        role: Role | None = roles.get(id)
        if role is None:
            continue
        if step.only_office is not None and role.office not in (None, step.only_office):
            check.wrong((*path, "only_office"), "role_sits_elsewhere", role=id, office=role.office)
        if role.external and role.recorded_by is None:
            check.wrong((*path, "by", i), "nobody_records", role=id)
