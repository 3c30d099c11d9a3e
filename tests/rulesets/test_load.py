"""The loader: one small bad file for each message, with its line and column; all problems at once."""

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small import BASE, GOOD, OFFICE, found, loaded, places

from aaworkflow.errors import RulesetError
from aaworkflow.errors.messages.rulesets import MESSAGES
from aaworkflow.rules.tables import write_xlsx
from aaworkflow.rulesets import Ruleset, load_ruleset, read_files, read_ruleset
from aaworkflow.rulesets.actions import parameters_in

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
EXTRA = (Path(__file__).parent / "extra.yaml").read_text("utf-8")

TRIED_ELSEWHERE = {
    # test_files.py, for they are about files, not about a place in one
    "file_empty",
    "file_not_readable",
    "file_not_utf8",
    "file_too_large",
    "ruleset_folder_missing",
    "too_many_files",
    # below
    "file_unused",
    "header_missing",
    "parameter_begins_late",
    # test_dated_tables.py
    "mapping_too_long",
    # test_yaml_nodes.py
    "yaml_too_large",
    # test_ruleset.py
    "parameter_not_yet",
    # tests/analysis/bad, for they are doubts and no errors
    "refusal_not_heeded",
    "outcome_by_another_name",
    "review_cannot_refuse",
}


def test_each_message_has_its_bad_file() -> None:
    tried = {file.stem for file in BAD}
    assert set(MESSAGES) - tried == TRIED_ELSEWHERE


@pytest.mark.parametrize("file", BAD, ids=lambda f: f.stem)
def test_a_bad_file_is_refused_at_its_line_and_column(file: Path) -> None:
    text = file.read_text("utf-8")
    expected = re.match(r"# (\w+@\d+:\d+)\n", text)
    assert expected is not None
    ruleset, findings = read_files({**BASE, "extra.yaml": EXTRA, "bad.yaml": text})
    assert ruleset is None
    assert expected[1].startswith(f"{file.stem}@")
    assert expected[1] in {f"{f.code}@{f.place.line}:{f.place.column}" for f in findings}
    assert {f.place.file for f in findings} == {"bad.yaml"}
    assert len(findings) == 1 or file.stem.startswith("yaml_") or len({f.place for f in findings}) > 1
    for finding in findings:
        assert re.search(r"[\u4e00-\u9fff]", finding.text("zh"))
        assert "…" not in finding.text("en").removesuffix("…")
        assert finding.text("en").startswith(f"bad.yaml:{finding.place.line}:{finding.place.column} {finding.code} ")


def test_a_message_says_what_is_allowed_and_what_was_meant() -> None:
    (finding,) = found("roles:\n  boss: {title: Boss, office: ofice}\n")
    assert finding.text("en") == (
        "more.yaml:2:31 unknown_office there is no office ofice; did you mean office? (allowed: office)"
    )
    assert finding.text("zh").startswith("more.yaml:2:31 unknown_office 没有名为 ofice 的单位类别")


def test_every_problem_is_found_at_once_though_some_of_it_cannot_be_read() -> None:
    text = """\
procedure: bad
titel: Bad
document: papre
steps:
  draft: {title: Draft, by: clerck, does: drafft}
  check:
    by: reviewer
    does: review
    within: 1 workday
    outcomes: {pass: chief, fail: draft}
"""
    assert places(text) == {
        "1:1 setting_missing",
        "2:1 setting_unknown",
        "3:11 unknown_document",
        "5:29 unknown_role",
        "5:43 word_unknown",
        "7:5 setting_missing",
        "9:13 unknown_duration_unit",
        "10:22 unknown_step",
    }


def test_what_cannot_be_read_is_known_by_its_name() -> None:
    text = """\
offices:
  branch: {title: }
roles:
  boss: {office: branch, titel: Boss}
facts:
  size: {title: Size, type: number}
documents:
  letter: {title: Letter, signed_by: boss, parts: {text: }}
calendars:
  moon: {country: XX, timezone: UTC}
tables:
  sizes: {title: Sizes, hit_policy: first, inputs: [urgent], outputs: [size], rows: []}
"""
    codes = {f.code for f in found(text)}
    assert not {code for code in codes if code.startswith("unknown_")} - {"unknown_country"}


def test_a_file_that_is_no_yaml_hides_no_problem_of_the_others_and_makes_no_unknown_names() -> None:
    files = {**BASE, "ruleset.yaml": "ruleset: [", "bad.yaml": "roles:\n  boss: {titel: Boss}\n"}
    _, findings = read_files(files)
    assert {(f.place.file, f.code) for f in findings} == {
        ("ruleset.yaml", "yaml_syntax"),
        ("bad.yaml", "setting_missing"),
        ("bad.yaml", "setting_unknown"),
    }


def test_an_id_is_used_once_over_all_files() -> None:
    (finding,) = found("roles:\n  clerk: {title: Another}\n")
    line = BASE["ruleset.yaml"].splitlines().index("  clerk: {title: {zh: 办事员, en: Clerk}}") + 1
    assert finding.text("en").endswith(f"clerk is there already in roles, at ruleset.yaml:{line}:3")
    assert places("title: Twice\n") == {"1:1 entry_twice"}
    assert places(BASE["procedures/paper.yaml"]) == {"1:12 entry_twice"}


def test_a_ruleset_needs_its_header() -> None:
    ruleset, findings = read_files({})
    assert ruleset is None
    assert {(f.code, f.reason.data["name"]) for f in findings} == {
        ("header_missing", name) for name in ("ruleset", "version", "effective_from", "title", "calendar")
    }


def test_an_empty_file_adds_nothing() -> None:
    for text in ("", "# nothing\n", "---\n", "~\n"):
        assert not found(text)


def test_a_version_is_a_word() -> None:
    header = BASE["ruleset.yaml"].replace("version: 1\n", "version: 2026.10\n")
    assert str(loaded(header, "ruleset.yaml").ref) == "office@2026.10"


@pytest.mark.parametrize("folder", GOOD, ids=lambda f: f.name)
def test_the_rulesets_that_ship_have_no_findings(folder: Path) -> None:
    ruleset, findings = read_ruleset(folder)
    assert ruleset is not None
    assert findings == ()
    assert load_ruleset(folder) == ruleset


TABLE = """\
tables:
  sizes: {title: Sizes, hit_policy: first, file: sizes.csv}
facts:
  size: {title: S, type: string, table: sizes.size}
"""


def test_the_rows_of_a_table_lie_beside_the_file_that_names_them() -> None:
    files = {**BASE, "tables/sizes.yaml": TABLE, "tables/sizes.csv": "urgent,-> size\ntrue,big\n-,small\n"}
    ruleset, findings = read_files(files)
    assert ruleset is not None, findings
    assert len(ruleset.tables["sizes"].rows) == 2


def test_what_is_wrong_in_a_csv_file_is_told_there() -> None:
    files = {**BASE, "tables/sizes.yaml": TABLE, "tables/sizes.csv": "urgent,-> size\nmaybe,big\n"}
    _, findings = read_files(files, prefix="here/")
    assert {f.place.file for f in findings} == {"here/tables/sizes.csv"}


@pytest.mark.parametrize("files", [{"rows.csv": "a,→ b\n1,\ud83d\n"}, {"rows\udcff.csv": "a,→ b\n"}])
def test_half_a_character_is_refused_in_texts_and_names_of_files(files: dict[str, str]) -> None:
    ruleset, findings = read_files({**BASE, **files})
    assert ruleset is None
    assert [finding.code for finding in findings] == ["file_not_utf8"]
    assert findings[0].place.line == (2 if "rows.csv" in files else 1)
    str(findings[0]).encode()


def test_the_rows_of_a_table_may_lie_in_a_workbook(tmp_path: Path) -> None:
    text = TABLE.replace("sizes.csv", "sizes.xlsx")
    ruleset, _ = read_files({**BASE, "sizes.yaml": TABLE, "sizes.csv": "urgent,-> size\ntrue,big\n-,small\n"})
    assert ruleset is not None
    for name, content in {**BASE, "sizes.yaml": text}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "sizes.xlsx").write_bytes(write_xlsx(ruleset.tables["sizes"]))
    loaded_one = load_ruleset(tmp_path)
    assert len(loaded_one.tables["sizes"].rows) == 2
    assert Ruleset.from_files(loaded_one.files) == loaded_one


@pytest.mark.parametrize(("written", "code"), [("no base64!", "file_not_readable"), ("AAAA", "table_xlsx_unreadable")])
def test_a_workbook_that_is_none_is_refused(written: str, code: str) -> None:
    _, findings = read_files({**BASE, "sizes.yaml": TABLE.replace("sizes.csv", "sizes.xlsx"), "sizes.xlsx": written})
    assert {(f.place.file, f.code) for f in findings} == {("sizes.xlsx", code)}


def test_without_the_extra_a_workbook_is_refused_where_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    text = TABLE.replace("sizes.csv", "sizes.xlsx")
    (finding,) = read_files({**BASE, "sizes.yaml": text, "sizes.xlsx": "AAAA"})[1]
    assert (str(finding.place), finding.code) == ("sizes.yaml:2:50", "table_extra_missing")


def test_a_csv_file_that_no_table_names_is_doubtful() -> None:
    ruleset, findings = read_files({**BASE, "rows.csv": "a,-> b\n1,2\n"})
    assert ruleset is not None
    assert [(f.code, f.severity) for f in findings] == [("file_unused", "warning")]


def test_a_parameter_that_begins_after_the_ruleset_is_doubtful() -> None:
    text = """\
parameters:
  limit: {title: Limit, values: {2026-02-01: 5}}
rules:
  big: {title: Big, when: {all: [{name: amount, operator: greater_than, value: {parameter: limit}}]}}
"""
    ruleset, findings = read_files({**BASE, "more.yaml": text})
    assert ruleset is not None
    assert [(f.code, f.severity, f.place.line, f.place.column) for f in findings] == [
        ("parameter_begins_late", "warning", 4, 92)
    ]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    ruleset, (finding,) = read_ruleset(tmp_path / "nowhere")
    assert (ruleset, finding.code) == (None, "ruleset_folder_missing")


def test_parameters_are_found_wherever_conditions_name_them() -> None:
    limit = "{name: amount, operator: greater_than, value: {parameter: large_amount}}"
    text = f"rules:\n  deep: {{title: D, when: {{not: {{any: [{{name: urgent, operator: is_true}}, {limit}]}}}}}}\n"
    assert [name for _, name in parameters_in(loaded(text).rules["deep"].when)] == ["large_amount"]


def test_an_error_has_the_errors_and_not_the_warnings(tmp_path: Path) -> None:
    for name, text in {**BASE, "rows.csv": "a\n", "bad.yaml": "roles: {boss: {}}\n"}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(RulesetError) as error:
        load_ruleset(tmp_path)
    assert [str(f.place) for f in error.value.findings] == [f"{tmp_path.as_posix()}/bad.yaml:1:15"]


# -------------------------------------------------------------------- much, and nonsense


def test_two_hundred_rules_are_read_whole() -> None:
    rule = "  r{0}: {{title: R, when: {{all: [{{name: amount, operator: greater_than, value: {0}}}]}}}}\n"
    rules = loaded("rules:\n" + "".join(rule.format(i) for i in range(200))).rules
    assert len(rules) == 200 + len(load_ruleset(OFFICE).rules)


FEW = {name: BASE[name] for name in ("procedures/branches.yaml", "procedures/paper.yaml", "ruleset.yaml")}
"""Files enough for every shape, and few enough for many tries."""


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_whatever_text_gives_findings_and_never_another_error(text: str) -> None:
    read_files({**FEW, "any.yaml": text})


@given(
    st.sampled_from(sorted(FEW)),
    st.integers(0, 4000),
    st.integers(0, 12),
    st.text(alphabet="{}[]:,-#&*!|>'\"% \n\tabc01:,\u200b", max_size=4),
)
def test_a_slip_of_the_hand_gives_findings_and_never_another_error(name: str, at: int, cut: int, slip: str) -> None:
    text = FEW[name]
    at %= len(text)
    read_files({**FEW, name: text[:at] + slip + text[at + cut :]})


_WORDS = st.sampled_from(
    ["draft", "paper", "clerk", "all", "2026-01-01", "1 working day", "true", "5", "50%", "steps", "end", "x.y", ""]
)
_NODES = st.recursive(
    _WORDS,
    lambda below: (
        st.lists(below, max_size=3).map(lambda items: "[" + ", ".join(items) + "]")
        | st.dictionaries(_WORDS.filter(bool), below, max_size=3).map(
            lambda entries: "{" + ", ".join(f"{k}: {v}" for k, v in entries.items()) + "}"
        )
    ),
    max_leaves=6,
)
_KEYS = sorted(set(re.findall(r"[a-z_]+(?=:)", "\n".join(FEW.values()))))


@given(st.sampled_from(_KEYS), st.integers(0, 20), _NODES)
def test_whatever_stands_at_a_key_gives_findings_and_never_another_error(key: str, n: int, value: str) -> None:
    for name, text in FEW.items():
        hits = list(re.finditer(rf"\b{key}: [^\n,{{}}\[\]]*", text))
        if hits:
            hit = hits[n % len(hits)]
            read_files({**FEW, name: text[: hit.start()] + f"{key}: {value}" + text[hit.end() :]})


def test_the_files_alone_make_the_ruleset_again() -> None:
    office = load_ruleset(OFFICE)
    assert Ruleset.from_files(office.files) == office
    with pytest.raises(RulesetError):
        Ruleset.from_files({**office.files, "more.yaml": "roles: {boss: {}}\n"})
