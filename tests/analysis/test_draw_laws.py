"""Laws of the layout: whatever the procedure, nothing lies on anything else; whatever the text, nothing of it is lost."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rooms import no_lines_run_along_each_other, nothing_overlaps

from aaworkflow.analysis.drawing.chart import Chart, Edge, Lane, Node
from aaworkflow.analysis.drawing.grid import Style
from aaworkflow.analysis.drawing.layout import lay_out
from aaworkflow.analysis.drawing.lettering import balanced, narrowest, text_width, wrapped
from aaworkflow.analysis.drawing.meeting import met

TITLES = st.text("总裁同意审批 abcdefgh（）、,", min_size=1, max_size=30).filter(str.strip)
LABELS = st.sampled_from(["", "通过", "不通过", "重大合同须总裁同意", "A major contract needs the president's consent"])


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    """Any graph: gateways with many ways out, loops, ends in the middle, nodes that nothing reaches."""
    lanes = tuple(Lane(f"lane{i}", draw(TITLES)) for i in range(draw(st.integers(1, 4))))
    kinds = draw(st.lists(st.sampled_from(["task", "task", "one", "some", "end"]), min_size=1, max_size=11))
    nodes = {".start": Node(".start", "start", lanes[0].id, draw(TITLES))}
    for number, kind in enumerate(kinds):
        title = draw(TITLES)
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
@given(charts(), st.sampled_from(["picture", "model"]))
def test_nothing_lies_on_anything_else_whatever_the_graph(chart: Chart, style: Style) -> None:
    layout = lay_out(met(chart) if style == "model" else chart, style)
    nothing_overlaps(layout)
    no_lines_run_along_each_other(layout)


@given(charts())
def test_in_a_model_ways_meet_at_gateways_only_and_none_of_these_also_leads_apart(chart: Chart) -> None:
    drawn = met(chart)
    for node in drawn.nodes.values():
        into, out = (
            [e for e in drawn.edges if side(e) == node.id] for side in (lambda e: e.target, lambda e: e.source)
        )
        if len(into) > 1:
            assert node.kind == "some" or (node.kind == "one" and len(out) == 1)
    ways = [e for e in drawn.edges if not drawn.nodes[e.source].id.endswith(".meet")]
    assert [(e.source, e.target.removesuffix(".meet"), e.label) for e in ways] == [
        (e.source, e.target, e.label) for e in chart.edges
    ]


@given(st.text(max_size=60), st.integers(40, 200), st.booleans())
def test_no_character_is_lost_and_no_line_is_too_long(text: str, width: int, at_spaces: bool) -> None:
    for lines in (found := [break_(text, width, 14, at_spaces=at_spaces) for break_ in (wrapped, balanced)]):
        assert "".join("".join(lines).split()) == "".join(text.split())
        assert all(text_width(line, 14) <= width for line in lines)
    assert len(found[0]) == len(found[1])


@given(st.lists(st.sampled_from(["the", "customer", "requirements", "同", "report,"]), max_size=8), st.booleans())
def test_no_word_that_fits_into_a_line_is_broken(words: list[str], at_spaces: bool) -> None:
    for break_ in (wrapped, balanced):
        lines = break_(" ".join(words), 110, 14, at_spaces=at_spaces)
        assert [word for line in lines for word in line.split()] == words


@given(TITLES, st.integers(1, 3))
def test_the_narrowest_room_for_some_lines_breaks_no_word(text: str, lines: int) -> None:
    width = narrowest(text, lines, 12)
    found = wrapped(text, width, 12, at_spaces=True)
    assert len(found) <= lines
    assert set("".join(" ".join(found).split())) == set("".join(text.split()))
    assert all(word in " ".join(found) for word in text.split() if word.isascii())


def test_closing_marks_begin_no_line_and_opening_ones_end_none() -> None:
    assert wrapped("各负责人签字（没有一致通过）", 14 * 7, 14) == ("各负责人签字", "（没有一致通", "过）")
    assert wrapped("市场中心、客户中心", 14 * 4, 14) == ("市场中", "心、客户", "中心")
    assert balanced("市场营销部收件审核", 14 * 8, 14) == ("市场营销部", "收件审核")
    assert wrapped("Approve the contract", 60, 14) == ("Approve", "the", "contract")


def test_programs_that_know_nothing_of_chinese_break_it_at_spaces_alone() -> None:
    assert wrapped("合同 由总裁审批", 14 * 8, 14) == ("合同 由总裁审批",)
    assert wrapped("合同 由总裁审批", 14 * 6, 14) == ("合同 由总裁", "审批")
    assert wrapped("合同 由总裁审批", 14 * 6, 14, at_spaces=True) == ("合同", "由总裁审批")
    assert wrapped("合同由总裁审批", 14 * 6, 14, at_spaces=True) == ("合同由总裁", "审批")
