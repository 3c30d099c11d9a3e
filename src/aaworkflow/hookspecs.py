"""The whole plugin contract: what stores, notifiers and signers must do, and the hooks that hand over them and fact types.

A plugin is an ordinary distribution with an entry point in the group `aaworkflow`. Its module implements hooks with
`hookimpl`: most of them return factories by the scheme of the URLs that they understand.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final, Protocol, runtime_checkable

import attrs
import pluggy

from aaworkflow.signatures import Signer
from aaworkflow.texts import Text

__all__ = [
    "PROJECT",
    "Answer",
    "CaseQuery",
    "CaseRow",
    "Change",
    "Head",
    "Message",
    "Notifier",
    "OutboxRow",
    "Record",
    "Signer",
    "Store",
    "TaskQuery",
    "TaskRow",
    "Transaction",
    "aaworkflow_fact_types",
    "aaworkflow_notifiers",
    "aaworkflow_signers",
    "aaworkflow_stores",
    "hookimpl",
    "hookspec",
]

PROJECT: Final = "aaworkflow"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


# -------------------------------------------------------------------- what a store keeps


@attrs.frozen
class Record:
    """One event as stored. `body` is kept to the letter: the hash chain covers it."""

    case: str
    seq: int
    """1 for the first event of the case, without gaps."""
    kind: str
    """The codec's tag of the event."""
    schema: int
    """Version of the tag's layout; older ones are upcast when read."""
    body: str
    recorded_at: str
    """The engine's own clock, ISO 8601; the actor's clock is in the body."""
    key: str | None
    previous: str
    hash: str


@attrs.frozen
class Head:
    """Where a case's chain of events ends."""

    case: str
    version: int
    hash: str


@attrs.frozen
class CaseRow:
    """What lists of cases show and search."""

    case: str
    procedure: str
    ruleset: str
    """`id@version`."""
    unit: str | None
    initiator: str
    status: str
    end: str | None
    title: Text
    started_at: datetime
    changed_at: datetime
    facts: Mapping[str, Any]
    """Those facts that JSON can hold; amounts as text."""
    open_steps: tuple[str, ...] = ()


@attrs.frozen
class TaskRow:
    """An open task, as lists of work show and search it."""

    task: str
    case: str
    procedure: str
    step: str
    role: str | None
    unit: str | None
    person: str | None
    """The assignee, or who claimed it; None: anyone of the role."""
    advisor: str | None
    title: Text
    sent_at: datetime | None
    received_at: datetime | None
    due: datetime | None
    overdue: bool = False


@attrs.frozen
class Message:
    """Something to tell people: delivered at least once; `id` lets a receiver drop what came twice."""

    id: str
    case: str
    to: tuple[str, ...]
    """Ids of persons."""
    kind: str
    title: Text
    body: Text
    at: datetime
    data: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen
class OutboxRow:
    """A message that waits for delivery. `done` names the notifiers that already have it."""

    message: Message
    done: tuple[str, ...] = ()
    attempts: int = 0
    error: str = ""


@attrs.frozen
class Answer:
    """What a command key was answered with, the first time."""

    key: str
    digest: str
    """Of the command, its actor and case: the same key for another command is an error."""
    case: str
    version: int
    refused: str = ""
    """JSON of the reasons; empty when accepted."""


@attrs.frozen
class Change:
    """All that one command changes: it is kept whole or not at all.

    `tasks` replaces the open tasks of the case; `wake_at` is the next instant at which the clock matters to it.
    """

    case: str
    expected_version: int
    records: tuple[Record, ...] = ()
    row: CaseRow | None = None
    tasks: tuple[TaskRow, ...] = ()
    wake_at: datetime | None = None
    messages: tuple[Message, ...] = ()
    answer: Answer | None = None


@attrs.frozen
class TaskQuery:
    """Which open tasks: all conditions that are given hold.

    `held` lists (role, unit) pairs: unit None matches a task of that role whatever its unit.
    With `person` and `held`, a task matches when it is that person's own or is unclaimed and of one of those roles;
    whoever is asked for advice has the task as his own too.
    """

    person: str | None = None
    held: tuple[tuple[str, str | None], ...] = ()
    role: str | None = None
    unit: str | None = None
    case: str | None = None
    procedure: str | None = None
    due_before: datetime | None = None


@attrs.frozen
class CaseQuery:
    """Which cases: all conditions that are given hold; `facts` compares for equality, as `codec.comparable` does."""

    procedure: str | None = None
    unit: str | None = None
    initiator: str | None = None
    status: str | None = None
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    limit: int = 1000
    after: str | None = None
    """Case id to go on after, in the order of ids."""


class Transaction(Protocol):
    """One transaction of a store; leaving its context without an error commits it, with one rolls it back."""

    def head(self, case: str) -> Head | None:
        """Return where a case's chain ends, None for an unknown case. In a writing transaction, lock it if possible."""

    def records(self, case: str, after: int = 0) -> Sequence[Record]:
        """Return a case's records with `seq` above `after`, in order."""

    def save(self, change: Change) -> None:
        """Keep a change. Raise `StaleVersion` if the case is not at the expected version any more, or if the key of
        its answer was answered meanwhile. Row, tasks and `wake_at` change only along with records."""

    def answer(self, key: str) -> Answer | None:
        """Return the first answer to a command key."""

    def tasks(self, query: TaskQuery) -> Sequence[TaskRow]:
        """Return open tasks, the most urgent first: by due instant, those without one last; then by case and task."""

    def cases(self, query: CaseQuery) -> Sequence[CaseRow]:
        """Return cases by id."""

    def heads(self) -> Iterator[Head]:
        """Yield the heads of all cases, by id."""

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """Return the cases (and schedules) to wake by now, earliest first. In a writing transaction of a store with
        many workers, skip those that another worker holds."""

    def wake(self, owner: str, at: datetime | None) -> None:
        """Set when a schedule is to be woken next; None: never."""

    def wake_of(self, owner: str) -> datetime | None:
        """Return when a case or schedule is to be woken next."""

    def claim(self, now: datetime, limit: int, until: datetime) -> Sequence[OutboxRow]:
        """Return messages to deliver now, those that wait longest first and then in the order in which they were kept,
        and hide them from other claims `until` then."""

    def settle(self, message: str, done: tuple[str, ...], retry_at: datetime | None, error: str = "") -> None:
        """Say how a delivery went: finished (`retry_at` None, no error), to try again, or given up (error, None)."""

    def failed(self) -> Sequence[OutboxRow]:
        """Return the messages whose delivery was given up."""

    def put_draft(self, case: str, person: str, data: str | None) -> None:
        """暂存: keep a person's private draft of a decision on a case, replacing any; None: forget it."""

    def draft(self, case: str, person: str) -> str | None:
        """Return a person's private draft on a case."""

    def put_ruleset(self, ref: str, digest: str, files: Mapping[str, str]) -> None:
        """Keep a ruleset's files under `id@version` and digest, once."""

    def ruleset(self, digest: str) -> Mapping[str, str] | None:
        """Return a kept ruleset's files."""


@runtime_checkable
class Store(Protocol):
    """Where cases are kept. A store made on a host's open connection joins the host's transaction."""

    def transaction(self, *, write: bool = False) -> AbstractContextManager[Transaction]:
        """Open a transaction. A writing one is isolated from others that write the same case.

        Within another of the same thread it is a part of that one: it is kept if the whole is, and an error undoes it
        alone. One that only reads cannot write, and what it reads is of one moment.
        """

    def close(self) -> None:
        """Let go of all resources."""


@runtime_checkable
class Notifier(Protocol):
    """Tells people things."""

    @property
    def name(self) -> str:
        """A stable name: delivery is kept track of by it."""

    def notify(self, message: Message) -> None:
        """Deliver a message, or raise: it is then tried again later."""


# -------------------------------------------------------------------- hooks


@hookspec
def aaworkflow_stores() -> Mapping[str, Callable[[str], Store]]:  # type: ignore[empty-body]
    """Return factories of stores by URL scheme, such as `sqlite`; each takes the whole URL."""


@hookspec
def aaworkflow_notifiers() -> Mapping[str, Callable[[str], Notifier]]:  # type: ignore[empty-body]
    """Return factories of notifiers by URL scheme, such as `smtp`; each takes the whole URL."""


@hookspec
def aaworkflow_signers() -> Mapping[str, Callable[[str], Signer]]:  # type: ignore[empty-body]
    """Return factories of signers by URL scheme, such as `ed25519`; each takes the whole URL."""


@hookspec
def aaworkflow_fact_types() -> Iterable[type]:  # type: ignore[empty-body]
    """Return types of facts with their operators, as classes that `aaworkflow.rules.Vocabulary.extended` takes."""
