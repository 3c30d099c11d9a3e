"""Ways that meet before a step or an end, led through a gateway there, as the practice of BPMN asks."""

import attrs

from aaworkflow.analysis.drawing.chart import Chart, Edge, Node

__all__ = ["met"]


def met(chart: Chart) -> Chart:
    """Return a chart in which ways meet at gateways only, and none of these also leads apart.

    What runs side by side meets at gateways already.
    """
    into = [edge.target for edge in chart.edges]
    meetings = {
        node.id: Node(f"{node.id}.meet", "one", node.lane)
        for node in chart.nodes.values()
        if node.kind not in ("each", "some") and into.count(node.id) > 1
    }
    nodes: dict[str, Node] = {}
    for node in chart.nodes.values():
        if node.id in meetings:
            nodes[meetings[node.id].id] = meetings[node.id]
        nodes[node.id] = node
    led = (attrs.evolve(e, target=meetings[e.target].id) if e.target in meetings else e for e in chart.edges)
    return attrs.evolve(chart, nodes=nodes, edges=(*led, *(Edge(gate.id, id) for id, gate in meetings.items())))
