"""Replay the cases of a store under new rules, in several processes where there are many."""

import json
import multiprocessing
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from datetime import datetime
from pathlib import Path
from typing import Final

import attrs

from aaworkflow.analysis.diff import Change, diff
from aaworkflow.analysis.impact.causes import with_point
from aaworkflow.analysis.impact.comparing import differences
from aaworkflow.analysis.impact.differences import OUT_OF_TURN
from aaworkflow.analysis.impact.report import CaseImpact, Impact
from aaworkflow.analysis.impact.screening import Screen
from aaworkflow.analysis.records.replaying import Family, Replay, family_of, recorded, records_of, replay
from aaworkflow.cases import events as ev
from aaworkflow.errors import AaworkflowError
from aaworkflow.hookspecs import CaseQuery, CaseRow, Record, Store, Transaction
from aaworkflow.people import Directory
from aaworkflow.plugins import load_ruleset, open_store
from aaworkflow.rulesets.ruleset import Ruleset, RulesetRef
from aaworkflow.texts import Text

__all__ = ["impact"]

_PAGE: Final = 1000
_CHUNK: Final = 50
_WORTH_PROCESSES: Final = 3.0
"""What takes longer than so many seconds is shared with other processes, which take about one to start."""

_ANY: Final = RulesetRef("", "", "")

Progress = Callable[[int, int], None]
"""Hears how many cases are done, of how many."""


def impact(
    old: Ruleset | str | Path,
    new: Ruleset | str | Path,
    store: Store | str,
    *,
    directory: Directory,
    procedure: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    jobs: int | None = 1,
    screen: bool = True,
    progress: Progress | None = None,
) -> Impact:
    """Return what new rules would have done to the cases that a store holds.

    Every recorded act is submitted again, to the real `decide`, at its own instant. Acts that were refused are not in
    the record, nor is what people would have done at a step that they were not asked at.

    Args:
        old: the ruleset before, or its folder. Cases that ran on another version of it are compared under it as well.
        new: the ruleset after, or its folder.
        store: the store or its URL; only by its URL can it be read in several processes.
        directory: who is who.
        procedure: only cases of this procedure.
        since: only cases started at this instant or later.
        until: only cases started before this instant.
        jobs: at most how many processes; None: as many as the machine has. Others than this one are started where
            there is enough to do; they import the main module anew, so that a script needs
            `if __name__ == "__main__":`.
        screen: leave out, unread, what the change cannot reach; False lets every case happen again.
        progress: hears how far it is.

    Raises:
        RulesetError: a ruleset cannot be loaded.
        StoreError: the store cannot be read.
    """
    before, after = (r if isinstance(r, Ruleset) else load_ruleset(r) for r in (old, new))
    work = _Work(before, after, directory, diff(before, after), screen)
    opened = open_store(store)
    try:
        rows, elsewhere = _rows(opened, before.ref.id, procedure, since, until)
        todo = work.todo(opened, rows)
        done = _Done()
        done.cases = sum(len(cases) for cases in todo.values())
        skipped = len(rows) - done.cases
        for part in _parts(work, opened, store, todo, jobs):
            done.add(part)
            if progress is not None:
                progress(skipped + done.seen, len(rows))
    finally:
        if isinstance(store, str):
            opened.close()
    return Impact(
        old=str(before.ref),
        new=str(after.ref),
        changes=work.changes,
        cases=len(rows),
        replayed=done.replayed,
        different=tuple(sorted(done.different, key=lambda one: one.case)),
        unreadable=tuple(sorted(done.unreadable)),
        elsewhere=elsewhere,
    )


def _rows(
    store: Store, ruleset: str, procedure: str | None, since: datetime | None, until: datetime | None
) -> tuple[list[CaseRow], int]:
    """Return the rows of the cases that are meant, and how many there are of other rulesets."""
    found: list[CaseRow] = []
    elsewhere, after = 0, None
    with store.transaction() as tx:
        while rows := tx.cases(CaseQuery(procedure=procedure, limit=_PAGE, after=after)):
            after = rows[-1].case
            for row in rows:
                if (since is not None and row.started_at < since) or (until is not None and row.started_at >= until):
                    continue
                if row.ruleset.rpartition("@")[0] == ruleset:
                    found.append(row)
                else:
                    elsewhere += 1
    return found, elsewhere


# -------------------------------------------------------------------- processes

Todo = Mapping[str, Sequence[CaseRow]]
"""The case that started by itself -> the cases that are meant among it and those that it started."""


@attrs.define
class _Done:
    cases: int = 0
    seen: int = 0
    replayed: int = 0
    different: list[CaseImpact] = attrs.field(factory=list)
    unreadable: list[tuple[str, str]] = attrs.field(factory=list)

    def add(self, other: "_Done") -> None:
        self.seen += other.seen
        self.replayed += other.replayed
        self.different += other.different
        self.unreadable += other.unreadable


def _parts(work: "_Work", opened: Store, store: Store | str, todo: Todo, jobs: int | None) -> Iterator[_Done]:
    """Yield what comes of each part of the work as it is done: here and, where it is worth it, in other processes."""
    families = list(todo.items())
    count = -(-len(families) // _CHUNK)
    # Dealt like cards: cases of a kind have neighbouring ids, and what is to come should take as long as what was.
    chunks: deque[Todo] = deque(dict(families[n::count]) for n in range(count))
    most, begin, done = (jobs or os.cpu_count() or 1) if isinstance(store, str) else 1, time.monotonic(), 0
    while chunks:
        passed = time.monotonic() - begin  # at first little can be told by it, as all is compiled that is asked
        worth = passed > _WORTH_PROCESSES / 2 and passed / max(done, 1) * len(chunks) > _WORTH_PROCESSES
        if most > 1 and len(chunks) > 1 and worth:
            yield from _shared(work, opened, str(store), chunks, min(most, len(chunks)) - 1)
            return
        yield work.do(opened, chunks.popleft())
        done += 1


def _shared(work: "_Work", opened: Store, store: str, chunks: deque[Todo], others: int) -> Iterator[_Done]:
    """Yield what comes of each part, done here and in other processes: whoever is free takes the next."""
    spawn = multiprocessing.get_context("spawn")  # a forked process would share the store's connection
    with ProcessPoolExecutor(others, spawn, _start_process, (work, store)) as pool:
        running: set[Future[_Done]] = set()
        while chunks or running:
            while chunks and len(running) < 2 * others:  # one that it works at, and one that it goes on with
                running.add(pool.submit(_do_in_process, chunks.popleft()))
            if chunks:
                yield work.do(opened, chunks.popleft())
            finished = wait(running, timeout=0 if chunks else None, return_when=FIRST_COMPLETED).done
            running -= finished
            yield from (part.result() for part in finished)


_here: "tuple[_Work, Store] | None" = None


def _start_process(work: "_Work", store: str) -> None:
    global _here
    _here = work, open_store(store)


def _do_in_process(chunk: Todo) -> _Done:
    if _here is None:
        return _Done()
    work, store = _here
    return work.do(store, chunk)


# -------------------------------------------------------------------- the work


@attrs.frozen(slots=False)
class _Work:
    old: Ruleset
    new: Ruleset
    directory: Directory
    changes: tuple[Change, ...]
    screening: bool

    _screen: Screen = attrs.field(init=False, eq=False, repr=False)

    @_screen.default
    def _screened(self) -> Screen:
        return Screen(self.old, self.new, self.changes)

    def todo(self, store: Store, rows: Sequence[CaseRow]) -> Todo:
        """Return what is to be read, by family: all but the cases of procedures that no change reaches."""
        found: dict[str, list[CaseRow]] = {}
        with store.transaction() as tx:
            for row in rows:
                root = _root(tx, row.case)
                if root == row.case and self.screening and not self._screen.reaches(row.procedure):
                    continue
                found.setdefault(root, []).append(row)
        return found

    def do(self, store: Store, todo: Todo) -> _Done:
        """Look at some families."""
        done = _Done()
        with store.transaction() as tx:
            for root, rows in todo.items():
                done.seen += len(rows)
                try:
                    records = records_of(tx, root)
                    done.add(self._family(records, [row for row in rows if row.case in records]))
                    for row in rows:
                        if row.case not in records:  # its id only looks like that of a case that another started
                            done.add(self._family(records_of(tx, row.case), [row]))
                except (AaworkflowError, KeyError, ValueError) as error:
                    why = str(error) or type(error).__name__
                    done.unreadable += [(row.case, why) for row in rows]
        return done

    def _family(self, records: Mapping[str, Sequence[Record]], rows: Sequence[CaseRow]) -> _Done:
        """Look at one family: let it happen again under the new rules and, where they may differ, under the old."""
        done = _Done()
        ran_on_old = all(_ruleset_of(some) == self.old.ref.digest for some in records.values())
        reached: dict[str, int] | None = None
        if self.screening and ran_on_old:  # else the record is not what the old rules gave, and tells nothing of them
            found = ((id, self._screen.first_reached(some)) for id, some in records.items())
            reached = {id: seq for id, seq in found if seq is not None}
            if not reached:
                return done
        done.replayed = len(rows)
        family = family_of(records, self.old)
        after = replay(family, self.new, self.directory, due=family.due, reached=reached)
        if ran_on_old and _is_the_record(after, family):
            return done
        before = recorded(family, self.old)
        reproduced = True
        if not ran_on_old or _in_doubt(after):
            before = replay(family, self.old, self.directory, reached=reached)
            reproduced = not ran_on_old or _is_the_record(before, family)
        otherwise = differences(before, after)
        for row in rows:
            own = tuple(with_point(d, before, after, self._screen) for d in otherwise if d.case == row.case)
            if own:
                title = row.title or _title(self.new, self.old, row.procedure)
                done.different.append(CaseImpact(row.case, row.procedure, title, row.started_at, own, reproduced))
        return done


def _root(tx: Transaction, case: str) -> str:
    """Return the case that started a family, by the ids that engines give to cases that others start."""
    while "/" in case:
        parent = case.rpartition("/")[0]
        if tx.head(parent) is None:
            break
        case = parent
    return case


def _title(new: Ruleset, old: Ruleset, procedure: str) -> Text:
    found = new.procedures.get(procedure) or old.procedures.get(procedure)
    return found.title if found is not None else Text.same(procedure)


def _ruleset_of(records: Sequence[Record]) -> str:
    """Return the digest of the ruleset that a case started on."""
    return str(json.loads(records[0].body)["ruleset"]["digest"])


def _in_doubt(run: Replay) -> bool:
    """Say whether acts were refused for more than being out of turn: perhaps other people hold the roles now."""
    return any(reason.code not in OUT_OF_TURN for outcome in run.outcomes for reason in outcome.refused)


def _is_the_record(run: Replay, family: Family) -> bool:
    """Say whether a run gave just what was recorded, but for the name of the ruleset."""
    return run.cases.keys() == family.events.keys() and all(
        [_plain(e) for e in run.events(case)] == [_plain(e) for e in events] for case, events in family.events.items()
    )


def _plain(event: ev.Event) -> ev.Event:
    return attrs.evolve(event, ruleset=_ANY) if isinstance(event, ev.CaseStarted) else event
