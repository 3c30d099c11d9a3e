import base64
import hashlib
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aaworkflow.documents import DocumentVersion, make_version
from aaworkflow.errors import Reason, SignatureError
from aaworkflow.people import Appointment, Delegation, Person, StaticDirectory, Unit
from aaworkflow.signatures import (
    Signature,
    Signer,
    UnsignedSignature,
    Verifier,
    check_signature,
    missing_signatures,
    signing_bytes,
)

AT = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=8)))
HOUR = timedelta(hours=1)


class Sealer:
    """A signer that is as small as one can be: whoever knows the person can seal, and every change shows."""

    def _seal(self, unsigned: UnsignedSignature, algorithm: str, key_id: str) -> str:
        data = signing_bytes(unsigned, algorithm, key_id)
        return base64.b64encode(hashlib.sha256(data).digest()).decode()

    def sign(self, unsigned: UnsignedSignature) -> Signature:
        return unsigned.signed("seal", "key", self._seal(unsigned, "seal", "key"))

    def verify(self, signature: Signature) -> tuple[Reason, ...]:
        if signature.value == self._seal(signature, signature.algorithm, signature.key_id):
            return ()
        return (Reason.of("signature_forged", signer=signature.signer, document=signature.document),)


SEALER = Sealer()
VERSION = make_version("proposal", 2, {"quotation": 500000}, "li.na", AT)
HOUSE = StaticDirectory(
    [
        Person("wang.wei", "王伟", (Appointment("branch_manager"),), unit="shanghai"),
        Person("ma.jun", "马军", (Appointment("branch_manager"),), unit="urumqi"),
        Person("li.na", "李娜", unit="shanghai"),
    ],
    [Unit("shanghai", "上海"), Unit("urumqi", "乌鲁木齐")],
    [
        Delegation(
            "leave",
            "wang.wei",
            "li.na",
            AT,
            AT + 3 * HOUR,
            roles=frozenset({"branch_manager"}),
            documents=frozenset({"proposal"}),
            procedures=frozenset({"transformation"}),
            limit=Decimal(500000),
        )
    ],
)
ACT: dict[str, Any] = {"procedure": "transformation", "amount": Decimal(500000), "unit": "shanghai"}


def sign(signer: str = "wang.wei", at: datetime = AT + HOUR, **more: Any) -> Signature:
    fields = {
        "document": "proposal",
        "digest": VERSION.digest,
        "role": "branch_manager",
        "on_behalf_of": None,
    }
    return SEALER.sign(UnsignedSignature(**{**fields, "signer": signer, "at": at, **more}))


def why_not(signature: Signature, version: DocumentVersion = VERSION, **more: Any) -> list[str]:
    reasons = check_signature(signature, version, HOUSE, SEALER, **{**ACT, **more})
    for reason in reasons:
        assert reason.text("en")
        assert reason.text("zh")
    return [reason.code for reason in reasons]


def test_a_signer_is_also_a_verifier() -> None:
    assert isinstance(SEALER, Signer)
    assert isinstance(SEALER, Verifier)


def test_a_signature_counts_when_the_signer_held_the_role_at_that_instant() -> None:
    assert why_not(sign()) == []
    assert why_not(sign(at=AT)) == []


def test_a_signature_under_a_delegation_counts_when_it_names_the_principal() -> None:
    assert why_not(sign("li.na", on_behalf_of="wang.wei")) == []
    assert why_not(sign("li.na")) == ["signature_hides_principal"]


def test_a_signature_for_a_principal_needs_a_delegation_by_that_one() -> None:
    assert why_not(sign("li.na", on_behalf_of="ma.jun")) == ["no_delegation_from"]
    assert why_not(sign("wang.wei", on_behalf_of="ma.jun")) == ["no_delegation_from"]
    assert why_not(sign("wang.wei", on_behalf_of="wang.wei")) == ["no_delegation_from"]


def test_a_delegation_counts_at_the_instant_of_signing_and_within_its_scope() -> None:
    agent: dict[str, Any] = {"signer": "li.na", "on_behalf_of": "wang.wei"}
    assert why_not(sign(**agent, at=AT + 3 * HOUR)) == ["delegation_expired"]
    assert why_not(sign(**agent, at=AT - HOUR)) == ["signature_before_version", "delegation_not_yet"]
    assert why_not(sign(**agent), amount=Decimal("500000.01")) == ["delegation_over_limit"]
    assert why_not(sign(**agent), amount=None) == ["delegation_amount_unknown"]
    assert why_not(sign(**agent), procedure="contract") == ["delegation_other_procedure"]
    assert why_not(sign(**agent), unit="urumqi") == ["principal_without_role"]


def test_a_signature_that_expired_meanwhile_still_counts() -> None:
    late = AT + 100 * HOUR
    assert why_not(sign("li.na", on_behalf_of="wang.wei"), now=late) == []


def test_a_signature_in_a_role_that_the_signer_does_not_hold_does_not_count() -> None:
    assert why_not(sign("ma.jun")) == ["role_in_other_unit"]
    assert why_not(sign(role="president")) == ["role_not_held", "unknown_role"]


def test_unknown_people_are_reasons_not_errors() -> None:
    assert why_not(sign("nobody")) == ["unknown_person"]
    assert why_not(sign("li.na", on_behalf_of="nobody")) == ["unknown_person"]


def test_a_signature_of_another_version_or_document_does_not_count() -> None:
    other = make_version("proposal", 3, {"quotation": 499999}, "li.na", AT)
    assert why_not(sign(), other) == ["signature_other_version"]
    contract = make_version("contract", 1, {"quotation": 500000}, "li.na", AT)
    assert why_not(sign(), contract) == ["signature_other_document"]


def test_a_version_whose_content_was_changed_under_its_digest_is_not_signed() -> None:
    changed = attrs.evolve(VERSION, content={"quotation": 1})
    assert changed.digest == VERSION.digest
    assert why_not(sign(), changed) == ["signature_other_version"]
    assert [r.code for r in missing_signatures(["branch_manager"], changed, [sign()], SEALER)] == [
        "signature_missing",
        "signature_other_version",
    ]


def test_a_signature_older_than_the_version_does_not_count() -> None:
    assert why_not(sign(at=AT - timedelta(seconds=1))) == ["signature_before_version"]


def test_instants_are_compared_whatever_the_clock() -> None:
    assert why_not(sign(at=AT.astimezone(UTC)), now=AT.astimezone(timezone(-8 * HOUR))) == []


def test_a_signature_from_the_future_does_not_count() -> None:
    assert why_not(sign(), now=AT) == ["signature_in_future"]
    assert why_not(sign(), now=AT + HOUR) == []
    with pytest.raises(SignatureError) as refused:
        why_not(sign(), now=AT.replace(tzinfo=None))
    assert refused.value.code == "naive_instant"


@pytest.mark.parametrize(
    "change",
    [
        {"signer": "ma.jun"},
        {"role": "president"},
        {"on_behalf_of": "ma.jun"},
        {"at": AT + 2 * HOUR},
        {"key_id": "other"},
        {"algorithm": "none"},
        {"value": "AAAA"},
    ],
)
def test_a_signature_changed_in_any_field_is_forged(change: dict[str, Any]) -> None:
    assert "signature_forged" in why_not(attrs.evolve(sign(), **change))


def test_all_reasons_are_given_at_once() -> None:
    bad = attrs.evolve(sign("ma.jun", at=AT - HOUR, digest="sha256:0"), value="AAAA")
    assert why_not(bad, now=AT - 2 * HOUR) == [
        "signature_other_version",
        "signature_before_version",
        "signature_forged",
        "signature_in_future",
        "role_in_other_unit",
    ]


def test_each_role_must_have_signed_this_version() -> None:
    president = sign(role="president")
    assert missing_signatures(["branch_manager", "president"], VERSION, [sign(), president], SEALER) == ()
    missing = missing_signatures(["branch_manager", "president"], VERSION, [sign()], SEALER)
    assert [(reason.code, reason.data["role"]) for reason in missing] == [("signature_missing", "president")]
    assert missing_signatures([], VERSION, [], SEALER) == ()


def test_why_the_signatures_there_are_do_not_count_is_told() -> None:
    old = sign(digest="sha256:0", at=AT - HOUR)
    forged = attrs.evolve(sign(), value="AAAA")
    missing = missing_signatures(["branch_manager"], VERSION, [old, forged], SEALER)
    assert [reason.code for reason in missing] == [
        "signature_missing",
        "signature_other_version",
        "signature_before_version",
        "signature_forged",
    ]
    assert missing_signatures(["branch_manager"], VERSION, [old, forged, sign()], SEALER) == ()


CONTENTS = st.dictionaries(st.sampled_from("abc"), st.integers(0, 2) | st.sampled_from(["", "0"]), max_size=3)


@given(CONTENTS, CONTENTS)
def test_a_signature_counts_for_exactly_the_content_that_was_signed(
    signed: dict[str, Any], shown: dict[str, Any]
) -> None:
    signature = sign(digest=make_version("proposal", 1, signed, "li.na", AT).digest)
    version = make_version("proposal", 2, shown, "li.na", AT)
    assert why_not(signature, version) == ([] if signed == shown else ["signature_other_version"])
