"""Single values: by YAML 1.2, exact, and told in both languages where they are not what their place asks for."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from aaworkflow.errors import Place
from aaworkflow.rulesets import scalars as s
from aaworkflow.rulesets.reader import Reader
from aaworkflow.rulesets.yaml_nodes import Map, parse_yaml
from aaworkflow.texts import Text


def read(shape: Any, written: str) -> Any:
    """Return the value read, or the code of what is found."""
    node = parse_yaml(f"x: {written}\n", "f.yaml")
    assert isinstance(node, Map)
    reader = Reader()
    value = shape.read(reader, node.entries[0].value, ("x",))
    if reader.findings:
        (finding,) = reader.findings
        assert finding.place == Place("f.yaml", 1, 4 if written else 3)
        return finding.code
    return value


@pytest.mark.parametrize(
    ("shape", "written", "value"),
    [
        (s.NAME, "no", "no"),
        (s.NAME, "on", "on"),
        (s.NAME, "分公司经理", "分公司经理"),
        (s.NAME, "li.na", "li.na"),
        (s.WORD, "2026.10", "2026.10"),
        (s.WORD, "2.3.1", "2.3.1"),
        (s.STRING, "true", "true"),
        (s.BOOL, "true", True),
        (s.BOOL, "False", False),
        (s.INT, "-12", -12),
        (s.AMOUNT, "500000.10", Decimal("500000.10")),
        (s.DATE, "2026-02-28", date(2026, 2, 28)),
        (s.INSTANT, "2026-02-28 09:00", datetime(2026, 2, 28, 9)),  # noqa: DTZ001
        (s.TIME, '"18:00"', "18:00"),
        (s.TIME, "18:00", "18:00"),
        (s.DURATION, "2个工作日", "2个工作日"),
        (s.REMINDER, "50%", "50%"),
        (s.FRACTION, "2/3", Fraction(2, 3)),
        (s.FRACTION, "5%", Fraction(1, 20)),
        (s.FRACTION, "0.5", Fraction(1, 2)),
        (s.TEXT, "same", Text.same("same")),
        (s.TEXT, "{zh: 中}", Text(zh="中")),
    ],
)
def test_a_value_is_read_as_its_place_asks(shape: Any, written: str, value: Any) -> None:
    found = read(shape, written)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("shape", "written", "code"),
    [
        (s.NAME, "1st", "value_not_readable"),
        (s.NAME, "a b", "value_not_readable"),
        (s.NAME, "true", "value_not_readable"),
        (s.NAME, "ａ", "name_in_odd_letters"),
        (s.NAME, "[a]", "value_wrong_kind"),
        (s.NAME, "", "value_empty"),
        (s.NAME, "~", "value_empty"),
        (s.ID, "a.b", "value_not_readable"),
        (s.STRING, "'  '", "value_not_readable"),
        (s.BOOL, "yes", "value_not_readable"),
        (s.BOOL, "'true'", "value_not_readable"),
        (s.INT, "1.0", "value_not_readable"),
        (s.INT, "'1'", "value_not_readable"),
        (s.INT, "9" * 5000, "value_not_readable"),
        (s.AMOUNT, "many", "value_not_readable"),
        (s.AMOUNT, "1e999999999", "value_not_readable"),
        (s.DATE, "2026-02-30", "value_not_readable"),
        (s.DATE, "2026-2-3", "value_not_readable"),
        (s.INSTANT, "2026-02-28 25:00", "value_not_readable"),
        (s.TIME, "25:00", "value_not_readable"),
        (s.DURATION, "1 day", "unknown_duration_unit"),
        (s.REMINDER, "0%", "reminder_share_out_of_range"),
        (s.FRACTION, "1/0", "value_not_readable"),
        (s.FRACTION, "-1", "value_not_readable"),
        (s.TEXT, "{}", "value_wrong_kind"),
        (s.TEXT, "[a]", "value_wrong_kind"),
        (s.FREE, "2026-02-30", "value_not_readable"),
    ],
)
def test_what_a_place_does_not_ask_for_is_refused(shape: Any, written: str, code: str) -> None:
    assert read(shape, written) == code


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("500000", 500000),
        ("0.10", Decimal("0.10")),
        (".5", Decimal("0.5")),
        ("'1'", "1"),
        ("no", "no"),
        ("true", True),
        ("~", None),
        ("1e3", "1e3"),
        ("1_000", "1_000"),
        ("0o7", "0o7"),
        ("2026-01-31", date(2026, 1, 31)),
        ("[1, {a: b}]", [1, {"a": "b"}]),
    ],
)
def test_what_other_rooms_check_is_read_as_plain_exact_values(written: str, value: Any) -> None:
    found = read(s.FREE, written)
    assert found == value
    assert type(found) is type(value)


def test_what_is_expected_is_said_in_both_languages() -> None:
    reader = Reader()
    node = parse_yaml("x: soon\n", "f.yaml")
    assert isinstance(node, Map)
    s.DATE.read(reader, node.entries[0].value, ())
    (finding,) = reader.findings
    assert finding.reason.text("en") == "soon is not a date such as 2026-01-31"
    assert finding.reason.text("zh") == "soon 不符合要求,应为日期,如 2026-01-31"
