"""What every signer must pass."""

from datetime import timedelta
from typing import Any

import attrs
import pytest

from aaworkflow.errors import AaworkflowError, Reason
from aaworkflow.hookspecs import Signer
from aaworkflow.signatures import UnsignedSignature
from aaworkflow.testing.contracts.samples import T0

__all__ = ["SignerContract"]


class SignerContract:
    """The contract of signers; `ann` and `bob` can sign, `nobody` cannot."""

    def make_signer(self) -> Signer:
        """Return a signer that holds keys of `ann` and `bob`, and none of `nobody`."""
        raise NotImplementedError

    @staticmethod
    def unsigned(**changes: Any) -> UnsignedSignature:
        """Return something to sign."""
        return attrs.evolve(UnsignedSignature("paper", "sha256:00", "ann", "clerk", None, T0), **changes)

    def test_what_it_signs_is_genuine(self) -> None:
        signer = self.make_signer()
        assert isinstance(signer, Signer)
        assert signer.verify(signer.sign(self.unsigned())) == ()
        assert signer.verify(signer.sign(self.unsigned(signer="bob", on_behalf_of="ann"))) == ()

    @pytest.mark.parametrize(
        "changes",
        [
            {"document": "other"},
            {"digest": "sha256:01"},
            {"signer": "bob"},
            {"role": "chief"},
            {"on_behalf_of": "bob"},
            {"at": T0 + timedelta(seconds=1)},
            {"value": "AAAA"},
            {"value": "no base64!"},
            {"key_id": "other"},
            {"algorithm": "none"},
        ],
    )
    def test_any_change_is_found(self, changes: dict[str, Any]) -> None:
        signer = self.make_signer()
        reasons = signer.verify(attrs.evolve(signer.sign(self.unsigned()), **changes))
        assert reasons
        assert all(isinstance(r, Reason) and r.text("zh") and r.text("en") for r in reasons)

    def test_whoever_has_no_key_cannot_sign(self) -> None:
        with pytest.raises(AaworkflowError):
            self.make_signer().sign(self.unsigned(signer="nobody"))
