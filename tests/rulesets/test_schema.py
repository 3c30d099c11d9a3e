"""The JSON Schema says what the loader says: good files are valid, and keys and words are the same."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from business_rules.fields import FIELD_NO_INPUT
from business_rules.operators import NumericType, type_operator
from small import BASE, GOOD, places

from aaworkflow.analysis.simulation import office_schema
from aaworkflow.rules import OPERATORS, STANDARD, TYPES
from aaworkflow.rulesets import people_schema, read_files, ruleset_schema
from aaworkflow.rulesets.shapes import Choice, Either, Field, ListOf, MapOf, Record
from aaworkflow.rulesets.vocabulary import PEOPLE_FILE, PROCEDURE, SECTIONS

RULESET = jsonschema.Draft202012Validator(ruleset_schema())
PEOPLE = jsonschema.Draft202012Validator(people_schema())
OFFICE = jsonschema.Draft202012Validator(office_schema())


class _Json(yaml.SafeLoader):
    """YAML by version 1.2, as an editor reads it: only null, true, false and numbers are no words."""

    yaml_implicit_resolvers: dict[str, Any] = {}


for _tag, _pattern, _first in (
    ("null", r"^(~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?[0-9]+$", list("-+0123456789")),
    ("float", r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", list("-+.0123456789")),
):
    import re

    _Json.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


def as_json(text: str) -> Any:
    return yaml.load(text, Loader=_Json)


def files(folder: Path) -> list[Path]:
    return [f for f in sorted(folder.rglob("*.yaml")) if "scenarios" not in f.parts]


def test_the_schemas_are_schemas() -> None:
    for schema in (ruleset_schema(), people_schema(), office_schema()):
        jsonschema.Draft202012Validator.check_schema(schema)
        assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize("folder", GOOD, ids=lambda f: f.name)
def test_good_files_are_valid(folder: Path) -> None:
    for file in files(folder):
        schema = {"people.yaml": PEOPLE, "office.yaml": OFFICE}.get(file.name, RULESET)
        errors = [
            f"{file.name}: {e.json_path} {e.message}" for e in schema.iter_errors(as_json(file.read_text("utf-8")))
        ]
        assert not errors


SEEN_BY_THE_SCHEMA = (
    *("setting_missing", "setting_unknown", "word_unknown", "value_wrong_kind", "value_empty", "operator_unknown"),
    *("condition_empty", "value_not_readable"),
)


def test_bad_shapes_are_invalid_and_whatever_is_invalid_is_refused() -> None:
    bad = Path(__file__).parent / "bad"
    for file in sorted(bad.glob("*.yaml")):
        text = file.read_text("utf-8")
        try:
            valid = RULESET.is_valid(as_json(text))
        except yaml.YAMLError:
            continue
        if file.stem in SEEN_BY_THE_SCHEMA:
            assert not valid or file.stem == "value_not_readable", file.stem
        if not valid:
            ruleset, _ = read_files({**BASE, "bad.yaml": text})
            assert ruleset is None


# -------------------------------------------------------------------- every key and word, one by one

_SOME: dict[str, Any] = {}


def keys_of(shape: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Return every field of a shape with the path that leads to it; `*` stands for names of the writer's own."""
    match shape:
        case Record():
            return [
                found
                for name, field in shape.fields.items()
                for found in [((*path, name), field), *keys_of(field.shape, (*path, name))]
            ]
        case MapOf():
            return keys_of(shape.shape, (*path, "*"))
        case ListOf():
            return keys_of(shape.shape, path)
        case Either():
            return keys_of(shape.composed, path)
        case _:
            return []


@pytest.mark.parametrize("shape", [SECTIONS, PROCEDURE, PEOPLE_FILE], ids=["sections", "procedure", "people"])
def test_every_key_is_explained_in_both_languages(shape: Record) -> None:
    for path, field in keys_of(shape):
        assert isinstance(field, Field)
        assert field.about.zh, path
        assert field.about.en, path


def test_words_are_those_of_the_loader() -> None:
    for path, field in keys_of(PROCEDURE):
        shape = field.shape.shape if isinstance(field.shape, ListOf) else field.shape
        if isinstance(shape, Choice):
            assert shape.schema() == {"enum": list(shape.words)}, path
    found = ruleset_schema()["$defs"]
    assert set(found["operator"]["enum"]) == {name for kind in OPERATORS.values() for name in kind}
    assert set(found["fact_type"]["enum"]) == set(TYPES)


def test_the_types_and_operators_of_a_vocabulary_are_valid() -> None:
    class Parity(NumericType):
        name = "parity"

        @type_operator(FIELD_NO_INPUT)
        def is_even(self) -> bool:
            return bool(self.value % 2 == 0)

    file = {
        "facts": {"f": {"title": "F", "type": "parity"}},
        "rules": {"r": {"title": "R", "when": {"name": "f", "operator": "is_even"}}},
    }
    assert jsonschema.Draft202012Validator(ruleset_schema(STANDARD.extended(Parity))).is_valid(file)
    assert not RULESET.is_valid(file)


@pytest.mark.parametrize("name", ["1st", "a b", "a.b", "-a", "", "a:b", "a/b"])
def test_names_that_the_loader_refuses_are_invalid(name: str) -> None:
    assert not RULESET.is_valid({"roles": {name: {"title": "A"}}})
    assert places(f"roles: {{{json.dumps(name)}: {{title: A}}}}\n")


@pytest.mark.parametrize("name", ["a", "分公司经理", "a-b", "a_1", "é"])
def test_names_that_the_loader_takes_are_valid(name: str) -> None:
    assert RULESET.is_valid({"roles": {name: {"title": "A"}}})
    assert not places(f"roles: {{{json.dumps(name, ensure_ascii=False)}: {{title: A}}}}\n")
