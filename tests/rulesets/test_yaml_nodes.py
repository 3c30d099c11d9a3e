"""YAML as nodes: places, what is refused, and bounds."""

import pytest

from aaworkflow.errors import RulesetError
from aaworkflow.rulesets.yaml_nodes import MAX_CHARACTERS, Map, Scalar, Seq, parse_yaml


def refused(text: str) -> list[str]:
    with pytest.raises(RulesetError) as error:
        parse_yaml(text, "f.yaml")
    return [f"{f.place.line}:{f.place.column} {f.code}" for f in error.value.findings]


def test_every_node_knows_its_place() -> None:
    node = parse_yaml("a: 1\n题: [x, 'y z']\n", "f.yaml")
    assert isinstance(node, Map)
    (first, second) = node.entries
    assert (first.key.text, str(first.value.place)) == ("a", "f.yaml:1:4")
    assert isinstance(second.value, Seq)
    assert [(i.text, i.plain, str(i.place)) for i in second.value.items if isinstance(i, Scalar)] == [
        ("x", True, "f.yaml:2:5"),
        ("y z", False, "f.yaml:2:8"),
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a remark\n", "---\n", "~\n", "null\n"])
def test_a_text_without_content_is_none(text: str) -> None:
    assert parse_yaml(text, "f.yaml") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", ["3:1 yaml_duplicate_key"]),
        ("a: &x 1\nb: *x\n", ["1:4 yaml_anchor", "2:4 yaml_alias"]),
        ("a: !!python/object:os.system x\n", ["1:4 yaml_tag"]),
        ("a: !x {b: 1}\n", ["1:4 yaml_tag"]),
        ("? [a, b]\n: c\n", ["1:3 yaml_key_not_a_word"]),
        ("a: 1\n---\nb: 2\n", ["2:1 yaml_many_documents"]),
        ("a: 1\n\tb: 2\n", ["2:1 yaml_tab"]),
        ("a: x\u202ey\n", ["1:5 yaml_hidden_character"]),
        ("a: 1\nb: x\u2028c: 2\n", ["2:5 yaml_hidden_character"]),
        ("a: \x07\n", ["1:4 yaml_hidden_character"]),
        ("a: x\ufeff\n", ["1:5 yaml_hidden_character"]),
        ("a: \ud800\n", ["1:4 yaml_hidden_character"]),
        ("<<: {a: 1}\nb: *c\n", ["2:4 yaml_alias"]),
    ],
)
def test_what_yaml_can_do_and_rules_must_not_is_refused_with_its_place(text: str, expected: list[str]) -> None:
    assert refused(text) == expected


def test_a_byte_order_mark_may_begin_a_file() -> None:
    assert isinstance(parse_yaml("\ufeffa: 1\n", "f.yaml"), Map)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x" * (MAX_CHARACTERS + 1), "yaml_too_large"),
        ("a: " + "[" * 5000, "yaml_too_deep"),
        ("a: " + "{b: " * 5000, "yaml_too_deep"),
        ("- " * 5000, "yaml_too_deep"),
        ("[" + "1," * 250_000 + "]", "yaml_too_deep"),
        ("a: &a [x,x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "yaml_anchor"),
    ],
    ids=["huge", "lists", "mappings", "blocks", "wide", "laughs"],
)
def test_bombs_are_refused(text: str, code: str) -> None:
    assert code in refused(text)[0]


def test_of_very_many_hidden_characters_the_first_are_told() -> None:
    assert len(refused("a: " + "\u200b" * 10_000)) == 100
