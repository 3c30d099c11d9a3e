"""Decision tables from DMN 1.2 to 1.5 files.

A table is read if its inputs are variables or paths from them, its input entries are unary tests of constants, and its
outputs are constants. Names in cells, expressions, functions, lists as inputs, and bounds on inputs are refused, never
guessed: what is read answers as DMN says.
"""

from collections.abc import Sequence
from typing import Any

import attrs

from aaworkflow.errors import Finding, Place, Reason, RulesetError
from aaworkflow.rules.tables.cells import CellError, parse_output
from aaworkflow.rules.tables.dmn_tree import Element, read_tree
from aaworkflow.rules.tables.dmn_types import BUILT_IN, DmnType, DmnTypes, texts_in
from aaworkflow.rules.tables.draft import Draft, DraftColumn, DraftRow, Findings, Placed
from aaworkflow.rules.tables.grid import ATTRIBUTES
from aaworkflow.rules.tables.model import DecisionTable, Kind, Output
from aaworkflow.rules.tables.quotes import quoted

__all__ = ["DmnDecision", "read_dmn", "read_dmn_decisions"]

_LOGIC = (
    "decisionTable", "literalExpression", "invocation", "context", "relation", "list", "functionDefinition",
    "conditional", "filter", "for", "some", "every",
)  # fmt: skip


@attrs.frozen
class DmnDecision:
    """A decision of a DMN file: its table, or why it is none that can be read.

    Attributes:
        requires: the names of the input data and decisions that it asks about.
    """

    name: str
    requires: tuple[str, ...]
    table: DecisionTable | None
    problems: tuple[Finding, ...] = ()


def read_dmn(data: bytes | str, file: str, *, optional: bool = False) -> tuple[DecisionTable, ...]:
    """Read the decision tables of a DMN file, each named after its decision.

    Args:
        optional: facts may be absent, as inputs may be null in DMN.

    Raises:
        RulesetError: every problem, with its place; among them each decision that is no table that can be read.
    """
    decisions = read_dmn_decisions(data, file, optional=optional)
    problems = [finding for decision in decisions for finding in decision.problems]
    if problems:
        raise RulesetError(*problems)
    if not decisions:
        raise RulesetError(Finding(Place(file), Reason.of("dmn_empty")))
    return tuple(decision.table for decision in decisions if decision.table is not None)


def read_dmn_decisions(data: bytes | str, file: str, *, optional: bool = False) -> tuple[DmnDecision, ...]:
    """Read all decisions of a DMN file, those too that are no tables or none that can be read.

    Raises:
        RulesetError: it is no DMN file of version 1.2 or later.
    """
    root = read_tree(data, file)
    types = DmnTypes(root)
    names = {holder.get("id"): holder.get("name") or "" for holder in (*root.all("inputData"), *root.all("decision"))}
    return tuple(_decision(decision, types, names, optional) for decision in root.all("decision"))


def _decision(decision: Element, types: DmnTypes, names: dict[str | None, str], optional: bool) -> DmnDecision:
    name = decision.get("name") or decision.get("id") or ""
    hrefs = [
        required.get("href") or ""
        for requirement in decision.all("informationRequirement")
        for required in requirement.children
        if required.name in ("requiredInput", "requiredDecision")
    ]
    requires = tuple(names.get(href.removeprefix("#"), href) for href in hrefs)
    logic = decision.first(*_LOGIC)
    if logic is None or logic.name != "decisionTable":
        reason = Reason.of("dmn_no_table", name=name, logic=logic.name if logic else "nothing")
        return DmnDecision(name, requires, None, (Finding(decision.place, reason),))
    try:
        return DmnDecision(name, requires, _Reader(decision, logic, types, optional).table(name))
    except RulesetError as error:
        return DmnDecision(name, requires, None, error.findings)


class _Reader:
    def __init__(self, decision: Element, element: Element, types: DmnTypes, optional: bool) -> None:
        self.decision = decision
        self.element = element
        self.types = types
        self.optional = optional
        self.findings = Findings()

    def table(self, name: str) -> DecisionTable:
        element = self.element
        draft = Draft(name, self.decision.place, {}, self.findings, feel=True)
        for setting, attribute in (("hit_policy", "hitPolicy"), ("aggregation", "aggregation")):
            word = element.get(attribute)
            if word:
                draft.settings[setting] = Placed(word, element.place)
        title = self.decision.get("label")
        if title:
            draft.settings["title"] = Placed(title, self.decision.place)
        draft.inputs = [self._input(each) for each in element.all("input")]
        outputs, rules = element.all("output"), element.all("rule")
        entries = [rule.all("outputEntry") for rule in rules]
        draft.outputs = [
            self._output(each, name, alone=len(outputs) == 1, entries=[row[at] for row in entries if at < len(row)])
            for at, each in enumerate(outputs)
        ]
        notes = [each.get("name") or "" for each in element.all("annotation")]
        draft.rows = [self._row(rule, draft, notes) for rule in rules]
        return draft.table()

    def _input(self, element: Element) -> DraftColumn:
        expression = element.first("inputExpression")
        text = expression.text if expression else ""
        place = expression.place if expression else element.place
        column = DraftColumn(text, place)
        if not self.types.known(text):
            self.findings.add(place, "dmn_expression", expression=text[:80])
        language = expression.get("expressionLanguage") if expression else None
        if language and "FEEL" not in language:
            self.findings.add(place, "dmn_language", language=language)
        found = self.types.named(expression.get("typeRef") if expression else None) or self.types.of_variable(text)
        at = self.element.all("input").index(element)
        kind = self._kind(found, text, place, [r.all("inputEntry")[at : at + 1] for r in self.element.all("rule")])
        bounds = element.first("inputValues") or (found.allowed if found else None)
        if bounds is not None and bounds.text:
            options = texts_in(bounds)
            if options is None or kind != "string":
                self.findings.add(bounds.place, "dmn_values", column=text, values=bounds.text[:80])
            else:
                kind = "select"
                column.spec["options"] = Placed(options, bounds.place)
        column.spec["type"] = Placed(kind, place)
        if self.optional:
            column.spec["optional"] = Placed(True, place)
        label = element.get("label")
        if label and label != text:
            column.spec["title"] = Placed(label, place)
        return column

    def _output(self, element: Element, decision: str, *, alone: bool, entries: Sequence[Element]) -> DraftColumn:
        name = element.get("name") or (self.element.get("outputLabel") or decision if alone else "")
        column = DraftColumn(name, element.place)
        if not name:
            self.findings.add(element.place, "dmn_output_name")
        found = self.types.named(element.get("typeRef"))
        if found is None and alone:
            variable = self.decision.first("variable")
            found = self.types.named(self.element.get("typeRef")) or self.types.named(
                variable.get("typeRef") if variable else None
            )
        column.spec["type"] = Placed(
            self._kind(found, name, element.place, [[entry] for entry in entries]), element.place
        )
        values, default = element.first("outputValues"), element.first("defaultOutputEntry")
        if values is not None and values.text:
            listed = texts_in(values)
            column.spec["values"] = Placed(
                (listed and [quoted(text, feel=True) for text in listed]) or values.text.split(","), values.place
            )
        if default is not None:
            column.spec["default"] = Placed(default.text, default.place)
        label = element.get("label")
        if label and label != name:
            column.spec["title"] = Placed(label, element.place)
        return column

    def _kind(self, found: DmnType | None, column: str, place: Place, entries: Sequence[Sequence[Element]]) -> Kind:
        """Return our type for a column: the declared one, or where none is, what all its entries are."""
        if found is not None:
            if found.kind is None:
                self.findings.add(place, "dmn_type", column=column, allowed=BUILT_IN)
            return found.kind or "string"
        texts = {each.text for entry in entries for each in entry} - {"", "-", "null"}
        for kind in dict.fromkeys(BUILT_IN.values()):
            if texts and all(_is(kind, text) for text in texts):
                return kind
        self.findings.add(place, "dmn_type", column=column, allowed=BUILT_IN)
        return "string"

    def _row(self, rule: Element, draft: Draft, notes: Sequence[str]) -> DraftRow:
        inputs, outputs = rule.all("inputEntry"), rule.all("outputEntry")
        for side, entries, columns in (("inputs", inputs, draft.inputs), ("outputs", outputs, draft.outputs)):
            if len(entries) != len(columns):
                self.findings.add(
                    rule.place, "table_row_width", found=len(entries), needed=len(columns),
                    columns=[column.name for column in columns], side=side,
                )  # fmt: skip
        row = DraftRow(
            rule.place,
            {c.name: Placed(e.text, e.place) for c, e in zip(draft.inputs, inputs, strict=False)},
            {c.name: Placed(e.text or "null", e.place) for c, e in zip(draft.outputs, outputs, strict=False)},
        )
        about: dict[str, Any] = dict(zip(notes, (entry.text for entry in rule.all("annotationEntry")), strict=False))
        told = {name: text for name, text in about.items() if name in ATTRIBUTES and text}
        id_ = told.get("id") or rule.get("id")
        row.id = Placed(id_, rule.place) if id_ else None
        row.source = tuple(part.strip() for part in told.get("source", "").split(",") if part.strip())
        description = rule.first("description")
        row.note = told.get("note") or (description.text if description else "")
        return row


def _is(kind: Kind, text: str) -> bool:
    try:
        parse_output(text, Output("?", kind), feel=True)
    except CellError:
        return False
    return True
