"""What ships in memory keeps the contracts."""

from aaworkflow.testing.contracts import SignerContract, StoreContract
from aaworkflow.testing.memory import MemorySigner, MemoryStore


class TestMemoryStore(StoreContract):
    def make_store(self) -> MemoryStore:
        return MemoryStore()


class TestMemorySigner(SignerContract):
    def make_signer(self) -> MemorySigner:
        return MemorySigner(["ann", "bob"])
