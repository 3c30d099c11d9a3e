"""Draw a procedure: as Mermaid, DOT, SVG, PNG or BPMN, and the path that a case took through it."""

from typing import Final, Literal, assert_never, get_args, overload

from aaworkflow.analysis.drawing.bpmn import bpmn_of
from aaworkflow.analysis.drawing.chart import Chart, Edge, Node, chart_of
from aaworkflow.analysis.drawing.layout import lay_out
from aaworkflow.analysis.drawing.lettering import text_width
from aaworkflow.analysis.drawing.palette import edge_look, node_look
from aaworkflow.analysis.drawing.png import png_of
from aaworkflow.analysis.drawing.svg import svg_of
from aaworkflow.cases import Case, plan_of
from aaworkflow.errors import AnalysisError
from aaworkflow.rulesets import Ruleset
from aaworkflow.texts import Lang, current_lang

__all__ = ["PICTURES", "Picture", "draw"]

Picture = Literal["mermaid", "dot", "svg", "png", "bpmn"]
PICTURES: Final[tuple[Picture, ...]] = get_args(Picture)


@overload
def draw(
    ruleset: Ruleset, procedure: str, format: Literal["png"], *, case: Case | None = None, lang: Lang | None = None
) -> bytes: ...
@overload
def draw(
    ruleset: Ruleset,
    procedure: str,
    format: Literal["mermaid", "dot", "svg", "bpmn"] = "svg",
    *,
    case: Case | None = None,
    lang: Lang | None = None,
) -> str: ...
@overload
def draw(
    ruleset: Ruleset, procedure: str, format: Picture, *, case: Case | None = None, lang: Lang | None = None
) -> str | bytes: ...
def draw(
    ruleset: Ruleset, procedure: str, format: Picture = "svg", *, case: Case | None = None, lang: Lang | None = None
) -> str | bytes:
    """Draw a procedure as a flow chart, offline: roles as lanes, deadlines, outcomes and the rules that decide.

    Args:
        ruleset: where the procedure is.
        procedure: its id.
        format: `svg`, `png`, `mermaid`, `dot` or `bpmn`.
        case: a case of this procedure, whose path is marked with how often it passed each step.
        lang: the language of all texts; by default the current one.

    Returns:
        The text of the picture; for `png` the bytes of the file.

    Raises:
        AnalysisError: `unknown_procedure_to_draw`, `unknown_picture_format`, `case_of_other_procedure`; for `png`
            also `drawing_needs_pillow`, `no_chinese_font` and `font_not_readable`.
    """
    if procedure not in ruleset.procedures:
        raise AnalysisError.of("unknown_procedure_to_draw", name=procedure, allowed=ruleset.procedures)
    if format not in PICTURES:
        raise AnalysisError.of("unknown_picture_format", name=format, allowed=PICTURES)
    if case is not None and case.procedure != procedure:
        raise AnalysisError.of("case_of_other_procedure", case=case.id, found=case.procedure, procedure=procedure)
    lang = lang or current_lang()
    plan = ruleset.procedures[procedure] if case is None else plan_of(ruleset, case)
    chart = chart_of(ruleset, plan, case, lang)
    match format:
        case "mermaid":
            return _mermaid(chart)
        case "dot":
            return _dot(chart)
        case "svg":
            return svg_of(lay_out(chart), lang)
        case "png":
            return png_of(lay_out(chart))
        case "bpmn":
            return bpmn_of(chart)
        case _:
            assert_never(format)


# -------------------------------------------------------------------- Mermaid


def _safe(id: str) -> str:
    """Return an id that is a word of its own in Mermaid and DOT, where `end` and points mean something."""
    return "n_" + id.replace(".", "__")


_ENTITIES: Final = str.maketrans(
    {'"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "#": "#35;", "`": "#96;", "\n": " "}
)


def _words(*texts: str) -> str:
    """Return lines of text for a Mermaid label: nothing in them is read as markup."""
    return "<br/>".join(text.translate(_ENTITIES) for text in texts if text)


def _mermaid(chart: Chart) -> str:
    lines = ["---", f"title: {_quoted(chart.title)}", "---", "flowchart LR"]
    for lane in chart.lanes:
        lines.append(f'  subgraph {_safe("lane." + lane.id)}["{_words(lane.title)}"]')
        lines += [f"    {_mermaid_node(node)}" for node in chart.nodes.values() if node.lane == lane.id]
        lines.append("  end")
    for edge in chart.edges:
        arrow, label = ("-.->" if edge.conditional else "-->"), _words(_edge_label(edge))
        says = f'|"{label}"|' if label else ""
        lines.append(f"  {_safe(edge.source)} {arrow}{says} {_safe(edge.target)}")
    for node in chart.nodes.values():
        if node.conditional or node.times or node.open:
            look = node_look(chart, node)
            dash = ",stroke-dasharray:6 4" if node.conditional else ""
            style = f"fill:{look.fill},stroke:{look.stroke},stroke-width:{look.width}px{dash}"
            lines.append(f"  style {_safe(node.id)} {style}")
    passed = [str(number) for number, edge in enumerate(chart.edges) if edge.times]
    if passed:
        look = edge_look(chart, next(edge for edge in chart.edges if edge.times))
        lines.append(f"  linkStyle {','.join(passed)} stroke:{look.stroke},stroke-width:{look.width}px")
    lines += [f"  %% {note}" for note in chart.notes]
    return "\n".join(lines) + "\n"


def _mermaid_node(node: Node) -> str:
    id, label = _safe(node.id), _words(node.title, *node.notes, _count(node))
    match node.kind:
        case "start":
            return f'{id}((" "))'
        case "end":
            return f'{id}((("{label}")))'
        case "one":
            return f'{id}{{"×"}}'
        case "each":
            return f'{id}{{"+"}}'
        case "some":
            return f'{id}{{"○"}}'
        case "task":
            return f'{id}["{label}"]'


def _count(node: Node) -> str:
    return f"×{node.times}" if node.times > 1 else ""


def _edge_label(edge: Edge) -> str:
    return f"{edge.label} ×{edge.times}".strip() if edge.times > 1 else edge.label


# -------------------------------------------------------------------- DOT


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


_DOT_SIZE: Final = 14.0
"""Of its letters, in points, where nothing else is said."""


def _dot(chart: Chart) -> str:
    lines = [
        f"digraph {_quoted(chart.id)} {{",
        "  rankdir=LR; labelloc=t; compound=true;",
        f"  label={_quoted(chr(10).join((chart.title, *chart.notes)))};",
        '  node [shape=box, style=rounded, fontname="sans-serif"]; edge [fontname="sans-serif"];',
    ]
    for number, lane in enumerate(chart.lanes):
        lines.append(f"  subgraph cluster_{number} {{ label={_quoted(lane.title)};")
        lines += [f"    {_dot_node(chart, node)}" for node in chart.nodes.values() if node.lane == lane.id]
        lines.append("  }")
    for edge in chart.edges:
        look = edge_look(chart, edge)
        style = f"color={_quoted(look.stroke)}, penwidth={look.width}" + (", style=dashed" if edge.conditional else "")
        ends = f"{_safe(edge.source)} -> {_safe(edge.target)}"
        lines.append(f"  {ends} [label={_quoted(_edge_label(edge))}, {style}];")
    return "\n".join([*lines, "}", ""])


def _dot_node(chart: Chart, node: Node) -> str:
    look = node_look(chart, node)
    colours = f"fillcolor={_quoted(look.fill)}, color={_quoted(look.stroke)}, penwidth={look.width}"
    match node.kind:
        case "start":
            kind = 'shape=circle, style=filled, label=""'
        case "end":
            kind = f"shape=doublecircle, style=filled, label={_quoted(node.title)}"
        case "one" | "each" | "some":
            sign = {"one": "×", "each": "+", "some": "○"}[node.kind]
            kind = f'shape=diamond, style=filled, label="{sign}"'
        case "task":
            style = "rounded,filled,dashed" if node.conditional else "rounded,filled"
            label = "\n".join(text for text in (node.title, *node.notes, _count(node)) if text)
            # Where Graphviz has no font with Chinese characters it takes them to be as narrow as spaces.
            width = max(text_width(line, _DOT_SIZE) for line in label.split("\n")) / 72 + 0.2
            kind = f'style="{style}", label={_quoted(label)}, width={width:.2f}'
    return f"{_safe(node.id)} [{kind}, {colours}];"
