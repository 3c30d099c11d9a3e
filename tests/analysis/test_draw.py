"""Pictures of procedures: complete, in order, and nothing lies on anything else."""

import re
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rooms import no_lines_run_along_each_other, nothing_overlaps, room_of, room_of_label, stretches

from aaworkflow.analysis.drawing.chart import Chart, chart_of
from aaworkflow.analysis.drawing.draw import draw
from aaworkflow.analysis.drawing.grid import LABEL, LEADING
from aaworkflow.analysis.drawing.layout import Layout, lay_out
from aaworkflow.analysis.drawing.lettering import text_width
from aaworkflow.cases import Case
from aaworkflow.errors import AnalysisError
from aaworkflow.rulesets import Ruleset, load_people, load_ruleset
from aaworkflow.testing import load_scenarios, play
from aaworkflow.texts import LANGS, Lang

ROOT = Path(__file__).parents[2]
RULESETS = {name: load_ruleset(ROOT / name) for name in ("rulesets/aa", "rulesets/purchase", "tests/cases/office")}
PROCEDURES = [(name, procedure) for name, ruleset in RULESETS.items() for procedure in ruleset.procedures]
AA = RULESETS["rulesets/aa"]


@cache
def the_case(procedure: str, end: str) -> Case:
    """Return a case of a scenario of `aa` that came to an end, with the most steps gone."""
    people = load_people(ROOT / "rulesets/aa/people.yaml")
    scenarios = load_scenarios(ROOT / "rulesets/aa")
    cases = [c for s in scenarios for c in play(AA, s, people, among=scenarios).cases.values()]
    return max((c for c in cases if c.procedure == procedure and c.end == end), key=lambda c: len(c.activations))


def layout_of(name: str, procedure: str, lang: Lang) -> Layout:
    ruleset = RULESETS[name]
    return lay_out(chart_of(ruleset, ruleset.procedures[procedure], None, lang))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("name", "procedure"), PROCEDURES)
def test_nothing_lies_on_anything_else(name: str, procedure: str, lang: Lang) -> None:
    layout = layout_of(name, procedure, lang)
    nothing_overlaps(layout)
    rooms = room_of(layout)
    labels = [room_of_label(line) for line in layout.lines if line.label]
    everything = [*rooms.values(), *labels, *(s for line in layout.lines for s in stretches(line))]
    assert all(min(a, b) >= 0 and c <= layout.width and d <= layout.height for a, b, c, d in everything)


@pytest.mark.parametrize(("name", "procedure"), PROCEDURES)
def test_lines_to_different_places_never_run_along_each_other(name: str, procedure: str) -> None:
    no_lines_run_along_each_other(layout_of(name, procedure, "zh"))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("name", "procedure"), PROCEDURES)
def test_every_text_is_whole_and_in_its_box_and_lane(name: str, procedure: str, lang: Lang) -> None:
    layout = layout_of(name, procedure, lang)
    bands = {band.id: band for band in layout.bands}
    for box in layout.boxes.values():
        if box.node.kind in ("task", "end"):
            assert "".join(box.lines).replace(" ", "") == box.node.title.replace(" ", "")
        if box.node.kind == "task":
            assert all(text_width(line, 14) <= box.width for line in box.lines)
        band = bands[box.node.lane]
        assert band.y < box.y
        assert box.y + box.height < band.y + band.height
    for band in layout.bands:
        assert len(band.lines) * LABEL * LEADING <= band.height


def test_a_condition_is_dashed_with_the_title_of_its_rule_and_deadlines_are_shown() -> None:
    chart = chart_of(AA, AA.procedures["sales_contract"], None, "zh")
    assert chart.nodes["president_consent"].conditional
    (into,) = [e for e in chart.edges if e.target == "president_consent"]
    assert (into.conditional, into.label, into.rules) == (True, "重大合同须总裁同意", ("major_contract",))
    assert chart.nodes["draft"].notes == ("期限 2个工作日",)
    assert chart.notes == ("市场营销部收到合同后完成审批:期限 1个工作日(市场中心经理)",)
    assert {e.label for e in chart.edges if e.source == "approve.outcome"} == {"通过", "不通过"}


def test_branches_that_run_side_by_side_meet_at_a_gateway_of_the_same_kind() -> None:
    ruleset = RULESETS["tests/cases/office"]
    chart = chart_of(ruleset, ruleset.procedures["branches"], None, "en")
    ways, join = (next(n for n in chart.nodes if n.endswith(end)) for end in (".ways", ".join"))
    assert chart.nodes[ways].kind == chart.nodes[join].kind == "some"
    into = {e.source for e in chart.edges if e.target == join}
    assert into == {"legal.outcome", "money_sign", "press"}
    assert [e.source for e in chart.edges if e.target == "decide"] == [join]


# -------------------------------------------------------------------- the path of a case


def marked(case: Case) -> Chart:
    return chart_of(AA, AA.procedures[case.procedure], case, "zh")


def test_the_path_of_a_case_is_one_way_from_the_start_to_its_end() -> None:
    case = the_case("sales_contract", "archived")
    chart = marked(case)
    for id, node in chart.nodes.items():
        into = sum(e.times for e in chart.edges if e.target == id)
        out = sum(e.times for e in chart.edges if e.source == id)
        if node.kind not in ("start", "end"):
            assert into == out == node.times, id
    assert sum(e.times for e in chart.edges if e.target == "archived") == 1


def test_each_step_counts_how_often_the_case_passed_it() -> None:
    case = the_case("transformation_proposal", "accepted")
    chart = marked(case)
    for step in AA.procedures[case.procedure].steps:
        assert chart.nodes[step].times == sum(a.step == step for a in case.activations.values())


def test_what_a_case_passed_has_another_colour() -> None:
    case = the_case("sales_contract", "archived")
    plain, drawn = draw(AA, "sales_contract", "svg", lang="zh"), draw(AA, "sales_contract", "svg", case=case, lang="zh")
    assert "#0b69a3" not in plain
    assert drawn.count("#0b69a3") > 20
    assert "linkStyle" in draw(AA, "sales_contract", "mermaid", case=case)
    assert "#0b69a3" in draw(AA, "sales_contract", "dot", case=case)


# -------------------------------------------------------------------- formats


@pytest.mark.parametrize(("name", "procedure"), PROCEDURES)
def test_svg_is_xml_that_fetches_nothing(name: str, procedure: str) -> None:
    text = draw(RULESETS[name], procedure, lang="zh")
    root = ElementTree.fromstring(text)
    assert root.tag.endswith("svg")
    assert "href" not in text
    assert "<script" not in text
    shown = "".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))
    for step in RULESETS[name].procedures[procedure].steps.values():
        assert step.title.get("zh").replace(" ", "")[:4] in shown.replace(" ", "")


@pytest.mark.parametrize(("name", "procedure"), PROCEDURES)
def test_bpmn_is_whole_every_reference_leads_somewhere_and_everything_has_a_place(name: str, procedure: str) -> None:
    root = ElementTree.fromstring(draw(RULESETS[name], procedure, "bpmn", lang="zh"))
    ids = [e.attrib["id"] for e in root.iter() if "id" in e.attrib]
    assert len(ids) == len(set(ids))
    for element in root.iter():
        for attribute in ("sourceRef", "targetRef", "processRef", "bpmnElement", "default"):
            assert element.attrib.get(attribute, ids[0]) in ids
        if element.tag.endswith(("incoming", "outgoing", "flowNodeRef")):
            assert element.text in ids
    placed = {e.attrib["bpmnElement"] for e in root.iter() if "bpmnElement" in e.attrib}
    process = next(e for e in root if e.tag.endswith("process"))
    assert {e.attrib["id"] for e in process if not e.tag.endswith(("laneSet", "documentation"))} <= placed
    gates = [e for e in process if e.tag.endswith("exclusiveGateway")]
    assert all(len([way for way in g if way.tag.endswith(("incoming", "outgoing"))]) > 2 for g in gates)


def test_dot_and_mermaid_name_every_step_and_quote_what_means_something_to_them() -> None:
    files = {n: t.replace("en: Print the official contract", "en: 'Say \"x\" & <b> #1'") for n, t in AA.files.items()}
    odd = Ruleset.from_files(files)
    mermaid, dot = draw(odd, "sales_contract", "mermaid", lang="en"), draw(odd, "sales_contract", "dot", lang="en")
    assert '["Say #quot;x#quot; #amp; #lt;b#gt; #35;1"]' in mermaid
    assert r'label="Say \"x\" & <b> #1"' in dot
    for step in odd.procedures["sales_contract"].steps:
        assert len(re.findall(rf"^    n_{step}\b", mermaid, re.MULTILINE)) == 1
        assert len(re.findall(rf"^    n_{step} \[", dot, re.MULTILINE)) == 1


def test_boxes_of_dot_are_as_wide_as_their_texts_whatever_fonts_there_are() -> None:
    dot = draw(AA, "sales_contract", "dot", lang="zh")
    (width,) = re.findall(r'label="按照公司合同规范打印正本", width=([0-9.]+)', dot)
    assert float(width) * 72 > len("按照公司合同规范打印正本") * 14


# -------------------------------------------------------------------- refusals


def test_an_unknown_procedure_names_the_nearest() -> None:
    with pytest.raises(AnalysisError) as refused:
        draw(AA, "sale_contract")
    assert (refused.value.code, refused.value.nearest) == ("unknown_procedure_to_draw", "sales_contract")


def test_an_unknown_format_names_what_there_is() -> None:
    with pytest.raises(AnalysisError) as refused:
        draw(AA, "sales_contract", "jpeg")  # type: ignore[call-overload]
    assert refused.value.code == "unknown_picture_format"
    assert "svg" in refused.value.allowed


def test_a_case_of_another_procedure_is_refused() -> None:
    case = the_case("sales_contract", "archived")
    with pytest.raises(AnalysisError) as refused:
        draw(AA, "visit", case=case)
    assert refused.value.code == "case_of_other_procedure"
