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
from aaworkflow.rules.tables.explain import explain_table
from aaworkflow.rules.tables.lookup import CompiledTable
from aaworkflow.rules.tables.model import DecisionTable
from aaworkflow.rules.tables.written import cell_text
from aaworkflow.texts import Text

__all__ = ["Receipt", "Rerun", "digest_of", "make_receipt", "rerun"]


@attrs.frozen
class Receipt:
    """A decision as it was made.

    Attributes:
        rule: the id of the rule or table.
        ruleset: `id@version` of the ruleset.
        digest: that of the ruleset's files, or of the rule or table alone.
        on: the day whose parameters held.
        facts: what it was asked with, of what it asks about.
        parameters: the values that its parameters had.
        outcome: whether the rule fired; or what the table answered, None where nothing.
        why: the comparisons that sufficed for the outcome, or the rows and their cells.
        rows: the table's rows that answered.
    """

    rule: str
    ruleset: str
    digest: str
    on: date | None
    facts: Mapping[str, Any]
    parameters: Mapping[str, Any]
    outcome: bool | Mapping[str, Any] | None
    why: Text
    rows: tuple[str, ...] = ()

    @property
    def is_of_rule(self) -> bool:
        """Whether a rule decided, and not a table."""
        return isinstance(self.outcome, bool)

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
        return self.before.outcome == self.after.outcome


def make_receipt(
    rule: CompiledRule | CompiledTable,
    facts: Mapping[str, Any],
    *,
    id: str,
    ruleset: str = "",
    digest: str | None = None,
    on: date | None = None,
    titles: Titles | None = None,
) -> Receipt:
    """Ask a rule or a table and keep the decision.

    Args:
        rule: the rule or table.
        facts: the facts.
        id: its id.
        ruleset: `id@version` of its ruleset.
        digest: that of the ruleset's files; by default that of the rule or table alone.
        on: the day whose parameters hold in `rule`.
        titles: what people call facts and options; a table brings its own.

    Raises:
        RuleError: as the rule or table does.
    """
    made = _of_table(rule, facts) if isinstance(rule, CompiledTable) else _of_rule(rule, facts, titles)
    return attrs.evolve(made, rule=id, ruleset=ruleset, digest=digest or made.digest, on=on)


def _of_rule(rule: CompiledRule, facts: Mapping[str, Any], titles: Titles | None) -> Receipt:
    why = explain(rule, facts)
    sentences = [
        Text(zh=result.text(titles, "zh"), en=result.text(titles, "en")) for result in (why.because or why.leaves)
    ]
    return Receipt(
        rule="",
        ruleset="",
        digest=digest_of(rule.conditions),
        on=None,
        facts=rule.conditions.read(facts),
        parameters=why.parameters,
        outcome=why.outcome,
        why=joined(sentences, zh=";", en="; "),
    )


def _of_table(table: CompiledTable, facts: Mapping[str, Any]) -> Receipt:
    why = explain_table(table, facts)
    if why.refusal is not None:
        raise RuleError(why.refusal)
    return Receipt(
        rule="",
        ruleset="",
        digest=digest_of(table.table),
        on=None,
        facts={i.fact: facts[i.fact] for i in table.table.inputs if facts.get(i.fact) is not None},
        parameters=why.parameters,
        outcome=dict(why.answer.outputs) if why.answer is not None else None,
        why=joined(
            [Text(zh=zh, en=en) for zh, en in zip(why.because("zh"), why.because("en"), strict=True)], ";", "; "
        ),
        rows=why.answer.rows if why.answer is not None else (),
    )


def rerun(
    receipt: Receipt,
    rule: CompiledRule | CompiledTable,
    *,
    ruleset: str = "",
    digest: str | None = None,
    on: date | None = None,
    titles: Titles | None = None,
) -> Rerun:
    """Make a decision again from its facts, under another version of its rule or table.

    Raises:
        RuleError: as the rule or table does: `fact_missing` and `table_fact_missing` where the new version asks about
            more.
    """
    facts = receipt.facts
    if not isinstance(rule, CompiledTable):
        facts = {name: value for name, value in facts.items() if name in rule.conditions.facts}
    return Rerun(
        receipt, make_receipt(rule, facts, id=receipt.rule, ruleset=ruleset, digest=digest, on=on, titles=titles)
    )


def digest_of(decided: Conditions | DecisionTable) -> str:
    """Return the digest of what conditions or a table mean: the same for the same tree or rows, types and values."""
    if isinstance(decided, DecisionTable):
        outline = _outline_of_table(decided)
    else:
        facts = {name: [kind, name in decided.optional] for name, kind in sorted(decided.asked)}
        outline = [_outline(decided.node), facts]
    return "sha256:" + sha256(write_json(outline).encode()).hexdigest()


def _outline_of_table(table: DecisionTable) -> list[Any]:
    inputs = [[i.fact, i.type, i.options, i.optional, i.places] for i in table.inputs]
    outputs = [[o.name, o.type, _packed(o.values), _packed(o.default)] for o in table.outputs]
    rows = [
        [[cell_text(c, i.type) for c, i in zip(row.cells, table.inputs, strict=True)], _packed(row.outputs)]
        for row in table.rows
    ]
    return [inputs, outputs, rows, table.hit_policy, table.aggregation, table.no_match]


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
