"""Open what `aaworkflow draw` writes as BPMN in bpmn-js itself, in a browser, and lint it with bpmnlint.

    python tests/outside/bpmn_js.py                          # needs node and npm; takes a minute
    python tests/outside/bpmn_js.py RULESET --pictures OUT   # other rules, and pictures to look at

Every procedure in both languages, and generated charts of any shape. Asked of each file: bpmn-js imports it without a
warning; every node, flow, lane and title is drawn and nothing else; flows run from the border of one shape to that of
another; nodes lie in their lanes; texts are whole, in their shapes, and lie on nothing; no line crosses a shape; what
the modeller saves is the same again; bpmnlint's recommended rules have nothing to say. Exits with 1 otherwise.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from node import arguments, in_browser

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests/analysis"))

from test_draw_laws import charts  # noqa: E402

from aaworkflow.analysis.drawing.bpmn import bpmn_of  # noqa: E402
from aaworkflow.analysis.drawing.chart import Chart  # noqa: E402
from aaworkflow.analysis.drawing.draw import draw  # noqa: E402
from aaworkflow.rulesets import load_ruleset  # noqa: E402
from aaworkflow.texts import LANGS  # noqa: E402

PACKAGES = ("bpmn-js", "bpmn-moddle", "bpmnlint")
RULESETS = [*sorted(path.parent for path in ROOT.glob("rulesets/*/ruleset.yaml")), ROOT / "tests/cases/office"]


def write_procedures(rulesets: list[Path], folder: Path) -> None:
    for path in rulesets:
        ruleset = load_ruleset(path)
        for procedure in ruleset.procedures:
            for lang in LANGS:
                text = draw(ruleset, procedure, "bpmn", lang=lang)
                (folder / f"{path.name}.{procedure}.{lang}.bpmn").write_text(text, "utf-8")


def write_charts(count: int, folder: Path) -> None:
    written = 0

    @settings(max_examples=count, derandomize=True, database=None, phases=[Phase.generate], deadline=None)
    @given(charts())
    def write(chart: Chart) -> None:
        nonlocal written
        written += 1
        (folder / f"chart.{written:03}.bpmn").write_text(bpmn_of(chart), "utf-8")

    write()


def main() -> int:
    parser = arguments(__doc__, browser=True)
    parser.add_argument("rulesets", nargs="*", type=Path, help="folders of rulesets; by default those of this tree")
    parser.add_argument("--charts", type=int, default=250, help="so many generated charts")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        files = Path(folder)
        write_procedures(given.rulesets or RULESETS, files)
        write_charts(given.charts, files)
        script = Path(__file__).with_suffix(".mjs")
        return in_browser(script, PACKAGES, files, given=given.modules, browser=given.browser, pictures=given.pictures)


if __name__ == "__main__":
    sys.exit(main())
