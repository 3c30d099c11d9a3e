"""What ships in memory keeps the contracts."""

from aaworkflow.testing.contracts import StoreContract
from aaworkflow.testing.memory import MemoryStore


class TestMemoryStore(StoreContract):
    def make_store(self) -> MemoryStore:
        return MemoryStore()
