"""The language of scenario files, and its JSON Schema."""

from collections.abc import Mapping
from typing import Any, Final

import attrs

from aaworkflow.cases.commands import COMMANDS
from aaworkflow.codec import tag_of
from aaworkflow.rulesets.alternatives import by_keys
from aaworkflow.rulesets.schema import file_schema
from aaworkflow.rulesets.shapes import (
    BOOL,
    FREE,
    INSTANT,
    INT,
    NAME,
    STRING,
    TEXT,
    Choice,
    Either,
    Field,
    ListOf,
    MapOf,
    Path,
    Reader,
    Record,
    Shape,
)
from aaworkflow.rulesets.vocabulary import DELEGATION, NAMES
from aaworkflow.rulesets.yaml_nodes import Map, Node
from aaworkflow.testing.scenario_words import COMMAND_WORDS, KEY_WORDS
from aaworkflow.texts import Text

__all__ = ["ACTED", "LINES", "SCENARIO", "THEN", "scenario_schema"]

THEN: Final[Mapping[str, Shape]] = {
    "refused": NAMES,
    "breaches": NAMES,
    "open": NAMES,
    "outcomes": MapOf(NAMES),
    "ended": NAME,
    "skipped": NAMES,
    "started": NAMES,
    "tasks": MapOf(NAMES),
    "due": MapOf(INSTANT),
    "overdue": NAMES,
    "clocks": MapOf(
        Record(
            {
                "sent": Field(INSTANT, about=Text(zh="发送时间,发送人当地时间", en="When sent, by the sender's clock")),
                "received": Field(
                    INSTANT, about=Text(zh="收到时间,接收人当地时间", en="When received, by the receiver's clock")
                ),
            }
        )
    ),
    "facts": MapOf(FREE),
    "listed_under": MapOf(NAME),
    "documents": MapOf(INT),
    "sent": MapOf(NAMES),
}
"""What `then` may say."""


def _told(fields: Mapping[str, Any]) -> dict[str, Field]:
    """Return the fields of a record with what editors show of them."""
    made = {name: one if isinstance(one, Field) else Field(one) for name, one in fields.items()}
    return {name: attrs.evolve(one, about=one.about or _said(name)) for name, one in made.items()}


def _said(name: str) -> Text:
    zh, en = KEY_WORDS.get(name, ("", ""))
    return Text(zh=zh, en=en)


_COMPLETE: Final = Choice.of({"complete": ("必备内容齐全", "all its parts are there")})
_SIGNATURE: Final = {
    "for": Field(NAME, about=Text(zh="代谁签", en="On whose behalf")),
    "as": Field(NAME, about=Text(zh="以哪个岗位签,不写则为该步骤的岗位", en="In which role; by default the step's")),
    "by": Field(NAME, about=Text(zh="谁签的,不写则为办理人", en="Who signs; by default who acts")),
    "version": Field(INT, about=Text(zh="签的是第几稿,不写则为现行版本", en="The version; by default the current one")),
    "forged": Field(BOOL, about=Text(zh="签字是伪造的", en="Whether it is forged")),
}
_COMMON: Final = {"in": STRING, "then": Record(_told(THEN)), "note": TEXT}
ACTED: Final = {
    **_COMMON,
    "at": Field(INSTANT, required=True),
    "by": Field(NAMES, required=True),
}
_DECISION: Final = {
    "outcome": NAME,
    "opinion": STRING,
    "documents": MapOf(Either(_COMPLETE, MapOf(FREE))),
    "form": Either(_COMPLETE, MapOf(FREE)),
    "facts": MapOf(FREE),
    "sign": Either(BOOL, Record(_SIGNATURE)),
    "shown": MapOf(INT),
    "task": STRING,
    "add_after": NAMES,
    "picks": MapOf(NAMES),
}
_COMMANDS: Final = Choice.of({tag: COMMAND_WORDS[tag] for tag in map(tag_of, COMMANDS)})
_COMMAND_FIELDS: Final = {
    field.name: FREE for kind in COMMANDS for field in attrs.fields(kind) if field.name not in ("case", *ACTED)
}
LINES: Final[Mapping[str, Record]] = {
    "do": Record(_told({**ACTED, "do": Field(NAME, required=True), **_DECISION})),
    "receive": Record(_told({**ACTED, "receive": Field(NAME, required=True), "task": STRING})),
    "command": Record(_told({**ACTED, **_COMMAND_FIELDS, "command": Field(_COMMANDS, required=True)})),
    "tick": Record(_told({**_COMMON, "tick": Field(INSTANT, required=True)})),
}
"""The kinds of line, each by the key that makes it one."""


@attrs.frozen
class _LineShape:
    blank: Any = None

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the fields of the line."""
        keys = [e.key.text for e in node.entries] if isinstance(node, Map) else []
        kinds = [kind for kind in LINES if kind in keys]
        if len(kinds) != 1:
            reader.wrong(node.place, "line_not_one_thing", found=kinds, allowed=LINES)
            return None
        return LINES[kinds[0]].read(reader, node, path)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        return {"$ref": "#/$defs/line"}


SCENARIO: Final = Record(
    _told(
        {
            "scenario": Field(NAME, required=True),
            "title": Field(TEXT, required=True),
            "procedure": Field(NAME, required=True),
            "keeps": NAMES,
            "breaks": NAMES,
            "generated": BOOL,
            "given": Record(
                _told({"after": NAME, "unit": NAME, "facts": MapOf(FREE), "delegations": MapOf(DELEGATION)})
            ),
            "story": Field(ListOf(_LineShape()), required=True),
        }
    )
)


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, for editors."""
    line = by_keys({(kind,): shape.schema() for kind, shape in LINES.items()})
    title = Text(zh="aaworkflow 情景", en="aaworkflow scenario")
    return file_schema(title, {**SCENARIO.schema(), "$defs": {"line": line}})
