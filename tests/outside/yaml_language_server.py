"""Edit files with the real yaml-language-server by the schemas that `aaworkflow schema` prints.

    python tests/outside/yaml_language_server.py     # needs node and npm; takes two minutes

In both languages: no good file of this repository is marked; in every bad one below, what is wrong is marked where it
stands, and nothing else; inside a mapping of each kind the loader's own keys are offered, each with what it is for; and
hovering over a key or a word says what it is. Exits with 1 otherwise.
"""

import json
import sys
from collections.abc import Iterator
from contextvars import copy_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from language_server import LanguageServer
from node import arguments, modules

from aaworkflow.analysis.simulation import office_schema
from aaworkflow.analysis.simulation.vocabulary import OFFICE_FILE
from aaworkflow.plugins import installed_vocabulary
from aaworkflow.rulesets import people_schema, ruleset_schema
from aaworkflow.rulesets.people_vocabulary import PEOPLE_FILE
from aaworkflow.rulesets.shapes import Either, ListOf, MapOf, Record
from aaworkflow.rulesets.vocabulary import PROCEDURE, SECTIONS
from aaworkflow.testing import scenario_schema
from aaworkflow.testing.scenario_vocabulary import LINES, SCENARIO
from aaworkflow.texts import LANGS, Lang, set_lang

ROOT = Path(__file__).parents[2]
GOOD = ("rulesets", "tests/cases/office")
PACKAGE = "yaml-language-server"
SCHEMAS = {
    "ruleset": lambda: ruleset_schema(installed_vocabulary()),
    "people": people_schema,
    "office": office_schema,
    "scenario": scenario_schema,
}
LOCALES: dict[Lang, str] = {"zh": "zh-cn", "en": "en"}

# -------------------------------------------------------------------- bad files: each `^` stands before what is marked

STEP = "procedure: p\ntitle: P\nsteps:\n  a:\n    title: A\n    by: clerk\n    does: review\n"
RULE = "rules:\n  r:\n    title: R\n    source: K1\n"
LINE = "scenario: s\ntitle: S\nprocedure: p\nstory:\n"
BAD = {
    "ruleset": [
        "^rolls: {a: {title: A}}",
        "roles: {a: {title: A, ^offise: x}}",
        "roles: {^a: {office: x}}",
        "roles: ^[a]",
        "roles: {^1a: {title: A}}",
        "roles: {a: {title: A, external: ^yes}}",
        "roles: {a: {title: {zh: A, ^fr: B}}}",
        "facts: {f: {title: F, type: ^numerik}}",
        "parameters: {^p: {title: A}}",
        "documents: {d: {title: D, ^signed: clerk}}",
        "effective_from: ^tomorrow",
        "calendar: {timezone: Asia/Shanghai, closes_at: ^18.00}",
        "calendar: {timezone: Asia/Shanghai, weekend: [^sonday]}",
        "calendar: {timezone: Asia/Shanghai, holidays: [^2026-1-1]}",
        "^calendar: {country: CN}",
        "rules:\n  ^r: {title: R}",
        f"{RULE}    when: {{name: f, operator: ^equal_too}}",
        f"{RULE}    when: {{name: f, operator: is_true, ^vlaue: 1}}",
        f"{RULE}    when: {{any: ^[]}}",
        f"{RULE}    when: {{all: [{{name: f, operator: is_true}}], ^any: []}}",
        f"{RULE}    when:\n      all:\n        - {{name: f, operator: is_true}}\n        - ^{{name: f}}",
        f"{RULE}    when: {{name: f, operator: is_true}}\n    then: {{^requires_step: x}}",
        f"{RULE}    when: {{name: f, operator: is_true}}\n    then: [{{^add_reviewer: {{step: x}}}}]",
        "guarantees: {g: {text: T, never: {^stepp: x}}}",
        "guarantees: {g: {text: T, ^always_within: {step: x}}}",
        "guarantees: {^g: {never: {step: x}}}",
        "properties: {p: {text: T, as_rises: f, never_falls: {^facts: x}}}",
        "tables: {t: {hit_policy: ^uniq, inputs: [a], outputs: [b], rows: []}}",
        "tables: {t: {inputs: [a], outputs: {b: {^tipe: x}}, rows: [['-', x]]}}",
        "tables: {t: {inputs: [a], outputs: [b], rows: [{^wen: {a: 1}}]}}",
        "tables: {t: {inputs: [a], outputs: [b], no_match: ^explode}}",
        f"{STEP}    ^witin: 1 working day",
        f"{STEP}    within: ^1 day",
        f"{STEP}    within: ^3",
        f"{STEP}    remind: [^soon]",
        f"{STEP}    ^overdue: {{to: boss}}",
        f"{STEP}    overdue: {{act: ^escalat}}",
        f"{STEP}    agree: ^most",
        f"{STEP}    agree: {{^at_leats: 2}}",
        f"{STEP}    agree: {{at_least: ^two}}",
        f"{STEP}    agree: {{share: ^two thirds}}",
        f"{STEP}    allows: [transfer, ^add_befor]",
        f"{STEP}    outcomes: {{pass: {{^frist: [{{to: b}}]}}}}",
        f"{STEP}    outcomes: {{pass: {{first: [^{{when: r}}]}}}}",
        f"{STEP}    ^sends: {{document: d}}",
        f"{STEP}    ^starts: {{waits: true}}",
        f"{STEP}    ^unreceived: {{after: 1 working day}}",
        f"{STEP}    agreed_before: {{at: ^everywhere, source: K1}}",
        f"{STEP}    nobody: ^leave",
        f"{STEP}ends: {{e: {{title: E, result: ^good}}}}",
        f"{STEP}spans:\n  ^s: {{title: S, from: a opened, until: a, within: 1 working day}}",
        f"{STEP}^schedule: {{every: 1 working day}}",
        f"{STEP}^amend: {{by: [a]}}",
        f"{STEP}withdraw: ^sometimes",
        f"{STEP}^roles: {{a: {{title: A}}}}",
        STEP.replace("does: review", "does: ^acts"),
        STEP.replace("    does: review\n", "").replace("  a:", "  ^a:"),
    ],
    "people": [
        "units: {^u: {title: U}}\npeople: {}",
        "^units: {}",
        "units: {}\npeople: {a: {name: A, ^emial: x}}",
        "units: {}\npeople: {a: {name: A, active: ^no}}",
        "units: {}\npeople: {a: {name: A, roles: [{role: x, ^form: 2026-01-01}]}}",
        "units: {}\npeople: {a: {name: A, roles: [{role: x, from: ^monday}]}}",
        "units: {}\npeople: {}\ndelegations:\n  d: {from: a, to: b, valid_from: ^soon, valid_until: 2026-02-01 00:00}",
        "units: {}\npeople: {}\ndelegations:\n  ^d: {from: a, to: b, valid_from: 2026-01-01 00:00}",
    ],
    "office": [
        "^perid: {from: 2026-01-01, until: 2026-12-31}",
        "^period: {from: 2026-01-01}",
        "order: ^random",
        "arrivals: {p: {rate: ^often}}",
        "takes: {does: {^revue: 20 minutes}}",
        "takes: {steps: {s: {^lognorml: {median: 1 hour, p90: 2 hours}, fixed: 1 hour}}}",
        "people: {a: {absent: [{from: 2026-01-01, until: ^later}]}}",
    ],
    "scenario": [
        f"{LINE}  - {{do: draft, at: 2026-01-05 09:00, by: a, ^outcom: pass}}",
        f"{LINE}  - {{do: draft, at: ^monday, by: a}}",
        f"{LINE}  - {{do: draft, at: 2026-01-05 09:00, by: a, then: {{^opened: [x]}}}}",
        f"{LINE}  - {{command: ^transferr, at: 2026-01-05 09:00, by: a}}",
        f"{LINE}  - {{tick: 2026-01-05 09:00, ^outcome: pass}}",
        f"{LINE}  - ^{{do: draft, by: a}}",
        "^scenario: s\ntitle: S\nprocedure: p",
        "^" + LINE.replace("title", "^titel") + "  - {tick: 2026-01-05 09:00}",
    ],
}

# -------------------------------------------------------------------- where keys are offered


def inside(shape: Any, *path: str) -> Record:
    """Return the record that a path of keys leads to; `*` stands for a name of the writer's own."""
    while not isinstance(shape, Record) or path:
        match shape:
            case Record():
                shape, path = shape.fields[path[0]].shape, path[1:]
            case MapOf() if path[:1] == ("*",):
                shape, path = shape.shape, path[1:]
            case ListOf():
                shape = shape.shape
            case Either():
                shape = shape.composed
            case _:
                raise LookupError(path)
    return shape


OFFERED = [
    ("ruleset", "|", SECTIONS),
    ("ruleset", "roles:\n  a:\n    |", inside(SECTIONS, "roles", "*")),
    ("ruleset", "rules:\n  r:\n    |", inside(SECTIONS, "rules", "*")),
    ("ruleset", f"{RULE}    then:\n      - |", inside(SECTIONS, "rules", "*", "then")),
    ("ruleset", "guarantees:\n  g:\n    |", inside(SECTIONS, "guarantees", "*")),
    ("ruleset", "guarantees:\n  g:\n    never:\n      |", inside(SECTIONS, "guarantees", "*", "never")),
    ("ruleset", "properties:\n  p:\n    never_falls:\n      |", inside(SECTIONS, "properties", "*", "never_falls")),
    ("ruleset", "tables:\n  t:\n    |", inside(SECTIONS, "tables", "*")),
    ("ruleset", f"{STEP}    |", inside(PROCEDURE, "steps", "*")),
    ("ruleset", f"{STEP}    agree:\n      |", inside(PROCEDURE, "steps", "*", "agree")),
    ("ruleset", f"{STEP}    overdue:\n      |", inside(PROCEDURE, "steps", "*", "overdue")),
    ("ruleset", f"{STEP}    unreceived:\n      |", inside(PROCEDURE, "steps", "*", "unreceived")),
    ("ruleset", f"{STEP}    outcomes:\n      pass:\n        |", inside(PROCEDURE, "steps", "*", "outcomes", "*")),
    ("ruleset", f"{STEP}spans:\n  s:\n    |", inside(PROCEDURE, "spans", "*")),
    ("ruleset", f"{STEP}schedule:\n  |", inside(PROCEDURE, "schedule")),
    ("people", "people:\n  a:\n    |", inside(PEOPLE_FILE, "people", "*")),
    ("people", "delegations:\n  d:\n    |", inside(PEOPLE_FILE, "delegations", "*")),
    ("office", "|", OFFICE_FILE),
    ("office", "takes:\n  does:\n    |", inside(OFFICE_FILE, "takes", "does")),
    ("scenario", "|", SCENARIO),
    ("scenario", f"{LINE}  - do: draft\n    |", LINES["do"]),
    ("scenario", f"{LINE}  - command: urge\n    |", LINES["command"]),
    ("scenario", f"{LINE}  - do: draft\n    then:\n      |", inside(LINES["do"], "then")),
]
WORDS = [
    ("ruleset", STEP.replace("does: review", "does: |"), inside(PROCEDURE, "steps", "*").fields["does"].shape),
    ("ruleset", f"{STEP}    agree: |", inside(PROCEDURE, "steps", "*", "agree").fields["rule"].shape),
    ("ruleset", f"{STEP}withdraw: |", PROCEDURE.fields["withdraw"].shape),
    ("scenario", f"{LINE}  - command: |", LINES["command"].fields["command"].shape),
]
HOVERED = [
    ("ruleset", f"{STEP}    wit|hin: 1 working day", inside(PROCEDURE, "steps", "*").fields["within"].about),
    ("ruleset", f"{STEP}    overdue: {{a|ct: remind}}", inside(PROCEDURE, "steps", "*", "overdue").fields["act"].about),
    ("ruleset", STEP.replace("review", "rev|iew"), inside(PROCEDURE, "steps", "*").fields["does"].shape.says["review"]),
    (
        "ruleset",
        f"{RULE}    wh|en: {{name: f, operator: is_true}}",
        inside(SECTIONS, "rules", "*").fields["when"].about,
    ),
    ("people", "people:\n  a: {supe|rior: b}", inside(PEOPLE_FILE, "people", "*").fields["superior"].about),
]

# -------------------------------------------------------------------- trying


class Trial:
    """What came of it in one language: how many were tried of each kind, and what was not as it should be."""

    def __init__(self, server: LanguageServer, lang: Lang) -> None:
        self.server, self.lang = server, lang
        self.tried: dict[str, int] = {}
        self.problems: list[str] = []

    def run(self) -> None:
        for path in good_files():
            marks = self.server.marks(named(kind_of(path), path.read_text("utf-8")))
            self._note("good files", str(path.relative_to(ROOT)), [f"{line}:{at} {said}" for line, at, said in marks])
        for kind, texts in BAD.items():
            for text in texts:
                self._bad(kind, text)
        for kind, text, record in OFFERED:
            offered = self.server.completions(named(kind, text))
            self._offers(text, record, offered)
        for kind, text, choice in WORDS:
            offered = self.server.completions(named(kind, text))
            wrong = [w for w in choice.words if choice.says[w].get(self.lang) not in offered.get(w, "")]
            self._note("places to complete", text, wrong)
        for kind, text, about in HOVERED:
            shown = self.server.hover(named(kind, text))
            self._note("places to hover", text, [] if about.get(self.lang) in shown else [f"shows {shown!r}"])

    def _bad(self, kind: str, text: str) -> None:
        wrong, before = set(), ""
        for part in text.split("^")[:-1]:
            before += part
            wrong.add((before.count("\n") + 2, len(before.rpartition("\n")[2]) + 1))
        marks = self.server.marks(named(kind, text.replace("^", "")))
        marked = {(line, at) for line, at, _ in marks}
        self._note("bad files", text, [] if marked == wrong else [f"should be marked at {wrong}, not {marks}"])

    def _offers(self, text: str, record: Record, offered: dict[str, str]) -> None:
        given = {line.split(":")[0].strip(" -") for line in text.splitlines()}
        wrong = []
        for name, field in record.fields.items():
            if name not in given and field.about.get(self.lang) not in offered.get(name, ""):
                wrong.append(f"{name} is offered as {offered.get(name)!r}")
        self._note("places to complete", text, wrong)

    def _note(self, what: str, where: str, wrong: list[str]) -> None:
        self.tried[what] = self.tried.get(what, 0) + 1
        self.problems += [f"{self.lang}: {where!r}: {one}" for one in wrong]


def good_files() -> Iterator[Path]:
    for folder in GOOD:
        yield from sorted((ROOT / folder).rglob("*.yaml"))


def kind_of(path: Path) -> str:
    named = {"people.yaml": "people", "office.yaml": "office"}
    return named.get(path.name, "scenario" if "scenarios" in path.parts else "ruleset")


def named(kind: str, text: str) -> str:
    """Return a text that names its schema, as its first line."""
    return f"# yaml-language-server: $schema={kind}.schema.json\n{text}\n"


def write_schemas(lang: Lang, folder: Path) -> None:
    set_lang(lang)
    for kind, made in SCHEMAS.items():
        (folder / f"{kind}.schema.json").write_text(json.dumps(made(), ensure_ascii=False), "utf-8")


def main() -> int:
    options = arguments(__doc__).parse_args()
    problems: list[str] = []
    with modules((PACKAGE,), options.modules) as installed, TemporaryDirectory() as folder:
        home = installed / "node_modules" / PACKAGE
        version = json.loads((home / "package.json").read_text("utf-8"))["version"]
        for lang in LANGS:
            copy_context().run(write_schemas, lang, Path(folder))
            with LanguageServer(home / "bin" / PACKAGE, Path(folder), LOCALES[lang]) as server:
                trial = Trial(server, lang)
                trial.run()
            problems += trial.problems
            print(f"{PACKAGE} {version}, {lang}: {', '.join(f'{n} {what}' for what, n in trial.tried.items())}")
    print("\n".join(problems) or "nothing is otherwise than it should be")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
