"""How contenders are measured side by side: tasks, the peers that do them, and one run that takes turns."""

import gc
import importlib
import operator
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

OURS = "aaworkflow"

_ROUND = 0.006
"""A round takes about so many seconds: long enough to warm up after the others' rounds, short enough to be undisturbed."""

_PATIENCE = 5
"""A peer that is too slow to take turns is asked once more if that takes no more than so many times its share."""

Answer = Callable[..., Any]


class Made(Sequence[Any]):
    """Inputs that are made when they are first looked at, and can be forgotten."""

    def __init__(self, make: Callable[[], Sequence[Any]]) -> None:
        self.make = make
        self.made: Sequence[Any] | None = None

    def _all(self) -> Sequence[Any]:
        if self.made is None:
            self.made = self.make()
        return self.made

    def forget(self) -> None:
        """Give the memory back."""
        self.made = None

    def __getitem__(self, at: Any) -> Any:
        return self._all()[at]

    def __len__(self) -> int:
        return len(self._all())


@dataclass(frozen=True)
class Peer:
    """One contender.

    `make` does what is done once, such as compiling, and returns what answers one input. `inputs` turns our inputs
    into what it takes; that is done before anything is timed.
    """

    name: str
    package: str | None
    make: Callable[[], Answer]
    inputs: Callable[[Any], Any] = lambda one: one
    module: str | None = None
    asked: Sequence[Any] | None = None
    """Other inputs than those of the task, with `expected`."""
    expected: Sequence[Any] | None = None
    limit: bool = False
    """Whether it shows how fast it could be at best, such as code written by hand for this one task."""

    @property
    def version(self) -> str | None:
        """The installed version, None where the package is not installed."""
        if self.package is None:
            return platform.python_version()
        try:
            importlib.import_module(self.module or self.package.replace("-", "_"))
            return version(self.package)
        except (ImportError, PackageNotFoundError):
            return None


@dataclass(frozen=True)
class Task:
    """What all peers do.

    `expected` is the right answer for each input: a peer that gives another one is shown as wrong, whatever its time.
    """

    name: str
    title: str
    inputs: Sequence[Any]
    expected: Sequence[Any]
    peers: Sequence[Peer]
    note: str = ""
    """What a reader should know of how the peers were asked."""
    must: Mapping[str, float] = field(default_factory=dict)
    """What we promise: peer -> how many times our time it takes at least (for a limit: a part of our time)."""
    within: float | None = None
    """What we promise: the most seconds that one answer of ours takes."""
    made_within: float | None = None
    """What we promise: the most seconds that our making takes."""
    rows: int = 1
    """How many rows one answer is for."""
    same: Callable[[Any, Any], bool] = operator.eq
    """How answers are compared."""
    pairs: bool = False
    """Whether an input is a pair of arguments."""
    share: float = 1.0
    """How many times the usual seconds it is given, where one answer takes long."""


@dataclass(frozen=True)
class Row:
    """What one peer did in a task."""

    peer: str
    version: str
    limit: bool
    wrong: int
    seconds: float
    """For one input, the best of the rounds."""
    making: float


@dataclass
class _Ready:
    peer: Peer
    version: str
    answer: Answer
    inputs: list[Any]
    wrong: int
    making: float
    best: float
    """So far; from the check, in which each input was answered once."""
    round_of: Callable[[Answer, list[Any], int], float]
    count: int = 1

    def round(self) -> None:
        self.best = min(self.best, self.round_of(self.answer, self.inputs, self.count))


def measured(task: Task, seconds: float, log: Callable[[str], None] = print) -> list[Row]:
    """Return what all peers did, the fastest first. They take turns, so that a busy machine is unfair to none.

    Args:
        seconds: for each peer, about. One that takes longer to answer all inputs does not take turns.
    """
    seconds *= task.share
    ready = [found for peer in task.peers if (found := _ready(peer, task, log))]
    for one in ready:
        if seconds < one.best * len(one.inputs) < _PATIENCE * seconds:
            one.round()  # what is only made when it is first needed is made by now
    again = [one for one in ready if one.best * len(one.inputs) < seconds]
    for one in again:
        for _ in range(3):  # the first rounds are slow: each tells better how many go into a round
            one.count = max(1, int(_ROUND / (one.best * len(one.inputs))))
            one.round()
    gc.collect()
    gc.disable()
    started = time.perf_counter()
    while time.perf_counter() - started < seconds * len(again):
        for one in again:
            one.round()
    gc.enable()
    rows = [Row(one.peer.name, one.version, one.peer.limit, one.wrong, one.best, one.making) for one in ready]
    return sorted(rows, key=lambda row: row.seconds)


def _ready(peer: Peer, task: Task, log: Callable[[str], None]) -> _Ready | None:
    found = peer.version
    if found is None:
        log(f"{peer.name}: not installed")
        return None
    begin = time.perf_counter()
    answer = peer.make()
    making = time.perf_counter() - begin
    inputs = [peer.inputs(one) for one in (peer.asked or task.inputs)]
    begin = time.perf_counter()
    answers = [answer(*one) if task.pairs else answer(one) for one in inputs]
    each = (time.perf_counter() - begin) / len(inputs)
    wrong = sum(not task.same(one, right) for one, right in zip(answers, peer.expected or task.expected, strict=True))
    return _Ready(peer, found, answer, inputs, wrong, making, each, _round_of_pairs if task.pairs else _round)


def _round(answer: Answer, inputs: list[Any], count: int) -> float:
    rounds = range(count)
    begin = time.perf_counter()
    for _ in rounds:
        for one in inputs:
            answer(one)
    return (time.perf_counter() - begin) / (count * len(inputs))


def _round_of_pairs(answer: Answer, inputs: list[Any], count: int) -> float:
    rounds = range(count)
    begin = time.perf_counter()
    for _ in rounds:
        for one, other in inputs:
            answer(one, other)
    return (time.perf_counter() - begin) / (count * len(inputs))


def promises(task: Task, rows: Sequence[Row]) -> Iterator[tuple[str, bool]]:
    """Yield each promise of a task with what came of it, and whether it was kept."""
    times = {row.peer: row for row in rows}
    ours = times[OURS]
    for peer, ratio in task.must.items():
        if peer not in times:
            continue
        found = times[peer].seconds / ours.seconds
        if times[peer].limit:
            text = f"at most {1 / ratio:.3g} times the time of {peer}: {1 / found:.2f}"
        else:
            text = f"at least {ratio:.3g} times as fast as {peer}: {found:.1f}"
        yield text, found >= ratio
    if task.within is not None:
        yield f"at most {shown_time(task.within)}: {shown_time(ours.seconds)}", ours.seconds <= task.within
    if task.made_within is not None:
        yield (
            f"made in at most {shown_time(task.made_within)}: {shown_time(ours.making)}",
            ours.making <= task.made_within,
        )


def shown_time(seconds: float) -> str:
    """Return a time as people read it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.0f} ns"
