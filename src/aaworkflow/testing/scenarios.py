"""Read scenarios: stories in YAML beside a ruleset, of what happens and what must come of it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from aaworkflow.cases.commands import COMMANDS
from aaworkflow.codec import tag_of
from aaworkflow.errors import Finding, Place, Reason, RulesetError, nearest
from aaworkflow.errors.catalog import MESSAGES
from aaworkflow.rulesets.files import text_of
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
    Reader,
    Record,
    Shape,
)
from aaworkflow.rulesets.vocabulary import DELEGATION, NAMES
from aaworkflow.rulesets.yaml_nodes import Map, Node, parse_yaml
from aaworkflow.texts import Text

__all__ = ["THEN", "Line", "Scenario", "load_scenarios", "read_scenarios", "scenario_schema"]

Kind = Literal["start", "decide", "receive", "command", "tick"]


@attrs.frozen
class Line:
    """One line of a story: when, who, what; and what must come of it.

    Attributes:
        what: the step, or the name of the command.
        case: which case is meant, by its id or procedure; None: that of the scenario's own procedure.
        brings: what comes with the decision, or the fields of the command.
        then: the expectations, by name.
    """

    place: Place
    kind: Kind
    at: datetime
    what: str = ""
    by: tuple[str, ...] = ()
    case: str | None = None
    brings: Mapping[str, Any] = attrs.field(factory=dict)
    then: Mapping[str, Any] = attrs.field(factory=dict)
    places: Mapping[str, Place] = attrs.field(factory=dict)

    def place_of(self, expectation: str) -> Place:
        """Return where an expectation stands."""
        return self.places.get(expectation, self.place)


@attrs.frozen
class Scenario:
    """A story about a procedure, and the clauses that it shows kept or attacked.

    Attributes:
        after: the scenario that it goes on from.
        generated: it was made where coverage lacked, and nobody has looked at it yet.
        delegations: id -> as written; their principals are known when it is played.
    """

    id: str
    title: Text
    procedure: str
    story: tuple[Line, ...]
    place: Place
    keeps: tuple[str, ...] = ()
    breaks: tuple[str, ...] = ()
    after: str | None = None
    generated: bool = False
    unit: str | None = None
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    delegations: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict)


# -------------------------------------------------------------------- the shapes

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
    "clocks": MapOf(Record({"sent": INSTANT, "received": INSTANT})),
    "facts": MapOf(FREE),
    "listed_under": MapOf(NAME),
    "documents": MapOf(INT),
    "sent": MapOf(NAMES),
}
"""What `then` may say."""

_ABOUT: Final[Mapping[str, tuple[str, str]]] = {
    # the scenario
    "scenario": ("情景的标识,与文件名相同", "The scenario's id, as its file is called"),
    "title": ("名称,{zh: 中文, en: 英文}", "What people see"),
    "procedure": ("讲的是哪个程序", "The procedure that it is about"),
    "keeps": ("表现了哪些条款得到遵守", "Clauses that it shows kept"),
    "breaks": ("有人试图违反哪些条款", "Clauses that somebody in it tries to break"),
    "generated": ("由程序生成", "Whether it was generated"),
    "given": ("前提", "What holds before"),
    "story": ("发生了什么,一行一件事", "What happens, a thing a line"),
    "after": ("接着哪个情景往下讲", "The scenario that it goes on from"),
    "unit": ("事项属于哪个单位", "The unit that the case belongs to"),
    "delegations": ("另外的授权", "Further delegations"),
    # a line
    "at": ("何时,办理人当地时间", "When, by the clock of who acts"),
    "by": ("谁;几个人表示先后各做一次", "Who; several do it one after another"),
    "in": ("说的是另一件事项时,写它的程序或标识", "Another case, by its procedure or id"),
    "then": ("应当有什么结果", "What must come of it"),
    "note": ("说明", "A remark"),
    "do": ("在哪一步办理,或 start 发起", "The step that is decided, or start"),
    "receive": ("在哪一步签收", "The step whose task is received"),
    "command": ("其他操作", "Another command"),
    "tick": ("时间到了", "Time passes to this instant"),
    "outcome": ("结果", "The outcome"),
    "opinion": ("意见", "Words that go with it"),
    "documents": (
        "文件:complete 或逐项写;在 then 中为第几稿",
        "Documents: complete, or part by part; in `then`, their version",
    ),
    "form": ("意见表:complete 或逐项写", "The form: complete, or part by part"),
    "facts": ("填写的事实;在 then 中为应有的值", "Facts entered; in `then`, their values"),
    "sign": ("签字:true,或代谁签、伪造、签旧稿", "A signature: true, or for whom, forged, on which version"),
    "shown": ("看到的是第几稿", "The versions that were shown"),
    "task": ("哪一项任务", "Which task"),
    "add_after": ("后加签给谁", "Signers added after"),
    "picks": ("选定办理人", "Who is picked for later steps"),
    # what must come of it
    "refused": ("应被拒绝的代码", "The codes that refuse it"),
    "breaches": ("应记录违规的条款", "The clauses whose breach is recorded"),
    "open": ("现在待办的步骤,不多不少", "The steps open now, neither more nor fewer"),
    "outcomes": ("待办步骤可以作出的结果,不多不少", "The outcomes that an open step offers, neither more nor fewer"),
    "ended": ("以哪个结局办结", "The end that it comes to"),
    "skipped": ("略过的步骤", "Steps passed over"),
    "started": ("发起的其他事项", "Other cases started"),
    "tasks": ("谁的待办", "Somebody's list of work"),
    "due": ("正在计算的期限,不多不少", "The deadlines that run, neither more nor fewer"),
    "overdue": ("哪些期限逾期", "Deadlines that this line lets pass"),
    "clocks": ("发送和接收各自的时间", "Sent and received, each by its own clock"),
    "listed_under": ("在清单里归在哪一类", "Under which value the case is listed"),
    "sent": ("送出的文件和收件岗位", "Documents sent, and to which roles"),
}
"""What editors show of the keys."""


def _told(fields: Mapping[str, Any]) -> dict[str, Field]:
    """Return the fields of a record with what editors show of them."""
    made = {name: one if isinstance(one, Field) else Field(one) for name, one in fields.items()}
    said = {name: Text(zh=zh, en=en) for name, (zh, en) in _ABOUT.items()}
    return {name: attrs.evolve(field, about=said.get(name, Text())) for name, field in made.items()}


_COMPLETE: Final = Choice(("complete",))
_COMMON: Final = {"in": STRING, "then": Record(_told(THEN)), "note": TEXT}
_ACTED: Final = {
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
    "sign": Either(BOOL, Record({"for": NAME, "as": NAME, "by": NAME, "version": INT, "forged": BOOL})),
    "shown": MapOf(INT),
    "task": STRING,
    "add_after": NAMES,
    "picks": MapOf(NAMES),
}
_COMMAND_FIELDS: Final = {
    field.name: FREE for kind in COMMANDS for field in attrs.fields(kind) if field.name not in ("case", *_ACTED)
}
_LINES: Final[Mapping[str, Record]] = {
    "do": Record(_told({**_ACTED, "do": NAME, **_DECISION})),
    "receive": Record(_told({**_ACTED, "receive": NAME, "task": STRING})),
    "command": Record(
        _told({**_ACTED, **_COMMAND_FIELDS, "command": Choice(tuple(tag_of(kind) for kind in COMMANDS))})
    ),
    "tick": Record(_told({**_COMMON, "tick": INSTANT})),
}
"""The kinds of line, each by the key that makes it one."""


@attrs.frozen
class _LineShape:
    def read(self, reader: Reader, node: Node, path: tuple[str | int, ...]) -> Any:
        keys = [e.key.text for e in node.entries] if isinstance(node, Map) else []
        kinds = [kind for kind in _LINES if kind in keys]
        if len(kinds) != 1:
            reader.wrong(node.place, "line_not_one_thing", found=kinds, allowed=_LINES)
            return None
        return _LINES[kinds[0]].read(reader, node, path)

    def schema(self) -> dict[str, Any]:
        return {"oneOf": [{**shape.schema(), "required": [kind]} for kind, shape in _LINES.items()]}


_SCENARIO: Final = Record(
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
    draft = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": draft, "title": "aaworkflow scenario", **_SCENARIO.schema()}


# -------------------------------------------------------------------- reading


def load_scenarios(ruleset: str | Path) -> tuple[Scenario, ...]:
    """Load the scenarios that lie beside a ruleset, in its folder `scenarios`, by id.

    Raises:
        RulesetError: with every problem, each at file:line:column.
    """
    scenarios, findings = read_scenarios(ruleset)
    if findings:
        raise RulesetError(*findings)
    return scenarios


def read_scenarios(ruleset: str | Path) -> tuple[tuple[Scenario, ...], tuple[Finding, ...]]:
    """Return the scenarios beside a ruleset that can be read, by id, and every problem with them."""
    findings: list[Finding] = []
    found: dict[str, Scenario] = {}
    for file in sorted((Path(ruleset) / "scenarios").rglob("*.yaml")):
        try:
            scenario = _load(file)
        except RulesetError as error:
            findings += error.findings
            continue
        if scenario.id in found:
            findings.append(Finding(scenario.place, Reason.of("scenario_twice", name=scenario.id)))
        found[scenario.id] = scenario
    findings += _lost(found)
    return tuple(found[id] for id in sorted(found)), tuple(sorted(findings, key=lambda f: f.place))


def _lost(scenarios: Mapping[str, Scenario]) -> Iterator[Finding]:
    """Yield a finding for each scenario that goes on after an unknown one, or after itself."""
    for scenario in scenarios.values():
        seen, here = {scenario.id}, scenario
        while here.after is not None:
            if here.after not in scenarios:
                if here is scenario:
                    reason = Reason.of("unknown_scenario", name=here.after, allowed=scenarios)
                    yield Finding(scenario.place, reason)
                break
            here = scenarios[here.after]
            if here.id in seen:
                yield Finding(scenario.place, Reason.of("scenario_after_itself", name=scenario.id))
                break
            seen.add(here.id)


def _load(file: Path) -> Scenario:
    reader = Reader()
    node = parse_yaml(text_of(file), file.as_posix())
    if node is None:
        raise RulesetError(Finding(Place(str(file)), Reason.of("file_empty")))
    data = _SCENARIO.read(reader, node, ())
    if data is None or reader.findings:
        raise RulesetError(*reader.findings)
    story = tuple(_line(reader, i, line) for i, line in enumerate(data["story"]))
    if reader.findings:
        raise RulesetError(*reader.findings)
    names = ("title", "procedure", "keeps", "breaks", "generated")
    return Scenario(
        id=data["scenario"],
        story=story,
        place=node.place,
        **{name: data[name] for name in names if name in data},
        **data.get("given", {}),
    )


def _line(reader: Reader, i: int, data: Mapping[str, Any]) -> Line:
    path = ("story", i)
    then = data.get("then", {})
    for n, code in enumerate(then.get("refused", ())):
        if code not in MESSAGES:
            close = nearest(code, MESSAGES)
            reader.wrong(reader.place((*path, "then", "refused", n)), "unknown_code", name=code, nearest=close)
    kind = next(kind for kind in _LINES if kind in data)
    known = {*_ACTED, kind}
    return Line(
        place=reader.place(path),
        kind=_kind(kind, data),
        at=data["tick"] if kind == "tick" else data["at"],
        what=str(data[kind]),
        by=data.get("by", ()),
        case=data.get("in"),
        brings={name: value for name, value in data.items() if name not in known},
        then=then,
        places={name: reader.place((*path, "then", name)) for name in then},
    )


def _kind(key: str, data: Mapping[str, Any]) -> Kind:
    match key:
        case "do":
            return "start" if data["do"] == "start" else "decide"
        case "receive":
            return "receive"
        case "command":
            return "command"
        case _:
            return "tick"
