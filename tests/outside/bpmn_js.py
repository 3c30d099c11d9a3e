"""Open what `aaworkflow draw` writes as BPMN in bpmn-js itself, in a browser, and lint it with bpmnlint.

    python tests/outside/bpmn_js.py                          # needs node and npm; takes a minute
    python tests/outside/bpmn_js.py RULESET --pictures OUT   # other rules, and pictures to look at

Every procedure in both languages, and generated charts of any shape. Asked of each file: bpmn-js imports it without a
warning; every node, flow, lane and title is drawn and nothing else; flows run from the border of one shape to that of
another; nodes lie in their lanes; texts are whole, in their shapes, and lie on nothing; no line crosses a shape; what
the modeller saves is the same again; bpmnlint's recommended rules have nothing to say. Exits with 1 otherwise.
"""

import argparse
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from node import modules

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests/analysis"))

from test_draw_laws import charts  # noqa: E402

from aaworkflow.analysis.drawing.bpmn import bpmn_of  # noqa: E402
from aaworkflow.analysis.drawing.chart import Chart  # noqa: E402
from aaworkflow.analysis.drawing.draw import draw  # noqa: E402
from aaworkflow.rulesets import load_ruleset  # noqa: E402
from aaworkflow.texts import LANGS  # noqa: E402

PACKAGES = ("bpmn-js", "bpmn-moddle", "bpmnlint", "playwright-core")
PACKED_BROWSER = "@sparticuz/chromium"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


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
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("rulesets", nargs="*", type=Path, help="folders of rulesets; by default those of this tree")
    parser.add_argument("--modules", type=Path, help="a folder in which npm has installed what is needed already")
    parser.add_argument("--browser", help="a Chrome or Chromium; by default one in the path, or else one from npm")
    parser.add_argument("--pictures", type=Path, help="a folder for a PNG of each")
    parser.add_argument("--charts", type=int, default=100, help="so many generated charts")
    options = parser.parse_args()
    browser = options.browser or next(filter(None, map(shutil.which, BROWSERS)), "")
    rulesets = options.rulesets or [
        *sorted(p.parent for p in ROOT.glob("rulesets/*/ruleset.yaml")),
        ROOT / "tests/cases/office",
    ]
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    packages = PACKAGES if browser else (*PACKAGES, PACKED_BROWSER)
    with TemporaryDirectory() as files, modules(packages, options.modules) as installed:
        write_procedures(rulesets, Path(files))
        write_charts(options.charts, Path(files))
        script = Path(__file__).with_suffix(".mjs")
        pictures = options.pictures.resolve() if options.pictures else ""
        ran = subprocess.run(
            ["node", script, installed, files, pictures, browser], stdout=subprocess.PIPE, text=True, check=True
        )
    versions, *opened = (json.loads(line) for line in ran.stdout.splitlines())
    for one in opened:
        for problem in one["found"]:
            print(f"{one['name']}: {problem}")
    wrong = sum(bool(one["found"]) for one in opened)
    shapes, flows = (sum(one[kind] for one in opened) for kind in ("shapes", "flows"))
    print(", ".join(f"{name} {version}" for name, version in versions["versions"].items()))
    print(f"{len(opened)} files opened, {shapes} shapes and {flows} flows drawn, {wrong} files with problems")
    return 1 if wrong or not opened else 0


if __name__ == "__main__":
    sys.exit(main())
