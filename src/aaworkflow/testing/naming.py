"""Names in stories that nothing has, told before a story is played."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import attrs

from aaworkflow.errors import Finding, Place, Reason
from aaworkflow.people import Directory
from aaworkflow.rulesets import Procedure, Ruleset
from aaworkflow.rulesets.meanings import meant_entry
from aaworkflow.testing.scenarios import Line, Scenario

__all__ = ["unknown_names"]


def unknown_names(
    scenarios: Iterable[Scenario], ruleset: Ruleset, directory: Directory | None = None
) -> Iterator[Finding]:
    """Yield the procedures, steps, facts, documents, units and people of stories that there are not.

    What a line that is to be refused names may well be wrong: it is left to the story.
    """
    stories = tuple(scenarios)
    added = {str(line.brings.get("step")) for one in stories for line in one.story if line.what == "add_step"}
    looking = _Names(ruleset, directory, frozenset(added))
    for scenario in stories:
        yield from looking.of_scenario(scenario)


@attrs.frozen
class _Names:
    ruleset: Ruleset
    directory: Directory | None
    added: frozenset[str]
    """Steps that administrators add to cases of the stories."""

    def of_scenario(self, scenario: Scenario) -> Iterator[Finding]:
        yield from _unknown(scenario.place, "unknown_procedure", [scenario.procedure], self.ruleset.procedures)
        yield from _unknown(scenario.place, "unknown_fact", scenario.facts, self.ruleset.facts)
        if self.directory is not None:
            units = {unit.id: unit for unit in self.directory.units()}
            yield from _unknown(scenario.place, "unknown_unit", [scenario.unit], units)
        if scenario.procedure in self.ruleset.procedures:
            for line in scenario.story:
                yield from self._of_line(scenario, line)

    def _of_line(self, scenario: Scenario, line: Line) -> Iterator[Finding]:
        about = self._procedures(scenario, line)
        steps: dict[str, Any] = {id: step for procedure in about for id, step in procedure.steps.items()}
        steps |= dict.fromkeys(self.added)
        if "refused" not in line.then:
            if line.kind in ("decide", "receive"):
                yield from _unknown(line.place, "unknown_step", [line.what], steps)
                yield from _unknown(line.place, "unknown_fact", line.brings.get("facts", ()), self.ruleset.facts)
                kinds = line.brings.get("documents", ())
                yield from _unknown(line.place, "unknown_document", kinds, self.ruleset.documents)
            if self.directory is not None:
                people = {person.id: person for person in self.directory.persons()}
                yield from _unknown(line.place, "unknown_person", line.by, people)
        timed = {**steps, **{span.id: span for procedure in about for span in procedure.spans}}
        for key, code, allowed in (
            ("open", "unknown_step", steps),
            ("outcomes", "unknown_step", steps),
            ("skipped", "unknown_step", steps),
            ("overdue", "unknown_step", timed),
            ("due", "unknown_step", timed),
            ("facts", "unknown_fact", self.ruleset.facts),
            ("documents", "unknown_document", self.ruleset.documents),
            ("sent", "unknown_document", self.ruleset.documents),
        ):
            # A step's own deadline is called as the step is, that of its receipt `step.received`.
            names = (name.partition(".")[0] for name in line.then.get(key, ()))
            yield from _unknown(line.place_of(key), code, names, allowed)

    def _procedures(self, scenario: Scenario, line: Line) -> list[Procedure]:
        """Return the procedures that a line may be about: any, where it names a case by its id."""
        named = line.case if line.case is not None else scenario.procedure
        found = self.ruleset.procedures.get(named)
        return [found] if found is not None else list(self.ruleset.procedures.values())


def _unknown(place: Place, code: str, names: Iterable[str | None], allowed: Collection[Any]) -> Iterator[Finding]:
    for name in names:
        if name and name not in allowed:
            meant = meant_entry(name, allowed)
            likely = {"nearest": meant} if meant is not None else {}
            yield Finding(place, Reason.of(code, name=name, allowed=allowed, **likely), "warning")
