"""Which files belong to a ruleset, and what is no text."""

from pathlib import Path

import pytest

from aaworkflow.errors import RulesetError
from aaworkflow.rulesets import files as module
from aaworkflow.rulesets.files import files_of, text_of


def write(folder: Path, name: str, data: bytes = b"") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    return file


def test_all_yaml_and_csv_belongs_to_a_ruleset_but_scenarios_people_and_what_is_hidden(tmp_path: Path) -> None:
    for name in (
        *("ruleset.yaml", "procedures/a.yml", "tables/t.csv", "tables/scenarios/s.yaml"),
        *("people.yaml", "office.yaml", "scenarios/s.yaml", ".git/x.yaml", "a/.b.yaml", "notes.txt", "ruleset.yaml.bak"),
    ):
        write(tmp_path, name)
    (tmp_path / "folder.yaml").mkdir()
    files, findings = files_of(tmp_path)
    assert set(files) == {"ruleset.yaml", "procedures/a.yml", "tables/t.csv", "tables/scenarios/s.yaml"}
    assert not findings


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    _, (finding,) = files_of(tmp_path / "nowhere")
    assert finding.code == "ruleset_folder_missing"
    _, (finding,) = files_of(write(tmp_path, "file.yaml"))
    assert finding.code == "ruleset_folder_missing"


def test_ends_of_lines_and_byte_order_marks_make_no_difference(tmp_path: Path) -> None:
    assert text_of(write(tmp_path, "a.yaml", "\ufeffa: 1\r\nb: 2\r\n".encode())) == "a: 1\nb: 2\n"


def test_a_file_in_another_encoding_is_refused_at_its_line(tmp_path: Path) -> None:
    with pytest.raises(RulesetError) as error:
        text_of(write(tmp_path, "a.csv", b"a,b\n" + "岗位".encode("gb18030")))
    (finding,) = error.value.findings
    assert (finding.code, finding.place.line) == ("file_not_utf8", 2)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesetError) as error:
        text_of(tmp_path / "none.yaml")
    assert error.value.code == "file_not_readable"


def test_what_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    with file.open("wb") as out:
        out.truncate(module.MAX_BYTES + 1)
    _, (finding,) = files_of(tmp_path)
    assert finding.code == "file_too_large"


def test_too_many_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILES", 2)
    for i in range(4):
        write(tmp_path, f"{i}.yaml")
    _, (finding,) = files_of(tmp_path)
    assert finding.code == "too_many_files"
