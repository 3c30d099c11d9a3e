"""Check a ruleset: all that is wrong with it or doubtful about it, in one go, each at its place."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal

from aaworkflow.analysis.checking.dates import calendars, delegations, parameters
from aaworkflow.analysis.checking.findings import Places
from aaworkflow.analysis.checking.vacancies import vacancies
from aaworkflow.analysis.checking.versions import Version, versions
from aaworkflow.analysis.proving.properties import decide_properties
from aaworkflow.analysis.proving.prove import prove
from aaworkflow.analysis.regions import ABSENT, periods, regions
from aaworkflow.analysis.simulation.office_file import read_office
from aaworkflow.errors import Finding, Place, RuleError
from aaworkflow.people import StaticDirectory
from aaworkflow.plugins import installed_vocabulary
from aaworkflow.rules import check_conditions, denied_facts, leaves, never_without
from aaworkflow.rules.tables import check_table
from aaworkflow.rulesets import Rule, Ruleset, read_people, read_ruleset
from aaworkflow.rulesets.files import text_of

__all__ = ["check", "rulesets_in"]

_MOST_LOOKS: Final = 5_000
"""So many times a rule is looked at before it is left undecided whether it never or always fires."""
_ONE_ANSWER: Final[Mapping[str, tuple[Literal["warning", "note"], str]]] = {
    "yes": ("warning", "rule_always_fires"),
    "no": ("warning", "rule_never_fires"),
    "undecided": ("note", "rule_not_looked_into"),
}


def rulesets_in(path: str | Path) -> tuple[Path, ...]:
    """Return the folders of the rulesets that a folder holds, such as versions of one; else the folder itself."""
    folder = Path(path)
    inside = () if (folder / "ruleset.yaml").exists() else sorted(file.parent for file in folder.glob("*/ruleset.yaml"))
    return tuple(inside) or (folder,)


def check(
    path: str | Path, *, people: str | Path | None = None, guarantees: bool = True, on: date | None = None
) -> tuple[Finding, ...]:
    """Return every finding about a ruleset, or about several and how they follow one another, in the order of the files.

    Args:
        path: the ruleset's folder, or one of several rulesets, such as the versions of one.
        people: the people file; by default the `people.yaml` of the folder, if there is one.
        guarantees: prove them as well, where there are no errors.
        on: the day as of which it is checked. None says nothing about what is over or not announced yet.
    """
    found: list[Finding] = []
    sound: list[Version] = []
    for folder in rulesets_in(path):
        ruleset, about = read_ruleset(folder, unsound=True, vocabulary=installed_vocabulary())
        directory, about_people = _people(folder, people, ruleset, on)
        found += (*about, *about_people)
        if ruleset is None:
            continue
        places = Places(ruleset.files, f"{folder.as_posix()}/")
        about_tables = tuple(_tables(ruleset))
        is_sound = not any(finding.severity == "error" for finding in (*about, *about_tables))
        found += about_tables
        found += _rules(ruleset, places, sound=is_sound)
        found += _idle_rules(ruleset, places)
        found += parameters(ruleset, places)
        found += calendars(ruleset, directory, places, on)
        if directory is not None:
            found += vacancies(ruleset, directory, places, on)
        if is_sound:
            found += _properties(ruleset, places)
            found += _guarantees(ruleset, places, directory) if guarantees else ()
            found += _office(folder, ruleset, directory)
            sound.append(Version(ruleset, places))
    found += versions(sound)
    return tuple(sorted(found, key=lambda finding: finding.place))


# -------------------------------------------------------------------- beside the ruleset


def _people(
    folder: Path, people: str | Path | None, ruleset: Ruleset | None, on: date | None
) -> tuple[StaticDirectory | None, list[Finding]]:
    file = Path(people) if people is not None else folder / "people.yaml"
    if people is None and not file.exists():
        return None, []
    directory, found = read_people(file, ruleset=ruleset)
    over: Iterable[Finding] = ()
    if directory is not None and on is not None:
        over = delegations(directory, Places({file.as_posix(): text_of(file)}), on)
    return directory, [*found, *over]


def _office(folder: Path, ruleset: Ruleset, directory: StaticDirectory | None) -> Iterable[Finding]:
    file = folder / "office.yaml"
    return read_office(file, ruleset, directory)[1] if directory is not None and file.exists() else ()


# -------------------------------------------------------------------- rules, tables, guarantees


def _rules(ruleset: Ruleset, places: Places, *, sound: bool) -> Iterator[Finding]:
    """Yield the rules that never fire, or whatever the facts are, on no day or from some day on; and what silences one."""
    for rule in ruleset.rules.values():
        if not sound and not _can_be_asked(ruleset, rule):
            continue
        days = periods(ruleset, (rule.id,))
        compiled = ruleset.compiled(rule.id, days[0])
        silent = tuple(ruleset.titles[fact] for fact in sorted(never_without(compiled) & denied_facts(compiled)))
        if silent:
            yield places.finding("rules", rule.id, "note", "rule_silent_without", rule=rule.id, facts=silent)
        asked = leaves(compiled.conditions.node)
        if any(leaf.operator.operand == "regex" or not leaf.is_standard for leaf in asked):
            continue  # which values an expression, or an operator of a plugin, lets pass is not looked into
        for day in days:
            answer = _only_answer(ruleset, rule, day)
            if answer is not None:
                severity, code = _ONE_ANSWER[answer]
                yield places.finding("rules", rule.id, severity, code, rule=rule.id, on=day)
                break


def _only_answer(ruleset: Ruleset, rule: Rule, day: date) -> Literal["yes", "no", "undecided"] | None:
    """Return the one answer that a rule can have on a day: undecided where that takes too long, None where it has both.

    Facts are made known one after another, each with a value of every region that the rule tells apart, as far as its
    answer is still open.
    """
    values: dict[str, tuple[Any, ...]] = {}
    seen: set[Literal["yes", "no", "undecided"]] = set()
    todo: list[dict[str, Any]] = [{}]
    for _ in range(_MOST_LOOKS):
        if not todo:
            return next(iter(seen))
        known = todo.pop()
        decided = ruleset.decided(rule.id, known, day)
        if decided.ask is None:
            seen.add(decided.answer)
            if len(seen) > 1:
                return None
            continue
        if decided.ask not in values:
            fact = ruleset.facts[decided.ask]
            values[fact.id] = (*regions(ruleset, fact, (rule.id,)), *((ABSENT,) if fact.optional else ()))
        todo += ({**known, decided.ask: value} for value in values[decided.ask])
    return "undecided"


def _idle_rules(ruleset: Ruleset, places: Places) -> Iterator[Finding]:
    """Yield the rules that nothing follows from and nothing names."""
    steps = [step for procedure in ruleset.procedures.values() for step in procedure.steps.values()]
    named = {branch.when for step in steps for route in step.outcomes.values() for branch in route.branches}
    named |= {step.agree.when for step in steps if step.agree is not None}
    named |= {guarantee.when for guarantee in ruleset.guarantees.values()}
    for rule in ruleset.rules.values():
        if not rule.then and rule.id not in named:
            yield places.finding("rules", rule.id, "warning", "rule_without_effect", rule=rule.id)


def _can_be_asked(ruleset: Ruleset, rule: Rule) -> bool:
    """Say of a rule in a ruleset with errors whether it has none itself, nor asks what a table answers."""
    conditions, _ = check_conditions(
        rule.when,
        ruleset.fact_types,
        parameters=ruleset.dated_parameters,
        optional=ruleset.optional_facts,
        options=ruleset.options,
        vocabulary=ruleset.vocabulary,
    )
    return conditions is not None and all(ruleset.facts[leaf.name].table is None for leaf in leaves(conditions))


def _tables(ruleset: Ruleset) -> Iterator[Finding]:
    for table in ruleset.tables.values():
        try:
            yield from check_table(table)
        except RuleError as error:
            yield from (Finding(table.place or Place(table.id), reason) for reason in error.reasons)


def _properties(ruleset: Ruleset, places: Places) -> Iterator[Finding]:
    for proof in decide_properties(ruleset):
        id, text = proof.declared.id, proof.declared.text
        if proof.witness is not None:
            told = proof.witness.text(ruleset)
            yield places.finding("properties", id, "error", "property_refuted", name=id, text=text, witness=told)
        elif proof.result == "undecided":
            yield places.finding("properties", id, "warning", "property_undecided", name=id, text=text)
        elif proof.idle:
            yield places.finding("properties", id, "warning", "property_says_nothing", name=id, text=text)


def _guarantees(ruleset: Ruleset, places: Places, directory: StaticDirectory | None) -> Iterator[Finding]:
    for proof in prove(ruleset, directory):
        id, text = proof.guarantee.id, proof.guarantee.text
        if proof.result == "refuted":
            yield places.finding(
                "guarantees", id, "error", "guarantee_refuted", guarantee=id, text=text, scenario=proof.counterexample
            )
        elif proof.result == "undecided":
            yield places.finding(
                "guarantees", id, "warning", "guarantee_undecided", guarantee=id, text=text, states=proof.states
            )
