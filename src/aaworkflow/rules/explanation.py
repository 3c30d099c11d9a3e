"""Why a rule answers as it does: each leaf with its value, what is near, and what is still to be asked."""

from collections.abc import Mapping
from typing import Any, Literal, assert_never

import attrs

from aaworkflow.rules.compiled import CompiledRule, compile_node
from aaworkflow.rules.conditions import All, Any_, Leaf, Node, Not
from aaworkflow.texts import Lang, Text, shown

__all__ = ["Change", "Explanation", "LeafResult", "Partial", "evaluate_partial", "explain"]


@attrs.frozen
class LeafResult:
    """One comparison: what the fact was, and whether it held (None: the optional fact is absent)."""

    leaf: Leaf
    value: Any
    held: bool | None

    def text(self, titles: Mapping[str, Text] | None = None, lang: Lang | None = None) -> str:
        """Return the comparison as a sentence."""
        return sentence(self.leaf, self.value, self.held, titles).get(lang)


@attrs.frozen
class Change:
    """What would have to differ in one fact: it would have to satisfy this comparison, or no longer satisfy it."""

    leaf: Leaf
    must_hold: bool

    def text(self, titles: Mapping[str, Text] | None = None, lang: Lang | None = None) -> str:
        """Return the change as a sentence."""
        name = _title(self.leaf.name, titles)
        what = _comparison(self.leaf)
        if self.must_hold:
            return Text(
                zh=f"{name.get('zh')}须{what.get('zh')}",
                en=f"{name.get('en')} would be such that it {what.get('en')}",
            ).get(lang)
        return Text(
            zh=f"{name.get('zh')}须不再{what.get('zh')}",
            en=f"{name.get('en')} would no longer be such that it {what.get('en')}",
        ).get(lang)


@attrs.frozen
class Explanation:
    """An answer with its reasons.

    Attributes:
        outcome: whether the conditions held.
        leaves: every comparison, in the order of the rule.
        changes: the fewest changes of facts that would have led to the other answer.
        parameters: the values that parameters had.
    """

    outcome: bool
    leaves: tuple[LeafResult, ...]
    changes: tuple[Change, ...]
    parameters: Mapping[str, Any]

    def text(self, titles: Mapping[str, Text] | None = None, lang: Lang | None = None) -> str:
        """Return the explanation, a comparison a line, and what would have to differ."""
        lines = [f"{'✓' if r.held else '·' if r.held is None else '✗'} {r.text(titles, lang)}" for r in self.leaves]
        if self.changes:
            lines.append("⇄ " + ("；" if lang == "zh" else "; ").join(c.text(titles, lang) for c in self.changes))
        return "\n".join(lines)


def explain(rule: CompiledRule, facts: Mapping[str, Any]) -> Explanation:
    """Explain a rule's answer. Raises RuleError as the rule itself does."""
    outcome = rule(facts)
    results: list[LeafResult] = []
    _collect(rule.node, facts, results)
    held = {id(r.leaf): r.held for r in results}
    changes = _fewest(rule.node, held, not outcome)
    return Explanation(outcome, tuple(results), tuple(changes or ()), rule.parameters)


def _collect(node: Node, facts: Mapping[str, Any], results: list[LeafResult]) -> None:
    match node:
        case Leaf():
            value = facts.get(node.name)
            absent = node.optional and value is None
            results.append(LeafResult(node, value, None if absent else _holds(node, facts)))
        case Not():
            _collect(node.node, facts, results)
        case All() | Any_():
            for below in node.nodes:
                _collect(below, facts, results)
        case _:
            assert_never(node)


def _holds(leaf: Leaf, facts: Mapping[str, Any]) -> bool | None:
    if leaf.name not in facts:
        return None
    return compile_node(leaf)(facts)


def _fewest(node: Node, held: Mapping[int, bool | None], wanted: bool) -> list[Change] | None:
    """Return the fewest changes of leaves that make a node definitely hold (or definitely not)."""
    match node:
        case Leaf():
            now = held[id(node)]
            return [] if now is wanted else [Change(node, wanted)]
        case Not():
            return _fewest(node.node, held, not wanted)
        case All() | Any_():
            below = [_fewest(n, held, wanted) for n in node.nodes]
            if isinstance(node, All) is wanted:
                return [change for one in below if one is not None for change in one]
            return min((one for one in below if one is not None), key=len, default=None)
        case _:
            assert_never(node)


# -------------------------------------------------------------------- with facts still unknown


@attrs.frozen
class Partial:
    """What is certain already: `yes`, `no`, or `undecided` with the fact to ask for next."""

    answer: Literal["yes", "no", "undecided"]
    ask: str | None = None


def evaluate_partial(rule: CompiledRule, known: Mapping[str, Any]) -> Partial:
    """Say whether facts known so far decide a rule, and if not, which fact to ask for next."""
    value = _kleene(rule.node, known)
    if value is None:
        return Partial("undecided", _next_fact(rule.node, known))
    return Partial("yes" if value else "no")


def _kleene(node: Node, known: Mapping[str, Any]) -> bool | None:
    match node:
        case Leaf():
            return _holds(node, known)
        case Not():
            inner = _kleene(node.node, known)
            return None if inner is None else not inner
        case All() | Any_():
            values = [_kleene(n, known) for n in node.nodes]
            decisive = isinstance(node, Any_)
            if decisive in values:
                return decisive
            return None if None in values else not decisive
        case _:
            assert_never(node)


def _next_fact(node: Node, known: Mapping[str, Any]) -> str | None:
    match node:
        case Leaf():
            return node.name if node.name not in known else None
        case Not():
            return _next_fact(node.node, known)
        case All() | Any_():
            for below in node.nodes:
                if _kleene(below, known) is None:
                    return _next_fact(below, known)
            return None
        case _:
            assert_never(node)


# -------------------------------------------------------------------- sentences


def _title(name: str, titles: Mapping[str, Text] | None) -> Text:
    return (titles or {}).get(name) or Text.same(name)


def _comparison(leaf: Leaf) -> Text:
    if leaf.operator.operand == "none":
        return leaf.operator.text
    zh, en = shown(leaf.value, "zh"), shown(leaf.value, "en")
    named = f" ({leaf.parameter})" if leaf.parameter else ""
    return Text(zh=f"{leaf.operator.text.get('zh')} {zh}{named}", en=f"{leaf.operator.text.get('en')} {en}{named}")


def sentence(leaf: Leaf, value: Any, held: bool | None, titles: Mapping[str, Text] | None = None) -> Text:
    """Return a comparison as a sentence, with the fact's value."""
    name, what = _title(leaf.name, titles), _comparison(leaf)
    if held is None:
        return Text(zh=f"{name.get('zh')}未填写", en=f"{name.get('en')} is not given")
    no_zh, no_en = ("", "") if held else ("并非", "it is not so that ")
    return Text(
        zh=f"{name.get('zh')}({shown(value, 'zh')}){no_zh}{what.get('zh')}",
        en=f"{no_en}{name.get('en')} ({shown(value, 'en')}) {what.get('en')}",
    )
