"""What every store, notifier, signer and fact type must pass. Plugin authors subclass these and make one."""

from aaworkflow.testing.contracts.fact_types import FactTypeContract
from aaworkflow.testing.contracts.notifiers import NotifierContract
from aaworkflow.testing.contracts.signers import SignerContract
from aaworkflow.testing.contracts.stores import StoreContract
from aaworkflow.testing.contracts.tenants import TenantContract

__all__ = ["FactTypeContract", "NotifierContract", "SignerContract", "StoreContract", "TenantContract"]
