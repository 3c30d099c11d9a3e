"""Check a ruleset: all that is wrong with it or doubtful about it, in one go, each at its place."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from aaworkflow.analysis.findings import Places
from aaworkflow.analysis.prove import prove
from aaworkflow.analysis.regions import periods, situations
from aaworkflow.errors import Finding
from aaworkflow.people import StaticDirectory
from aaworkflow.rules import leaves
from aaworkflow.rules.tables import check_table
from aaworkflow.rulesets import read_people, read_ruleset

__all__ = ["check"]

_MOST_SITUATIONS: Final = 20_000
"""Of a rule that tells more situations apart than these, nothing is said about never and always."""


def check(path: str | Path, *, people: str | Path | None = None, guarantees: bool = True) -> tuple[Finding, ...]:
    """Return every finding about a ruleset, in the order of its files.

    Args:
        path: the ruleset's folder.
        people: the people file; by default the `people.yaml` of the folder, if there is one.
        guarantees: prove them as well.
    """
    folder = Path(path)
    ruleset, loaded = read_ruleset(folder)
    if ruleset is None:
        return loaded
    places = Places(ruleset, f"{folder.as_posix()}/")
    found = [*loaded, *_parameters(places), *_rules(places)]
    for table in ruleset.tables.values():
        found += check_table(table)
    directory = None
    file = Path(people) if people is not None else folder / "people.yaml"
    if people is not None or file.exists():
        directory, about_people = read_people(file, ruleset=ruleset)
        found += about_people
        if directory is not None:
            found += _vacancies(places, directory)
    if guarantees:
        found += _guarantees(places, directory)
    return tuple(sorted(found, key=lambda finding: finding.place))


def _parameters(places: Places) -> Iterator[Finding]:
    """Yield parameters that change to what they are already."""
    for parameter in places.ruleset.parameters.values():
        for (_, before), (day, value) in zip(parameter.values, parameter.values[1:], strict=False):
            if before == value:
                yield places.finding(
                    "parameters", parameter.id, "warning", "parameter_does_not_change", name=parameter.id, on=day
                )


def _rules(places: Places) -> Iterator[Finding]:
    """Yield the rules that never fire, or whatever the facts are: on no day, or from some day on."""
    ruleset = places.ruleset
    for rule in ruleset.rules.values():
        days = periods(ruleset, (rule.id,))
        if any(leaf.operator.operand == "regex" for leaf in leaves(ruleset.compiled(rule.id, days[0]).conditions.node)):
            continue  # which texts an expression matches is not looked into
        all_facts = tuple(islice(situations(ruleset, rule.id), _MOST_SITUATIONS + 1))
        if len(all_facts) > _MOST_SITUATIONS:
            continue
        for day in days:
            answers = {ruleset.fires(rule.id, facts, day) for facts in all_facts}
            if len(answers) == 1:
                code = "rule_always_fires" if answers == {True} else "rule_never_fires"
                yield places.finding("rules", rule.id, "warning", code, rule=rule.id, on=day)
                break


def _vacancies(places: Places, directory: StaticDirectory) -> Iterator[Finding]:
    """Yield the roles that someone must hold and nobody does: anywhere, or in one of the units of their office."""
    ruleset = places.ruleset
    held = {(a.role, a.unit or p.unit) for p in directory.persons() if p.active for a in p.appointments}
    steps = [step for procedure in ruleset.procedures.values() for step in procedure.steps.values()]
    asked = {role for step in steps for role in step.by}
    asked |= {keeper for role in asked if (keeper := ruleset.roles[role].recorded_by) is not None}
    for role in (ruleset.roles[id] for id in sorted(asked) if not ruleset.roles[id].external):
        if not any(name == role.id for name, _ in held):
            yield places.finding("roles", role.id, "warning", "nobody_has_role", role=role.title)
        elif role.per_unit:
            units = [u for u in directory.units() if role.office in (None, u.office)]
            for unit in units:
                if (role.id, unit.id) not in held and (role.id, unit.parent) not in held:
                    yield places.finding(
                        "roles", role.id, "warning", "nobody_has_role_in_unit", role=role.title, unit=unit.title
                    )


def _guarantees(places: Places, directory: StaticDirectory | None) -> Iterator[Finding]:
    for proof in prove(places.ruleset, directory):
        id, text = proof.guarantee.id, proof.guarantee.text
        if proof.result == "refuted":
            yield places.finding(
                "guarantees", id, "error", "guarantee_refuted", guarantee=id, text=text, scenario=proof.counterexample
            )
        elif proof.result == "undecided":
            yield places.finding(
                "guarantees", id, "warning", "guarantee_undecided", guarantee=id, text=text, states=proof.states
            )
