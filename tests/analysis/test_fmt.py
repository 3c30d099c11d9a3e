"""The canonical layout: the same meaning, the same comments, and once is enough."""

import re
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.analysis.diff import diff
from aaworkflow.analysis.fmt import fmt, format_text
from aaworkflow.errors import AnalysisError, RulesetError
from aaworkflow.rulesets import load_ruleset

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "rulesets").rglob("*.yaml"))


def comments(text: str) -> list[str]:
    return sorted(re.findall(r"(?:^|\s)(#.*)$", text, re.MULTILINE))


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_every_comment_stays_and_once_is_enough(file: Path) -> None:
    text = file.read_text("utf-8")
    once = format_text(text)
    assert comments(once) == comments(text)
    assert format_text(once) == once
    assert "\n\n\n" not in once
    assert all(line == line.rstrip() for line in once.split("\n"))


@pytest.mark.parametrize("folder", sorted((ROOT / "rulesets").iterdir()), ids=lambda f: f.name)
def test_the_rulesets_that_ship_are_laid_out_so(folder: Path) -> None:
    assert fmt(folder, write=False) == ()


@pytest.mark.parametrize("name", ["aa", "purchase"])
def test_a_ruleset_means_the_same_afterwards_and_check_is_content(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name
    shutil.copytree(ROOT / "rulesets" / name, folder)
    (folder / "ruleset.yaml").write_text(
        (folder / "ruleset.yaml").read_text("utf-8").replace("currency: ", "currency:    "), "utf-8"
    )
    before = load_ruleset(folder)
    would = fmt(folder, write=False)
    assert folder / "ruleset.yaml" in would
    assert load_ruleset(folder) == before
    assert fmt(folder) == would
    assert fmt(folder, write=False) == ()
    assert diff(before, load_ruleset(folder)) == ()


WRITTEN = """\
# 文件头


a:    {x: 1,
  'y': 'two' }   # after
b:


    # above the list
    - one
    -   k: v       # beside
        l: w
    # between
    - [1,2 ,  3]
c: {x: 1,   # inside
    y: 2}
long: {first: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, second: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb,
  third: ccccccccccccccccccccccccccccccccccccccccc}
empty:
note: |
   first line # not a comment

   second line
quote: 'say "x"'
mark: "a # b"


# 文件尾
"""
CANONICAL = """\
# 文件头

a: {x: 1, "y": "two"}               # after
b:
  # above the list
  - one
  - k: v                            # beside
    l: w
  # between
  - [1, 2, 3]
c:
  x: 1                              # inside
  y: 2
long:
  first: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
  second: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
  third: ccccccccccccccccccccccccccccccccccccccccc
empty:
note: |
  first line # not a comment

  second line
quote: 'say "x"'
mark: "a # b"

# 文件尾
"""


def test_one_layout() -> None:
    assert format_text(WRITTEN) == CANONICAL
    assert format_text(CANONICAL) == CANONICAL


@pytest.mark.parametrize("text", ["", "\n\n", "# only words\n", "a\n", "[]\n", "{}\n", "- {}\n- []\n"])
def test_small_files_stay(text: str) -> None:
    assert format_text(text) == text.strip("\n") + ("\n" if text.strip() else "")


def test_a_comment_below_an_entry_goes_to_what_follows() -> None:
    assert format_text("a:\n  b: 1\n  # next\nc: 2\n") == "a:\n  b: 1\n# next\nc: 2\n"


WORDS = st.text("abcZ059 一二《》“”：，é,.-_#:{}[]&*!|>%@`?~='\"\\", max_size=12)
SCALARS = WORDS | st.sampled_from(
    ["no", "09:00", "1.50", "a: b", "# x", "- x", "'", '"', "\\", "两\n行\n", "a\nb", " x ", "\t"]
)
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcdefg"), inner, max_size=4),
    max_leaves=14,
)


@given(TREES, st.sampled_from([True, False, None]), st.sampled_from([None, '"', "'", "|"]), st.integers(20, 200))
def test_any_tree_in_any_style_means_the_same_and_once_is_enough(
    tree: object, flow: bool | None, style: str | None, width: int
) -> None:
    text = yaml.safe_dump(
        {"root": tree}, default_flow_style=flow, default_style=style, width=width, allow_unicode=True
    ).replace("!!null ", "")
    once = format_text(text)
    assert yaml.safe_load(once) == {"root": tree}
    assert format_text(once) == once


def test_a_file_that_is_not_sound_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a:   1\n")
    (tmp_path / "b.yaml").write_text("b: {\n")
    with pytest.raises(RulesetError) as refused:
        fmt(tmp_path)
    assert refused.value.code == "yaml_syntax"
    assert (tmp_path / "a.yaml").read_text() == "a:   1\n"


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError) as refused:
        fmt(tmp_path)
    assert refused.value.code == "nothing_to_format"


def test_lines_of_windows_become_plain(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("\ufeffa: 1  # 一\r\nb: 2\r\n".encode())
    assert fmt(file) == (file,)
    assert file.read_bytes() == f"{'a: 1':<36}# 一\nb: 2\n".encode()
