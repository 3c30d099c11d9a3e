"""Laws of the layout: whatever the procedure, nothing lies on anything else; whatever the text, nothing of it is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rooms import no_lines_run_along_each_other, nothing_overlaps

from aaworkflow.analysis.drawing.chart import Chart, Edge, Lane, Node
from aaworkflow.analysis.drawing.layout import lay_out
from aaworkflow.analysis.drawing.lettering import balanced, text_width, wrapped

TITLES = st.text("总裁同意审批 abcdefgh（）、,", min_size=1, max_size=30).filter(str.strip)
LABELS = st.sampled_from(["", "通过", "不通过", "重大合同须总裁同意", "A major contract needs the president's consent"])


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Any graph: gateways with many ways out, loops, ends in the middle, nodes that nothing reaches."""
    lanes = tuple(Lane(f"lane{i}", draw(TITLES)) for i in range(draw(st.integers(1, 4))))
    kinds = draw(st.lists(st.sampled_from(["task", "task", "one", "some", "end"]), min_size=1, max_size=11))
    nodes = {".start": Node(".start", "start", lanes[0].id)}
    for number, kind in enumerate(kinds):
        title = draw(TITLES) if kind in ("task", "end") else ""
        notes = tuple(draw(st.lists(TITLES, max_size=2))) if kind == "task" else ()
        nodes[f"n{number}"] = Node(f"n{number}", kind, draw(st.sampled_from(lanes)).id, title, notes)
    targets = st.sampled_from(list(nodes)[1:])
    edges = [Edge(".start", draw(targets))]
    for node in list(nodes.values())[1:]:
        most = {"task": 1, "end": 0}.get(node.kind, 4)
        for target in draw(st.lists(targets, max_size=most, unique=True)):
            edges.append(Edge(node.id, target, draw(LABELS) if most > 1 else ""))
    return Chart(
        "any", "任意", tuple(x for x in lanes if any(n.lane == x.id for n in nodes.values())), nodes, tuple(edges)
    )


@settings(max_examples=150)
@given(charts())
def test_nothing_lies_on_anything_else_whatever_the_graph(chart: Chart) -> None:
    layout = lay_out(chart)
    nothing_overlaps(layout)
    no_lines_run_along_each_other(layout)


@given(st.text(max_size=60), st.integers(40, 200))
def test_no_character_is_lost_and_no_line_is_too_long(text: str, width: int) -> None:
    for lines in (wrapped(text, width, 14), balanced(text, width, 14)):
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(text_width(line, 14) <= width for line in lines)
    assert len(balanced(text, width, 14)) == len(wrapped(text, width, 14))


def test_closing_marks_begin_no_line_and_opening_ones_end_none() -> None:
    assert wrapped("各负责人签字（没有一致通过）", 14 * 7, 14) == ("各负责人签字", "（没有一致通", "过）")
    assert wrapped("市场中心、客户中心", 14 * 4, 14) == ("市场中", "心、客户", "中心")
    assert balanced("市场营销部收件审核", 14 * 8, 14) == ("市场营销部", "收件审核")
    assert wrapped("Approve the contract", 60, 14) == ("Approve", "the", "contract")
