"""The share of mistakes in a ruleset that its scenarios and guarantees would catch, and what would catch the others."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Final, Literal

import attrs

from aaworkflow.analysis.proving import Apart, Comparison, Same
from aaworkflow.analysis.trust.mutants import Mutant, caught_by_guarantees, mutants
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Ruleset
from aaworkflow.testing.coverage import exercised_by
from aaworkflow.testing.playing import play
from aaworkflow.testing.scenarios import Scenario

__all__ = ["MutationReport", "Verdict", "mutation_test"]

_WORTH_A_PROCESS: Final = 40
"""Below so many mutants, starting another process takes longer than trying them."""


Result = Literal["scenario", "guarantee", "survived", "same", "crashed"]


@attrs.frozen
class Verdict:
    """What became of a mutant.

    Attributes:
        result: by what it was killed: a `scenario` came out otherwise, or a `guarantee` or property did not hold; it
            `survived`; it is the `same`, which is no mistake; or the ruleset `crashed`, which catches nothing: an error
            that nobody meant.
        by: the scenario, the guarantees, or the error.
        told_apart: of one that survived, a story that goes otherwise; None where there was too much to look at.
        same: of one that means the same, in how much nothing came out otherwise.
    """

    mutant: str
    result: Result
    by: tuple[str, ...] = ()
    told_apart: Apart | None = None
    same: Same | None = None


@attrs.frozen
class MutationReport:
    """The verdicts on all mutants, in their order."""

    verdicts: tuple[Verdict, ...]

    def of(self, result: Result) -> tuple[Verdict, ...]:
        """Return the verdicts of a result."""
        return tuple(verdict for verdict in self.verdicts if verdict.result == result)

    @property
    def mistakes(self) -> int:
        """How many of the mutants are mistakes: those that do not mean the same."""
        return len(self.verdicts) - len(self.of("same"))

    @property
    def noticed(self) -> int:
        """How many mistakes were killed."""
        return len(self.of("scenario")) + len(self.of("guarantee"))

    @property
    def share(self) -> float:
        """The share of the mistakes that was killed; 1.0 where there are none."""
        return self.noticed / self.mistakes if self.mistakes else 1.0


def mutation_test(
    ruleset: Ruleset,
    scenarios: Sequence[Scenario],
    directory: StaticDirectory,
    *,
    among: Sequence[Scenario] = (),
    only: Callable[[Mutant], bool] = lambda mutant: True,
    jobs: int | None = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> MutationReport:
    """Try rulesets with one mistake each: does a scenario come out otherwise, or else a guarantee not hold?

    Args:
        scenarios: those that do not come out as they say under the ruleset itself are left out.
        directory: who is who.
        among: the scenarios that they may go on after; by default they themselves.
        only: which mutants to try.
        jobs: how many processes; None: as many as the machine has, where there is enough to do. Others than this one
            import the main module anew, so that a script needs `if __name__ == "__main__":`.
        progress: is told how many mutants are done, of how many.
    """
    numbers = [number for number, mutant in enumerate(mutants(ruleset)) if only(mutant)]
    work = _Work(ruleset, tuple(scenarios), tuple(among or scenarios), directory)
    found: list[Verdict] = []
    for verdict in _verdicts(work, numbers, jobs):
        found.append(verdict)
        progress(len(found), len(numbers))
    return MutationReport(tuple(found))


# -------------------------------------------------------------------- processes


def _verdicts(work: "_Work", numbers: list[int], jobs: int | None) -> Iterator[Verdict]:
    """Yield the verdicts on mutants, in their order: made here or, where it is worth it, in other processes."""
    jobs = min(os.cpu_count() or 1, 1 + len(numbers) // _WORTH_A_PROCESS) if jobs is None else jobs
    if jobs < 2 or len(numbers) < 2:
        started = _Started(work)
        yield from map(started.judged, numbers)
        return
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(numbers)), spawn, _start_process, (work,)) as pool:
        yield from pool.map(_judge_in_process, numbers)


_here: "_Started | None" = None


def _start_process(work: "_Work") -> None:
    global _here
    _here = _Started(work)


def _judge_in_process(number: int) -> Verdict:
    if _here is None:  # pragma: no cover - every process has begun with `_start_process`
        raise RuntimeError("nothing has been started here")
    return _here.judged(number)


# -------------------------------------------------------------------- the work


@attrs.frozen
class _Work:
    ruleset: Ruleset
    scenarios: tuple[Scenario, ...]
    among: tuple[Scenario, ...]
    directory: StaticDirectory


class _Started:
    """The work with what each scenario exercises under the ruleset itself, so that those that matter are tried first."""

    def __init__(self, work: _Work) -> None:
        self.work = work
        self.mutants = tuple(mutants(work.ruleset))
        self.comparison = Comparison(work.ruleset)
        self.exercised: dict[str, frozenset[str]] = {}
        self.procedures: dict[str, frozenset[str]] = {}
        for scenario in work.scenarios:
            played = play(work.ruleset, scenario, work.directory, among=work.among)
            self.exercised[scenario.id] = frozenset(name for _, name in exercised_by(work.ruleset, played))
            if played.ok:  # else it would notice every mistake
                self.procedures[scenario.id] = frozenset(case.procedure for case in played.cases.values())

    def judged(self, number: int) -> Verdict:
        """Return the verdict on a mutant, by its number."""
        mutant = self.mutants[number]
        try:
            for scenario in self._first_those_that_matter(mutant):
                if not play(mutant.ruleset, scenario, self.work.directory, among=self.work.among).ok:
                    return Verdict(mutant.id, "scenario", (scenario.id,))
            broken = caught_by_guarantees(mutant)
            if broken:
                return Verdict(mutant.id, "guarantee", broken)
            found = self.comparison.with_other(mutant.ruleset, sorted(mutant.procedures))
        except Exception as error:  # whatever it is, it is the ruleset's doing, and nobody's verdict on it
            return Verdict(mutant.id, "crashed", (f"{type(error).__name__}: {error}",))
        if isinstance(found, Same):
            return Verdict(mutant.id, "same", same=found)
        return Verdict(mutant.id, "survived", told_apart=found)

    def _first_those_that_matter(self, mutant: Mutant) -> list[Scenario]:
        """Return the scenarios with cases that may go otherwise: first those that exercise what was touched."""
        concerned = [s for s in self.work.scenarios if self.procedures.get(s.id, frozenset()) & mutant.procedures]
        return sorted(concerned, key=lambda s: (-len(self.exercised[s.id] & mutant.touched), len(s.story)))
