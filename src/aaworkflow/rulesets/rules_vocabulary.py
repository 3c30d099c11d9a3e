"""The parts of the language that the room `rules` reads itself, as editors are told of them: conditions and tables."""

from collections.abc import Mapping
from typing import Any, Final

import attrs

from aaworkflow.rules import Vocabulary
from aaworkflow.rules.tables import KINDS
from aaworkflow.rulesets.alternatives import by_keys, by_kind
from aaworkflow.rulesets.procedure_vocabulary import SOURCE, TITLE, about
from aaworkflow.rulesets.shapes import (
    BOOL,
    INT,
    STRING,
    TEXT,
    WORD,
    Choice,
    Field,
    Free,
    ListOf,
    Record,
)

__all__ = ["CONDITIONS", "FACT_TYPE", "TABLE", "definitions"]


def _named(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


CONDITIONS: Final = Free(_named("conditions"))
FACT_TYPE: Final = _named("fact_type")


def definitions(vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the parts of the JSON Schema that others refer to, with the fact types and operators that there are."""
    types = {name: kind.text for name, kind in vocabulary.types.items()}
    operators = {name: operator.text for kind in vocabulary.types.values() for name, operator in kind.operators.items()}
    return {
        "conditions": _conditions(),
        "fact_type": Choice(tuple(types), types).schema(),
        "operator": Choice(tuple(sorted(operators)), operators).schema(),
        "hit_policy": _in_any_case(_HIT_POLICY),
        "aggregation": _in_any_case(_AGGREGATION),
        "no_match": _in_any_case(_NO_MATCH),
        "inputs": _columns(_INPUT),
        "outputs": _columns(_OUTPUT, {"type": "array"}),
        "row": by_kind({"type": "array"}, _ROW.schema()),
    }


# -------------------------------------------------------------------- conditions


def _conditions() -> dict[str, Any]:
    several = Free({"type": "array", "minItems": 1, "items": CONDITIONS.json})
    kinds = {
        ("name", "operator", "value"): Record(
            {
                "name": Field(Free({"type": "string"}), required=True, about=about("事实", "The fact")),
                "operator": Field(
                    Free(_named("operator")), required=True, about=about("怎样比较", "How it is compared")
                ),
                "value": Field(
                    Free(),
                    about=about("与什么比较:值,或 {parameter: 参数}", "With what: a value, or {parameter: name}"),
                ),
            }
        ),
        ("all",): Record({"all": Field(several, required=True, about=about("全部成立", "All of these hold"))}),
        ("any",): Record({"any": Field(several, required=True, about=about("任一成立", "Any of these holds"))}),
        ("not",): Record({"not": Field(CONDITIONS, required=True, about=about("不成立", "This does not hold"))}),
    }
    return by_keys({keys: record.schema() for keys, record in kinds.items()})


# -------------------------------------------------------------------- tables

_HIT_POLICY: Final = Choice.of(
    {
        "unique": ("每种情形至多一行相符", "at most one row fits"),
        "first": ("取第一个相符的行", "the first row that fits"),
        "priority": (
            "取结果最优先的相符的行,次序见结果列的 values",
            "the row that fits with the highest answer, by `values`",
        ),
        "any": ("几行相符时结果必须相同", "several rows may fit if they say the same"),
        "collect": ("汇总所有相符的行", "all rows that fit, taken together by `aggregation`"),
        "output_order": ("列出所有相符的行,按结果的优先次序", "all rows that fit, the highest answer first"),
        "rule_order": ("列出所有相符的行,按行的次序", "all rows that fit, in their order"),
    }
)
_AGGREGATION: Final = Choice.of(
    {
        "list": ("列出", "a list of them"),
        "sum": ("合计", "their sum"),
        "min": ("最小", "the least"),
        "max": ("最大", "the greatest"),
        "count": ("个数", "how many there are"),
    }
)
_NO_MATCH: Final = Choice.of({"none": ("没有结果", "no answer"), "refuse": ("拒绝办理", "the command is refused")})
_KIND: Final = Field(Choice(KINDS), about=about("值的类型", "The type of its values"))
_ANY: Final = Free()
_INPUT: Final = Record(
    {
        "title": attrs.evolve(TITLE, required=False),
        "type": _KIND,
        "options": Field(ListOf(_ANY), about=about("可选值", "What can be chosen")),
        "optional": Field(BOOL, about=about("可以不填", "Whether it may be absent")),
        "places": Field(INT, about=about("小数位数", "Decimal places")),
    }
)
_OUTPUT: Final = Record(
    {
        "title": attrs.evolve(TITLE, required=False),
        "type": _KIND,
        "values": Field(ListOf(_ANY), about=about("可能的结果,优先的在前", "What it can answer, the highest first")),
        "default": Field(_ANY, about=about("没有相符的行时的结果", "The answer where no row fits")),
    }
)
_ROW: Final = Record(
    {
        "id": Field(WORD, about=about("行的标识,不写则为行号", "The row's id; by default its number")),
        "when": Field(Free({"type": "object"}), about=about("条件列: 条件", "input: test")),
        "then": Field(Free({"type": "object"}), about=about("结果列: 值", "output: value")),
        "source": SOURCE,
        "note": Field(STRING, about=about("说明", "A remark")),
    }
)


def _in_any_case(words: Choice) -> dict[str, Any]:
    """Return the schema of words that may be written with capitals and spaces."""
    letters = ("".join("[ _]" if c == "_" else f"[{c.upper()}{c}]" for c in word) for word in words.words)
    return {"anyOf": [words.schema(), {"type": "string", "pattern": f"^ *({'|'.join(letters)}) *$"}]}


def _columns(column: Record, *bare: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of the columns of a side: a name, a list of names, or what is said of each.

    Args:
        bare: what may stand for a column beside its mapping and its type alone.
    """
    one = (_KIND.schema(), {"type": "null"}, *bare)
    names = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    told = {"anyOf": [*one, {"type": "object"}], "if": {"type": "object"}, "then": column.schema()}
    return by_kind(names, {"type": "object", "additionalProperties": told})


def _read_as(name: str) -> Any:
    """Return a word of which editors are told elsewhere."""
    return attrs.evolve(WORD, json=_named(name))


TABLE: Final = Record(
    {
        "title": attrs.evolve(TITLE, required=False),
        "source": SOURCE,
        "hit_policy": Field(
            _read_as("hit_policy"), about=about("几行相符时取哪一行", "Which rows answer where several fit")
        ),
        "aggregation": Field(
            _read_as("aggregation"),
            about=about("collect 怎样汇总", "What becomes of the answers that `collect` gathers"),
        ),
        "file": Field(STRING, about=about("旁边的 CSV 或 XLSX 文件", "The CSV or XLSX file beside")),
        "sheet": Field(
            STRING, about=about("XLSX 的工作表,不写则为第一张", "The sheet of an XLSX file; by default the first")
        ),
        "inputs": Field(Free(_named("inputs")), about=about("条件列:所问的事实", "The facts asked about")),
        "outputs": Field(Free(_named("outputs")), about=about("结果列", "What it answers")),
        "rows": Field(
            Free({"type": "array", "items": _named("row")}),
            about=about(
                "行:[条件…, 结果…] 或 {when: …, then: …}", "Its rows: [tests, answers] or {when: ..., then: ...}"
            ),
        ),
        "default": Field(Free({"type": "object"}), about=about("没有相符的行时的结果", "The answer where no row fits")),
        "no_match": Field(_read_as("no_match"), about=about("没有相符的行时怎样", "What happens where no row fits")),
        "note": Field(TEXT, about=about("说明", "A remark")),
    }
)
