"""Read scenarios: stories in YAML beside a ruleset, of what happens and what must come of it."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import attrs

from aaworkflow.errors import Finding, Place, Reason, RulesetError, nearest
from aaworkflow.errors.catalog import MESSAGES
from aaworkflow.rulesets.files import parse_file
from aaworkflow.rulesets.reader import Reader
from aaworkflow.testing.scenario_vocabulary import ACTED, LINES, SCENARIO, THEN
from aaworkflow.texts import Text

__all__ = ["THEN", "Line", "Scenario", "load_scenarios", "read_scenarios"]

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
    node, wrong = parse_file(file)
    if node is None:
        raise RulesetError(*wrong)
    data = SCENARIO.read(reader, node, ())
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
    kind = next(kind for kind in LINES if kind in data)
    known = {*ACTED, kind}
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
