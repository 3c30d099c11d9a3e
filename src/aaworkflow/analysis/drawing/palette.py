"""The colours of pictures, one for each meaning, the same in every format."""

from typing import Final

import attrs

from aaworkflow.analysis.drawing.chart import Chart, Edge, Node

__all__ = ["FAINT", "INK", "LANE", "PAPER", "STRIPE", "Look", "edge_look", "node_look"]

INK: Final = "#1f2933"
FAINT: Final = "#52606d"
PAPER: Final = "#ffffff"
LANE: Final = "#e4e7eb"
STRIPE: Final = "#f7f9fb"
_LINE: Final = "#616e7c"
_PASSED: Final = "#0b69a3"
_OPEN: Final = "#b44d12"
_UNSEEN: Final = "#9aa5b1"


@attrs.frozen
class Look:
    """How a shape is drawn."""

    fill: str
    stroke: str
    width: float


def node_look(chart: Chart, node: Node) -> Look:
    """Return how a node is drawn: what a case passed is blue, where it stands is orange."""
    if node.open:
        return Look("#ffe8d9", _OPEN, 2.5)
    if node.times:
        return Look("#dceefb", _PASSED, 2.0)
    if node.kind == "end":
        colour = "#ab091e" if node.does == "refused" else "#0c6b58"
        return Look(PAPER, _UNSEEN if chart.marked else colour, 3.0)
    return Look(PAPER, _UNSEEN if chart.marked else _LINE, 1.3)


def edge_look(chart: Chart, edge: Edge) -> Look:
    """Return how an edge is drawn."""
    if edge.times:
        return Look("none", _PASSED, 2.4)
    return Look("none", _UNSEEN if chart.marked else _LINE, 1.3)
