from datetime import datetime, timedelta, timezone
from typing import Any

import attrs
import pytest

from aaworkflow.errors import SignatureError
from aaworkflow.signatures import Signature, UnsignedSignature, signing_bytes

AT = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
UNSIGNED = UnsignedSignature("proposal", "sha256:0", "li.na", "consultant", None, AT)


def test_a_signature_is_what_was_to_be_signed_with_its_value() -> None:
    signature = UNSIGNED.signed("ed25519", "key-1", "AAAA")
    assert signature == Signature("proposal", "sha256:0", "li.na", "consultant", None, AT, "ed25519", "key-1", "AAAA")
    assert isinstance(signature, UnsignedSignature)


def test_the_signed_bytes_do_not_depend_on_the_value() -> None:
    signature = UNSIGNED.signed("ed25519", "key-1", "AAAA")
    assert signing_bytes(signature, "ed25519", "key-1") == signing_bytes(UNSIGNED, "ed25519", "key-1")
    assert signing_bytes(UNSIGNED, "ed25519", "key-1").startswith(b"aaworkflow signature 1\n")


@pytest.mark.parametrize(
    "change",
    [
        {"document": "contract"},
        {"digest": "sha256:1"},
        {"signer": "wang.wei"},
        {"role": "branch_manager"},
        {"on_behalf_of": "wang.wei"},
        {"at": AT + timedelta(microseconds=1)},
        {"at": AT.astimezone(timezone(timedelta(hours=6)))},
        {"case": "case-1"},
    ],
)
def test_the_signed_bytes_cover_every_other_field(change: dict[str, Any]) -> None:
    changed = attrs.evolve(UNSIGNED, **change)
    assert signing_bytes(changed, "ed25519", "key-1") != signing_bytes(UNSIGNED, "ed25519", "key-1")


def test_the_signed_bytes_cover_the_algorithm_and_the_key() -> None:
    assert len({signing_bytes(UNSIGNED, algorithm, key) for algorithm in "ab" for key in "ab"}) == 4


def test_nothing_moves_from_one_field_into_the_next_unseen() -> None:
    one = attrs.evolve(UNSIGNED, signer="ab", role="c")
    other = attrs.evolve(UNSIGNED, signer="a", role="bc")
    assert signing_bytes(one, "x", "y") != signing_bytes(other, "x", "y")


@pytest.mark.parametrize(
    "field", ["document", "digest", "signer", "role", "on_behalf_of", "algorithm", "key_id", "value", "case"]
)
@pytest.mark.parametrize("blank", ["", " ", 7])
def test_a_signature_without_one_of_its_fields_is_refused(field: str, blank: Any) -> None:
    with pytest.raises(SignatureError) as refused:
        attrs.evolve(UNSIGNED.signed("ed25519", "key-1", "AAAA"), **{field: blank})
    assert refused.value.code == "signature_field_blank"
    assert refused.value.field == field
    assert refused.value.text("zh")


@pytest.mark.parametrize("at", [AT.replace(tzinfo=None), AT.date(), "2026-03-02", None])
def test_a_signature_without_an_exact_instant_is_refused(at: Any) -> None:
    with pytest.raises(SignatureError) as refused:
        attrs.evolve(UNSIGNED, at=at)
    assert refused.value.code == "naive_instant"
