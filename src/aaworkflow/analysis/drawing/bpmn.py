"""A procedure as BPMN 2.0 XML with its layout: opens in bpmn-js, and engines can run it.

Steps that people do are user tasks. A step that starts another case sends a message of its id, and one that waits for
another case or for time to pass receives one. Which way is taken is asked in Python's words, as SpiffWorkflow reads
them: the outcome of step `approve` is `approve_outcome`, and a rule is true or false under `rule_` and its id. Of
several rules the first that holds counts: the conditions of the later ones say so, as engines ask in different orders.
"""

from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from aaworkflow.analysis.drawing.chart import Chart, Edge, Node
from aaworkflow.analysis.drawing.grid import LABEL, LEADING
from aaworkflow.analysis.drawing.layout import MARGIN, UPRIGHT, Box, Layout, Line, lay_out
from aaworkflow.analysis.drawing.lettering import text_width
from aaworkflow.analysis.drawing.meeting import met

__all__ = ["bpmn_of"]

_BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
_DI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
_DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
_DD: Final = "http://www.omg.org/spec/DD/20100524/DI"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"

for _prefix, _uri in (("bpmn", _BPMN), ("bpmndi", _DI), ("dc", _DC), ("di", _DD), ("xsi", _XSI)):
    register_namespace(_prefix, _uri)


def bpmn_of(chart: Chart) -> str:
    """Return a procedure as the text of a BPMN file."""
    chart = met(chart)
    layout = lay_out(chart, "model")
    root = Element(f"{{{_BPMN}}}definitions", {"id": "Definitions", "targetNamespace": "urn:aaworkflow"})
    pool = _bpmn(root, "collaboration", id="Collaboration")
    _bpmn(pool, "participant", id="Pool", name=chart.title, processRef=f"Process_{chart.id}")
    process = _bpmn(root, "process", id=f"Process_{chart.id}", name=chart.title, isExecutable="true")
    if chart.notes:
        _bpmn(process, "documentation").text = "\n".join(chart.notes)
    lanes = _bpmn(process, "laneSet", id="Lanes")
    for lane in chart.lanes:
        entry = _bpmn(lanes, "lane", id=_lane_id(lane.id), name=lane.title)
        for node in chart.nodes.values():
            if node.lane == lane.id:
                _bpmn(entry, "flowNodeRef").text = _id(node)
    flows = {edge: f"Flow_{number}" for number, edge in enumerate(chart.edges, 1)}
    side_by_side = any(node.kind in ("each", "some") for node in chart.nodes.values())
    for node in chart.nodes.values():
        _node(process, node, flows, side_by_side)
        if node.does in ("start", "wait"):
            _bpmn(root, "message", id=_message_id(node), name=node.id)
    for edge in chart.edges:
        _flow(process, edge, flows[edge], layout)
    _diagram(root, layout, flows)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _bpmn(parent: Element, tag: str, **attributes: str) -> Element:
    return SubElement(parent, f"{{{_BPMN}}}{tag}", attributes)


def _id(node: Node) -> str:
    """Steps keep their id, as engines name tasks by it; the others have a point in theirs."""
    return node.id if node.kind in ("task", "end") else f"At_{node.id.removeprefix('.')}"


def _message_id(node: Node) -> str:
    return f"Message_{node.id}"


def _lane_id(lane: str) -> str:
    return f"Lane_{lane}"


# -------------------------------------------------------------------- what is done


def _node(process: Element, node: Node, flows: dict[Edge, str], side_by_side: bool) -> None:
    match node.kind:
        case "start":
            tag = "startEvent"
        case "end":
            tag = "endEvent"
        case "one":
            tag = "exclusiveGateway"
        case "each":
            tag = "parallelGateway"
        case "some":
            tag = "inclusiveGateway"
        case "task":
            tag = {"start": "sendTask", "wait": "receiveTask"}.get(node.does, "userTask")
    attributes = {"id": _id(node)} | ({"name": node.title} if node.title else {})
    out = [edge for edge in flows if edge.source == node.id]
    default = [edge for edge in out if _is_default(edge, node)]
    if len(out) > 1 and len(default) == 1:
        attributes["default"] = flows[default[0]]
    if node.does in ("start", "wait"):
        attributes["messageRef"] = _message_id(node)
    element = _bpmn(process, tag, **attributes)
    if node.notes:
        _bpmn(element, "documentation").text = "\n".join(node.notes)
    for edge, flow in flows.items():
        if edge.target == node.id:
            _bpmn(element, "incoming").text = flow
    for edge in out:
        _bpmn(element, "outgoing").text = flows[edge]
    if node.kind == "end" and side_by_side:
        _bpmn(element, "terminateEventDefinition")


def _is_default(edge: Edge, source: Node) -> bool:
    """Say whether an edge out of a gateway is taken where no other is."""
    if source.kind == "some":
        return edge.otherwise
    return source.kind == "one" and not edge.conditional and edge.outcome is None


def _flow(process: Element, edge: Edge, id: str, layout: Layout) -> None:
    nodes = layout.chart.nodes
    name = {"name": edge.label} if edge.label else {}
    ends = {"sourceRef": _id(nodes[edge.source]), "targetRef": _id(nodes[edge.target])}
    element = _bpmn(process, "sequenceFlow", id=id, **name, **ends)
    splits = sum(other.source == edge.source for other in layout.chart.edges) > 1
    earlier = [e for e in layout.chart.edges[: layout.chart.edges.index(edge)] if e.source == edge.source]
    condition = _condition(edge, nodes[edge.source], earlier) if splits else ""
    if condition:
        expression = _bpmn(element, "conditionExpression")
        expression.set(f"{{{_XSI}}}type", "bpmn:tFormalExpression")
        expression.text = condition


def _condition(edge: Edge, source: Node, earlier: list[Edge]) -> str:
    """Return when an edge out of a gateway is taken, as an expression; empty where it always is.

    Args:
        earlier: those that are asked before it.
    """
    if edge.otherwise:
        return ""
    if edge.conditional:
        own = _any_of(edge)
        before = [f"not ({_any_of(other)})" for other in earlier if source.kind == "one" and other.conditional]
        return " and ".join([f"({own})" if before else own, *before])
    if edge.outcome is not None and source.kind == "one":
        return f'{source.id.split(".")[0]}_outcome == "{edge.outcome}"'
    return "True" if source.kind == "some" else ""


def _any_of(edge: Edge) -> str:
    return " or ".join(f"rule_{rule}" for rule in edge.rules) or "False"


# -------------------------------------------------------------------- where it is drawn


def _diagram(root: Element, layout: Layout, flows: dict[Edge, str]) -> None:
    diagram = SubElement(root, f"{{{_DI}}}BPMNDiagram", {"id": "Diagram"})
    plane = SubElement(diagram, f"{{{_DI}}}BPMNPlane", {"id": "Plane", "bpmnElement": "Collaboration"})
    top, width = layout.bands[0].y, layout.width - 2 * MARGIN
    height = layout.bands[-1].y + layout.bands[-1].height - top
    _bounds(_shape(plane, "Pool", isHorizontal="true"), MARGIN, top, width, height)
    for band in layout.bands:
        lane = _shape(plane, _lane_id(band.id), isHorizontal="true")
        _bounds(lane, MARGIN + UPRIGHT, band.y, width - UPRIGHT, band.height)
    for box in layout.boxes.values():
        _drawn_node(plane, box)
    for line in layout.lines:
        _drawn_flow(plane, line, flows[line.edge])


def _shape(plane: Element, id: str, **attributes: str) -> Element:
    return SubElement(plane, f"{{{_DI}}}BPMNShape", {"id": f"{id}_di", "bpmnElement": id} | attributes)


def _bounds(element: Element, x: float, y: float, width: float, height: float) -> None:
    # Sides are rounded, not sizes: what shares a side in the layout shares it here.
    left, top, right, bottom = (round(side) for side in (x, y, x + width, y + height))
    sizes = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    SubElement(element, f"{{{_DC}}}Bounds", {name: str(value) for name, value in sizes.items()})


def _drawn_node(plane: Element, box: Box) -> None:
    more = {"isMarkerVisible": "true"} if box.node.kind == "one" else {}
    shape = _shape(plane, _id(box.node), **more)
    _bounds(shape, box.x, box.y, box.width, box.height)
    if box.node.kind != "task" and box.lines:
        below = box.node.kind in ("start", "end")
        y = box.y + box.height + 4 if below else box.y - 4 - len(box.lines) * LABEL * LEADING
        _label(shape, box.middle[0], y, box.lines, centred=True)


def _drawn_flow(plane: Element, line: Line, id: str) -> None:
    edge = SubElement(plane, f"{{{_DI}}}BPMNEdge", {"id": f"{id}_di", "bpmnElement": id})
    for x, y in line.points:
        SubElement(edge, f"{{{_DD}}}waypoint", {"x": f"{x:.0f}", "y": f"{y:.0f}"})
    if line.label:
        x, y = line.label_at
        _label(edge, x, y - len(line.label) * LABEL * LEADING, line.label)


def _label(element: Element, x: float, y: float, lines: tuple[str, ...], *, centred: bool = False) -> None:
    spare = LABEL if len(lines) > 1 else 4  # where modellers break the lines anew, they guess how many characters fit
    width = max((text_width(line, LABEL) for line in lines), default=0) + spare
    label = SubElement(element, f"{{{_DI}}}BPMNLabel")
    _bounds(label, x - width / 2 if centred else x, y, width, max(1, len(lines)) * LABEL * LEADING)
