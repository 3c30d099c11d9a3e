"""Parameters in the cells and answers of tables: read in every format, and put there as of a day."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import attrs
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.errors import Place, RuleError, RulesetError
from aaworkflow.rules import DatedParameter
from aaworkflow.rules.batch import with_table
from aaworkflow.rules.tables import (
    DecisionTable,
    Input,
    Named,
    Span,
    analyse_table,
    as_of,
    check_table,
    compile_table,
    diff_tables,
    draft,
    explain_table,
    parse_table,
    read_csv,
    read_dmn,
    read_xlsx,
    write_csv,
    write_dmn,
    write_xlsx,
)
from aaworkflow.texts import Text

FIRST, SECOND = date(2026, 1, 1), date(2027, 1, 1)
BEFORE, EARLY, LATE = date(2025, 12, 31), date(2026, 6, 1), date(2027, 6, 1)
FACTS: dict[str, Any] = {
    "amount": Input("amount", "money", places=2),
    "branch": Input("branch", "select", ("bj", "sh", "gz")),
    "days": "duration",
    "signed": "date",
    "ready": "boolean",
    "name": "string",
}
MAJOR = DatedParameter(
    "major", ((FIRST, 500000), (SECOND, 800000)), ("K3",), Text(zh="重大合同起点", en="major contracts from")
)
PARAMETERS: dict[str, Any] = {
    "major": MAJOR,
    "small": 10000,
    "key_branches": DatedParameter("key_branches", ((FIRST, ["bj"]), (SECOND, ["bj", "sh"]))),
    "within": "3 working days",
    "since": FIRST,
    "open": True,
}


def table(*rows: Any, inputs: Any = ("amount",), outputs: Any = ("role",), **more: Any) -> DecisionTable:
    data = {"inputs": list(inputs), "outputs": outputs, "rows": list(rows), "hit_policy": "first", **more}
    return parse_table(data, FACTS, id="signing", parameters=PARAMETERS, place_of=lambda path: Place("t", len(path), 1))


def codes(*rows: Any, **more: Any) -> list[str]:
    with pytest.raises(RulesetError) as error:
        table(*rows, **more)
    assert all(finding.text("zh") for finding in error.value.findings)
    return [finding.code for finding in error.value.findings]


def role(made: DecisionTable, on: date | None, **facts: Any) -> str | None:
    hit = compile_table(made, on)(facts)
    return hit and hit["role"]


SIGNING = table([">= {major}", "president"], ["-", "manager"])


def test_a_cell_names_a_parameter_whose_value_is_that_of_the_day() -> None:
    assert SIGNING.rows[0].cells[0].spans == (Span(Named("major"), low_closed=True),)
    assert [role(SIGNING, day, amount=600000) for day in (EARLY, LATE)] == ["president", "manager"]


@pytest.mark.parametrize(
    "written",
    [
        "{major}",
        "{ major }",
        "= {major}",
        "{parameter: major}",
        "｛major｝",
        "{parameter：major}",
        {"parameter": "major"},
        {"major": None},  # what YAML makes of {major} without quotation marks
    ],
)
def test_a_parameter_is_named_in_braces(written: Any) -> None:
    assert table([written, "x"]).rows[0].cells[0].values == {Named("major")}


@pytest.mark.parametrize(
    ("cell", "amount", "matches"),
    [
        ("> {major}", 500000, False),
        ("不低于{major}", 500000, True),
        ("{major}以上", 500000, True),
        ("[{small}..{major})", 499999, True),
        ("[{small}..{major})", 500000, False),
        ("{small}至{major}", 500000, True),
        ("{small}~{major}", 9999, False),
        ("not({small}, {major})", 10000, False),
        ("!= {major}", 10000, True),
        ("{small}, > {major}", 10000, True),
        ("≥{major}", 500000, True),
    ],
)
def test_a_parameter_stands_wherever_a_number_may(cell: str, amount: int, matches: bool) -> None:
    assert (role(table([cell, "x"]), EARLY, amount=amount) == "x") is matches


def test_every_kind_of_fact_can_be_compared_with_a_parameter() -> None:
    made = table(
        ["{key_branches}", "<= {within}", ">= {since}", "{open}", "x"], inputs=("branch", "days", "signed", "ready")
    )
    facts = {"branch": "sh", "days": 3, "signed": FIRST, "ready": True}
    assert [role(made, day, **facts) for day in (EARLY, LATE)] == [None, "x"]
    assert role(made, LATE, **{**facts, "days": 4}) is None
    assert [cell.text for cell in as_of(made, LATE).rows[0].cells] == ['"bj", "sh"', "<= 3", ">= 2026-01-01", "true"]
    assert role(table(["not({key_branches})", "x"], inputs=("branch",)), LATE, branch="gz") == "x"


def test_what_stands_in_quotation_marks_is_text() -> None:
    made = table(['"{major}"', "x"], inputs=("name",))
    assert role(made, None, name="{major}") == "x"
    assert not made.parameters


def test_answers_and_defaults_can_be_parameters() -> None:
    made = table([">= {small}", "{major}"], outputs={"limit": "money"}, default={"limit": "{small}"})
    assert [compile_table(made, day)({"amount": 20000})["limit"] for day in (EARLY, LATE)] == [500000, 800000]
    assert compile_table(made, EARLY)({"amount": 1})["limit"] == 10000


# -------------------------------------------------------------------- formats


def test_sheets_hold_parameters_and_give_them_back() -> None:
    csv = "hit_policy,first\nid,amount,→ role\n1,>= {major},president\n2,-,manager\n"
    made = read_csv(csv, FACTS, "signing.csv", parameters=PARAMETERS)
    assert made == SIGNING
    assert dict(made.parameters) == {"major": MAJOR}
    assert ">= {major}" in write_csv(made)
    assert read_csv(write_csv(made), FACTS, "x.csv", parameters=PARAMETERS) == made
    assert read_xlsx(write_xlsx(made), FACTS, "x.xlsx", parameters=PARAMETERS) == made


def test_a_table_as_of_a_day_is_written_with_its_values() -> None:
    made = as_of(SIGNING, EARLY)
    assert not made.parameters
    assert ">= 500000" in write_csv(made)
    (back,) = read_dmn(write_dmn(made), "x.dmn")
    assert compile_table(back)({"amount": 600000})["role"] == "president"
    with pytest.raises(RuleError) as error:
        write_dmn(SIGNING)
    assert error.value.code == "parameter_needs_day"


# -------------------------------------------------------------------- refusals


def test_an_unknown_parameter_is_refused_at_its_cell_with_the_nearest() -> None:
    with pytest.raises(RulesetError) as error:
        read_csv("amount,→ role\n>= {mayor},x\n", FACTS, "t.csv", parameters=PARAMETERS)
    (finding,) = error.value.findings
    assert (finding.code, str(finding.place)) == ("parameter_unknown", "t.csv:2:1")
    assert "did you mean major" in finding.text("en")
    assert codes(["{nothing}", "x"], inputs=("name",)) == ["parameter_unknown"]
    assert codes(["-", "{nothing}"]) == ["parameter_unknown"]


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        ("{key_branches}", "amount"),
        ("{since}", "amount"),
        ("{open}", "days"),
        ("{major}", "branch"),
        ("{major}", "signed"),
        (">= {key_branches}", "days"),
    ],
)
def test_a_parameter_of_another_kind_than_the_column_is_refused(cell: str, column: str) -> None:
    assert codes([cell, "x"], inputs=(column,)) == ["table_parameter_value"]


def test_every_value_that_a_parameter_ever_has_is_tried() -> None:
    changing = {"top": DatedParameter("top", ((FIRST, 10), (SECOND, 3))), "fine": Decimal("0.001"), "odd": ["bj", "xx"]}

    def code(cell: str, column: str = "amount") -> str:
        with pytest.raises(RulesetError) as error:
            parse_table({"inputs": [column], "outputs": ["r"], "rows": [[cell, "x"]]}, FACTS, parameters=changing)
        return error.value.findings[0].code

    assert code("[5..{top}]") == "table_cell_backwards"
    assert code(">= {fine}") == "table_parameter_value"
    assert code("{odd}", "branch") == "table_parameter_value"
    assert code("{fine}", "branch") == "table_parameter_value"


def test_an_answer_must_be_of_its_column_and_among_its_values() -> None:
    assert codes(["-", "{since}"], outputs={"limit": "money"}) == ["table_parameter_value"]
    assert codes(["-", "{small}"], outputs={"limit": {"type": "money", "values": [1, 2]}}) == ["table_parameter_value"]
    assert codes(["-", 1], outputs={"limit": {"type": "money", "values": ["{small}"]}})[0] == "parameter_unknown"


def test_a_day_must_be_said_and_must_not_be_before_the_first() -> None:
    for day, code in ((None, "parameter_needs_day"), (BEFORE, "parameter_not_yet")):
        with pytest.raises(RuleError) as error:
            compile_table(SIGNING, day)
        assert error.value.code == code
    assert role(table([">= {small}", "x"]), None, amount=10000) == "x"  # never changes


# -------------------------------------------------------------------- what is made of tables


def test_an_explanation_names_the_parameter_its_date_and_its_source() -> None:
    told = explain_table(compile_table(SIGNING, LATE), {"amount": 600000})
    assert told.parameters == {"major": 800000}
    assert told.nearest is not None
    assert told.nearest.failed[0].text("en") == (
        "amount (600000) does not satisfy >= 800000 (major contracts from, since 2027-01-01, by K3)"
    )
    assert "不符合 >= 800000(重大合同起点,自 2027-01-01 起,依据 K3)" in told.nearest.failed[0].text("zh")
    assert told.changes[0].facts[0].to == 800000


def test_an_explanation_says_that_an_answer_is_a_parameters() -> None:
    made = compile_table(table(["-", "{major}"], outputs={"limit": "money"}), EARLY)
    told = explain_table(made, {"amount": 1})
    assert told.text("en").splitlines()[0] == (
        "✓ row 1 matches: it asks nothing; its answer is a parameter's (major contracts from, since 2026-01-01, by K3)"
    )
    assert "结果取自参数(重大合同起点,自 2026-01-01 起,依据 K3)" in told.text("zh")


def test_gaps_and_overlaps_are_those_of_the_day() -> None:
    made = table(["< 600000", "x"], [">= {major}", "y"], hit_policy="unique")
    early, late = (analyse_table(compile_table(made, day)) for day in (EARLY, LATE))
    assert (len(early.overlaps), early.gaps) == (1, ())
    assert (late.overlaps, [str(gap) for gap in late.gaps]) == ((), ["amount [600000..799999.99]"])
    assert {finding.code for finding in check_table(as_of(made, LATE))} == {"table_gap"}


def test_a_check_looks_at_every_period_and_says_from_when() -> None:
    made = table(["< 600000", "x"], [">= {major}", "y"], hit_policy="unique")
    found = {finding.code: finding for finding in check_table(made)}
    assert sorted(found) == ["table_gap", "table_rows_contradict"]
    assert found["table_rows_contradict"].reason.text("en").startswith("table signing: rows 1, 2 match together")
    assert found["table_gap"].reason.text("en").startswith("table signing from 2027-01-01 on: no row matches")
    assert found["table_gap"].reason.text("zh").startswith("表 signing(自 2027-01-01 起):")
    steady = table(["< {major}", "x"], hit_policy="first")
    assert [finding.code for finding in check_table(steady)] == ["table_gap", "table_gap"]
    assert len(check_table(table(["< {major}", "x"], ["< {small}", "y"], ["-", "z"], hit_policy="first"))) == 1


def test_tables_of_two_days_can_be_compared() -> None:
    found = diff_tables(as_of(SIGNING, EARLY), as_of(SIGNING, LATE))
    assert [one.text("en") for one in found.differences] == [
        "amount [500000..799999.99]: role president becomes role manager"
    ]


def test_a_frame_is_answered_as_of_a_day() -> None:
    frame = pl.DataFrame({"amount": [400000, 600000, 900000]})
    assert with_table(frame, compile_table(SIGNING, LATE))["role"].to_list() == ["manager", "manager", "president"]


@given(
    st.lists(st.tuples(st.sampled_from(["{}", ">= {}", "< {}", "not({})", "[{}..9]", "1, {}"]), st.sampled_from("ab"))),
    st.lists(st.integers(0, 9), min_size=2, max_size=2),
    st.sampled_from(["first", "rule_order"]),
)
def test_a_table_of_parameters_answers_as_one_of_their_values(
    cells: list[tuple[str, str]], values: list[int], policy: str
) -> None:
    named = {
        name: DatedParameter(name, ((FIRST, 0), (SECOND, value))) for name, value in zip("ab", values, strict=True)
    }

    def made(name: Any) -> DecisionTable:
        rows = [[form.replace("{}", name(letter)), str(at)] for at, (form, letter) in enumerate(cells)]
        data = {"inputs": ["amount"], "outputs": ["role"], "rows": rows, "hit_policy": policy}
        return parse_table(data, {"amount": "money"}, parameters=named)

    dated = made("{{{}}}".format)
    constant = made(lambda letter: str(values["ab".index(letter)]))
    assert as_of(dated, SECOND) == constant
    one, other = compile_table(dated, SECOND), compile_table(constant)
    assert [one({"amount": n}) for n in range(-1, 11)] == [other({"amount": n}) for n in range(-1, 11)]
    assert diff_tables(as_of(dated, SECOND), constant).same


@pytest.mark.parametrize(("periods", "rows", "what"), [(100, 101, "rows in all periods"), (40, 60, "values in cells")])
def test_so_many_periods_that_they_could_take_for_ever_are_refused(
    periods: int, rows: int, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draft, "MAX_DATED", 10_000)
    monkeypatch.setattr(draft, "MAX_TRIED", 2_000)
    daily = DatedParameter("daily", tuple((FIRST + timedelta(days=n), n) for n in range(periods)))
    cells = [[f">= {n}" if what.startswith("rows") and n else f"{{daily}}, {n}", "x"] for n in range(rows)]
    data = {"inputs": ["amount"], "outputs": ["r"], "rows": cells, "hit_policy": "first"}
    with pytest.raises(RulesetError) as error:
        parse_table(data, {"amount": "money"}, parameters={"daily": daily})
    (finding,) = error.value.findings
    assert (finding.code, finding.reason.data["what"]) == ("table_size", what)


@given(
    st.text(alphabet='{}｛｝pq:：<>=!~至..[](),、-"5a', max_size=20),
    st.sampled_from(["amount", "branch", "days", "signed", "ready", "name"]),
    st.lists(st.sampled_from([5, Decimal("0.1"), "bj", "5", True, FIRST, ["bj", "sh"], []]), min_size=4, max_size=4),
)
def test_what_a_cell_names_is_refused_when_it_is_read_or_never(cell: str, column: str, values: list[Any]) -> None:
    dated = {
        name: DatedParameter(name, ((FIRST, one), (SECOND, two)))
        for name, one, two in zip("pq", values[:2], values[2:], strict=True)
    }
    data = {"inputs": [column], "outputs": ["r"], "rows": [[cell, cell]], "hit_policy": "first"}
    try:
        made = parse_table(data, FACTS, parameters=dated)
    except RulesetError:
        return
    assert read_csv(write_csv(made), FACTS, "t.csv", parameters=dated) == made
    for day in (EARLY, LATE):
        asked = as_of(made, day)
        assert not any(one.names for row in asked.rows for one in row.cells)
        assert read_csv(write_csv(asked), FACTS, "t.csv") == asked
        check_table(asked)


def test_a_bound_is_one_value_and_a_text_that_looks_like_a_parameter_stays() -> None:
    several = {"two": [1, 2], "none": [], "x": "a"}

    def read(cell: str, column: str = "amount") -> DecisionTable:
        data = {"inputs": [column], "outputs": ["r"], "rows": [[cell, "x"]]}
        return parse_table(data, FACTS, parameters=several)

    for cell in (">= {two}", "[{two}..9]", "< {none}"):
        with pytest.raises(RulesetError) as error:
            read(cell)
        assert error.value.findings[0].code == "table_parameter_value"
    assert compile_table(read("{two}"))({"amount": 2}) is not None
    assert compile_table(read("{none}"))({"amount": 2}) is None
    mixed = as_of(read('"{y}", {x}', "name"))
    assert (mixed.rows[0].cells[0].text, mixed.rows[0].cells[0].values) == ('"{y}", "a"', {"{y}", "a"})


def test_a_table_made_by_hand_is_tried_when_a_day_is_said() -> None:
    wrong = DatedParameter("major", ((FIRST, "much"),))
    made = attrs.evolve(SIGNING, parameters={"major": wrong})
    with pytest.raises(RuleError) as error:
        as_of(made, EARLY)
    assert (error.value.code, error.value.parameter) == ("table_parameter_value", "major")
