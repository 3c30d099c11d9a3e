"""Rules that answer: conditions checked once, and compiled to a Python function."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Protocol, cast, runtime_checkable

import attrs

from aaworkflow.errors import Finding, Reason, RuleError, RulesetError
from aaworkflow.rules.conditions import Node, PlaceOf, check_conditions, leaves, path_as_place
from aaworkflow.rules.values import brief
from aaworkflow.rules.vocabulary import STANDARD, Vocabulary
from aaworkflow.rules.writing import write_function

__all__ = ["CompiledRule", "Conditions", "compile_conditions", "compile_rule"]


@attrs.frozen
class Conditions:
    """Conditions, checked, with all that their meaning rests on.

    Attributes:
        facts: fact name -> type, of all facts that there are.
        optional: those that may be absent.
    """

    node: Node
    facts: Mapping[str, str]
    optional: frozenset[str] = frozenset()
    vocabulary: Vocabulary = STANDARD
    asked: tuple[tuple[str, str], ...] = attrs.field(init=False, eq=False, repr=False)
    """The facts that the conditions ask about, with their types, in the order of the conditions."""

    @asked.default
    def _asked(self) -> tuple[tuple[str, str], ...]:
        return tuple({leaf.name: leaf.kind for leaf in leaves(self.node)}.items())

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters that the conditions name, with their values."""
        return {leaf.parameter.name: leaf.value for leaf in leaves(self.node) if leaf.parameter is not None}

    def read(self, facts: Mapping[str, Any], *, partial: bool = False) -> dict[str, Any]:
        """Return the facts that the conditions ask about, in the form in which rules see them.

        Absent optional facts are left out; so are, if `partial`, those that are missing.

        Raises:
            RuleError: with every `fact_missing`, `rule_fact_wrong_type` and `rule_fact_unknown`.
        """
        if not isinstance(facts, Mapping):
            raise RuleError.of("facts_not_a_mapping", found=type(facts).__name__)
        reasons = [
            Reason.of("rule_fact_unknown", name=brief(name), allowed=self.facts)
            for name in facts
            if name not in self.facts
        ]
        found: dict[str, Any] = {}
        for name, kind in self.asked:
            value = facts.get(name)
            if value is None and name in self.optional:
                continue
            if value is None and name not in facts:
                if not partial:
                    reasons.append(Reason.of("fact_missing", fact=name, kind=kind))
                continue
            try:
                found[name] = self.vocabulary.types[kind].read(value)
            except (TypeError, ValueError, ArithmeticError):
                told = {"fact": name, "kind": kind, "expected": self.vocabulary.types[kind].text or kind}
                found_one = {"found": type(value).__name__, "value": brief(value)}
                reasons.append(Reason.of("rule_fact_wrong_type", **told, **found_one))
        if reasons:
            raise RuleError(*reasons)
        return found


@runtime_checkable
class CompiledRule(Protocol):
    """A rule that answers from facts: `rule({"amount": 500000}) -> bool`.

    It is a plain Python function, for nothing else is called as fast; `conditions` is an attribute of it.
    """

    conditions: Conditions

    def __call__(self, facts: Mapping[str, Any], /) -> bool:
        """Say whether the conditions hold.

        An absent optional fact is neither equal nor different: no comparison of it holds, nor does its opposite.

        Raises:
            RuleError: `fact_missing`, `rule_fact_wrong_type`, and `rule_fact_unknown` where a fact is absent and may be
                misspelt; never an empty answer.
        """
        ...


def compile_rule(
    conditions: Any,
    facts: Mapping[str, str],
    *,
    parameters: Mapping[str, Any] | None = None,
    on: date | None = None,
    optional: Iterable[str] = (),
    options: Mapping[str, Collection[str]] | None = None,
    vocabulary: Vocabulary = STANDARD,
    place_of: PlaceOf | None = None,
) -> CompiledRule:
    """Compile business-rules conditions.

    Args:
        conditions: the `all`/`any`/`not`/leaf tree.
        facts: fact name -> type: numeric, money, string, boolean, select, select_multiple, date, datetime, duration.
        parameters: what `{parameter: name}` stands for: values, or `DatedParameter`s.
        on: the day whose values parameters have; needed where one of them changes with time.
        optional: facts that may be absent. An optional fact that is None is absent.
        options: select fact -> all that it can be; a condition may ask for nothing else.
        vocabulary: the types and operators that there are, plugins' own among them.
        place_of: gives the place of a path in the tree, for errors.

    Raises:
        RulesetError: with every problem.
        RuleError: `parameter_not_yet`, where a parameter has no value on the day.
    """
    optional = frozenset(optional)
    node, findings = check_conditions(
        conditions,
        facts,
        parameters=parameters,
        on=on,
        optional=optional,
        options=options,
        vocabulary=vocabulary,
        place_of=place_of,
    )
    if node is None:
        raise RulesetError(*findings)
    undated = [leaf for leaf in leaves(node) if on is None and leaf.since is not None]
    if undated:
        where = place_of or path_as_place
        raise RulesetError(
            *(
                Finding(where((*leaf.path, "value")), Reason.of("parameter_needs_day", name=leaf.parameter.name))
                for leaf in undated
                if leaf.parameter is not None
            )
        )
    return compile_conditions(Conditions(node, dict(facts), optional, vocabulary))


def compile_conditions(conditions: Conditions) -> CompiledRule:
    """Return the rule of checked conditions."""

    def careful(facts: Mapping[str, Any], error: Exception | None) -> bool:
        if isinstance(error, RuleError):
            raise error
        if isinstance(facts, _Read):
            raise RuleError.of("rule_failed", detail=f"{type(error).__name__}: {error}") from error
        return rule(_Read(conditions.read(facts)))

    rule = cast(CompiledRule, write_function(conditions.node, conditions.facts, conditions.vocabulary, careful))
    rule.conditions = conditions
    return rule


class _Read(dict[str, Any]):
    """Facts that have been read: what fails with them fails for good."""
