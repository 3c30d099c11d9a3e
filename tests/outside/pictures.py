"""Render what `aaworkflow draw` writes as Mermaid, DOT and SVG with Mermaid, Graphviz and a browser.

    python tests/outside/pictures.py                  # needs node and npm; takes a minute
    python tests/outside/pictures.py --pictures OUT   # and pictures to look at

Every procedure with scenarios, in both languages, without a case and with the path of the longest one. Asked of each
file: it is read without an error; every title is shown whole; in our own SVG, where the place of each text is ours, no
text lies on another, leaves the picture, or is wider than the box that it is in. Exits with 1 otherwise.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from node import arguments, in_browser

from aaworkflow.analysis.drawing.draw import draw
from aaworkflow.rulesets import load_people, load_ruleset
from aaworkflow.testing import load_scenarios, play
from aaworkflow.texts import LANGS

ROOT = Path(__file__).parents[2]
PACKAGES = ("mermaid", "@viz-js/viz")
FORMATS = {"svg": "svg", "mermaid": "mmd", "dot": "dot"}


def write(path: Path, folder: Path) -> None:
    """Write the pictures of a ruleset into a folder."""
    ruleset, people, scenarios = load_ruleset(path), load_people(path / "people.yaml"), load_scenarios(path)
    cases = [c for s in scenarios for c in play(ruleset, s, people, among=scenarios).cases.values()]
    for procedure in ruleset.procedures:
        gone = [case for case in cases if case.procedure == procedure]
        longest = max(gone, key=lambda case: len(case.activations), default=None)
        for case in (None, longest) if longest else (None,):
            for lang in LANGS:
                for format, suffix in FORMATS.items():
                    text = draw(ruleset, procedure, format, case=case, lang=lang)
                    name = f"{path.name}.{procedure}.{lang}.{'case.' if case else ''}{suffix}"
                    (folder / name).write_text(str(text), "utf-8")


def main() -> int:
    parser = arguments(__doc__, browser=True)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        for path in sorted(ROOT.glob("rulesets/*/ruleset.yaml")):
            write(path.parent, Path(folder))
        script = Path(__file__).with_suffix(".mjs")
        return in_browser(
            script, PACKAGES, Path(folder), given=given.modules, browser=given.browser, pictures=given.pictures
        )


if __name__ == "__main__":
    sys.exit(main())
