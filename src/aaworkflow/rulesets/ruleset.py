"""A whole ruleset, ready to be asked: which rules fire, what tables answer, which calendars hold."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from hashlib import sha256
from typing import Any, Final

import attrs

from aaworkflow.calendars import WorkingCalendar
from aaworkflow.errors import RuleError
from aaworkflow.rules import (
    STANDARD,
    VOTING,
    CompiledRule,
    DatedParameter,
    Explanation,
    Partial,
    Receipt,
    Rerun,
    Vocabulary,
    compile_rule,
    evaluate_partial,
    explain,
    make_receipt,
    rerun,
)
from aaworkflow.rules.parameters import days_of, periods_of
from aaworkflow.rules.tables import CompiledTable, DecisionTable, TableExplanation, compile_table, explain_table
from aaworkflow.rulesets.actions import Action, Rule, parameters_in
from aaworkflow.rulesets.model import Breach, DocumentKind, Fact, Guarantee, Office, Parameter, Procedure, Role
from aaworkflow.rulesets.properties import Property
from aaworkflow.rulesets.votes import asks_votes, vote_facts
from aaworkflow.texts import Text

__all__ = ["Action", "Derived", "Rule", "Ruleset", "RulesetRef", "digest_of_files"]


@attrs.frozen
class RulesetRef:
    """Which ruleset, exactly: id, version and the digest of its files."""

    id: str
    version: str
    digest: str

    def __str__(self) -> str:
        return f"{self.id}@{self.version}"


@attrs.frozen
class Derived:
    """A fact that a table answered, and by which of its rows."""

    value: Any
    table: str
    rows: tuple[str, ...]


_SOURCED: Final = (
    "roles",
    "parameters",
    "facts",
    "documents",
    "breaches",
    "rules",
    "guarantees",
    "properties",
    "tables",
)


def digest_of_files(files: Mapping[str, str]) -> str:
    """Return the digest of a ruleset's files, names and texts."""
    digest = sha256()
    for name in sorted(files):
        for part in (name, files[name]):
            data = part.encode()
            digest.update(len(data).to_bytes(8, "big") + data)
    return "sha256:" + digest.hexdigest()


@attrs.frozen(eq=False, slots=False)
class Ruleset:
    """A loaded ruleset. Equal when the files are."""

    ref: RulesetRef
    title: Text
    effective_from: date
    currency: str
    administrators: tuple[str, ...]
    calendars: Mapping[str, WorkingCalendar]
    """By id; `default` always is there."""
    offices: Mapping[str, Office]
    roles: Mapping[str, Role]
    parameters: Mapping[str, Parameter]
    facts: Mapping[str, Fact]
    documents: Mapping[str, DocumentKind]
    breaches: Mapping[str, Breach]
    procedures: Mapping[str, Procedure]
    rules: Mapping[str, Rule]
    tables: Mapping[str, DecisionTable]
    guarantees: Mapping[str, Guarantee]
    properties: Mapping[str, Property]
    files: Mapping[str, str] = attrs.field(repr=False)
    vocabulary: Vocabulary = attrs.field(default=STANDARD, repr=False)
    """The fact types and operators that its rules may name."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ruleset) and self.ref == other.ref

    def __hash__(self) -> int:
        return hash(self.ref)

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (dict(self.files), self.vocabulary.declared)

    @staticmethod
    def from_files(files: Mapping[str, str], vocabulary: Vocabulary = STANDARD) -> "Ruleset":
        """Load a ruleset from the texts of its files, as a store archives them. Raises RulesetError."""
        from aaworkflow.rulesets.load import load_files

        return load_files(files, vocabulary=vocabulary)

    # ---------------------------------------------------------------- rules

    def fires(self, rule: str, facts: Mapping[str, Any], on: date) -> bool:
        """Say whether a rule fires for facts, with parameters as of a day. Raises RuleError for missing facts."""
        return self.compiled(rule, on)(self._as_rules_read(facts))

    def explain_rule(self, rule: str, facts: Mapping[str, Any], on: date) -> Explanation:
        """Explain a rule's answer: every comparison, and the fewest changes that would lead to the other one."""
        return explain(self.compiled(rule, on), self._as_rules_read(facts))

    def decided(self, rule: str, known: Mapping[str, Any], on: date) -> Partial:
        """Say whether facts known so far decide a rule, and if not, which to ask for next. Raises RuleError."""
        return evaluate_partial(self.compiled(rule, on), self._as_rules_read(known))

    def receipt(self, rule: str, facts: Mapping[str, Any], on: date) -> Receipt:
        """Ask a rule and keep the decision with all that it rested on. Raises RuleError as the rule does."""
        return make_receipt(self.compiled(rule, on), self._as_rules_read(facts), id=rule, **self._told(on))

    def receipt_of_table(self, table: str, facts: Mapping[str, Any], on: date) -> Receipt:
        """Ask a table and keep the decision with all that it rested on. Raises RuleError as the table does."""
        return make_receipt(self.compiled_table(table, on), facts, id=table, **self._told(on))

    def rerun(self, receipt: Receipt, on: date) -> Rerun:
        """Make a kept decision, of whatever version, again under this ruleset as of a day. Raises RuleError."""
        asked: CompiledRule | CompiledTable
        asked = self.compiled(receipt.rule, on) if receipt.is_of_rule else self.compiled_table(receipt.rule, on)
        return rerun(receipt, asked, **self._told(on))

    def _told(self, on: date) -> dict[str, Any]:
        return {"ruleset": str(self.ref), "digest": self.ref.digest, "on": on, "titles": self.titles}

    def compiled(self, rule: str, on: date) -> CompiledRule:
        """Return a rule compiled with its parameters as of a day; made once for each period of them.

        Raises:
            RuleError: `unknown_rule`, or `parameter_not_yet` before the first date of one of its parameters.
        """
        days = self._days_of_rule.get(rule)
        if days is None:
            raise RuleError.of("unknown_rule", name=rule, allowed=self.rules)
        key = (rule, bisect_right(days, on))
        found = self._compiled.get(key)
        if found is None:
            of_votes = asks_votes(self.rules[rule].when)
            found = self._compiled[key] = compile_rule(
                self.rules[rule].when,
                self.facts_of_votes if of_votes else self.fact_types,
                parameters=self.dated_parameters,
                on=on,
                optional=self.optional_facts,
                options=self.options,
                vocabulary=self.vocabulary_of_votes if of_votes else self.vocabulary,
            )
        return found

    def rules_with(self, action: str, procedure: str, step: str | None) -> tuple[Rule, ...]:
        """Return the rules with an action on a step; with no step, those with that action at all."""
        return self._by_action.get((action, procedure, step) if step is not None else (action, None, None), ())

    def parameter(self, name: str, on: date) -> Any:
        """Return a parameter's value as of a day.

        Raises:
            RuleError: `parameter_unknown`, or `parameter_not_yet` before its first date.
        """
        parameter = self.dated_parameters.get(name)
        if parameter is None:
            raise RuleError.of("parameter_unknown", name=name, allowed=self.parameters)
        return parameter.at(on)

    @cached_property
    def dated_parameters(self) -> Mapping[str, DatedParameter]:
        """The parameters as rules and tables read them."""
        return {p.id: p.dated() for p in self.parameters.values() if p.values}

    @cached_property
    def fact_types(self) -> Mapping[str, str]:
        """Fact name -> type."""
        return {f.id: f.kind for f in self.facts.values()}

    @cached_property
    def facts_of_votes(self) -> Mapping[str, str]:
        """Fact name -> type, for rules about the votes of panels, which may ask the facts of the case as well."""
        return {**self.fact_types, **vote_facts(self.roles)}

    @cached_property
    def vocabulary_of_votes(self) -> Vocabulary:
        """The fact types and operators that rules about the votes of panels may name."""
        return self.vocabulary.joined(VOTING)

    @cached_property
    def titles(self) -> Mapping[str, Text]:
        """What people call facts and their options."""
        options = {name: title for fact in self.facts.values() for name, title in fact.options.items()}
        return {**options, **{fact.id: fact.title for fact in self.facts.values()}}

    @cached_property
    def optional_facts(self) -> frozenset[str]:
        """The facts that may be absent."""
        return frozenset(f.id for f in self.facts.values() if f.optional)

    @cached_property
    def options(self) -> Mapping[str, tuple[str, ...]]:
        """What can be chosen for each fact that is a choice."""
        return {f.id: tuple(f.options) for f in self.facts.values() if f.options}

    @cached_property
    def _days_of_rule(self) -> Mapping[str, tuple[date, ...]]:
        """The days from which each rule reads otherwise, since one of its parameters changes."""

        def days(rule: Rule) -> set[date]:
            named = (self.parameters[name] for _, name in parameters_in(rule.when) if name in self.parameters)
            return {day for parameter in named for day, _ in parameter.values}

        return {id: tuple(sorted(days(rule))) for id, rule in self.rules.items()}

    @cached_property
    def _compiled(self) -> dict[tuple[str, int], CompiledRule]:
        return {}

    @cached_property
    def _by_action(self) -> Mapping[tuple[str, str | None, str | None], tuple[Rule, ...]]:
        found: dict[tuple[str, str | None, str | None], dict[str, Rule]] = {}
        for rule in self.rules.values():
            for action in rule.then:
                found.setdefault((action.name, None, None), {})[rule.id] = rule
                if action.step is not None:
                    found.setdefault((action.name, *action.step), {})[rule.id] = rule
        return {key: tuple(rules.values()) for key, rules in found.items()}

    @cached_property
    def _selects(self) -> frozenset[str]:
        return frozenset(f.id for f in self.facts.values() if f.kind == "select")

    def _as_rules_read(self, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return facts as conditions read them: to business-rules a `select` is a list, here of one."""
        chosen = self._selects & facts.keys()
        if not chosen:
            return facts
        return {**facts, **{name: (facts[name],) for name in chosen if facts[name] is not None}}

    # ---------------------------------------------------------------- tables

    def derived(self, facts: Mapping[str, Any], on: date) -> Mapping[str, Derived]:
        """Return the facts that tables answer, where all that they ask about is known.

        A fact that had an answer and has none any more is among them, as None: no old answer outlives its reasons.
        """
        answered = {fact.id for fact in self._answered}
        known = {name: value for name, value in facts.items() if name not in answered}
        answers: dict[str, Derived] = {}
        for fact in self._answered:
            name = fact.table or ""
            table = self.compiled_table(name, on)
            asked = {i.fact: i.optional for i in table.table.inputs}
            hit = None
            if all(optional or known.get(one) is not None for one, optional in asked.items()):
                hit = table.__call__({one: known.get(one) for one in asked})
            if hit is not None and fact.output is not None:
                known[fact.id] = hit.outputs[fact.output]
                answers[fact.id] = Derived(known[fact.id], name, tuple(hit.rows))
            elif facts.get(fact.id) is not None:
                answers[fact.id] = Derived(None, name, ())
        return answers

    def explain_table(self, table: str, facts: Mapping[str, Any], on: date) -> TableExplanation:
        """Explain a table's answer: the rows that fired, the nearest that did not, and what would have to differ."""
        return explain_table(self.compiled_table(table, on), facts)

    def compiled_table(self, table: str, on: date) -> CompiledTable:
        """Return a table ready to be asked, its parameters as of a day; made once for each period of them.

        Raises:
            RuleError: `unknown_table`, or `parameter_not_yet` before the first date of one of its parameters.
        """
        if table not in self.tables:
            raise RuleError.of("unknown_table", name=table, allowed=self.tables)
        key = (table, bisect_right(self._days_of_table[table], on))
        found = self._compiled_tables.get(key)
        if found is None:
            asked = attrs.evolve(self.tables[table], parameters=self._parameters_of_table[table])
            found = self._compiled_tables[key] = compile_table(asked, on)
        return found

    def periods_of_table(self, table: str) -> tuple[date, ...]:
        """Return the days from which a table reads otherwise than before, the first on which it can be asked among them."""
        periods = periods_of(self._parameters_of_table[table].values())
        first = max((self.effective_from, *periods[:1]))
        return (first, *(day for day in periods if day > first))

    @cached_property
    def _days_of_table(self) -> Mapping[str, tuple[date, ...]]:
        return {id: days_of(parameters.values()) for id, parameters in self._parameters_of_table.items()}

    @cached_property
    def _parameters_of_table(self) -> Mapping[str, Mapping[str, DatedParameter]]:
        """The parameters that each table names: as the ruleset has them, whatever they were where the table was read."""
        known = self.dated_parameters
        return {id: {name: known[name] for name in table.parameters} for id, table in self.tables.items()}

    @cached_property
    def _compiled_tables(self) -> dict[tuple[str, int], CompiledTable]:
        return {}

    @cached_property
    def _answered(self) -> tuple[Fact, ...]:
        """The facts that tables answer, each after those that its table asks about."""
        todo = [f for f in self.facts.values() if f.table is not None]
        ordered: list[Fact] = []
        while todo:
            waiting = {f.id for f in todo}
            ready = [f for f in todo if not waiting & {i.fact for i in self.tables[f.table or ""].inputs}]
            if not ready:  # tables that ask each other: refused where a ruleset is loaded
                break
            ordered += ready
            todo = [f for f in todo if f not in ready]
        return tuple(ordered)

    # ---------------------------------------------------------------- sources

    @cached_property
    def _sources(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for section in _SOURCED:
            for id, entry in getattr(self, section).items():
                found[f"{section}.{id}"] = tuple(entry.source)
        for procedure in self.procedures.values():
            name = f"procedures.{procedure.id}"
            found[name] = procedure.source
            for step in procedure.steps.values():
                found[f"{name}.{step.id}"] = step.source
                found[f"{name}.{step.id}.overdue"] = step.overdue.source
            found |= {f"{name}.{span.id}": span.source for span in procedure.spans}
            found |= {f"{name}.{end.id}": end.source for end in procedure.ends.values()}
            if procedure.schedule is not None:
                found[f"{name}.schedule"] = procedure.schedule.source
        return found

    def clauses(self) -> frozenset[str]:
        """Return every clause that something here is based on."""
        return frozenset(s for source in self._sources.values() for s in source if s != "assumption")

    def assumptions(self) -> tuple[str, ...]:
        """Return the names of everything that is an assumption, such as `parameters.major_contract_amount`."""
        return tuple(name for name, source in self._sources.items() if "assumption" in source)


def _again(files: Mapping[str, str], declared: tuple[type, ...]) -> Ruleset:
    """Return a ruleset that was pickled, with the fact types that classes declared."""
    return Ruleset.from_files(files, STANDARD.extended(*declared))
