"""The JSON Schema says what the loader says: good files are valid, and keys and words are the same."""

import json
from collections.abc import Iterator
from contextvars import copy_context
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest
import yaml
from business_rules.fields import FIELD_NO_INPUT
from business_rules.operators import NumericType, type_operator
from hypothesis import example, given
from hypothesis import strategies as st
from small import BASE, GOOD, found, places

from aaworkflow.analysis.simulation import office_schema
from aaworkflow.analysis.simulation.vocabulary import OFFICE_FILE, SpreadShape
from aaworkflow.calendars import parse_duration, parse_reminder
from aaworkflow.calendars.deadlines import AfterHours
from aaworkflow.calendars.durations import UNIT_NAMES
from aaworkflow.errors import AaworkflowError
from aaworkflow.rules import OPERATORS, STANDARD, TYPES
from aaworkflow.rules.tables import AGGREGATIONS, HIT_POLICIES
from aaworkflow.rulesets import people_schema, procedure_words, read_files, ruleset_schema
from aaworkflow.rulesets.model import OPERATIONS
from aaworkflow.rulesets.scalars import DURATION, REMINDER
from aaworkflow.rulesets.shapes import Choice, Either, Field, ListOf, MapOf, OfScalar, Record
from aaworkflow.rulesets.vocabulary import PEOPLE_FILE, PROCEDURE, SECTIONS
from aaworkflow.testing.scenario_vocabulary import LINES, SCENARIO, scenario_schema
from aaworkflow.texts import LANGS, Lang, set_lang

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

SHAPES: dict[str, Record] = {
    "sections": SECTIONS,
    "procedure": PROCEDURE,
    "people": PEOPLE_FILE,
    "office": OFFICE_FILE,
    "scenario": SCENARIO,
    **{f"line {kind}": shape for kind, shape in LINES.items()},
}


def keys_of(shape: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Return every field of a shape with the path that leads to it; `*` stands for names of the writer's own."""
    match shape:
        case Record():
            return [
                found
                for name, field in shape.fields.items()
                for found in [((*path, name), field), *keys_of(field.shape, (*path, name))]
            ]
        case SpreadShape():
            return keys_of(Record({**shape._kinds, **shape.beside}), path)
        case MapOf():
            return keys_of(shape.shape, (*path, "*"))
        case ListOf():
            return keys_of(shape.shape, path)
        case Either():
            return keys_of(shape.composed, path)
        case _:
            return []


def choices_of(shape: Any) -> Iterator[Choice]:
    """Yield every choice of words in a shape."""
    match shape:
        case Choice():
            yield shape
        case Record():
            for field in shape.fields.values():
                yield from choices_of(field.shape)
        case MapOf() | ListOf():
            yield from choices_of(shape.shape)
        case Either():
            yield from (*choices_of(shape.scalar), *choices_of(shape.composed))


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_key_and_word_is_explained_in_both_languages(shape: Record) -> None:
    for path, field in keys_of(shape):
        assert isinstance(field, Field)
        assert field.about.zh, path
        assert field.about.en, path
    for choice in choices_of(shape):
        assert set(choice.says) == set(choice.words)
        assert all(text.zh and text.en for text in choice.says.values()), choice.words


def everything(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every mapping in a schema."""
    if isinstance(schema, dict):
        yield schema
    for below in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from everything(below)


def schema_in(lang: Lang) -> dict[str, Any]:
    def made() -> dict[str, Any]:
        set_lang(lang)
        return ruleset_schema()

    return copy_context().run(made)


def test_what_editors_show_is_in_one_language() -> None:
    zh, en = (list(everything(schema_in(lang))) for lang in LANGS)
    assert len(zh) == len(en)
    differ = 0
    for one, other in zip(zh, en, strict=True):
        for key in ("description", "errorMessage", "title"):
            if isinstance(one.get(key), str):
                assert not any("一" <= c <= "龥" for c in other[key]), other[key]
                differ += one[key] != other[key]
    assert differ > 500


def test_words_are_those_of_the_loader() -> None:
    for shape in SHAPES.values():
        for choice in choices_of(shape):
            assert choice.schema()["enum"] == list(choice.words)
    found = ruleset_schema()["$defs"]
    assert set(found["operator"]["enum"]) == {name for kind in OPERATORS.values() for name in kind}
    assert set(found["fact_type"]["enum"]) == set(TYPES)
    assert all(len(found[name]["enum"]) == len(found[name]["enumDescriptions"]) for name in ("operator", "fact_type"))
    assert set(found["hit_policy"]["anyOf"][0]["enum"]) == set(HIT_POLICIES)
    assert set(found["aggregation"]["anyOf"][0]["enum"]) == set(AGGREGATIONS)
    assert set(procedure_words.OPERATIONS.words) == OPERATIONS
    assert set(procedure_words.AFTER_HOURS.words) == set(get_args(AfterHours))


# -------------------------------------------------------------------- what editors mark, and what they say

STEP = "procedure: p\ntitle: P\nsteps:\n  a: {title: A, by: clerk, does: review, %s}\n"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (STEP % "agree: {at_leats: 2}", [("at_leats", "steps.a.agree")]),
        (STEP % "agree: {at_least: two}", [("integer", "steps.a.agree.at_least")]),
        (STEP % "outcomes: {pass: {frist: [{to: b}]}}", [("frist", "steps.a.outcomes.pass")]),
        (STEP % "within: 1 day", [("1 day", "steps.a.within")]),
        ("rules: {r: {title: R, when: {all: [{name: f, value: 1}]}}}", [("operator", "rules.r.when.all.0")]),
        ("rules: {r: {title: R, when: {name: f, operator: is_true, any: []}}}", [("any", "rules.r.when")]),
        ("tables: {t: {inputs: {a: {tipe: x}}, outputs: [b], rows: []}}", [("tipe", "tables.t.inputs.a")]),
        ("tables: {t: {inputs: [a], outputs: [b], rows: [{wen: {}}]}}", [("wen", "tables.t.rows.0")]),
    ],
)
def test_the_very_key_is_marked_and_nothing_else(text: str, marked: list[tuple[str, str]]) -> None:
    errors = list(RULESET.iter_errors(as_json(text)))
    assert [".".join(map(str, e.absolute_path)) for e in errors] == [place for _, place in marked]
    assert all(word in e.message for e, (word, _) in zip(errors, marked, strict=True))
    assert found(text)


@pytest.mark.parametrize(
    "line",
    [
        {"do": "x", "at": "2026-01-05 09:00", "by": "a", "outcom": "pass"},
        {"receive": "x", "at": "2026-01-05 09:00", "by": "a", "outcom": "pass"},
        {"command": "urge", "at": "2026-01-05 09:00", "by": "a", "outcom": "pass"},
        {"tick": "2026-01-05 09:00", "outcom": "pass"},
    ],
)
def test_a_wrong_key_in_a_line_of_a_story_is_marked_by_the_kind_of_line(line: dict[str, Any]) -> None:
    told = {"scenario": "s", "title": "S", "procedure": "p", "story": [line]}
    (error,) = jsonschema.Draft202012Validator(scenario_schema()).iter_errors(told)
    deepest = [e for e in error.context or () if len(e.absolute_path) > 1]
    assert [("outcom" in e.message, list(e.absolute_path)) for e in deepest] == [(True, ["story", 0])]


def test_every_single_value_says_what_it_should_be() -> None:
    def scalars_of(shape: Any) -> Iterator[OfScalar]:
        match shape:
            case OfScalar():
                yield shape
            case Record():
                for field in shape.fields.values():
                    yield from scalars_of(field.shape)
            case MapOf() | ListOf():
                yield from scalars_of(shape.shape)
            case Either():
                yield from (*scalars_of(shape.scalar), *scalars_of(shape.composed))

    kinds = {id(one): one for shape in SHAPES.values() for one in scalars_of(shape) if "$ref" not in one.json}
    assert len(kinds) > 10
    for scalar in kinds.values():
        assert scalar.expected.en in scalar.schema()["errorMessage"]


_PARTS = st.sampled_from(
    [*UNIT_NAMES, *(f"{name}s" for name in UNIT_NAMES), "Working Day", "day", "天", "个", "个工作日"]
)
_WRITTEN = st.builds(
    "{}{}{}{}".format, st.sampled_from(["", "-", "到期前", "时限"]), st.sampled_from(["1", "2.5", "50%", "2/3", ""]),
    st.sampled_from(["", " ", "  "]), st.one_of(st.just(""), _PARTS, _PARTS.map(lambda unit: f"{unit} before")),
)  # fmt: skip


@given(_WRITTEN)
@example("1 working day")
@example("2个工作日")
@example("1 WORKING  Days ")
@example("1 day")
def test_editors_take_the_durations_that_the_loader_takes(text: str) -> None:
    def taken(parse: Any) -> bool:
        try:
            parse(text)
        except AaworkflowError as error:
            return error.code in ("reminder_share_out_of_range", "day_count_not_whole", "hours_out_of_range")
        return True

    assert jsonschema.Draft202012Validator(DURATION.schema()).is_valid(text) == taken(parse_duration)
    if taken(parse_reminder):
        assert jsonschema.Draft202012Validator(REMINDER.schema()).is_valid(text)


TABLE = "tables:\n  t: {title: T, hit_policy: %s, inputs: %s, outputs: %s, rows: %s}\n"


@pytest.mark.parametrize(
    ("policy", "inputs", "outputs", "rows"),
    [
        ("first", "amount", "level", "[['-', x]]"),
        ("First", "[amount]", "[level]", "[[1, x], ['-', y]]"),
        (
            "Rule order",
            "{amount: }",
            "{level: [x, y]}",
            "[{when: {amount: '> 1'}, then: {level: x}, source: P1, note: n}]",
        ),
        ("PRIORITY", "{amount: money}", "{level: {values: [x], default: x, title: L}}", "[{id: a, then: {level: x}}]"),
        ("collect", "{amount: {type: numeric, optional: true, places: 2, title: A}}", "{level: string}", "[['-', x]]"),
    ],
)
def test_every_way_to_write_a_table_is_valid(policy: str, inputs: str, outputs: str, rows: str) -> None:
    text = TABLE % (policy, inputs, outputs, rows)
    assert not list(RULESET.iter_errors(as_json(text)))
    assert {f.code for f in found(text)} <= {"table_fact_unknown", "table_fact_unused"}


@pytest.mark.parametrize(
    ("policy", "inputs", "outputs", "rows"),
    [
        ("uniq", "[amount]", "[level]", "[['-', x]]"),
        ("first", "{amount: integer}", "[level]", "[['-', x]]"),
        ("first", "[amount]", "{level: {valeus: [x]}}", "[['-', x]]"),
        ("first", "[amount]", "[level]", "[x]"),
        ("first", "[amount]", "[level]", "{amount: x}"),
    ],
)
def test_a_table_written_wrong_is_marked(policy: str, inputs: str, outputs: str, rows: str) -> None:
    text = TABLE % (policy, inputs, outputs, rows)
    assert not RULESET.is_valid(as_json(text))
    assert {f.code for f in found(text)} - {"table_fact_unknown"}


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
