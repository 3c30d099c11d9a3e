"""Decision tables as DMN 1.3 files.

What DMN has no word for is left out: titles in a second language, decimal places, and that money and durations are more
than numbers. A row's id, source and note go along as annotations.
"""

import re
from collections.abc import Iterable
from typing import Final
from xml.etree import ElementTree  # writes only

from aaworkflow.errors import RuleError
from aaworkflow.rules.tables.dated import as_of
from aaworkflow.rules.tables.kinds import NUMBERS
from aaworkflow.rules.tables.model import Cell, DecisionTable, Input, Kind
from aaworkflow.rules.tables.quotes import quoted
from aaworkflow.rules.tables.written import cell_text, value_text

__all__ = ["write_dmn"]

_NAMESPACE: Final = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_FEEL: Final = "https://www.omg.org/spec/DMN/20191111/FEEL/"
_ANNOTATIONS: Final = ("id", "source", "note")
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Node = ElementTree.Element


def write_dmn(tables: DecisionTable | Iterable[DecisionTable], *, name: str = "tables") -> str:
    """Return tables as one DMN file: a decision for each, and input data for each fact that they ask about.

    Raises:
        RuleError: DMN cannot say it: a table refuses cases that no row matches, tables differ on a fact's type, a cell
            has no form in FEEL, a parameter changes with time (say the day by `as_of`), or a text holds a character
            that XML cannot.
    """
    made = tuple(as_of(table) for table in ((tables,) if isinstance(tables, DecisionTable) else tables))
    root = _Node(
        "definitions",
        {"xmlns": _NAMESPACE, "id": "definitions", "name": _clean(name), "namespace": "urn:aaworkflow:tables",
         "expressionLanguage": _FEEL, "typeLanguage": _FEEL},
    )  # fmt: skip
    facts: dict[str, tuple[str, str]] = {}
    for table in made:
        for column in table.inputs:
            kind = _type(column.type)
            _, known = facts.setdefault(column.fact, (f"input_{len(facts) + 1}", kind))
            if known != kind:
                raise RuleError.of("table_diff_type", name=column.fact, types=(known, kind))
    for fact, (id_, kind) in facts.items():
        data = _below(root, "inputData", id=id_, name=fact)
        _below(data, "variable", name=fact, typeRef=kind)
    for number, table in enumerate(made, start=1):
        _decision(root, table, number, {fact: id_ for fact, (id_, _) in facts.items()})
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _decision(root: _Node, table: DecisionTable, number: int, ids: dict[str, str]) -> None:
    if table.no_match == "refuse":
        raise RuleError.of("dmn_no_match", table=table.id)
    decision = _below(root, "decision", id=f"decision_{number}", name=table.id)
    if table.title:
        decision.set("label", _clean(str(table.title)))
    alone = len(table.outputs) == 1
    variable = _below(decision, "variable", name=table.id)
    if alone and table.hit_policy in ("unique", "first", "priority", "any"):
        variable.set("typeRef", _type(table.outputs[0].type))
    for at, column in enumerate(table.inputs, start=1):
        requirement = _below(decision, "informationRequirement", id=f"requirement_{number}_{at}")
        _below(requirement, "requiredInput", href=f"#{ids[column.fact]}")
    made = _below(
        decision,
        "decisionTable",
        id=f"table_{number}",
        hitPolicy=table.hit_policy.replace("_", " ").upper(),
        outputLabel=table.outputs[0].name if alone else table.id,
    )
    if table.aggregation != "list":
        made.set("aggregation", table.aggregation.upper())
    for column in table.inputs:
        head = _below(made, "input", label=str(column.title or column.fact))
        _text(_below(head, "inputExpression", typeRef=_type(column.type)), column.fact)
        if column.options:
            _text(_below(head, "inputValues"), ", ".join(quoted(option, feel=True) for option in column.options))
    for output in table.outputs:
        head = _below(made, "output", label=str(output.title or output.name), typeRef=_type(output.type))
        if not alone:
            head.set("name", _clean(output.name))
        if output.values:
            _text(_below(head, "outputValues"), ", ".join(value_text(value, feel=True) for value in output.values))
        if output.default is not None:
            _text(_below(head, "defaultOutputEntry"), value_text(output.default, feel=True))
    for annotation in _ANNOTATIONS:
        _below(made, "annotation", name=annotation)
    for at, row in enumerate(table.rows, start=1):
        rule = _below(made, "rule", id=f"rule_{number}_{at}")
        for cell, column in zip(row.cells, table.inputs, strict=True):
            _text(_below(rule, "inputEntry"), _feel(cell, column))
        for value in row.outputs:
            _text(_below(rule, "outputEntry"), value_text(value, feel=True))
        for told in (row.id, ", ".join(row.source), row.note):
            _text(_below(rule, "annotationEntry"), told)


def _feel(cell: Cell, column: Input) -> str:
    """Return a cell as unary tests. To DMN, `not(a)` holds for null as well."""
    empty = not cell.negated and not cell.absent and not cell.values and not cell.spans
    if empty or (cell.negated and cell.absent and cell.spans):
        raise RuleError.of("dmn_cell", column=column.fact, cell=cell.text)
    text = cell_text(cell, column.type, feel=True)
    if column.optional and cell.negated and cell.values and not cell.spans and not cell.absent:
        return text.replace("not(", "not(null, ", 1)
    return text


def _type(kind: Kind) -> str:
    if kind in NUMBERS:
        return "number"
    return {"select": "string", "datetime": "dateTime"}.get(kind, kind)


def _below(parent: _Node, tag: str, **attributes: str) -> _Node:
    return ElementTree.SubElement(parent, tag, {name: _clean(value) for name, value in attributes.items()})


def _text(parent: _Node, text: str) -> None:
    ElementTree.SubElement(parent, "text").text = _clean(text)


def _clean(text: str) -> str:
    if _NOT_IN_XML.search(text):
        raise RuleError.of("dmn_character", text=repr(text)[:60])
    return text
