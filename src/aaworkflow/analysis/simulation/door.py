"""How cases come into an office: people start them now and then, schedules on their days."""

from collections.abc import Iterator

import attrs

from aaworkflow.analysis.proving.world import SIGNER
from aaworkflow.analysis.simulation.bringing import Bringing
from aaworkflow.analysis.simulation.chance import Choice, draw
from aaworkflow.analysis.simulation.floor import Floor, Worker
from aaworkflow.analysis.simulation.workplace import Workplace
from aaworkflow.calendars import parse_duration
from aaworkflow.cases import Context
from aaworkflow.cases import commands as cmd
from aaworkflow.cases.authority import Acting, may_start
from aaworkflow.people import Directory
from aaworkflow.rulesets import Procedure, Ruleset

__all__ = ["Door"]


@attrs.frozen
class Door:
    """Who comes when, with what. Instants are seconds since 1970."""

    ruleset: Ruleset
    directory: Directory
    workplace: Workplace
    floor: Floor
    bringing: Bringing
    seed: int
    speed: float
    _able: dict[tuple[str, str, int], bool] = attrs.field(factory=dict, init=False)

    # ---------------------------------------------------------------- people

    def next_arrival(self, last: float, procedure: str, n: int) -> float | None:
        """Return when the n-th case of a procedure comes, from when the one before came; None: not any more."""
        every = self.workplace.arrivals[procedure].every
        return self.floor.company.after(last, round(every.at(draw(self.seed, "arrival", procedure, n)) / self.speed))

    def starter(self, procedure: str, case: str, at: float) -> Worker | None:
        """Draw who starts a case: of those who may and are not away."""
        spec = self.ruleset.procedures[procedure]
        roles = spec.initiators or spec.steps[spec.start].by
        can = dict.fromkeys(person for role in roles for person in self.floor.candidates((role, None, None), at))
        by = self.workplace.arrivals[procedure].by or dict.fromkeys(can, 1.0)
        weights = {p: by[p] for p in can if by.get(p) and self._may_start(p, roles, procedure, at)}
        return self.floor.workers[Choice(weights).at(draw(self.seed, "starter", case))] if weights else None

    def _may_start(self, person: str, roles: tuple[str, ...], procedure: str, at: float) -> bool:
        """Say whether somebody is there who may start a case; asked again only when something of that changes."""
        worker = self.floor.workers.get(person)
        if worker is None or worker.away(at):
            return False
        key = (procedure, person, self.floor.edition(at))
        if key not in self._able:
            context = Context(self.ruleset, self.directory, worker.clock(at), person, SIGNER)
            unit = self.directory.person(person).unit
            self._able[key] = isinstance(may_start(context, roles, unit, procedure), Acting)
        return self._able[key]

    def start(self, procedure: str, case: str, context: Context) -> cmd.Start:
        """Return the command by which the actor of a context starts a case."""
        facts = self.bringing.start_facts(procedure, case, context.on)
        return cmd.Start(case=case, procedure=procedure, unit=self._unit(procedure, case, context), facts=facts)

    def _unit(self, procedure: str, case: str, context: Context) -> str | None:
        """Return the unit of a case: the starter's own or, where it lacks people that it needs, one that is drawn."""
        own, at = self.directory.person(context.by).unit, context.at.timestamp()
        roles = (role for step in self.ruleset.procedures[procedure].steps.values() for role in step.by)
        keepers = dict.fromkeys(self.ruleset.roles[role].recorded_by or role for role in roles)
        held = [role for role in keepers if self.ruleset.roles[role].per_unit]
        units = [u.id for u in self.directory.units() if all(self.floor.holders(role, u.id, at) for role in held)]
        if own in units or not held or not units:
            return own
        return units[int(draw(self.seed, "unit", case) * len(units))]

    # ---------------------------------------------------------------- schedules

    def scheduled(self, procedure: Procedure) -> Iterator[tuple[float, cmd.Start]]:
        """Yield when cases of a procedure start by themselves: on every n-th working day, as the engine does it."""
        schedule, calendar = procedure.schedule, self.ruleset.calendars["default"]
        if schedule is None:
            return
        every = max(1, int(parse_duration(schedule.every).amount))
        units: tuple[str | None, ...] = (None,)
        if schedule.for_each is not None:
            units = tuple(u.id for u in self.directory.units() if u.office == schedule.for_each)
        day = calendar.add(self.workplace.first, 0)
        while day <= self.workplace.last:
            for unit in units:
                case = f"{procedure.id}-{day:%Y%m%d}" + (f"-{unit}" if unit else "")
                yield calendar.opening(day).timestamp(), cmd.Start(case=case, procedure=procedure.id, unit=unit)
            day = calendar.add(day, every)
