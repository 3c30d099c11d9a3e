"""BPMN as modellers open it: everything has its place, in its lane, from shape to shape, and says what it is.

What the file says to an engine is asked in test_oracle.py; tests/outside/bpmn_js.py opens files in bpmn-js itself.
"""

from math import hypot, isclose
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import attrs
import pytest

from aaworkflow.analysis.drawing.bpmn import bpmn_of
from aaworkflow.analysis.drawing.chart import Chart, Edge, Lane, Node
from aaworkflow.analysis.drawing.draw import draw
from aaworkflow.analysis.drawing.lettering import text_width
from aaworkflow.rulesets import load_ruleset
from aaworkflow.texts import LANGS, Lang

ROOT = Path(__file__).parents[2]
RULESETS = {name: load_ruleset(ROOT / name) for name in ("rulesets/aa", "rulesets/purchase", "tests/cases/office")}
PROCEDURES = [(name, procedure) for name, ruleset in RULESETS.items() for procedure in ruleset.procedures]
UPRIGHT = 30.0
"""Modellers of BPMN give the titles of lanes so much room, two lines of 12 pixels."""
ICON = 25.0
"""The icon of a task ends so far below the upper side of its box."""


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


@attrs.frozen
class Bounds:
    x: float
    y: float
    width: float
    height: float

    def inside(self, other: "Bounds") -> bool:
        return (
            other.x <= self.x
            and other.y <= self.y
            and self.x + self.width <= other.x + other.width
            and self.y + self.height <= other.y + other.height
        )


class Model:
    """A BPMN file by its elements and their places."""

    def __init__(self, text: str) -> None:
        root = ElementTree.fromstring(text)
        self.process = next(e for e in root if local(e) == "process")
        self.elements = {e.attrib["id"]: e for e in root.iter() if "id" in e.attrib}
        self.nodes = {i: e for i, e in self.elements.items() if local(e).endswith(("Task", "Event", "Gateway"))}
        self.flows = {i: e for i, e in self.elements.items() if local(e) == "sequenceFlow"}
        self.lanes = {i: e for i, e in self.elements.items() if local(e) == "lane"}
        self.bounds: dict[str, Bounds] = {}
        self.labels: dict[str, Bounds] = {}
        self.points: dict[str, list[tuple[float, float]]] = {}
        for drawn in root.iter():
            of = drawn.attrib.get("bpmnElement", "")
            for part in drawn:
                match local(part):
                    case "Bounds":
                        self.bounds[of] = _bounds(part)
                    case "BPMNLabel":
                        self.labels[of] = _bounds(part[0])
                    case "waypoint":
                        self.points.setdefault(of, []).append((float(part.attrib["x"]), float(part.attrib["y"])))

    def count(self, node: str, side: str) -> int:
        return sum(flow.attrib[side] == node for flow in self.flows.values())


def _bounds(element: Element) -> Bounds:
    return Bounds(*(float(element.attrib[name]) for name in ("x", "y", "width", "height")))


def model_of(name: str, procedure: str, lang: Lang) -> Model:
    return Model(draw(RULESETS[name], procedure, "bpmn", lang=lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("name", "procedure"), PROCEDURES)
def test_every_node_lies_in_its_lane_and_every_lane_in_the_pool(name: str, procedure: str, lang: Lang) -> None:
    model = model_of(name, procedure, lang)
    held = {ref.text: id for id, lane in model.lanes.items() for ref in lane}
    assert set(held) == set(model.nodes)
    for node, lane in held.items():
        assert model.bounds[node or ""].inside(model.bounds[lane])
    for lane in model.lanes:
        assert model.bounds[lane].inside(model.bounds["Pool"])


def on_border(kind: str, shape: Bounds, point: tuple[float, float]) -> bool:
    """Say whether a point lies on the border of a shape: a circle, a diamond or a box."""
    across = abs(point[0] - shape.x - shape.width / 2) / (shape.width / 2)
    down = abs(point[1] - shape.y - shape.height / 2) / (shape.height / 2)
    pixel = 2 / shape.height
    if kind.endswith("Gateway"):
        return isclose(across + down, 1, abs_tol=pixel)
    if kind.endswith("Event"):
        return isclose(hypot(across, down), 1, abs_tol=pixel)
    return isclose(max(across, down), 1, abs_tol=pixel)


@pytest.mark.parametrize(("name", "procedure"), PROCEDURES)
def test_every_flow_runs_from_the_border_of_one_shape_to_that_of_another(name: str, procedure: str) -> None:
    model = model_of(name, procedure, "zh")
    for id, flow in model.flows.items():
        ends = (model.points[id][0], flow.attrib["sourceRef"]), (model.points[id][-1], flow.attrib["targetRef"])
        for point, node in ends:
            assert on_border(local(model.nodes[node]), model.bounds[node], point), (id, node)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("name", "procedure"), PROCEDURES)
def test_titles_of_lanes_fit_upright_into_two_lines_and_those_of_tasks_below_their_icon(
    name: str, procedure: str, lang: Lang
) -> None:
    model = model_of(name, procedure, lang)
    titles = {**model.lanes, "Pool": model.elements["Pool"]}
    for id, element in titles.items():
        assert text_width(element.attrib["name"], 12) <= 2 * (model.bounds[id].height - 12), element.attrib["name"]
    left = min(model.bounds[lane].x for lane in model.lanes)
    assert left == model.bounds["Pool"].x + UPRIGHT
    assert all(model.bounds[node].x > left + UPRIGHT for node in model.nodes)
    for id, node in model.nodes.items():
        if local(node).endswith("Task"):
            lines = -(-text_width(node.attrib["name"], 12) // 116)
            assert model.bounds[id].height / 2 - lines * 12 * 1.3 / 2 >= ICON


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("name", "procedure"), PROCEDURES)
def test_whatever_does_not_speak_for_itself_has_a_name_with_a_place(name: str, procedure: str, lang: Lang) -> None:
    model = model_of(name, procedure, lang)
    apart = {i for i, e in model.nodes.items() if local(e) in ("exclusiveGateway", "inclusiveGateway")}
    must = {i for i, e in model.nodes.items() if not local(e).endswith("Gateway")}
    must |= {i for i in apart if model.count(i, "sourceRef") > 1}
    must |= {i for i, e in model.flows.items() if len(e)}
    elements = {**model.nodes, **model.flows}
    named = {i for i, e in elements.items() if e.attrib.get("name", "").strip()}
    assert must <= named
    beside = {i for i in named if not local(elements[i]).endswith("Task")}
    assert set(model.labels) == beside
    for id in beside:
        assert text_width(elements[id].attrib["name"], 12) <= model.labels[id].width * model.labels[id].height / 12


@pytest.mark.parametrize(("name", "procedure"), PROCEDURES)
def test_ways_meet_at_gateways_that_do_nothing_else(name: str, procedure: str) -> None:
    model = model_of(name, procedure, "en")
    for id, node in model.nodes.items():
        if model.count(id, "targetRef") > 1:
            assert local(node).endswith("Gateway"), id
            assert model.count(id, "sourceRef") == 1, id


def test_deadlines_over_several_steps_stand_in_the_documentation_of_the_process() -> None:
    model = model_of("rulesets/aa", "sales_contract", "zh")
    texts = [e.text for e in model.process if local(e) == "documentation"]
    assert texts == ["市场营销部收到合同后完成审批:期限 1个工作日(市场中心经理)"]
    assert local(model.process[0]) == "documentation"


def test_a_lane_is_as_high_as_its_title_is_long() -> None:
    title = "A role with a title that is very long indeed, " * 4
    lanes = (Lane("long", title), Lane("short", "Clerk"))
    nodes = {n.id: n for n in (Node(".start", "start", "long", "start"), Node("end", "end", "short", "End"))}
    model = Model(bpmn_of(Chart("any", "Any", lanes, nodes, (Edge(".start", "end"),))))
    assert model.bounds["Lane_long"].height > text_width(title, 12) / 2
    assert model.bounds["Lane_short"].height < 120
