"""What every store, notifier and signer must pass. Plugin authors subclass these and make one."""

from aaworkflow.testing.contracts.notifiers import NotifierContract
from aaworkflow.testing.contracts.signers import SignerContract
from aaworkflow.testing.contracts.stores import StoreContract

__all__ = ["NotifierContract", "SignerContract", "StoreContract"]
