"""Shapes that are composed: what they read, what they miss, and how the schema has them."""

from typing import Any

from aaworkflow.rulesets.reader import Reader
from aaworkflow.rulesets.shapes import BOOL, ID, INT, NAME, TEXT, Choice, Either, Field, ListOf, MapOf, Record
from aaworkflow.rulesets.yaml_nodes import parse_yaml
from aaworkflow.texts import Text

STEP = Record({"title": Field(TEXT, required=True, about=Text(zh="名称", en="Title")), "by": ListOf(NAME), "n": INT})


def read(shape: Any, text: str) -> tuple[Any, list[str], Reader]:
    node = parse_yaml(text, "f.yaml")
    assert node is not None
    reader = Reader()
    value = shape.read(reader, node, ())
    return value, [f"{f.place.line}:{f.place.column} {f.code}" for f in reader.findings], reader


def test_a_record_reads_its_keys_and_leaves_out_what_is_not_given() -> None:
    assert read(STEP, "title: A\nby: clerk\n")[:2] == ({"title": Text.same("A"), "by": ("clerk",)}, [])


def test_a_record_tells_all_that_is_wrong_with_it_and_stands_in_for_what_it_needs() -> None:
    value, findings, _ = read(STEP, "titel: A\nn: many\nby: [clerk, 1]\n")
    assert value == {"title": Text(), "by": ("clerk",)}
    assert findings == [
        "1:1 setting_unknown",
        "2:4 value_not_readable",
        "3:13 value_not_readable",
        "1:1 setting_missing",
    ]


def test_a_record_that_is_none_stands_in_as_well() -> None:
    assert read(STEP, "[1]")[:2] == ({"title": Text()}, ["1:1 value_wrong_kind"])


def test_a_mapping_keeps_the_names_of_what_it_cannot_read() -> None:
    value, findings, reader = read(MapOf(STEP, key=ID), "a: {title: A}\nb: {}\n1st: {title: C}\n")
    assert list(value) == ["a", "b", "1st"]
    assert findings == ["2:4 setting_missing", "3:1 value_not_readable"]
    assert reader.sound(("a",))
    assert not reader.sound(("b",))
    assert not reader.sound(())


def test_a_word_is_one_of_those_that_there_are() -> None:
    assert read(Choice(("all", "any")), "any")[:2] == ("any", [])
    assert read(Choice(("all", "any")), "some")[:2] == (None, ["1:1 word_unknown"])
    assert read(Choice(("all", "any")), "[all]")[:2] == (None, ["1:1 value_wrong_kind"])


def test_either_reads_by_what_stands_there() -> None:
    shape = Either(NAME, Record({"role": NAME}))
    assert read(shape, "clerk")[0] == "clerk"
    assert read(shape, "{role: clerk}")[0] == {"role": "clerk"}


def test_every_value_is_found_by_its_path() -> None:
    _, _, reader = read(MapOf(STEP), "a:\n  title: {zh: 甲}\n  by: [x, y]\n")
    assert str(reader.place(("a", "by", 1))) == "f.yaml:3:11"
    assert str(reader.place(("a", "by", "~key"))) == "f.yaml:3:3"
    assert str(reader.place(("a", "title", "en"))) == "f.yaml:2:10"
    assert str(reader.place(("a", "none", "at", "all"))) == "f.yaml:2:3"


def test_the_schema_says_the_same() -> None:
    assert STEP.schema() == {
        "type": "object",
        "additionalProperties": False,
        "required": ["title"],
        "properties": {
            "title": {**TEXT.schema(), "description": "Title"},
            "by": {"anyOf": [NAME.schema(), {"type": "array", "items": NAME.schema()}]},
            "n": {"type": "integer", "errorMessage": "expected a whole number"},
        },
    }
    names = ID.schema()
    assert MapOf(BOOL, key=ID).schema() == {
        "type": "object",
        "errorMessage": "expected a mapping",
        "additionalProperties": {"type": "boolean", "errorMessage": "expected true or false"},
        "propertyNames": {"pattern": names["pattern"], "errorMessage": names["errorMessage"]},
    }


def test_nothing_where_something_must_be_is_told_as_such() -> None:
    assert read(MapOf(STEP), "~key: 1\na:\n")[1] == [
        "1:1 value_not_readable",
        "1:7 value_wrong_kind",
        "2:3 value_empty",
    ]
    assert read(MapOf(MapOf(STEP)), "a:\n")[:2] == ({"a": {}}, ["1:3 value_empty"])
