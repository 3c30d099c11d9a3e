"""What compiled tables answer, held against the same tables answered row by row."""

import pickle
from collections import UserDict
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_tables import facts_for, tables
from row_by_row import answer

from aaworkflow.errors import RuleError
from aaworkflow.rules.tables import HIT_POLICIES, CompiledTable, Input, compile_table, parse_table


def table(rows: list[Any], **more: Any) -> CompiledTable:
    facts = {"kind": Input("kind", "string"), "amount": Input("amount", "money")}
    data = {"inputs": ["kind", "amount"], "outputs": {"role": "string"}, "rows": rows, **more}
    return compile_table(parse_table(data, facts))


@given(st.data())
def test_an_index_answers_as_reading_row_by_row_does(data: st.DataObject) -> None:
    made = data.draw(tables())
    compiled = compile_table(made)
    for _ in range(5):
        facts = data.draw(facts_for(made))
        wanted = answer(made, facts)
        if isinstance(wanted, str):
            with pytest.raises(RuleError) as caught:
                compiled(facts)
            assert caught.value.code == wanted
        else:
            assert compiled(facts) == wanted


@pytest.mark.parametrize("wildcards", [0, 1, 3])
def test_a_long_table_answers_as_reading_row_by_row_does(wildcards: int) -> None:
    rows = [
        ["-" if n % 10 < wildcards else f"k{n % 7}", f"[{n}..{n + 30})" if n % 9 else "-", f"r{n}"] for n in range(400)
    ]
    compiled = table(rows, hit_policy="first")
    for n in range(0, 440, 3):
        facts = {"kind": f"k{n % 8}", "amount": Decimal(n) + Decimal("0.5")}
        assert compiled(facts) == answer(compiled.table, facts)


@pytest.mark.parametrize("policy", HIT_POLICIES)
@pytest.mark.parametrize("wide", [30, 400])
def test_a_long_table_whose_rows_overlap_answers_as_reading_row_by_row_does(policy: str, wide: int) -> None:
    step = 7 if policy in ("unique", "any") else 1  # so that these have one row here and there
    rows = [
        [f"k{n % 5}" if n % 3 else "not(k1)", f"[{n}..{n + wide}]", f"[{n // 2}..{n // 2 + 90}]", f"r{n % 4}"]
        for n in range(0, 1200, step)
    ]
    data = {"inputs": ["kind", "amount", "days"], "outputs": {"role": "string"}, "rows": rows, "hit_policy": policy}
    data |= {"outputs": {"role": {"type": "string", "values": ["r2", "r0", "r1", "r3"]}}}
    facts = {"kind": Input("kind", "string"), "amount": Input("amount", "money")}
    compiled = compile_table(parse_table(data, facts | {"days": Input("days", "duration", optional=True)}))
    for n in range(0, 1700, 23):
        facts_ = {"kind": f"k{n % 7}", "amount": n if n % 2 else Decimal(n) + Decimal("0.5"), "days": n // 2}
        if n % 13 == 0:
            del facts_["days"]
        wanted = answer(compiled.table, facts_)
        if isinstance(wanted, str):
            with pytest.raises(RuleError) as caught:
                compiled(facts_)
            assert caught.value.code == wanted
        else:
            assert compiled(facts_) == wanted


def test_no_matching_row_is_no_answer() -> None:
    assert table([["a", "-", "x"]])({"kind": "b", "amount": 1}) is None


def test_a_table_can_refuse_what_no_row_matches() -> None:
    with pytest.raises(RuleError) as caught:
        table([["a", "-", "x"]], no_match="refuse")({"kind": "b", "amount": 1})
    assert caught.value.code == "table_no_match"


def test_a_default_answers_what_no_row_matches() -> None:
    hit = table([["a", "-", "x"]], default={"role": "clerk"})({"kind": "b", "amount": 1})
    assert hit is not None
    assert (hit.rows, hit["role"]) == ((), "clerk")


def test_unique_is_checked_when_it_runs() -> None:
    compiled = table([["a", "-", "x"], ["-", "> 5", "x"]])
    with pytest.raises(RuleError) as caught:
        compiled({"kind": "a", "amount": 6})
    assert (caught.value.code, caught.value.rows) == ("table_not_unique", ("1", "2"))
    assert compiled({"kind": "a", "amount": 5})["role"] == "x"


def test_any_is_checked_when_it_runs() -> None:
    compiled = table([["a", "-", "x"], ["-", "> 5", "y"], ["-", "> 7", "x"]], hit_policy="any")
    with pytest.raises(RuleError) as caught:
        compiled({"kind": "a", "amount": 6})
    assert (caught.value.code, caught.value.rows) == ("table_any_differs", ("1", "2"))


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"kind": "a"}, "table_fact_missing"),
        ({"kind": None, "amount": 1}, "table_fact_type"),
        ({"kind": 1, "amount": 1}, "table_fact_type"),
        ({"kind": "a", "amount": 1.5}, "table_fact_type"),
        ({"kind": "a", "amount": True}, "table_fact_type"),
        ({"kind": "a", "amount": "1"}, "table_fact_type"),
        ({"kind": "a", "amount": Decimal("NaN")}, "table_fact_type"),
        ({"kind": "a", "amount": Decimal("Infinity")}, "table_fact_type"),
        ({"kind": ["a"], "amount": 1}, "table_fact_type"),
    ],
)
@pytest.mark.parametrize("rows", [[["a", "> 0", "x"]], [["-", "> 0", "x"], ["not(a)", "> 1", "y"]], [["-", "-", "x"]]])
def test_a_wrong_fact_is_an_error_and_never_an_empty_answer(rows: list[Any], facts: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleError) as caught:
        table(rows)(facts)
    assert caught.value.code == code


def test_a_misspelt_fact_is_told_its_likely_name() -> None:
    with pytest.raises(RuleError) as caught:
        table([["a", "> 0", "x"]])({"kind": "a", "amuont": 1})
    assert (caught.value.name, caught.value.nearest) == ("amount", "amuont")


def test_a_value_beside_the_options_is_an_error() -> None:
    data = {"inputs": ["kind"], "outputs": ["role"], "rows": [["sales", "x"]]}
    compiled = compile_table(parse_table(data, {"kind": Input("kind", "select", ("sales", "service"))}))
    assert compiled({"kind": "service"}) is None
    with pytest.raises(RuleError) as caught:
        compiled({"kind": "sale"})
    assert (caught.value.code, caught.value.nearest) == ("table_fact_option", "sales")


def test_whole_number_facts_refuse_fractions() -> None:
    data = {"inputs": {"days": {"type": "numeric", "places": 0}}, "outputs": ["role"], "rows": [["<= 3", "x"]]}
    compiled = compile_table(parse_table(data, {}))
    assert compiled({"days": Decimal("3.0")})["role"] == "x"
    with pytest.raises(RuleError) as caught:
        compiled({"days": Decimal("3.5")})
    assert caught.value.code == "table_fact_places"


def test_numbers_are_exact() -> None:
    compiled = table([["-", "0.1", "tenth"], ["-", "> 0.1", "more"], ["-", "< 0.1", "less"]])
    assert compiled({"kind": "", "amount": Decimal("0.1" + "0" * 60 + "1")})["role"] == "more"
    assert compiled({"kind": "", "amount": Decimal("0.100")})["role"] == "tenth"
    assert compiled({"kind": "", "amount": Decimal("1e999999")})["role"] == "more"
    assert compiled({"kind": "", "amount": Decimal("-1e999999")})["role"] == "less"


def test_other_mappings_and_kinds_of_text_do_too() -> None:
    class Word(str):
        __slots__ = ()

    assert table([["a", "> 0", "x"]])(UserDict({"kind": Word("a"), "amount": 1}))["role"] == "x"


def test_a_compiled_table_can_be_pickled() -> None:
    compiled = pickle.loads(pickle.dumps(table([["a", "> 0", "x"]])))
    assert compiled({"kind": "a", "amount": 1})["role"] == "x"
