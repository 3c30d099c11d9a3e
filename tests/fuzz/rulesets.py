"""Fuzz rulesets with atheris: whatever is in the files, a ruleset or its findings come out, and soon.

Run: `uv run --with atheris python tests/fuzz/rulesets.py -atheris_runs=20000`. Not part of the suite.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["aaworkflow.rulesets"]):
    from aaworkflow.errors import AaworkflowError
    from aaworkflow.rulesets import read_files

FOLDER = Path(__file__).parents[2] / "rulesets" / "purchase"
FILES = {
    str(path.relative_to(FOLDER)): path.read_text("utf-8")
    for path in sorted(FOLDER.rglob("*"))
    if path.suffix in (".yaml", ".csv") and "scenarios" not in path.parts
}
NAMES = list(FILES)
PIECES = [
    *(
        "[",
        "]",
        "{",
        "}",
        "[]",
        "{}",
        ": ",
        "- ",
        "\n",
        "  ",
        "&a ",
        "*a",
        "<<: ",
        "!!python/object:os.system ",
        "? ",
        "|",
    ),
    *(
        "null",
        "~",
        "true",
        "no",
        "0",
        "-1",
        "1e999",
        ".inf",
        "0x1F",
        "2026-02-30",
        "2026-01-01",
        "01:30",
        "2/0",
        "101%",
    ),
    *(
        "when",
        "then",
        "within",
        "by",
        "outcomes",
        "agree",
        "source",
        "title",
        "zh",
        "en",
        "parameter",
        "operator",
        "name",
    ),
    *(
        "all",
        "any",
        "not",
        "at_least",
        "share",
        "1 working day",
        "2个工作日",
        "draft",
        "review",
        "会签",
        "\u200b",
        "\ufeff",
        "é",
    ),
]


def changed(data: atheris.FuzzedDataProvider, text: str) -> str:
    """Return a text with a few places replaced by pieces of the language, by other places of the text, or by anything."""
    for _ in range(data.ConsumeIntInRange(1, 4)):
        start = data.ConsumeIntInRange(0, len(text))
        end = start + data.ConsumeIntInRange(0, 40)
        match data.ConsumeIntInRange(0, 3):
            case 0:
                new = "".join(data.PickValueInList(PIECES) for _ in range(data.ConsumeIntInRange(0, 4)))
            case 1:
                other = data.ConsumeIntInRange(0, len(text))
                new = text[other : other + data.ConsumeIntInRange(0, 200)]
            case 2:
                new = data.ConsumeUnicode(12)
            case _:
                new = ""
        text = text[:start] + new + text[end:]
    return text


def one_input(raw: bytes) -> None:
    """Try the files with one of them changed."""
    data = atheris.FuzzedDataProvider(raw)
    name = data.PickValueInList(NAMES)
    files = {**FILES, name: changed(data, FILES[name])}
    if data.ConsumeIntInRange(0, 9) == 0:
        del files[data.PickValueInList(NAMES)]
    try:
        _, findings = read_files(files)
    except AaworkflowError as error:
        error.text("zh")
    else:
        for finding in findings:
            finding.reason.text("zh")
            finding.reason.text("en")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
