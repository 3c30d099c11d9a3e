import hashlib
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.documents import (
    DocumentVersion,
    canonical_bytes,
    diff_versions,
    digest_of,
    make_version,
    missing_parts,
)
from aaworkflow.errors import DocumentError

AT = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
CONTENT: dict[str, Any] = {
    "background": "集团客户",
    "quotation": {"total": Decimal("500000.00"), "items": [{"price": 1}, {"price": 2}]},
}


def version(content: Any, number: int = 1, kind: str = "proposal") -> DocumentVersion:
    return make_version(kind, number, content, "li.na", AT)


def test_a_version_carries_the_digest_of_its_kind_and_content() -> None:
    made = version(CONTENT)
    assert made.digest == digest_of("proposal", CONTENT)
    assert made.digest == digest_of("proposal", made.content)
    assert made.digest != digest_of("contract", CONTENT)
    assert made.digest.startswith("sha256:")
    assert len(made.digest) == len("sha256:") + 64


def test_a_digest_can_be_reckoned_from_the_documented_bytes() -> None:
    content = {"b": Decimal("1.50"), "a": ["x", None, True]}
    data = b"aaworkflow document 1\n[8:proposal{1:a[1:x~T]1:b1.5;}]"
    assert digest_of("proposal", content) == f"sha256:{hashlib.sha256(data).hexdigest()}"
    assert canonical_bytes(content) == b"{1:a[1:x~T]1:b1.5;}"


def test_any_change_to_the_content_changes_the_digest() -> None:
    for change in (
        {"background": "集团客户 "},
        {"background": None},
        {"extra": ""},
        {"quotation": {"total": Decimal("500000.01"), "items": [{"price": 1}, {"price": 2}]}},
        {"quotation": {"total": Decimal("500000.00"), "items": [{"price": 2}, {"price": 1}]}},
    ):
        assert digest_of("proposal", {**CONTENT, **change}) != digest_of("proposal", CONTENT)


def test_a_version_cannot_be_changed_through_what_it_was_made_of() -> None:
    content: dict[str, Any] = {"items": [1, 2]}
    made = version(content)
    content["items"].append(3)
    assert made.content == {"items": (1, 2)}
    with pytest.raises(TypeError):
        made.content["items"] = ()  # type: ignore[index]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.digest = "x"  # type: ignore[misc]


def test_versions_are_values() -> None:
    assert version(CONTENT) == version(CONTENT)
    assert len({version(CONTENT), version(CONTENT), version(CONTENT, 2)}) == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"kind": ""}, "document_field_blank"),
        ({"by": " "}, "document_field_blank"),
        ({"digest": ""}, "document_field_blank"),
        ({"by": None}, "document_field_blank"),
        ({"number": 0}, "document_version_number"),
        ({"number": True}, "document_version_number"),
        ({"number": "1"}, "document_version_number"),
        ({"at": AT.replace(tzinfo=None)}, "naive_instant"),
        ({"at": AT.date()}, "naive_instant"),
        ({"content": [1]}, "document_not_a_mapping"),
        ({"content": {"a": 1.5}}, "value_float"),
    ],
)
def test_a_version_that_makes_no_sense_is_refused(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        attrs.evolve(version(CONTENT), **wrong)
    assert refused.value.code == code
    assert refused.value.text("en")
    assert refused.value.text("zh")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"total": 1.5}, "value_float"),
        ({"at": AT.replace(tzinfo=None)}, "value_naive_instant"),
        ("text", "document_not_a_mapping"),
        (None, "document_not_a_mapping"),
    ],
)
def test_a_content_without_an_exact_meaning_makes_no_version(content: Any, code: str) -> None:
    with pytest.raises(DocumentError) as refused:
        version(content)
    assert refused.value.code == code


def test_a_stored_version_that_was_changed_can_be_read_so_that_it_can_be_reported() -> None:
    changed = attrs.evolve(version(CONTENT), content={"background": "其他"})
    assert changed.digest != digest_of(changed.kind, changed.content)


def test_the_paths_that_differ_lead_into_the_parts() -> None:
    new = {
        "background": "集团客户",
        "quotation": {"total": Decimal("480000"), "items": [{"price": 1}, {"price": 3}, {"price": 4}]},
        "schedule": {"start": "五月"},
    }
    assert diff_versions(version(CONTENT), version(new, 2)) == (
        "quotation.items.1.price",
        "quotation.items.2",
        "quotation.total",
        "schedule",
    )


def test_what_means_the_same_does_not_differ() -> None:
    old = version({"a": 1, "b": "é", "c": [Decimal("2.0")]})
    new = version({"c": (2,), "b": "e\u0301", "a": Decimal("1.00")}, 2)
    assert diff_versions(old, new) == ()


def test_what_python_calls_equal_may_differ() -> None:
    assert diff_versions(version({"a": 1, "b": 0}), version({"a": True, "b": False}, 2)) == ("a", "b")
    assert diff_versions(version({"a": None}), version({}, 2)) == ("a",)
    assert diff_versions(version({"a": []}), version({"a": {}}, 2)) == ("a",)


def test_documents_of_different_kinds_are_not_compared() -> None:
    with pytest.raises(DocumentError) as refused:
        diff_versions(version(CONTENT), version(CONTENT, kind="contract"))
    assert refused.value.code == "documents_of_other_kinds"


PARTS = st.dictionaries(
    st.sampled_from("abc"),
    st.recursive(
        st.none() | st.booleans() | st.integers(0, 1) | st.sampled_from(["", "x"]),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
        max_leaves=4,
    ),
)


@given(PARTS, PARTS)
def test_nothing_differs_exactly_when_the_digests_are_equal(old: dict[str, Any], new: dict[str, Any]) -> None:
    one, other = version(old), version(new, 2)
    assert (diff_versions(one, other) == ()) == (one.digest == other.digest)
    assert diff_versions(one, other) == diff_versions(other, one)


@pytest.mark.parametrize("value", [None, "", " ", "\u3000\t\n", "\u200b", "\ufeff\u200d", [], (), {}])
def test_a_part_without_anything_in_it_is_missing(value: object) -> None:
    assert missing_parts(["quotation"], {"quotation": value}) == ("quotation",)


@pytest.mark.parametrize("value", [0, False, Decimal(0), "x", "—", [None], {"a": None}, AT, AT.date()])
def test_a_part_with_something_in_it_is_there(value: object) -> None:
    assert missing_parts(["quotation"], {"quotation": value}) == ()


def test_missing_parts_come_in_the_order_asked_for_and_may_lie_deep() -> None:
    content = version({"quotation": {"total": " "}, "a.b": 1, "text": "x"}).content
    required = ["schedule", "quotation.total", "quotation.currency", "quotation", "a.b", "text.more"]
    assert missing_parts(required, content) == (
        "schedule",
        "quotation.total",
        "quotation.currency",
        "text.more",
    )
