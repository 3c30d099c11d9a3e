"""Events and commands to and from JSON: whatever facts and documents hold comes back; bad data is our error."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.cases import COMMANDS, EVENTS
from aaworkflow.cases import commands as c
from aaworkflow.cases import events as ev
from aaworkflow.codec import (
    UPCASTS,
    chain_hash,
    decode_command,
    decode_event,
    encode_command,
    encode_event,
    plain,
    schema_of,
    tag_of,
    unplain,
)
from aaworkflow.errors import CodecError
from aaworkflow.texts import Text

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(),
        st.decimals(allow_nan=False, allow_infinity=False),
        st.dates(),
        st.datetimes(timezones=st.just(UTC)),
        st.fractions(),
        st.builds(Text, st.text(), st.text()),
    ),
    lambda below: st.one_of(
        st.lists(below, max_size=3).map(tuple),
        st.dictionaries(st.text(alphabet="abc", min_size=1, max_size=3), below, max_size=3),
    ),
    max_leaves=8,
)


@given(values)
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    back = unplain(json.loads(json.dumps(plain(value))))
    assert back == value
    assert type(back) is type(value)


@given(st.dictionaries(st.text(min_size=1, max_size=5).filter(lambda k: not k.startswith("$")), values, max_size=4))
def test_an_event_comes_back_as_it_was(facts: dict[str, Any]) -> None:
    event = ev.FactsSet(at=AT, by="ann", facts=facts, answers={"a": ("t", ("1", "2"))})
    assert decode_event(*encode_event(event)) == event


@pytest.mark.parametrize("value", [1.5, object(), b"x", {1, 2.5}])
def test_what_cannot_be_stored_is_said(value: Any) -> None:
    with pytest.raises(CodecError) as error:
        plain(value)
    assert error.value.code == "value_not_storable"


def test_sets_are_stored_sorted() -> None:
    assert plain(frozenset({"b", "a"})) == ["a", "b"]


def test_tags_are_stable() -> None:
    """Stored data carries these: a class may be renamed only with an upcast."""
    assert {tag_of(kind) for kind in EVENTS} >= {"case_started", "step_opened", "decided", "deadline_set", "case_ended"}
    assert len({tag_of(kind) for kind in (*EVENTS, *COMMANDS)}) == len(EVENTS) + len(COMMANDS)


@pytest.mark.parametrize(
    ("tag", "body", "code"),
    [
        ("nothing", "{}", "unknown_event"),
        ("decided", "{", "body_not_json"),
        ("decided", "[]", "body_not_json"),
        ("decided", "{}", "body_not_valid"),
        ("read", '{"at": "2026-03-02T09:00:00", "by": "ann"}', "body_not_valid"),
        ("read", '{"at": 5, "by": "ann"}', "body_not_valid"),
        ("read", '{"at": "2026-03-02T09:00:00+00:00", "by": "ann", "more": 1}', "body_not_valid"),
    ],
)
def test_bad_bodies_are_our_error(tag: str, body: str, code: str) -> None:
    with pytest.raises(CodecError) as error:
        decode_event(tag, 1, body)
    assert error.value.code == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({}, "unknown_command"),
        ({"command": "decid", "case": "c"}, "unknown_command"),
        ({"command": "decide", "case": "c"}, "body_not_valid"),
        ({"command": "decide", "case": "c", "step": "s", "outcom": "pass"}, "unknown_field"),
        ({"command": "extend", "case": "c", "deadline": "d", "to": "tomorrow"}, "body_not_valid"),
    ],
)
def test_bad_commands_are_our_error(data: dict[str, Any], code: str) -> None:
    with pytest.raises(CodecError) as error:
        decode_command(data)
    assert error.value.code == code


def test_defaults_of_a_command_may_be_left_out() -> None:
    command = decode_command({"command": "decide", "case": "c", "step": "s", "facts": {"a": {"$decimal": "1.50"}}})
    assert command == c.Decide(case="c", step="s", facts={"a": Decimal("1.50")})
    extend = c.Extend(case="c", deadline="d", to=date(2026, 3, 9))
    assert decode_command(encode_command(extend)) == extend


def test_an_older_layout_is_upcast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(UPCASTS, ("read", 1), lambda data: {"at": data["at"], "by": data["who"]})
    assert schema_of("read") == 2
    event = decode_event("read", 1, '{"at": "2026-03-02T09:00:00+00:00", "who": "ann"}')
    assert event == ev.Read(at=AT, by="ann")


@given(st.lists(st.text(max_size=4), min_size=5, max_size=5), st.lists(st.text(max_size=4), min_size=5, max_size=5))
def test_the_chain_tells_records_apart(one: list[str], other: list[str]) -> None:
    def hashed(parts: list[str]) -> str:
        previous, case, kind, body, key = (json.dumps(p) for p in parts)
        return chain_hash(previous, case, 1, kind, 1, body, "t", key)

    assert (hashed(one) == hashed(other)) == (one == other)


def test_fractions_are_exact() -> None:
    assert unplain(plain(Fraction(1, 3))) == Fraction(1, 3)
