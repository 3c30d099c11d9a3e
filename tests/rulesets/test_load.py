"""The loader: one small bad file for each message, with its line and column; and whatever nonsense."""

import pickle
import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.errors import RulesetError
from aaworkflow.rulesets import (
    Ruleset,
    load_people,
    load_ruleset,
    people_schema,
    read_files,
    read_ruleset,
    ruleset_schema,
)

ROOT = Path(__file__).parents[2]
OFFICE = ROOT / "tests/cases/office"
BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
BASE = {
    str(p.relative_to(OFFICE)): p.read_text("utf-8") for p in sorted(OFFICE.rglob("*.yaml")) if p.name != "people.yaml"
}
GOOD = [ROOT / "rulesets/aa", ROOT / "rulesets/purchase", OFFICE]


@pytest.mark.parametrize("file", BAD, ids=lambda f: f.stem)
def test_a_bad_file_is_refused_at_its_line_and_column(file: Path) -> None:
    text = file.read_text("utf-8")
    code, line, column = re.match(r"# (\w+)@(\d+):(\d+)", text).groups()  # type: ignore[union-attr]
    ruleset, findings = read_files({**BASE, "bad.yaml": text})
    assert ruleset is None
    assert (code, int(line), int(column)) in {(f.code, f.place.line, f.place.column) for f in findings}
    assert {f.place.file for f in findings} == {"bad.yaml"}
    for finding in findings:
        assert re.search(r"[\u4e00-\u9fff]", finding.text("zh"))
        assert finding.text("en").startswith(f"bad.yaml:{finding.place.line}:{finding.place.column} {finding.code} ")


def test_every_problem_is_found_at_once() -> None:
    names = ("unknown_office", "unknown_table", "operator_unknown", "unknown_step")
    files = {f"{n}.yaml": (Path(__file__).parent / f"bad/{n}.yaml").read_text("utf-8") for n in names}
    _, findings = read_files({**BASE, **files})
    assert {f.code for f in findings} >= set(names)


@pytest.mark.parametrize("folder", GOOD, ids=lambda f: f.name)
def test_a_good_ruleset_loads_and_is_worth_its_files(folder: Path) -> None:
    ruleset = load_ruleset(folder)
    assert Ruleset.from_files(ruleset.files) == ruleset
    assert pickle.loads(pickle.dumps(ruleset)) == ruleset


def test_yaml_is_read_by_version_1_2() -> None:
    text = (
        "parameters:\n  p: {title: no, values: {2026-01-01: 1.10, 2026-02-01: 7}}\n"
        "  q: {title: Q, values: {2026-01-01: on, 2026-02-01: 0o7, 2026-03-01: 1e3, 2026-04-01: '1'}}\n"
    )
    ruleset, findings = read_files({**BASE, "more.yaml": text})
    assert not findings
    assert ruleset is not None
    assert ruleset.parameters["p"].title.en == "no"
    assert [str(v) for _, v in ruleset.parameters["p"].values] == ["1.10", "7"]
    assert [v for _, v in ruleset.parameters["q"].values] == ["on", "0o7", "1e3", "1"]


def test_a_version_is_a_word() -> None:
    files = {**BASE, "ruleset.yaml": BASE["ruleset.yaml"].replace("version: 1\n", "version: 2026.10\n")}
    ruleset, _ = read_files(files)
    assert ruleset is not None
    assert ruleset.ref.version == "2026.10"


def test_parameters_are_dated() -> None:
    office = load_ruleset(OFFICE)
    assert office.parameter("large_amount", date(2026, 6, 30)) == 10000
    assert office.parameter("large_amount", date(2026, 7, 1)) == 20000
    with pytest.raises(Exception, match="2026-01-01"):
        office.parameter("large_amount", date(2025, 12, 31))


def test_assumptions_are_marked() -> None:
    aa = load_ruleset(ROOT / "rulesets/aa")
    assert "parameters.major_contract_amount" in aa.assumptions()
    assert len(aa.clauses()) == 33


def test_a_missing_folder_or_header_is_said() -> None:
    with pytest.raises(RulesetError) as error:
        load_ruleset("/nowhere/at/all")
    assert error.value.code == "ruleset_folder_missing"
    _, findings = read_files({})
    assert {f.code for f in findings} == {"header_missing"}


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "ruleset.yaml").write_bytes(b"\xff\xfe\x00")
    ruleset, findings = read_ruleset(tmp_path)
    assert ruleset is None
    assert "file_not_utf8" in {f.code for f in findings}


def test_bombs_are_refused_in_bounded_time() -> None:
    started = time.monotonic()
    laughs = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]\n"
    deep = "roles: " + "[" * 5000
    wide = "x" * 5_000_000
    for text in (laughs, deep, wide, "a: " + "{b: " * 2000):
        ruleset, findings = read_files({**BASE, "bomb.yaml": text})
        assert ruleset is None
        assert findings
    assert time.monotonic() - started < 30


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_whatever_text_gives_findings_and_never_another_error(text: str) -> None:
    read_files({**BASE, "any.yaml": text})


@given(st.integers(0, 1500), st.text(alphabet="{}[]:,-#&*!|>'\"% \n\tabc0", max_size=4))
def test_a_slip_of_the_hand_gives_findings_and_never_another_error(at: int, slip: str) -> None:
    text = BASE["procedures/paper.yaml"]
    at %= len(text)
    read_files({**BASE, "procedures/paper.yaml": text[:at] + slip + text[at:]})


def test_two_hundred_rules_are_checked_quickly() -> None:
    rule = "  r{0}: {{title: R, when: {{all: [{{name: amount, operator: greater_than, value: {0}}}]}}}}\n"
    text = "rules:\n" + "".join(rule.format(i) for i in range(200))
    started = time.monotonic()
    ruleset, findings = read_files({**BASE, "many.yaml": text})
    assert ruleset is not None, findings
    assert time.monotonic() - started < 20


# -------------------------------------------------------------------- the schema


@pytest.mark.parametrize("folder", GOOD, ids=lambda f: f.name)
def test_good_files_are_valid_by_the_schema(folder: Path) -> None:
    import jsonschema
    import yaml

    class Words(yaml.SafeLoader):
        """YAML without dates: a schema knows only what JSON has."""

    Words.yaml_implicit_resolvers = {
        first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    validator = jsonschema.Draft202012Validator(ruleset_schema())
    for file in folder.rglob("*.yaml"):
        data = yaml.load(file.read_text("utf-8"), Loader=Words)  # noqa: S506
        if file.name == "people.yaml":
            jsonschema.Draft202012Validator(people_schema()).validate(data)
        elif "scenarios" not in file.parts:
            errors = [f"{file.name}: {e.message}" for e in validator.iter_errors(data)]
            assert not errors


# -------------------------------------------------------------------- people


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("units: {}\npeople: {a: {name: A, superior: b}}\n", "unknown_person"),
        ("units: {}\npeople: {a: {name: A, unit: u}}\n", "unknown_unit"),
        ("units: {u: {title: U, office: o}}\npeople: {a: {name: A, roles: [{role: r, unit: x}]}}\n", "unknown_unit"),
        ("people: {a: {name: A}}\n", "setting_missing"),
        ("units: {}\npeople: {a: {nam: A}}\n", "setting_unknown"),
        (
            "units: {}\npeople: {a: {name: A}, b: {name: B}}\ndelegations:\n"
            "  d: {from: a, to: b, valid_from: 2026-01-02 09:00, valid_until: 2026-01-01 09:00}\n",
            "delegation_window",
        ),
        (
            "units: {}\npeople: {a: {name: A}}\ndelegations:\n"
            "  d: {from: a, to: z, valid_from: 2026-01-01 09:00, valid_until: 2026-01-02 09:00}\n",
            "unknown_person",
        ),
        ("", "file_empty"),
    ],
)
def test_a_bad_people_file(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(RulesetError) as error:
        load_people(file)
    assert any(f.code.startswith(code) for f in error.value.findings), [f.code for f in error.value.findings]


def test_wall_clocks_of_delegations_are_the_principals_units(tmp_path: Path) -> None:
    file = tmp_path / "people.yaml"
    file.write_text(
        "units: {w: {title: W, office: o, timezone: Asia/Urumqi}}\n"
        "people: {a: {name: A, unit: w}, b: {name: B, unit: w}}\n"
        "delegations:\n  d: {from: a, to: b, valid_from: 2026-01-01 09:00, valid_until: 2026-01-02 09:00}\n",
        "utf-8",
    )
    (given_one,) = load_people(file).delegations_to("b")
    assert given_one.valid_from.isoformat() == "2026-01-01T09:00:00+06:00"
