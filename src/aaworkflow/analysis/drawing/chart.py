"""A procedure as a graph of nodes and edges, the one thing that every picture format is made from."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import attrs

from aaworkflow.analysis.wording import outcome_name
from aaworkflow.calendars import parse_duration
from aaworkflow.cases.state import Case
from aaworkflow.rulesets import Procedure, Route, Ruleset, Step
from aaworkflow.texts import Lang

__all__ = ["Chart", "Edge", "Lane", "Node", "NodeKind", "chart_of"]

NodeKind = Literal["start", "end", "task", "one", "each", "some"]
"""`one`: exactly one way on; `each`: all ways, side by side; `some`: every way whose rule fires.

The last two also join.
"""

_START: Final = ".start"
_SYSTEM: Final = ".system"
_SUPERIORS: Final = ".superiors"


@attrs.frozen
class Lane:
    """Who acts: a role, a panel of roles, or the system itself."""

    id: str
    title: str


@attrs.frozen
class Node:
    """A step, an end, the start, or a gateway.

    `notes` are small lines below the title; `times` counts a case's passes.
    """

    id: str
    """That of the step or end; what else there is has a point in its id."""
    kind: NodeKind
    lane: str
    title: str = ""
    """Of a gateway, what it asks; our own pictures leave that to the labels of its ways, and the start without words."""
    notes: tuple[str, ...] = ()
    conditional: bool = False
    times: int = 0
    open: bool = False
    does: str = ""


@attrs.frozen
class Edge:
    """A way from one node to another. `outcome` and `rules` say when it is taken, `label` says so to people."""

    source: str
    target: str
    label: str = ""
    outcome: str | None = None
    rules: tuple[str, ...] = ()
    """It is taken where one of them fires."""
    conditional: bool = False
    otherwise: bool = False
    """It is taken where no other way side by side is."""
    times: int = 0


@attrs.frozen
class Chart:
    """The graph of one procedure, its texts in one language."""

    id: str
    title: str
    lanes: tuple[Lane, ...]
    nodes: Mapping[str, Node]
    edges: tuple[Edge, ...]
    notes: tuple[str, ...] = ()
    """Deadlines over several steps, and the schedule."""
    marked: bool = False
    """Whether the path of a case is marked in it."""


def chart_of(ruleset: Ruleset, procedure: Procedure, case: Case | None, lang: Lang) -> Chart:
    """Return the graph of a procedure, with the path of `case` counted where one is given."""
    builder = _Builder(ruleset, procedure, lang)
    builder.build()
    chart = Chart(
        procedure.id,
        procedure.title.get(lang),
        tuple(builder.lanes.values()),
        builder.nodes,
        tuple(builder.edges),
        builder.notes(),
    )
    return chart if case is None else _marked(chart, case)


@attrs.define
class _Builder:
    ruleset: Ruleset
    procedure: Procedure
    lang: Lang
    lanes: dict[str, Lane] = attrs.field(factory=dict)
    nodes: dict[str, Node] = attrs.field(factory=dict)
    edges: list[Edge] = attrs.field(factory=list)
    joins: list[tuple[str, str, str]] = attrs.field(factory=list)

    def say(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def build(self) -> None:
        steps = self.procedure.steps
        first = steps[self.procedure.start]
        self.nodes[_START] = Node(_START, "start", self._lane(first), self.say("开始", "start"))
        for step in steps.values():
            lane = self._lane(step)
            self._gate_of(step, lane)
            self.nodes[step.id] = Node(
                step.id,
                "task",
                lane,
                step.title.get(self.lang) or step.id,
                tuple(self._notes(step)),
                conditional=step.if_not_required is not None,
                does="wait" if step.starts is not None and step.starts.waits else step.does,
            )
        self.edges.append(Edge(_START, self._entry(first.id)))
        for step in steps.values():
            self._outcomes(step)
        self._close_joins()
        for end in self.procedure.ends.values():
            lane = next((self.nodes[e.source].lane for e in self.edges if e.target == end.id), self._lane(first))
            self.nodes[end.id] = Node(end.id, "end", lane, end.title.get(self.lang) or end.id, does=end.result)

    # ---------------------------------------------------------------- who

    def _lane(self, step: Step) -> str:
        if step.supervisors is not None:
            return self._add_lane(_SUPERIORS, self.say("各级上级", "Superiors"))
        if not step.by:
            return self._add_lane(_SYSTEM, self.say("系统", "System"))
        titles = [self.ruleset.roles[role].title.get(self.lang) or role for role in step.by]
        return self._add_lane(".".join(step.by), self.say("、", ", ").join(titles))

    def _add_lane(self, id: str, title: str) -> str:
        self.lanes.setdefault(id, Lane(id, title))
        return id

    def _notes(self, step: Step) -> Iterable[str]:
        for duration, zh, en in ((step.within, "期限", "within"), (step.waits, "等待", "waits")):
            if duration is not None:
                yield self.say(f"{zh} ", f"{en} ") + parse_duration(duration).text(self.lang)
        if step.id not in self.ruleset.procedures[self.procedure.id].steps:
            yield self.say("本单追加", "added to this case")
        if step.agreed_before is not None:
            yield self.say("已同意过的自动通过", "passes for who agreed before")
        if step.starts is not None:
            started = self.ruleset.procedures[step.starts.procedure].title.get(self.lang)
            yield self.say("发起:", "starts: ") + (started or step.starts.procedure)
        rules = [self.ruleset.rules[step.agree.when]] if step.agree is not None and step.agree.when is not None else []
        for action in ("add_reviewer", "refuse_step"):
            rules += self.ruleset.rules_with(action, self.procedure.id, step.id)
        for rule in rules:
            yield self.say("规则:", "rule: ") + rule.title.get(self.lang)

    def notes(self) -> tuple[str, ...]:
        """Return what the picture says below its title."""
        found = []
        if self.procedure.schedule is not None:
            every = parse_duration(self.procedure.schedule.every).text(self.lang)
            found.append(self.say(f"每{every}自动发起", f"starts by itself every {every}"))
        for span in self.procedure.spans:
            time = parse_duration(span.within).text(self.lang)
            role = self.ruleset.roles[span.by].title.get(self.lang) or span.by
            title = span.title.get(self.lang) or span.id
            found.append(self.say(f"{title}:期限 {time}({role})", f"{title}: within {time} ({role})"))
        return tuple(found)

    # ---------------------------------------------------------------- where to

    def _gate_of(self, step: Step, lane: str) -> None:
        """A step that only rules require is reached through a gateway, which also leads past it."""
        if step.if_not_required is None:
            return
        gate = f"{step.id}.required"
        self.nodes[gate] = Node(gate, "one", lane, self.say("是否需要", "required?"))
        rules = self.ruleset.rules_with("require_step", self.procedure.id, step.id)
        label = self.say("、", ", ").join(r.title.get(self.lang) or r.id for r in rules)
        self.edges.append(Edge(gate, step.id, label, rules=tuple(r.id for r in rules), conditional=True))
        self.edges.append(Edge(gate, self._entry(step.if_not_required), self.say("否则", "otherwise")))

    def _entry(self, target: str) -> str:
        step = self.procedure.steps.get(target)
        return f"{target}.required" if step is not None and step.if_not_required is not None else target

    def _outcomes(self, step: Step) -> None:
        source, several = step.id, len(step.outcomes) > 1
        if several:
            source = f"{step.id}.outcome"
            self.nodes[source] = Node(source, "one", self.nodes[step.id].lane, self.say("结果", "outcome?"))
            self.edges.append(Edge(step.id, source))
        for outcome, route in step.outcomes.items():
            label = outcome_name(outcome, self.lang) if several else ""
            self._route(step, source, outcome, label, route)

    def _route(self, step: Step, source: str, outcome: str, label: str, route: Route) -> None:
        if len(route.branches) == 1 and route.branches[0].when is None:
            self.edges.append(Edge(source, self._entry(route.branches[0].to), label, outcome))
            return
        conditions = any(b.when is not None for b in route.branches)
        kind: NodeKind = "one" if route.kind == "one" else "some" if conditions else "each"
        gate = f"{step.id}.{outcome}.ways"
        self.nodes[gate] = Node(gate, kind, self.nodes[step.id].lane, self.say("去向", "which way?"))
        self.edges.append(Edge(source, gate, label, outcome))
        for branch in route.branches:
            rule = self.ruleset.rules[branch.when] if branch.when is not None else None
            if rule is not None:
                says = rule.title.get(self.lang) or rule.id
            else:
                says = {"one": self.say("否则", "otherwise"), "some": self.say("总是", "always"), "each": ""}[kind]
            self.edges.append(
                Edge(
                    gate,
                    self._entry(branch.to),
                    says,
                    rules=(branch.when,) if branch.when else (),
                    conditional=rule is not None,
                )
            )
        if route.kind == "each" and route.join is not None:
            join = f"{step.id}.{outcome}.join"
            self._join(join, kind, gate, self._entry(route.join), step)
            if all(branch.when is not None for branch in route.branches):
                self.edges.append(Edge(gate, join, self.say("否则", "otherwise"), otherwise=True))

    def _join(self, id: str, kind: NodeKind, gate: str, join: str, step: Step) -> None:
        """Lead what runs side by side through one gateway where it meets again."""
        self.nodes[id] = Node(id, kind, self.nodes[step.id].lane)
        self.edges.append(Edge(id, join))
        self.joins.append((id, gate, join))

    def _close_joins(self) -> None:
        """Redirect to each join what was reached from its fork."""
        for id, gate, join in self.joins:
            inner, todo = {gate}, [gate]
            while todo:
                here = todo.pop()
                found = {e.target for e in self.edges if e.source == here} - inner - {join, id}
                inner |= found
                todo += found
            self.edges = [
                attrs.evolve(e, target=id) if e.source in inner and e.target == join else e for e in self.edges
            ]


def _marked(chart: Chart, case: Case) -> Chart:
    """Count how often a case passed each node and edge."""
    passed: dict[tuple[str, str, str | None], int] = {}
    times: dict[str, int] = {}

    def walk(source: str, outcome: str | None, target: str) -> None:
        for edge in _way(chart, source, outcome, target):
            key = (edge.source, edge.target, edge.label)
            passed[key] = passed.get(key, 0) + 1
            if chart.nodes[edge.target].kind != "task":
                times[edge.target] = times.get(edge.target, 0) + 1

    for activation in case.activations.values():
        times[activation.step] = times.get(activation.step, 0) + 1
        before = case.activations.get(activation.after or "")
        if before is None:
            times[_START] = times.get(_START, 0) + 1
        walk(before.step if before else _START, before.outcome if before else None, activation.step)
    if case.end is not None and case.end in chart.nodes:
        closed = [a for a in case.activations.values() if a.state == "closed"]
        if closed:
            walk(closed[-1].step, closed[-1].outcome, case.end)
    open_steps = set(case.open_steps())
    nodes = {n.id: attrs.evolve(n, times=times.get(n.id, 0), open=n.id in open_steps) for n in chart.nodes.values()}
    edges = tuple(attrs.evolve(e, times=passed.get((e.source, e.target, e.label), 0)) for e in chart.edges)
    return attrs.evolve(chart, nodes=nodes, edges=edges, marked=True)


def _way(chart: Chart, source: str, outcome: str | None, target: str) -> tuple[Edge, ...]:
    """Return the edges from a step to the next one, through gateways only; none where a case went back by hand."""
    ways: list[tuple[Edge, ...]] = [(e,) for e in chart.edges if e.source == source]
    while ways:
        way = ways.pop(0)
        last = way[-1]
        if outcome is not None and last.outcome not in (None, outcome):
            continue
        if last.target == target:
            return way
        if chart.nodes[last.target].kind not in ("task", "end") and last not in way[:-1]:
            ways += [(*way, e) for e in chart.edges if e.source == last.target]
    return ()
