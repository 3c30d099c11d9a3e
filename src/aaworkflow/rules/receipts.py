"""Receipts: decisions kept with all that they rested on, to be shown, and to be made again."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import attrs

from aaworkflow.errors import RuleError
from aaworkflow.rules.compiled import CompiledRule, Conditions
from aaworkflow.rules.conditions import All, Any_, Leaf, Node, Not
from aaworkflow.rules.exact_json import read_json, write_json
from aaworkflow.rules.explanation import explain
from aaworkflow.rules.sentences import Titles, joined
from aaworkflow.texts import Text

__all__ = ["Receipt", "Rerun", "digest_of", "make_receipt", "rerun"]


@attrs.frozen
class Receipt:
    """A decision as it was made.

    Attributes:
        rule: the rule's id.
        ruleset: `id@version` of the ruleset.
        digest: that of the ruleset's files, or of the rule alone.
        on: the day whose parameters held.
        facts: what the rule was asked with, of what it asks about.
        parameters: the values that its parameters had.
        why: the comparisons that sufficed for the outcome.
    """

    rule: str
    ruleset: str
    digest: str
    on: date | None
    facts: Mapping[str, Any]
    parameters: Mapping[str, Any]
    outcome: bool
    why: Text

    def to_json(self) -> str:
        """Return the receipt as a JSON text, its values exact."""
        data = attrs.asdict(self, recurse=False)
        return write_json({**{k: _packed(v) for k, v in data.items()}, "why": {"zh": self.why.zh, "en": self.why.en}})

    @classmethod
    def from_json(cls, text: str) -> "Receipt":
        """Read what `to_json` wrote.

        Raises:
            RuleError: `receipt_unreadable`, `rules_json_wrong`.
        """
        data = read_json(text)
        try:
            why = Text(**data.pop("why"))
            return cls(**{name: _unpacked(value) for name, value in data.items()}, why=why)
        except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as error:
            raise RuleError.of("receipt_unreadable", detail=str(error)[:200]) from None


@attrs.frozen
class Rerun:
    """A decision made again: the receipt that there was, and the one that there would be now."""

    before: Receipt
    after: Receipt

    @property
    def same(self) -> bool:
        """Whether the outcome is the same."""
        return self.before.outcome is self.after.outcome


def make_receipt(
    rule: CompiledRule,
    facts: Mapping[str, Any],
    *,
    id: str,
    ruleset: str = "",
    digest: str | None = None,
    on: date | None = None,
    titles: Titles | None = None,
) -> Receipt:
    """Ask a rule and keep the decision.

    Args:
        rule: the rule.
        facts: the facts.
        id: the rule's id.
        ruleset: `id@version` of its ruleset.
        digest: that of the ruleset's files; by default that of the rule alone.
        on: the day whose parameters hold in `rule`.
        titles: what people call facts and options.

    Raises:
        RuleError: as the rule does.
    """
    why = explain(rule, facts)
    sentences = [
        Text(zh=result.text(titles, "zh"), en=result.text(titles, "en")) for result in (why.because or why.leaves)
    ]
    return Receipt(
        rule=id,
        ruleset=ruleset,
        digest=digest or digest_of(rule.conditions),
        on=on,
        facts=rule.conditions.read(facts),
        parameters=why.parameters,
        outcome=why.outcome,
        why=joined(sentences, zh=";", en="; "),
    )


def rerun(
    receipt: Receipt,
    rule: CompiledRule,
    *,
    ruleset: str = "",
    digest: str | None = None,
    on: date | None = None,
    titles: Titles | None = None,
) -> Rerun:
    """Make a decision again from its facts, under another version of its rule.

    Raises:
        RuleError: as the rule does: `fact_missing` where the new version asks about more.
    """
    facts = {name: value for name, value in receipt.facts.items() if name in rule.conditions.facts}
    return Rerun(
        receipt, make_receipt(rule, facts, id=receipt.rule, ruleset=ruleset, digest=digest, on=on, titles=titles)
    )


def digest_of(conditions: Conditions) -> str:
    """Return the digest of what conditions mean: the same for the same tree, types and values."""
    facts = {name: [kind, name in conditions.optional] for name, kind in sorted(conditions.asked)}
    return "sha256:" + sha256(write_json([_outline(conditions.node), facts]).encode()).hexdigest()


def _outline(node: Node) -> Any:
    match node:
        case Not():
            return {"not": _outline(node.node)}
        case All() | Any_():
            return {"all" if isinstance(node, All) else "any": [_outline(one) for one in node.nodes]}
        case Leaf():
            return [node.name, node.operator.name, _packed(node.value)]


def _packed(value: Any) -> Any:
    """Return a value as JSON can hold it; what JSON has no word for becomes a mapping of one tag."""
    if isinstance(value, Mapping):
        return {"values": {name: _packed(one) for name, one in value.items()}}
    if isinstance(value, (tuple, list)):
        return [_packed(one) for one in value]
    match value:
        case Decimal():
            return {"decimal": str(value)}
        case datetime():
            return {"datetime": value.isoformat()}
        case date():
            return {"date": value.isoformat()}
        case _:
            return value


def _unpacked(data: Any) -> Any:
    if isinstance(data, list):
        return tuple(_unpacked(one) for one in data)
    if not isinstance(data, Mapping):
        return data
    ((tag, inner),) = data.items()
    match tag:
        case "values":
            return {name: _unpacked(one) for name, one in inner.items()}
        case "datetime":
            return datetime.fromisoformat(inner)
        case "date":
            return date.fromisoformat(inner)
        case "decimal":
            return Decimal(inner)
        case _:
            raise ValueError(tag)
