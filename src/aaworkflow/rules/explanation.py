"""Why a rule answers as it does: each comparison with its values, those that decided, and what is near."""

from collections.abc import Mapping
from typing import Any

import attrs

from aaworkflow.rules.compiled import CompiledRule
from aaworkflow.rules.conditions import All, Any_, Leaf, Node, Not, leaves
from aaworkflow.rules.nearness import Change, smallest_change
from aaworkflow.rules.sentences import Titles, comparison_of
from aaworkflow.texts import Lang, current_lang

__all__ = ["Explanation", "LeafResult", "explain"]


@attrs.frozen
class LeafResult:
    """One comparison: what the fact was, and whether it held (None: the optional fact is absent)."""

    leaf: Leaf
    value: Any
    held: bool | None

    def text(self, titles: Titles | None = None, lang: Lang | None = None) -> str:
        """Return the comparison as a sentence."""
        return comparison_of(self.leaf, self.value, self.held, titles or {}).get(lang)


@attrs.frozen
class Explanation:
    """An answer with its reasons.

    Attributes:
        outcome: whether the rule fired.
        leaves: every comparison, in the order of the rule.
        because: the comparisons that suffice for the answer.
        changes: the smallest change of facts that would have led to the other answer; empty where there is none.
        parameters: the values that parameters had.
    """

    outcome: bool
    leaves: tuple[LeafResult, ...]
    because: tuple[LeafResult, ...]
    changes: tuple[Change, ...]
    parameters: Mapping[str, Any]

    def text(self, titles: Titles | None = None, lang: Lang | None = None) -> str:
        """Return the explanation: the answer, a comparison a line, and what would have to differ.

        Args:
            titles: what people call facts and options.
            lang: the language; by default the current one.
        """
        lang = lang or current_lang()
        zh = lang == "zh"
        lines = [("触发" if self.outcome else "未触发") if zh else ("fires" if self.outcome else "does not fire")]
        for result in self.leaves:
            mark = "·" if result.held is None else "✓" if result.held else "✗"
            lines.append(f"{mark} {result.text(titles, lang)}")
        if self.changes:
            changes = ("；" if zh else "; ").join(change.text(titles, lang) for change in self.changes)
            lines.append(f"⇄ {'如要结果相反:' if zh else 'for the other answer: '}{changes}")
        return "\n".join(lines)


def explain(rule: CompiledRule, facts: Mapping[str, Any]) -> Explanation:
    """Explain a rule's answer.

    Comparisons are answered by business-rules itself, so that an explanation is a second opinion as well.

    Raises:
        RuleError: as the rule does.
    """
    outcome = rule(facts)
    conditions = rule.conditions
    read = conditions.read(facts)
    results = {
        id(leaf): LeafResult(
            leaf,
            read.get(leaf.name),
            leaf.holds(read[leaf.name]) if leaf.name in read else None,
        )
        for leaf in leaves(conditions.node)
    }
    held = {key: result.held for key, result in results.items()}
    return Explanation(
        outcome=outcome,
        leaves=tuple(results.values()),
        because=tuple(results[id(leaf)] for leaf in _witnesses(conditions.node, held, outcome, negated=False) or ()),
        changes=smallest_change(rule, read, outcome, held),
        parameters=conditions.parameters,
    )


def _witnesses(node: Node, held: Mapping[int, bool | None], outcome: bool, negated: bool) -> list[Leaf] | None:
    """Return the fewest leaves that make a node definitely hold, or keep it from that; None where they do not."""
    match node:
        case Leaf():
            return [node] if (held[id(node)] is (not negated)) is outcome else None
        case Not():
            return _witnesses(node.node, held, outcome, not negated)
        case All() | Any_():
            below = [_witnesses(one, held, outcome, negated) for one in node.nodes]
            found = [one for one in below if one is not None]
            if (isinstance(node, All) is not negated) is not outcome:  # one of them suffices
                return min(found, key=len, default=None)
            return [leaf for one in found for leaf in one] if len(found) == len(below) else None
