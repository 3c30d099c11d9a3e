"""Every name that one part of a ruleset has for another, checked; and what only makes sense together."""

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from aaworkflow.errors import Finding, Place, Reason
from aaworkflow.rules import check_conditions
from aaworkflow.rulesets.model import PanelRule, Procedure, Step
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.rulesets.shapes import Path, Reader

__all__ = ["check_references"]


def check_references(
    ruleset: Ruleset, data: Mapping[str, Any], step_of: Mapping[str, tuple[str, str]], reader: Reader
) -> None:
    """Note every unknown name, and every step, panel, rule or table that cannot work."""
    checker = _Checker(ruleset, step_of, reader)
    checker.people_and_facts()
    for procedure in ruleset.procedures.values():
        checker.procedure(procedure)
    checker.rules(data["rules"])
    checker.guarantees(data["guarantees"])


@attrs.define
class _Checker:
    ruleset: Ruleset
    step_of: Mapping[str, tuple[str, str]]
    reader: Reader

    def wrong(self, path: Path, code: str, **data: Any) -> None:
        self.reader.wrong(self.reader.place(path), code, **data)

    def known(self, path: Path, code: str, names: Iterable[str | None], allowed: Collection[str]) -> None:
        """Note the names that are not allowed; where several stand at a path, each at its own place."""
        names = list(names)
        for i, name in enumerate(names):
            if name is not None and name not in allowed:
                place = (*path, i) if (*path, i) in self.reader.places else path
                self.wrong(place, code, name=name, allowed=allowed)

    # ---------------------------------------------------------------- roles, facts, documents

    def people_and_facts(self) -> None:
        r = self.ruleset
        self.known(("administrators",), "unknown_role", r.administrators, r.roles)
        for role in r.roles.values():
            path: Path = ("roles", role.id)
            self.known((*path, "office"), "unknown_office", [role.office], r.offices)
            self.known((*path, "recorded_by"), "unknown_role", [role.recorded_by], r.roles)
            if role.recorded_by is not None and role.recorded_by in r.roles and r.roles[role.recorded_by].external:
                self.wrong((*path, "recorded_by"), "recorder_is_external", role=role.recorded_by)
        for document in r.documents.values():
            self.known(("documents", document.id, "signed_by"), "unknown_role", document.signed_by, r.roles)
        for fact in r.facts.values():
            self._fact_origin(fact.id)
            if fact.kind in ("select", "select_multiple") and not fact.options and fact.table is None:
                self.wrong(("facts", fact.id), "select_without_options", fact=fact.id)
        for parameter in r.parameters.values():
            if not parameter.values:
                self.wrong(("parameters", parameter.id, "values"), "parameter_without_values", name=parameter.id)

    def _fact_origin(self, id: str) -> None:
        r, fact = self.ruleset, self.ruleset.facts[id]
        if fact.taken_from is not None:
            kind, part = fact.taken_from
            path: Path = ("facts", id, "from")
            self.known(path, "unknown_document", [kind], r.documents)
            if kind in r.documents:
                parts = [*r.documents[kind].parts, *r.documents[kind].optional_parts]
                self.known(path, "unknown_document_part", [part], parts)
        if fact.table is not None:
            path = ("facts", id, "table")
            self.known(path, "unknown_table", [fact.table], r.tables)
            if fact.table in r.tables:
                self.known(path, "unknown_table_output", [fact.output], [o.name for o in r.tables[fact.table].outputs])

    # ---------------------------------------------------------------- procedures

    def procedure(self, procedure: Procedure) -> None:
        r, path = self.ruleset, ("procedures", procedure.id)
        if not procedure.steps:
            self.wrong((*path, "steps"), "procedure_without_steps", procedure=procedure.id)
            return
        self.known((*path, "initiators"), "unknown_role", procedure.initiators, r.roles)
        self.known((*path, "document"), "unknown_document", [procedure.document], r.documents)
        for key in ("needs_facts", "may_set"):
            self.known((*path, key), "unknown_fact", getattr(procedure, key), r.facts)
        for end in procedure.ends:
            if end in procedure.steps:
                self.wrong((*path, "ends", end, "~key"), "end_named_like_step", name=end)
        for step in procedure.steps.values():
            self.step(procedure, step)
        self._spans(procedure)
        self._schedule(procedure)
        self._reachable(procedure)

    def step(self, procedure: Procedure, step: Step) -> None:
        r, path = self.ruleset, ("procedures", procedure.id, "steps", step.id)
        targets = [*procedure.steps, *procedure.ends]
        for key in ("by",):
            self.known((*path, key), "unknown_role", getattr(step, key), r.roles)
        for key in ("produces", "signs", "needs_documents"):
            self.known((*path, key), "unknown_document", getattr(step, key), r.documents)
        self.known((*path, "form"), "unknown_document", [step.form], r.documents)
        self.known((*path, "document"), "unknown_document", [step.document], r.documents)
        for key in ("records", "may_record"):
            self.known((*path, key), "unknown_fact", getattr(step, key), r.facts)
        self.known((*path, "only_office"), "unknown_office", [step.only_office], r.offices)
        self.known((*path, "not_by"), "unknown_step", step.not_by, [*procedure.steps, "initiator"])
        self.known((*path, "picked_at"), "unknown_step", [step.picked_at], procedure.steps)
        self.known((*path, "calendar"), "unknown_calendar", [step.calendar], r.calendars)
        self.known((*path, "if_not_required"), "unknown_step", [step.if_not_required], targets)
        self.known((*path, "returns", "to"), "unknown_step", step.returns.to, [*procedure.steps, "previous", "drafter"])
        for kind, roles in step.needs_signatures.items():
            self.known((*path, "needs_signatures", kind, "~key"), "unknown_document", [kind], r.documents)
            self.known((*path, "needs_signatures", kind), "unknown_role", roles, r.roles)
        if step.sends is not None:
            self.known((*path, "sends", "document"), "unknown_document", [step.sends.document], r.documents)
            self.known((*path, "sends", "to"), "unknown_role", step.sends.to, r.roles)
        if step.starts is not None:
            self._starts(step, path)
        self.known((*path, "overdue", "to"), "unknown_role", [step.overdue.to], r.roles)
        self.known((*path, "overdue", "outcome"), "unknown_outcome_of_step", [step.overdue.outcome], step.outcomes)
        self._routes(procedure, step, path, targets)
        self._demands(step, path)
        self._panel(step, path)
        if step.if_not_required is not None and not r.rules_with("require_step", procedure.id, step.id):
            self.wrong((*path, "if_not_required"), "step_never_required", name=step.id)
        for reminder in step.remind:
            if not reminder.endswith("%"):
                continue
            if not reminder[:-1].isdigit() or not 0 < int(reminder[:-1]) < 100:
                self.wrong((*path, "remind"), "reminder_not_a_share", name=reminder)

    def _starts(self, step: Step, path: Path) -> None:
        r = self.ruleset
        if step.starts is None:
            return
        self.known((*path, "starts", "procedure"), "unknown_procedure", [step.starts.procedure], r.procedures)
        self.known((*path, "starts", "documents"), "unknown_document", step.starts.documents, r.documents)
        for theirs, ours in step.starts.facts.items():
            self.known((*path, "starts", "facts", theirs), "unknown_fact", [ours], r.facts)
            self.known((*path, "starts", "facts", theirs, "~key"), "unknown_fact", [theirs], r.facts)

    def _routes(self, procedure: Procedure, step: Step, path: Path, targets: list[str]) -> None:
        if not step.outcomes:
            self.wrong((*path, "outcomes"), "step_without_outcomes", name=step.id)
        for outcome, route in step.outcomes.items():
            where = (*path, "outcomes", outcome)
            if not route.branches:
                self.wrong(where, "route_without_branches", outcome=outcome)
            for i, branch in enumerate(route.branches):
                here = (*where, "each" if route.kind == "each" else "first", i)
                self.known((*here, "to"), "unknown_step", [branch.to], targets)
                self.known((*here, "when"), "unknown_rule", [branch.when], self.ruleset.rules)
            if route.kind == "each":
                if route.join is None:
                    self.wrong(where, "route_without_join", outcome=outcome)
                self.known((*where, "join"), "unknown_step", [route.join], procedure.steps)
            elif route.branches and route.branches[-1].when is not None:
                self.wrong((*where, "first", len(route.branches) - 1), "route_not_exhaustive", outcome=outcome)

    def _demands(self, step: Step, path: Path) -> None:
        needs = {"draft": step.produces, "sign": step.signs, "send": step.sends, "record": step.records}
        if step.does in needs and not needs[step.does]:
            key = {"draft": "produces", "sign": "signs", "send": "sends", "record": "records"}[step.does]
            self.wrong((*path, "does"), "step_lacks", does=step.does, name=key)
        if step.does == "start" and step.starts is None:
            self.wrong((*path, "does"), "step_lacks", does=step.does, name="starts")
        if step.does == "wait" and step.waits is None:
            self.wrong((*path, "does"), "step_lacks", does=step.does, name="waits")
        if step.does in ("start", "wait"):
            if step.by:
                self.wrong((*path, "by"), "nobody_acts", does=step.does)
        elif not step.by and step.supervisors is None:
            self.wrong(path, "step_by_nobody", name=step.id)
        if step.supervisors is not None:
            self._supervisors(step, path)
        if step.overdue.act == "reassign" and step.overdue.to is None:
            self.wrong((*path, "overdue"), "overdue_lacks", act="reassign", name="to")
        if step.overdue.act == "outcome" and (step.overdue.outcome is None or not step.overdue.source):
            self.wrong((*path, "overdue"), "overdue_lacks", act="outcome", name="outcome, source")

    def _supervisors(self, step: Step, path: Path) -> None:
        chain = step.supervisors
        if chain is None:
            return
        self.known((*path, "supervisors", "until"), "unknown_role", [chain.until], self.ruleset.roles)
        if step.by:
            self.wrong((*path, "by"), "supervisors_and_roles", name=step.id)
        if chain.levels is not None and chain.levels < 1:
            self.wrong((*path, "supervisors", "levels"), "levels_too_few", levels=chain.levels)

    def _panel(self, step: Step, path: Path) -> None:
        seats = len(set(step.by))
        panel = step.agree
        if step.supervisors is not None:
            return
        if panel is None:
            if seats > 1 or step.each_person or step.picked_at is not None:
                self.wrong(path, "panel_without_rule", name=step.id)
            return
        where = (*path, "agree")
        if seats == 1 and not step.each_person and step.picked_at is None:
            self.wrong(where, "panel_of_one", name=step.id)
        if len(step.outcomes) > 1:
            for vote in ("pass", "fail"):
                if vote not in step.outcomes:
                    self.wrong((*path, "outcomes"), "panel_outcomes", name=vote)
        self.known((*where, "veto"), "unknown_role", sorted(panel.veto), step.by)
        for role in panel.weights:
            self.known((*where, "weights", role, "~key"), "unknown_role", [role], step.by)
        self._panel_can_pass(step, panel, where, seats)

    def _panel_can_pass(self, step: Step, panel: PanelRule, where: Path, seats: int) -> None:
        if panel.needed is None:
            return
        most: Fraction | None = None
        if panel.mode == "share":
            most = Fraction(1)
        elif panel.mode == "weight":
            missing = [role for role in step.by if role not in panel.weights]
            if missing:
                self.wrong(where, "weights_missing", roles=missing)
            most = sum(panel.weights.values(), Fraction(0))
        elif not step.each_person and step.picked_at is None:
            most = Fraction(seats)
        if panel.needed <= 0 or (most is not None and panel.needed > most):
            self.wrong(where, "panel_can_never_pass", needed=str(panel.needed), most=str(most))

    def _spans(self, procedure: Procedure) -> None:
        for span in procedure.spans:
            path: Path = ("procedures", procedure.id, "spans", span.id)
            self.known((*path, "from"), "unknown_step", [span.start[0]], procedure.steps)
            self.known((*path, "from"), "unknown_moment", [span.start[1]], ["opened", "received", "closed"])
            self.known((*path, "until"), "unknown_step", [span.until], procedure.steps)
            self.known((*path, "by"), "unknown_role", [span.by], self.ruleset.roles)
            self.known((*path, "calendar"), "unknown_calendar", [span.calendar], self.ruleset.calendars)

    def _schedule(self, procedure: Procedure) -> None:
        if procedure.schedule is None:
            return
        path: Path = ("procedures", procedure.id, "schedule")
        self.known((*path, "by"), "unknown_role", [procedure.schedule.by], self.ruleset.roles)
        self.known((*path, "for_each"), "unknown_office", [procedure.schedule.for_each], self.ruleset.offices)
        if procedure.needs_facts:
            self.wrong(path, "schedule_needs_facts", facts=procedure.needs_facts)

    def _reachable(self, procedure: Procedure) -> None:
        """Note steps that no way leads to, and steps from which no end can be reached."""
        ways = {s.id: _ways(s) for s in procedure.steps.values()}
        reached = _closure({procedure.start}, ways)
        back: dict[str, set[str]] = {}
        for start, targets in ways.items():
            for target in targets:
                back.setdefault(target, set()).add(start)
        finishing = _closure(set(procedure.ends), back)
        for step in procedure.steps.values():
            path: Path = ("procedures", procedure.id, "steps", step.id, "~key")
            if step.id not in reached:
                self.wrong(path, "step_unreachable", name=step.id)
            elif step.id not in finishing:
                self.wrong(path, "step_without_way_out", name=step.id)

    # ---------------------------------------------------------------- rules and guarantees

    def rules(self, data: Mapping[str, Any]) -> None:
        r = self.ruleset
        parameters = {p.id: p.values[-1][1] for p in r.parameters.values() if p.values}
        for id, entry in data.items():
            path: Path = ("rules", id)
            _, findings = check_conditions(
                entry["when"],
                r.fact_types,
                parameters=parameters,
                optional=r.optional_facts,
                place_of=lambda below, path=path: self.reader.place((*path, "when", *below)),  # type: ignore[misc]
            )
            self.reader.findings += findings
            for i, action in enumerate(entry.get("then", ())):
                self._action((*path, "then", i), action)

    def _action(self, path: Path, action: Mapping[str, Any]) -> None:
        if len(action) != 1:
            self.wrong(path, "action_not_one", keys=list(action))
            return
        ((name, value),) = action.items()
        if name == "require_step":
            self.known((*path, name), "unknown_step", [value], self.step_of)
            found = self.step_of.get(value)
            if found is not None and self.ruleset.procedures[found[0]].steps[found[1]].if_not_required is None:
                self.wrong((*path, name), "step_always_entered", name=value)
        elif name in ("add_reviewer", "refuse_step"):
            self.known((*path, name, "step"), "unknown_step", [value.get("step")], self.step_of)
            self.known((*path, name, "role"), "unknown_role", [value.get("role")], self.ruleset.roles)

    def guarantees(self, data: Mapping[str, Any]) -> None:
        r = self.ruleset
        kinds = ("never", "always_before", "always_within", "can_finish", "only")
        for id, entry in data.items():
            path: Path = ("guarantees", id)
            given = [k for k in kinds if k in entry]
            if len(given) != 1:
                self.reader.findings.append(
                    Finding(self._place(path), Reason.of("guarantee_not_one", kinds=given, allowed=kinds))
                )
                continue
            kind = given[0]
            if kind == "can_finish":
                self.known((*path, kind), "unknown_procedure", [entry[kind]], r.procedures)
                continue
            below = entry[kind]
            for key in ("step", "before"):
                self.known((*path, kind, key), "unknown_step", [below.get(key)], self.step_of)
            self.known((*path, kind, "when"), "unknown_rule", [below.get("when")], r.rules)
            self.known((*path, kind, "sends"), "unknown_document", [below.get("sends")], r.documents)
            self.known((*path, kind, "roles"), "unknown_role", below.get("roles", ()), r.roles)
            self.known((*path, kind, "office"), "unknown_office", [below.get("office")], r.offices)

    def _place(self, path: Path) -> Place:
        return self.reader.place(path)


def _ways(step: Step) -> set[str]:
    targets = {b.to for route in step.outcomes.values() for b in route.branches}
    targets |= {route.join for route in step.outcomes.values() if route.join is not None}
    if step.if_not_required is not None:
        targets.add(step.if_not_required)
    return targets


def _closure(start: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    seen, todo = set(start), list(start)
    while todo:
        for target in ways.get(todo.pop(), ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen
