"""Conditions at load: what is refused, all at once, each with its place, in bounded time."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.errors import Place, RuleError, RulesetError
from aaworkflow.rules import OPERATORS, DatedParameter, check_conditions, compile_rule
from aaworkflow.rules.conditions import All, Any_, Leaf, Not, leaves

TYPES = {
    "amount": "money",
    "rate": "numeric",
    "wait": "duration",
    "urgent": "boolean",
    "name": "string",
    "day": "date",
    "at": "datetime",
    "kind": "select",
    "tags": "select_multiple",
}
ODD = {"odd": "colour"}
NAIVE = datetime(2026, 1, 1)  # noqa: DTZ001


def leaf(name: Any = "amount", operator: Any = "greater_than", value: Any = 1) -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": value}


def codes(conditions: Any, **more: Any) -> set[str]:
    node, findings = check_conditions(conditions, TYPES | ODD, **more)
    assert node is None
    assert all(f.reason.text("zh") and f.reason.text("en") for f in findings)
    return {f.code for f in findings}


@pytest.mark.parametrize(
    ("conditions", "code"),
    [
        ({"all": []}, "condition_empty"),
        ({"any": []}, "condition_empty"),
        ({"not": []}, "condition_not_a_mapping"),
        ({"not": {"all": []}}, "condition_empty"),
        ({"all": [leaf()], "any": [leaf()]}, "condition_keys_mixed"),
        ({"all": [leaf()], **leaf()}, "condition_keys_mixed"),
        ({"all": leaf()}, "condition_not_a_list"),
        ({"any": "amount"}, "condition_not_a_list"),
        ({"any": None}, "condition_not_a_list"),
        ([], "condition_not_a_mapping"),
        (None, "condition_not_a_mapping"),
        ("amount > 1", "condition_not_a_mapping"),
        ({}, "condition_key_missing"),
        ({"name": "amount", "operator": "greater_than"}, "condition_key_missing"),
        ({"name": "amount", "value": 1}, "condition_key_missing"),
        ({**leaf(), "values": 1}, "condition_key_unknown"),
        ({**leaf(), 7: 1}, "condition_key_unknown"),
        (leaf(name="amuont"), "condition_fact_unknown"),
        (leaf(name=["amount"]), "condition_fact_unknown"),
        (leaf(name="odd"), "fact_type_unknown"),
        (leaf(operator="greater"), "operator_unknown"),
        (leaf(operator="__init__"), "operator_unknown"),
        (leaf(operator=None), "operator_unknown"),
        (leaf(operator="starts_with"), "operator_unknown"),
        (leaf("urgent", "is_true", value=False), "operator_takes_no_value"),
        (leaf(value={"parameter": "nothing"}), "parameter_unknown"),
        (leaf(value={"parameter": ["nothing"]}), "parameter_unknown"),
        (leaf(value={"param": "limit"}), "parameter_unknown"),
    ],
)
def test_what_is_wrong_with_a_condition_is_said_at_load(conditions: Any, code: str) -> None:
    assert codes(conditions, parameters={"limit": 1}) == {code}


@pytest.mark.parametrize(
    ("name", "operator", "value"),
    [
        ("amount", "greater_than", "1"),
        ("amount", "greater_than", True),
        ("amount", "greater_than", None),
        ("amount", "greater_than", 1.5),
        ("rate", "equal_to", float("nan")),
        ("rate", "equal_to", float("inf")),
        ("rate", "equal_to", Decimal("NaN")),
        ("rate", "equal_to", Decimal("sNaN")),
        ("rate", "equal_to", Decimal("Infinity")),
        ("rate", "equal_to", 10**40),
        pytest.param("rate", "equal_to", -(10**5000), id="rate-equal_to-huge"),
        ("rate", "equal_to", 1e300),
        ("rate", "equal_to", Decimal("1E+999999")),
        ("rate", "equal_to", Decimal("1E-5000")),
        ("rate", "equal_to", Decimal("0." + "1" * 2000)),
        ("wait", "less_than", Decimal("1.5")),
        ("wait", "less_than", "two working days"),
        ("wait", "less_than", "2 days"),
        ("wait", "less_than", "99999999999 working days"),
        ("wait", "between", [3, 2]),
        ("wait", "between", [1, 2, 3]),
        ("name", "equal_to", 5),
        ("name", "equal_to", None),
        ("name", "contains", "a" * 10_001),
        ("name", "matches_regex", 5),
        ("kind", "contains", ["a"]),
        ("kind", "contains", True),
        ("kind", "contains", None),
        ("tags", "contains_all", []),
        ("tags", "contains_all", "abc"),
        ("tags", "contains_all", [True]),
        ("tags", "contains_all", [["a"]]),
        ("tags", "contains_all", ["a"] * 10_001),
        ("day", "after", datetime(2026, 1, 1, tzinfo=UTC)),
        ("day", "after", "2026-02-30"),
        ("day", "after", "20260101"),
        ("day", "after", 20260101),
        ("day", "between", [date(2026, 1, 2), date(2026, 1, 1)]),
        ("day", "between", "2026-01-01"),
        ("at", "after", NAIVE),
        ("at", "after", date(2026, 1, 1)),
        ("at", "after", "2026-01-01T10:00"),
        ("at", "after", "0001-01-01T00:00:00+14:00"),
        ("at", "after", "x" * 1000),
    ],
)
def test_a_value_of_the_wrong_type_or_size_is_refused(name: str, operator: str, value: Any) -> None:
    assert codes(leaf(name, operator, value)) == {"condition_value_wrong"}


@pytest.mark.parametrize(
    ("name", "operator", "written", "read"),
    [
        ("wait", "less_than", "2 working days", 2),
        ("wait", "less_than", "1 working day", 1),
        ("wait", "less_than", "3个工作日", 3),
        ("wait", "less_than", Decimal("2.0"), 2),
        ("day", "after", "2026-01-31", date(2026, 1, 31)),
        ("at", "after", "2026-01-31T08:00+08:00", datetime(2026, 1, 31, tzinfo=UTC)),
        ("at", "after", "2026-01-31T00:00:00Z", datetime(2026, 1, 31, tzinfo=UTC)),
        ("rate", "less_than", 0.1, Decimal.from_float(0.1)),
        ("tags", "contains_all", ["a", 1], ("a", 1)),
        ("day", "between", ["2026-01-01", date(2026, 1, 2)], (date(2026, 1, 1), date(2026, 1, 2))),
    ],
)
def test_a_value_is_read_into_the_form_that_rules_compare(name: str, operator: str, written: Any, read: Any) -> None:
    node, findings = check_conditions(leaf(name, operator, written), TYPES)
    assert not findings
    assert isinstance(node, Leaf)
    assert node.value == read
    assert type(node.value) is type(read)


def test_the_tree_is_kept_as_written() -> None:
    node, _ = check_conditions({"all": [{"any": [leaf()]}, {"not": leaf("urgent", "is_true")}]}, TYPES)
    assert isinstance(node, All)
    assert isinstance(node.nodes[0], Any_)
    assert isinstance(node.nodes[1], Not)
    assert [one.path for one in leaves(node)] == [("all", 0, "any", 0), ("all", 1, "not")]


def test_every_problem_is_found_at_once_with_its_path() -> None:
    _, findings = check_conditions({"all": [leaf(name="x"), {"any": []}, {"not": leaf(value="y")}]}, TYPES)
    assert [f.place.file for f in findings] == ["/all/0/name", "/all/1/any", "/all/2/not/value"]


def test_the_place_is_what_the_loader_says() -> None:
    place = Place("rules.yaml", 7, 15)
    with pytest.raises(RulesetError) as error:
        compile_rule(leaf(value="y"), TYPES, place_of=lambda path: place if path == ("value",) else Place("?"))
    assert error.value.findings[0].place == place
    assert str(error.value).startswith("rules.yaml:7:15 condition_value_wrong")


def test_the_nearest_name_is_offered_for_facts_operators_keys_parameters_and_options() -> None:
    for conditions, nearest in (
        (leaf(name="amuont"), "amount"),
        (leaf(operator="greater_then"), "greater_than"),
        ({**leaf(), "valeu": 1}, "value"),
        (leaf(value={"parameter": "limt"}), "limit"),
        (leaf("kind", "contains", "renovaton"), "renovation"),
    ):
        _, findings = check_conditions(
            conditions, TYPES, parameters={"limit": 1}, options={"kind": ["renovation", "supply"]}
        )
        assert findings[0].reason.data["nearest"] == nearest


def test_a_select_is_only_asked_for_its_options() -> None:
    options = {"kind": ["renovation"], "tags": ["a", "b"]}
    assert codes(leaf("tags", "contains_all", ["a", "c"]), options=options) == {"condition_option_unknown"}
    assert codes(leaf("kind", "does_not_contain", 1), options=options) == {"condition_option_unknown"}
    for good in (leaf("kind", "contains", "Renovation"), leaf("tags", "contains_all", ["b"])):
        assert not check_conditions(good, TYPES, options=options)[1]


# -------------------------------------------------------------------- parameters

LIMIT = DatedParameter("limit", ((date(2027, 1, 1), 800), (date(2026, 1, 1), 500)), source=("K3",))


def test_every_value_of_a_parameter_must_do() -> None:
    wrong = DatedParameter("limit", ((date(2026, 1, 1), 500), (date(2027, 1, 1), "800")))
    assert codes(leaf(value={"parameter": "limit"}), parameters={"limit": wrong}) == {"condition_value_wrong"}
    assert codes(leaf(value={"parameter": "limit"}), parameters={"limit": "many"}) == {"condition_value_wrong"}


def test_a_parameter_has_the_value_of_the_day() -> None:
    conditions = leaf(operator="greater_than_or_equal_to", value={"parameter": "limit"})
    before, after = (
        compile_rule(conditions, TYPES, parameters={"limit": LIMIT}, on=day)
        for day in (date(2026, 12, 31), date(2027, 1, 1))
    )
    assert (before({"amount": 500}), after({"amount": 500})) == (True, False)
    assert after.conditions.parameters == {"limit": 800}


def test_a_parameter_before_its_first_day_is_an_error() -> None:
    with pytest.raises(RuleError) as error:
        compile_rule(leaf(value={"parameter": "limit"}), TYPES, parameters={"limit": LIMIT}, on=date(2025, 12, 31))
    assert (error.value.code, error.value.first) == ("parameter_not_yet", date(2026, 1, 1))


def test_a_parameter_that_changes_needs_a_day() -> None:
    with pytest.raises(RulesetError) as error:
        compile_rule(leaf(value={"parameter": "limit"}), TYPES, parameters={"limit": LIMIT})
    assert error.value.code == "parameter_needs_day"
    assert compile_rule(leaf(value={"parameter": "x"}), TYPES, parameters={"x": 100})({"amount": 101})


def test_a_parameter_without_values_is_an_error() -> None:
    with pytest.raises(RuleError) as error:
        DatedParameter("limit", ())
    assert error.value.code == "parameter_without_values"


def test_a_parameter_says_what_holds_on_a_day() -> None:
    assert [LIMIT.at(date(2026, 1, 1)), LIMIT.at(date(2030, 1, 1))] == [500, 800]


# -------------------------------------------------------------------- hostile input


class Endless(Mapping[str, Any]):
    """An `all` that holds itself without end, as aliases of YAML can make one."""

    def __getitem__(self, key: str) -> Any:
        return [self, self]

    def __iter__(self) -> Any:
        return iter(["all"])

    def __len__(self) -> int:
        return 1


def test_deep_wide_and_endless_conditions_are_refused_before_they_cost_much() -> None:
    deep: Any = leaf()
    for _ in range(5000):
        deep = {"all": [deep]}
    assert codes(deep) == {"condition_too_deep"}
    assert codes({"all": [leaf()] * 1_000_000}) == {"condition_too_many"}
    assert "condition_too_deep" in codes(Endless())
    bomb: Any = leaf()
    for _ in range(30):
        bomb = {"any": [bomb] * 10}
    assert codes(bomb) == {"condition_too_many"}


def test_no_more_findings_are_made_than_anyone_reads() -> None:
    _, findings = check_conditions({"all": [leaf(name="x")] * 1500}, TYPES)
    assert len(findings) == 100


def test_odd_names_of_facts_are_only_names() -> None:
    for name in ("", "v0", "facts", "careful", "__builtins__", "a b", "合同额", "\x00", "\ud800", "'); import os; ('"):
        rule = compile_rule(leaf(name, "less_than", 5), {name: "money"})
        assert rule({name: 4})
        assert not rule({name: 6})


def test_a_rule_of_two_thousand_comparisons_still_answers() -> None:
    conditions = {"any": [leaf(operator="equal_to", value=n) for n in range(1999)]}
    rule = compile_rule(conditions, TYPES)
    assert rule({"amount": Decimal(1998)})
    assert not rule({"amount": 1999})


nonsense = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=5),
        st.floats(),
        st.decimals(),
        st.dates(),
        st.sampled_from([*TYPES, "greater_than", "matches_regex", "contains", "after", "is_true"]),
    ),
    lambda x: st.one_of(
        st.lists(x, max_size=3),
        st.dictionaries(st.sampled_from(["all", "any", "not", "name", "operator", "value", "parameter"]), x),
    ),
    max_leaves=12,
)


@given(nonsense)
def test_nothing_but_our_errors_comes_of_nonsense(data: Any) -> None:
    with suppress(RulesetError):
        compile_rule(data, TYPES)


@given(st.sampled_from(sorted(TYPES)), st.data())
def test_nothing_but_our_errors_comes_of_nonsense_in_a_leaf(name: str, data: st.DataObject) -> None:
    operator = data.draw(st.sampled_from(sorted(OPERATORS[TYPES[name]])))
    with suppress(RulesetError):
        compile_rule(leaf(name, operator, data.draw(nonsense)), TYPES)


@pytest.mark.parametrize(
    ("fact", "written", "meant"),
    [
        ("amount", ">=", "greater_than_or_equal_to"),
        ("amount", "more_than", "greater_than"),
        ("amount", "不超过", "less_than_or_equal_to"),
        ("amount", "等于", "equal_to"),
        ("day", ">", "after"),
        ("day", "不晚于", "on_or_before"),
        ("kind", "equal_to", "contains"),
        ("kind", "!=", "does_not_contain"),
        ("urgent", "=", "is_true"),
        ("amount", "greater_then", "greater_than"),
    ],
)
def test_an_operator_written_otherwise_is_told_by_its_name(fact: str, written: str, meant: str) -> None:
    _, (finding,) = check_conditions({"all": [leaf(fact, written, 1)]}, TYPES)
    assert (finding.code, finding.reason.data["nearest"]) == ("operator_unknown", meant)
