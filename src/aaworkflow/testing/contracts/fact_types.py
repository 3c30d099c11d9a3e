"""What every fact type of a plugin must pass."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from aaworkflow.codec import plain, unplain
from aaworkflow.errors import RuleError, RulesetError
from aaworkflow.rules import (
    STANDARD,
    FactType,
    Vocabulary,
    compile_rule,
    evaluate_partial,
    evaluate_with_business_rules,
    explain,
)

__all__ = ["FactTypeContract"]


class FactTypeContract:
    """The contract of fact types, and of operators added to types that there are.

    Attributes:
        operands: for each operator that compares with something, operands that tell the examples apart, by its type's
            name and its own: `{("credit_code", "registered_in"): ["北京"]}`.
        values: values of those types that there are to which operators are added, by the type's name.
        wrong: values that are none of a new type, by its name.
    """

    operands: Mapping[tuple[str, str], Iterable[Any]] = {}
    values: Mapping[str, Iterable[Any]] = {}
    wrong: Mapping[str, Iterable[Any]] = {}

    def make_types(self) -> Iterable[type]:
        """Return the classes that the plugin hands over."""
        raise NotImplementedError

    @pytest.fixture
    def vocabulary(self) -> Vocabulary:
        """Return the standard vocabulary with the plugin's types."""
        return STANDARD.extended(*self.make_types())

    def _declared(self, vocabulary: Vocabulary) -> Iterable[tuple[FactType, str, list[Any]]]:
        """Yield each operator that the plugin brings, with its operands."""
        found = [
            (kind, name, list(self.operands.get((kind.name, name), [None] if operator.operand == "none" else [])))
            for kind in vocabulary.types.values()
            for name, operator in kind.operators.items()
            if kind.name not in STANDARD.types or name not in STANDARD.types[kind.name].operators
        ]
        assert found, "the plugin declares nothing"
        return found

    def _values(self, kind: FactType) -> list[Any]:
        return [*kind.examples, *self.values.get(kind.name, ())]

    def test_every_type_and_operator_is_told_in_both_languages(self, vocabulary: Vocabulary) -> None:
        for kind, name, _ in self._declared(vocabulary):
            assert kind.operators[name].text.zh
            assert kind.operators[name].text.en
            if kind.name not in STANDARD.types:
                assert kind.text.zh
                assert kind.text.en
                assert kind.text.zh != kind.name

    def test_the_values_of_a_type_are_read_and_kept(self, vocabulary: Vocabulary) -> None:
        for kind, name, _ in self._declared(vocabulary):
            assert len(self._values(kind)) > 1, f"{kind.name} {name}: say values that differ"
            for value in self._values(kind):
                assert kind.read(value) == value
                assert unplain(plain(value)) == value

    def test_what_is_no_value_is_refused(self, vocabulary: Vocabulary) -> None:
        for kind, name, operands in self._declared(vocabulary):
            if kind.name in STANDARD.types:
                continue
            rule = compile_rule(_leaf(name, operands[0]), {"fact": kind.name}, vocabulary=vocabulary)
            for wrong in (None, object(), Decimal("NaN"), [], *self.wrong.get(kind.name, ())):
                with pytest.raises(RuleError) as error:
                    rule({"fact": wrong})
                assert error.value.code == "rule_fact_wrong_type"

    def test_every_operator_tells_values_apart_and_always_alike(self, vocabulary: Vocabulary) -> None:
        for kind, name, operands in self._declared(vocabulary):
            assert operands, f"{kind.name} {name}: say operands to try"
            answers = set()
            for operand in operands:
                rule = compile_rule(_leaf(name, operand), {"fact": kind.name}, vocabulary=vocabulary)
                opposite = compile_rule({"not": _leaf(name, operand)}, {"fact": kind.name}, vocabulary=vocabulary)
                for value in self._values(kind):
                    answer = rule({"fact": value})
                    assert answer is rule({"fact": value})
                    assert opposite({"fact": value}) is not answer
                    assert explain(rule, {"fact": value}).outcome is answer
                    answers.add(answer)
            assert answers == {True, False}, f"{kind.name} {name} answers always alike"

    def test_business_rules_itself_answers_alike(self, vocabulary: Vocabulary) -> None:
        for kind, name, operands in self._declared(vocabulary):
            for operand in operands:
                rule = compile_rule(_leaf(name, operand), {"fact": kind.name}, vocabulary=vocabulary)
                for value in self._values(kind):
                    facts, types = {"fact": value}, {"fact": kind.name}
                    assert evaluate_with_business_rules(_leaf(name, operand), facts, types, vocabulary) is rule(facts)

    def test_an_absent_fact_is_neither_so_nor_otherwise(self, vocabulary: Vocabulary) -> None:
        for kind, name, operands in self._declared(vocabulary):
            for conditions in (_leaf(name, operands[0]), {"not": _leaf(name, operands[0])}):
                rule = compile_rule(conditions, {"fact": kind.name}, vocabulary=vocabulary, optional=["fact"])
                assert not rule({})
                assert evaluate_partial(rule, {}).ask == "fact"

    def test_what_was_not_declared_is_unknown(self, vocabulary: Vocabulary) -> None:
        for kind, _, _ in self._declared(vocabulary):
            for name in ("__class__", "value", "name", "text", "examples", "_assert_valid_value_and_cast"):
                with pytest.raises(RulesetError):
                    compile_rule(_leaf(name, "x"), {"fact": kind.name}, vocabulary=vocabulary)


def _leaf(operator: str, value: Any) -> dict[str, Any]:
    return {"name": "fact", "operator": operator, "value": value}
