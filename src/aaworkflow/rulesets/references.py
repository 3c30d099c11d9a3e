"""Every name that one part of a ruleset has for another, checked; and what only makes sense together."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final

from aaworkflow.errors import Finding, nearest
from aaworkflow.errors.catalog import MESSAGES
from aaworkflow.rules import check_conditions
from aaworkflow.rulesets.actions import parameters_in
from aaworkflow.rulesets.answers import why_no_answer
from aaworkflow.rulesets.build import StepNames
from aaworkflow.rulesets.checker import Checker, circle_from
from aaworkflow.rulesets.meanings import with_meaning
from aaworkflow.rulesets.model import Parameter
from aaworkflow.rulesets.procedure_checks import check_procedures
from aaworkflow.rulesets.property_checks import check_properties
from aaworkflow.rulesets.reader import Path, Reader
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.rulesets.votes import asks_votes
from aaworkflow.texts import Text

__all__ = ["check_references"]


def check_references(ruleset: Ruleset, data: Mapping[str, Any], step_of: StepNames, reader: Reader) -> None:
    """Note every unknown name, and every step, panel, rule or table that cannot work."""
    checker = Checker(ruleset, data, step_of, reader)
    _roles(checker)
    _facts(checker)
    _tables_in_circles(checker)
    _parameters(checker)
    _parameters_of_tables(checker)
    check_procedures(checker)
    _rules(checker)
    _guarantees(checker)
    check_properties(checker)


# -------------------------------------------------------------------- roles, facts, documents, parameters

_REFUSALS: Final = frozenset({*MESSAGES, "overdue", "unreceived"})
"""What can be a breach: every refusal, a deadline that passes, and a receipt that nobody records in time."""


def _roles(check: Checker) -> None:
    r = check.ruleset
    if "default" in check.data["calendars"]:
        check.wrong(("calendars", "default", "~key"), "name_is_a_word", name="default")
    check.known(("administrators",), "unknown_role", r.administrators, r.roles)
    for role in r.roles.values():
        path: Path = ("roles", role.id)
        check.known((*path, "office"), "unknown_office", [role.office], r.offices)
        check.known((*path, "recorded_by"), "unknown_role", [role.recorded_by], r.roles)
        recorder = r.roles.get(role.recorded_by or "")
        if recorder is not None and recorder.external:
            check.wrong((*path, "recorded_by"), "recorder_is_external", role=role.recorded_by)
    for document in r.documents.values():
        check.known(("documents", document.id, "signed_by"), "unknown_role", document.signed_by, r.roles)
        for part in document.optional_parts:
            if part in document.parts:
                check.wrong(("documents", document.id, "optional_parts", part, "~key"), "part_twice", name=part)
    for breach in r.breaches.values():
        if breach.code not in _REFUSALS:
            path = ("breaches", breach.code, "~key")
            check.wrong(path, "unknown_code", name=breach.code, nearest=nearest(breach.code, _REFUSALS))


def _facts(check: Checker) -> None:
    r, tables = check.ruleset, check.data["tables"]
    for fact in r.facts.values():
        path: Path = ("facts", fact.id)
        if fact.taken_from is not None and fact.table is not None:
            check.wrong((*path, "table"), "fact_has_two_origins", name=fact.id)
        if fact.taken_from is not None:
            kind, part = fact.taken_from
            check.known((*path, "from"), "unknown_document", [kind], r.documents)
            if kind in r.documents and check.reader.sound(("documents", kind)):
                parts = {**r.documents[kind].parts, **r.documents[kind].optional_parts}
                check.known((*path, "from"), "unknown_document_part", [part or "?"], parts)
        if fact.table is not None:
            check.known((*path, "table"), "unknown_table", [fact.table], tables)
            if fact.table in r.tables:
                outputs = [output.name for output in r.tables[fact.table].outputs]
                check.known((*path, "table"), "unknown_table_output", [fact.output or "?"], outputs)
                if fact.output in outputs and check.reader.sound(path):
                    for reason in why_no_answer(r.tables[fact.table], fact, r.vocabulary):
                        check.reader.findings.append(Finding(check.reader.place((*path, "table")), reason))
        if fact.kind in ("select", "select_multiple") and not fact.options and fact.table is None:
            check.wrong(path, "select_without_options", fact=fact.id)


def _tables_in_circles(check: Checker) -> None:
    """Note the first table of each circle in which tables answer what the others ask."""
    r = check.ruleset
    answered_by = {fact.id: fact.table for fact in r.facts.values() if fact.table is not None}
    asks = {id: {answered_by[i.fact] for i in table.inputs if i.fact in answered_by} for id, table in r.tables.items()}
    noted: set[str] = set()
    for id in asks:
        circle = circle_from(id, asks)
        if circle and not noted & set(circle):
            noted |= set(circle)
            check.wrong(("tables", id, "~key"), "tables_in_a_circle", path=circle)


def _parameters(check: Checker) -> None:
    for parameter in check.ruleset.parameters.values():
        path: Path = ("parameters", parameter.id, "values")
        if not parameter.values:
            if check.reader.sound(path[:2]):
                check.wrong(path, "parameter_without_values", name=parameter.id)
            continue
        change = _change_of_kind(parameter)
        if change is not None:
            (_, before), (day, value) = change
            told = {"name": parameter.id, "on": day, "value": value, "before": before}
            check.wrong((*path, day.isoformat()), "parameter_changes_kind", **told)


def _change_of_kind(parameter: Parameter) -> tuple[tuple[date, Any], tuple[date, Any]] | None:
    """Return the first value that is of another kind than that before it, and that one, each with its day."""
    return next((two for two in pairwise(parameter.values) if _kind_of(two[0][1]) != _kind_of(two[1][1])), None)


def _kind_of(value: Any) -> str:
    return "number" if type(value).__name__ in ("int", "Decimal") else type(value).__name__


# -------------------------------------------------------------------- rules


def _rules(check: Checker) -> None:
    r = check.ruleset
    checkable = check.reader.sound(("facts",)) and check.reader.sound(("parameters",))
    for id, entry in check.data["rules"].items():
        path: Path = ("rules", id)
        of_votes = asks_votes(entry.get("when"))
        if checkable and "when" in entry and check.reader.sound(path):
            _, findings = check_conditions(
                entry["when"],
                r.facts_of_votes if of_votes else r.fact_types,
                parameters=r.dated_parameters,
                optional=r.optional_facts,
                options=r.options,
                vocabulary=r.vocabulary_of_votes if of_votes else r.vocabulary,
                place_of=lambda below, path=path: check.reader.place((*path, "when", *below)),  # type: ignore[misc]
            )
            check.reader.findings += _not_said_already(check, entry["when"], (*path, "when"), findings)
            for below, name in parameters_in(entry["when"], (*path, "when")):
                _late_parameter(check, below, name)
        if of_votes and entry.get("then"):
            check.wrong((*path, "then", "~key"), "rule_of_votes_acts", rule=id)
        for i, action in enumerate(entry.get("then", ())):
            _action(check, (*path, "then", i), action)


def _not_said_already(check: Checker, when: Any, path: Path, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings about a rule's conditions, but those that are a parameter's own, told there."""
    r = check.ruleset
    odd = {p.id for p in r.parameters.values() if p.values and _change_of_kind(p) is not None}
    told = {check.reader.place(below[:-1]) for below, name in parameters_in(when, path) if name in odd}
    for finding in findings:
        if finding.code != "condition_value_wrong" or finding.place not in told:
            yield with_meaning(finding, r.facts, r.parameters)


def _parameters_of_tables(check: Checker) -> None:
    for table in check.ruleset.tables.values():
        for name in table.parameters:
            _late_parameter(check, ("tables", table.id, "~key"), name)


def _late_parameter(check: Checker, path: Path, name: str) -> None:
    parameter, effective = check.ruleset.parameters.get(name), check.ruleset.effective_from
    if parameter is not None and parameter.values and parameter.values[0][0] > effective:
        begins = parameter.values[0][0]
        check.doubtful(path, "parameter_begins_late", name=name, begins=begins, effective_from=effective)


def _action(check: Checker, path: Path, action: Mapping[str, Any]) -> None:
    r = check.ruleset
    if len(action) != 1:
        check.wrong(path, "action_not_one", keys=list(action))
        return
    ((name, value),) = action.items()
    if name == "warn":
        return
    where: Path = (*path, name) if name == "require_step" else (*path, name, "step")
    called = value if name == "require_step" else value["step"]
    check.known_step(where, called)
    step = None
    if called in check.step_of:
        procedure, id = check.step_of[called]
        step = r.procedures[procedure].steps[id]
        if not check.reader.sound(("procedures", procedure, "steps", id)):
            return
    if name == "require_step" and step is not None and step.if_not_required is None:
        check.wrong(where, "step_always_entered", name=called)
    if name == "add_reviewer":
        check.known((*path, name, "role"), "unknown_role", [value["role"]], r.roles)
        if step is not None and step.agree is None:
            check.wrong(where, "reviewer_without_panel", name=called)


# -------------------------------------------------------------------- guarantees

_GUARANTEES: Final = ("never", "always_before", "always_within", "can_finish", "only")


def _guarantees(check: Checker) -> None:
    r = check.ruleset
    for id, entry in check.data["guarantees"].items():
        path: Path = ("guarantees", id)
        given = [kind for kind in _GUARANTEES if kind in entry]
        if len(given) != 1:
            if check.reader.sound(path):
                check.wrong(path, "guarantee_not_one", kinds=given, allowed=_GUARANTEES)
            continue
        kind = given[0]
        if kind == "can_finish":
            check.known((*path, kind), "unknown_procedure", [entry[kind]], r.procedures)
            continue
        below = entry[kind]
        for key in ("step", "before"):
            check.known_step((*path, kind, key), below.get(key))
        check.known_condition((*path, kind, "when"), below.get("when"))
        check.known((*path, kind, "sends"), "unknown_document", [below.get("sends")], r.documents)
        check.known((*path, kind, "roles"), "unknown_role", below.get("roles", ()), r.roles)
        check.known((*path, kind, "office"), "unknown_office", [below.get("office")], r.offices)
        if check.reader.sound(path) and not _says_something(kind, below):
            check.wrong((*path, kind), "guarantee_lacks", kind=kind, needs=_NEEDS[kind])


_NEEDS: Final = {
    "never": Text(
        zh="`step` 加 `when` 或 `before`,或者 `sends` 加 `unsigned: true`",
        en="`step` with `when` or `before`, or `sends` with `unsigned: true`",
    ),
    "only": Text(zh="`roles` 或 `office`", en="`roles` or `office`"),
}


def _says_something(kind: str, below: Mapping[str, Any]) -> bool:
    match kind:
        case "never" if "sends" in below:
            return set(below) == {"sends", "unsigned"} and below["unsigned"] is True
        case "never":
            return "step" in below and "unsigned" not in below and ("when" in below or "before" in below)
        case "only":
            return "roles" in below or "office" in below
        case _:
            return True
