from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.errors import PeopleError
from aaworkflow.people import ALL, Delegation

SHANGHAI = timezone(timedelta(hours=8))
START = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)
END = datetime(2026, 3, 7, tzinfo=SHANGHAI)
ALL_OF_IT = Delegation("d", "zhao.ming", "liu.yang", START, END)


def codes(delegation: Delegation, *args: Any, **kwargs: Any) -> list[str]:
    return [reason.code for reason in delegation.covers(*args, **kwargs)]


def test_it_covers_everything_within_its_window_by_default() -> None:
    assert ALL_OF_IT.covers(START, "finance", "sales_contract", "contract", Decimal("9e9")) == ()
    assert ALL_OF_IT.covers(START, None) == ()


def test_the_window_is_half_open() -> None:
    instant = timedelta(microseconds=1)
    assert codes(ALL_OF_IT, START - instant, "finance") == ["delegation_not_yet"]
    assert codes(ALL_OF_IT, START, "finance") == []
    assert codes(ALL_OF_IT, END - instant, "finance") == []
    assert codes(ALL_OF_IT, END, "finance") == ["delegation_expired"]


def test_the_window_is_one_of_instants_whatever_the_clock() -> None:
    assert codes(ALL_OF_IT, (END - timedelta(seconds=1)).astimezone(UTC), "finance") == []
    assert codes(ALL_OF_IT, END.astimezone(timezone(timedelta(hours=-11))), "finance") == ["delegation_expired"]


def test_roles_documents_and_procedures_outside_are_named_with_what_it_covers() -> None:
    narrow = attrs.evolve(
        ALL_OF_IT, roles={"finance"}, documents={"sales_contract", "sales_advice"}, procedures={"contract"}
    )
    assert narrow.covers(START, "finance", "sales_contract", "contract") == ()
    reasons = narrow.covers(START, "president", "sales_contrakt", "brand")
    assert [reason.code for reason in reasons] == [
        "delegation_other_role",
        "delegation_other_document",
        "delegation_other_procedure",
    ]
    assert reasons[1].data["allowed"] == ("sales_advice", "sales_contract")
    assert reasons[1].data["nearest"] == "sales_contract"
    assert all(reason.text("en") and reason.text("zh") for reason in reasons)


def test_what_an_act_is_about_must_be_known_where_the_scope_is_narrow() -> None:
    narrow = attrs.evolve(ALL_OF_IT, documents={"sales_contract"}, procedures={"contract"}, roles={"finance"})
    assert codes(narrow, START, None) == [
        "delegation_other_role",
        "delegation_other_document",
        "delegation_other_procedure",
    ]


def test_an_empty_scope_covers_nothing() -> None:
    nothing = attrs.evolve(ALL_OF_IT, roles=frozenset())
    assert codes(nothing, START, "finance") == ["delegation_other_role"]


def test_a_lone_name_is_one_name() -> None:
    assert attrs.evolve(ALL_OF_IT, roles="finance").roles == {"finance"}


def test_the_limit_is_included_and_the_sign_does_not_matter() -> None:
    limited = attrs.evolve(ALL_OF_IT, limit=Decimal(500000))
    assert codes(limited, START, "finance", amount=Decimal("500000.00")) == []
    assert codes(limited, START, "finance", amount=Decimal("500000.01")) == ["delegation_over_limit"]
    assert codes(limited, START, "finance", amount=Decimal("-500000.01")) == ["delegation_over_limit"]


def test_whole_amounts_are_exact_too() -> None:
    limited = attrs.evolve(ALL_OF_IT, limit=500000)
    assert limited == attrs.evolve(ALL_OF_IT, limit=Decimal(500000))
    assert codes(limited, START, "finance", amount=500000) == []
    assert codes(limited, START, "finance", amount=500001) == ["delegation_over_limit"]


def test_an_unknown_amount_is_not_within_a_limit() -> None:
    assert codes(attrs.evolve(ALL_OF_IT, limit=Decimal(1)), START, "finance") == ["delegation_amount_unknown"]


@pytest.mark.parametrize("amount", [1.5, True, "5", Decimal("NaN"), Decimal("Infinity")])
def test_money_that_is_not_an_exact_decimal_is_refused(amount: Any) -> None:
    for ask in (
        lambda: ALL_OF_IT.covers(START, "finance", amount=amount),
        lambda: attrs.evolve(ALL_OF_IT, limit=amount),
    ):
        with pytest.raises(PeopleError) as refused:
            ask()
        assert refused.value.code == "amount_not_exact"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"agent": "zhao.ming"}, "delegation_to_oneself"),
        ({"valid_until": START}, "delegation_window_empty"),
        ({"valid_until": START - timedelta(1)}, "delegation_window_empty"),
        ({"valid_from": START.replace(tzinfo=None)}, "naive_instant"),
        ({"valid_until": END.replace(tzinfo=None)}, "naive_instant"),
        ({"valid_from": START.date()}, "naive_instant"),
        ({"depth": 0}, "delegation_depth"),
        ({"depth": True}, "delegation_depth"),
        ({"id": ""}, "not_an_id"),
        ({"principal": ""}, "not_an_id"),
        ({"agent": "liu yang"}, "not_an_id"),
    ],
)
def test_a_delegation_that_makes_no_sense_is_refused(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(PeopleError) as refused:
        attrs.evolve(ALL_OF_IT, **wrong)
    assert refused.value.code == code
    assert refused.value.text("en")
    assert refused.value.text("zh")


def test_a_naive_instant_is_no_question() -> None:
    with pytest.raises(PeopleError) as refused:
        ALL_OF_IT.covers(START.replace(tzinfo=None), "finance")
    assert refused.value.code == "naive_instant"


NAMES = st.one_of(st.just(ALL), st.frozensets(st.sampled_from("abc")))


@given(
    roles=NAMES,
    documents=NAMES,
    limit=st.none() | st.integers(0, 3).map(Decimal),
    role=st.sampled_from("abc"),
    document=st.none() | st.sampled_from("abc"),
    amount=st.none() | st.integers(-4, 4).map(Decimal),
    hours=st.integers(-2, 130),
)
def test_it_covers_exactly_what_every_part_of_it_covers(
    roles: frozenset[str],
    documents: frozenset[str],
    limit: Decimal | None,
    role: str,
    document: str | None,
    amount: Decimal | None,
    hours: int,
) -> None:
    at = START + timedelta(hours=hours)
    delegation = attrs.evolve(ALL_OF_IT, roles=roles, documents=documents, limit=limit)
    parts = (
        START <= at < END,
        roles == ALL or role in roles,
        documents == ALL or document in documents,
        limit is None or (amount is not None and abs(amount) <= limit),
    )
    assert len(delegation.covers(at, role, document, None, amount)) == parts.count(False)
