"""What every check of a ruleset stands on: the ruleset, what was written, and where."""

from collections.abc import Collection, Iterable, Mapping
from functools import partial
from typing import Any

import attrs

from aaworkflow.errors import Finding, Reason
from aaworkflow.rulesets.build import StepNames
from aaworkflow.rulesets.meanings import meant_entry
from aaworkflow.rulesets.reader import Path, Reader
from aaworkflow.rulesets.ruleset import Ruleset
from aaworkflow.rulesets.votes import asks_votes

__all__ = ["Checker", "circle_from"]


@attrs.define
class Checker:
    """Notes what is wrong with a ruleset.

    What could not be read is checked for its names only: what it seems to lack may be there.

    Attributes:
        data: the ruleset as written, by section and id.
    """

    ruleset: Ruleset
    data: Mapping[str, Any]
    step_of: StepNames
    reader: Reader

    def wrong(self, path: Path, code: str, /, **data: Any) -> None:
        """Note an error at the place of a path."""
        self.reader.wrong(self.reader.place(path), code, **data)

    def doubtful(self, path: Path, code: str, /, **data: Any) -> None:
        """Note a warning at the place of a path."""
        self.reader.findings.append(Finding(self.reader.place(path), Reason.of(code, **data), "warning"))

    def known(self, path: Path, code: str, names: Iterable[str | None], allowed: Collection[str]) -> None:
        """Note the names that are not allowed; where several stand at a path, each at its own place."""
        for i, name in enumerate(names):
            if name and name not in allowed:
                place = (*path, i) if (*path, i) in self.reader.places else path
                self.reader.unknown(self.reader.place(place), code, name, allowed, partial(meant_entry, name, allowed))

    def known_condition(self, path: Path, rule: str | None) -> None:
        """Note a rule that is not known, or that asks about votes where none are cast."""
        self.known(path, "unknown_rule", [rule], self.ruleset.rules)
        found = self.ruleset.rules.get(rule or "")
        if found is not None and asks_votes(found.when):
            self.wrong(path, "rule_of_votes_elsewhere", rule=rule)

    def known_step(self, path: Path, name: str | None) -> None:
        """Note a name that stands for no step, or for several."""
        if not name or name in self.step_of:
            return
        several = [full for full in self.step_of if full.partition(".")[2] == name]
        if several:
            self.wrong(path, "step_ambiguous", name=name, allowed=several, nearest=None)
        else:
            procedures = self.ruleset.procedures
            steps = {full: procedures[id].steps[step] for full, (id, step) in self.step_of.items()}
            self.known(path, "unknown_step", [name], steps)


def circle_from(start: str, ways: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Return the shortest way from `start` back to itself, with its both ends; empty where there is none."""
    came: dict[str, str] = {}
    rows = [start]
    while rows:
        here = rows.pop(0)
        for there in sorted(ways.get(here, ())):
            if there == start:
                back = [start, here]
                while back[-1] != start:
                    back.append(came[back[-1]])
                return tuple(reversed(back))
            if there not in came:
                came[there] = here
                rows.append(there)
    return ()
