"""Small values that the contracts try plugins with."""

from datetime import UTC, datetime
from typing import Any, Final

import attrs

from aaworkflow.hookspecs import CaseRow, Message, Record, TaskRow
from aaworkflow.texts import Text

__all__ = ["T0", "a_message", "a_record", "a_row", "a_task"]

T0: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)


def a_record(case: str, seq: int) -> Record:
    """Return an event of a case."""
    return Record(case, seq, "commented", 1, f'{{"n":{seq}}}', T0.isoformat(), None, f"h{seq - 1}", f"h{seq}")


def a_row(case: str, **changes: Any) -> CaseRow:
    """Return the row of a case."""
    row = CaseRow(case, "p", "r@1", "u", "ann", "running", None, Text.same("t"), T0, T0, {}, ("s",))
    return attrs.evolve(row, **changes)


def a_task(case: str, task: str, **changes: Any) -> TaskRow:
    """Return an open task of a case."""
    row = TaskRow(task, case, "p", "s", "clerk", None, None, None, Text.same("t"), T0, None, None)
    return attrs.evolve(row, **changes)


def a_message(id: str) -> Message:
    """Return a message to `ann`, to be delivered from T0 on."""
    return Message(id, "c", ("ann",), "task", Text(zh="待办", en="to do"), Text.same("b"), T0, {"n": 1})
