"""Every question that a store is asked day by day is answered by an index."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from aaworkflow_sqlite import SqliteStore

from aaworkflow.hookspecs import CaseQuery, TaskQuery
from aaworkflow.testing.contracts.samples import T0

Ask = Callable[[Any], object]

QUESTIONS: list[tuple[str, Ask, set[str]]] = [
    ("head", lambda tx: tx.head("c"), {"PRIMARY KEY"}),
    ("records", lambda tx: tx.records("c", 3), {"PRIMARY KEY"}),
    ("answer", lambda tx: tx.answer("k"), {"PRIMARY KEY"}),
    ("all tasks", lambda tx: tx.tasks(TaskQuery()), {"aaworkflow_tasks_due"}),
    ("tasks of a case", lambda tx: tx.tasks(TaskQuery(case="c")), {"PRIMARY KEY"}),
    ("tasks of a role", lambda tx: tx.tasks(TaskQuery(role="r")), {"aaworkflow_tasks_role"}),
    ("tasks of a unit", lambda tx: tx.tasks(TaskQuery(unit="u")), {"aaworkflow_tasks_unit"}),
    ("tasks of a procedure", lambda tx: tx.tasks(TaskQuery(procedure="p")), {"aaworkflow_tasks_procedure"}),
    ("tasks due", lambda tx: tx.tasks(TaskQuery(due_before=T0)), {"aaworkflow_tasks_due"}),
    (
        "work of a person",
        lambda tx: tx.tasks(TaskQuery(person="ann", held=(("clerk", "u"), ("chief", None)))),
        {"aaworkflow_tasks_person", "aaworkflow_tasks_advisor"},
    ),
    ("all cases", lambda tx: tx.cases(CaseQuery()), {"SCAN aaworkflow_cases"}),
    ("cases after one", lambda tx: tx.cases(CaseQuery(after="c")), {"PRIMARY KEY"}),
    ("cases of a procedure", lambda tx: tx.cases(CaseQuery(procedure="p")), {"aaworkflow_cases_procedure"}),
    ("cases of a unit", lambda tx: tx.cases(CaseQuery(unit="u", after="c")), {"aaworkflow_cases_unit"}),
    ("cases of somebody", lambda tx: tx.cases(CaseQuery(initiator="ann")), {"aaworkflow_cases_initiator"}),
    ("cases by status", lambda tx: tx.cases(CaseQuery(status="running")), {"aaworkflow_cases_status"}),
    ("cases by fact", lambda tx: tx.cases(CaseQuery(facts={"a": 1})), {"aaworkflow_facts_value"}),
    ("due", lambda tx: tx.due(T0, 10), {"aaworkflow_wakes_at"}),
    ("wake of", lambda tx: tx.wake_of("c"), {"PRIMARY KEY"}),
    ("claim", lambda tx: tx.claim(T0, 10, T0 + timedelta(hours=1)), {"aaworkflow_outbox_free_at"}),
    ("settle", lambda tx: tx.settle("m", (), T0, "x"), {"sqlite_autoindex_aaworkflow_outbox_1"}),
    ("failed", lambda tx: tx.failed(), {"aaworkflow_outbox_free_at"}),
    ("draft", lambda tx: tx.draft("c", "ann"), {"PRIMARY KEY"}),
    ("ruleset", lambda tx: tx.ruleset("d"), {"PRIMARY KEY"}),
]


@pytest.mark.parametrize(("ask", "by"), [q[1:] for q in QUESTIONS], ids=[q[0] for q in QUESTIONS])
def test_questions_are_answered_by_an_index(ask: Ask, by: set[str]) -> None:
    connection = sqlite3.connect(":memory:")
    store = SqliteStore.on(connection)
    asked: list[str] = []
    with store.transaction(write=True) as tx:
        connection.set_trace_callback(asked.append)
        ask(tx)
        connection.set_trace_callback(None)
        plans = [row[3] for sql in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
    said = "\n".join(plans)
    assert all(index in said for index in by), said
    assert not [p for p in plans if p.startswith("SCAN") and "USING" not in p and p not in by], said
    connection.close()
