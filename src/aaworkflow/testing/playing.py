"""Play a scenario on the real engine, in memory, and say line by line what came out otherwise than it says."""

import base64
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs

from aaworkflow.analysis.trust.mcdc import Watched
from aaworkflow.cases import Case, plan_of
from aaworkflow.cases import commands as cmd
from aaworkflow.cases.authority import Acting, may_act
from aaworkflow.cases.context import Context
from aaworkflow.codec import decode_command
from aaworkflow.engine import Engine, Entry
from aaworkflow.errors import AaworkflowError, EngineError, Finding, Reason
from aaworkflow.people import StaticDirectory
from aaworkflow.rulesets import Fact, Ruleset, Step
from aaworkflow.rulesets.build import build_delegation
from aaworkflow.signatures import Signature, Signer, UnsignedSignature
from aaworkflow.testing.comparing import Moment, differences
from aaworkflow.testing.memory import MemorySigner, MemoryStore
from aaworkflow.testing.scenarios import Line, Scenario

__all__ = ["Played", "play", "play_all"]

_SAMPLE_AMOUNT: Final = 100000


@attrs.frozen
class Played:
    """How a scenario went.

    Attributes:
        differences: what came out otherwise than the scenario says, with the place of the line.
        cases: every case that came about, as it stands at the end.
        history: what happened, by case.
        shown: the comparisons and cells that decided something alone, as `Watched` names them.
    """

    scenario: Scenario
    differences: tuple[Finding, ...] = ()
    cases: Mapping[str, Case] = attrs.field(factory=dict)
    history: Mapping[str, tuple[Entry, ...]] = attrs.field(factory=dict)
    shown: frozenset[str] = frozenset()

    @property
    def ok(self) -> bool:
        """Whether all came out as it says."""
        return not self.differences


def play_all(
    ruleset: Ruleset,
    scenarios: Sequence[Scenario],
    directory: StaticDirectory,
    *,
    signer: Signer | None = None,
) -> Iterator[Played]:
    """Play scenarios one after another, each on a store of its own."""
    for scenario in scenarios:
        yield play(ruleset, scenario, directory, among=scenarios, signer=signer)


def play(
    ruleset: Ruleset,
    scenario: Scenario,
    directory: StaticDirectory,
    *,
    among: Sequence[Scenario] = (),
    signer: Signer | None = None,
    watch: Callable[[Moment], None] = lambda moment: None,
) -> Played:
    """Play one scenario.

    Args:
        ruleset: the rules that it plays under.
        directory: who is who; the scenario's own delegations are added.
        among: the scenarios that it may go on after.
        signer: signs for everyone; by default one with keys in memory.
        watch: is shown every line that went as far as it says, with the case before and after it.

    Raises:
        EngineError: it goes on after a scenario that is not among them.
    """
    before = {s.id: s for s in among}
    row: list[Scenario] = [scenario]
    while (after := row[0].after) is not None:
        if after not in before:
            raise EngineError.of("unknown_scenario", name=after, allowed=before)
        row.insert(0, before[after])
    found: list[Finding] = []
    for part in row:
        try:
            directory = directory.with_delegations(
                *(
                    build_delegation(id, given, _zone(ruleset, directory, given["from"]))
                    for id, given in part.delegations.items()
                )
            )
        except AaworkflowError as error:
            return Played(scenario, tuple(Finding(part.place, reason) for reason in error.reasons))
    stage = _Stage(ruleset, directory, signer or MemorySigner(), watch)
    for part in row:
        for line in part.story:
            wrong, goes_on = stage.play(part, line)
            found += wrong
            if not goes_on:
                return stage.result(scenario, found)
    return stage.result(scenario, found)


class _Stage:
    """The engine on which a scenario plays, and what has happened on it so far."""

    def __init__(
        self, ruleset: Ruleset, directory: StaticDirectory, signer: Signer, watch: Callable[[Moment], None]
    ) -> None:
        self.watch = watch
        self.ruleset = Watched.of(ruleset)
        self.directory = directory
        self.signer = signer
        self.now = datetime(1970, 1, 1, tzinfo=UTC)
        self.engine = Engine(self.ruleset, MemoryStore(), directory=directory, signer=signer, clock=lambda: self.now)
        self.cases: list[str] = []

    def result(self, scenario: Scenario, found: Sequence[Finding]) -> Played:
        """Return how it went."""
        cases = {case: self.engine.case(case) for case in self.cases}
        history = {case: self.engine.history(case) for case in cases}
        return Played(scenario, tuple(found), cases, history, frozenset(self.ruleset.shown))

    # ---------------------------------------------------------------- one line

    def play(self, scenario: Scenario, line: Line) -> tuple[list[Finding], bool]:
        """Play a line; return what came out otherwise, and whether it makes sense to go on."""
        case = self._meant(line.case or scenario.procedure)
        before = self.engine.case(case) if case is not None else None
        known = len(self.cases)
        reasons: tuple[Reason, ...] = ()
        for by in line.by or ("",):
            try:
                case = self._act(scenario, line, by, case)
            except AaworkflowError as refused:
                reasons = refused.reasons
                break
        expected = line.then.get("refused", ())
        codes = tuple(reason.code for reason in reasons)
        if reasons and not expected:
            return [_finding(line, "line_refused", why=" ".join(r.text() for r in reasons), codes=codes)], False
        if expected and not reasons:
            return [_finding(line, "line_accepted", expected=expected)], False
        after = self.engine.case(case) if case is not None else None
        moment = Moment(self.engine, line, before, after, codes, tuple(self.cases[known:]))
        self.watch(moment)
        return [Finding(place, reason) for place, reason in differences(moment)], True

    def _act(self, scenario: Scenario, line: Line, by: str, case: str | None) -> str | None:
        at = self.now = self._instant(line, by)
        match line.kind:
            case "start":
                return self._start(scenario, line, by, at)
            case "tick":
                for started in self.engine.tick(at).started:
                    self._learn(started)
                return case or self._meant(line.case or scenario.procedure)
            case "receive":
                command: cmd.Command = cmd.Receive(case=_need(line, case), step=line.what)
            case "decide":
                command = self._decision(line, by, at, self.engine.case(_need(line, case)))
            case "command":
                command = decode_command({"command": line.what, "case": _need(line, case), **line.brings})
        self._learn(self.engine.submit(command, by=by, at=at).id)
        return case

    def _start(self, scenario: Scenario, line: Line, by: str, at: datetime) -> str:
        procedure = line.case or scenario.procedure
        number = sum(c.startswith(f"{procedure}-") for c in self.cases) + 1
        own = procedure == scenario.procedure
        facts = {**(scenario.facts if own else {}), **line.brings.get("facts", {})}
        started = self.engine.start(
            procedure,
            by=by,
            at=at,
            unit=scenario.unit,
            facts=facts,
            case=f"{procedure}-{number}",
        )
        self._learn(started.id)
        return started.id

    def _learn(self, case: str) -> None:
        """Take note of a case, and of those that it started."""
        if case not in self.cases:
            self.cases.append(case)
        for child in self.engine.case(case).children:
            self._learn(child.case)

    def _meant(self, name: str) -> str | None:
        """Return the case of an id, else the newest one of a procedure."""
        if name in self.cases:
            return name
        return next((c for c in reversed(self.cases) if self.engine.case(c).procedure == name), None)

    # ---------------------------------------------------------------- time

    def _instant(self, line: Line, by: str) -> datetime:
        at = line.at
        return at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(_zone(self.ruleset, self.directory, by)))

    # ---------------------------------------------------------------- what a decision brings

    def _decision(self, line: Line, by: str, at: datetime, case: Case) -> cmd.Decide:
        step = plan_of(self.ruleset, case).steps.get(line.what)
        brings = dict(line.brings)
        sign = brings.pop("sign", None)
        documents = {kind: self._content(kind, given, case, at) for kind, given in brings.pop("documents", {}).items()}
        form = brings.pop("form", {})
        if step is not None and step.form is not None and form:
            form = self._content(step.form, form, case, at)
        signatures: tuple[Signature, ...] = ()
        if sign is not None and step is not None:
            kinds = [kind for kind in step.signs if kind in documents or case.current(kind) is not None]
            signatures = tuple(self._signature(sign, step, kind, documents, by, at, case) for kind in kinds)
        return cmd.Decide(
            case=case.id,
            step=line.what,
            documents=documents,
            form=form,
            signatures=signatures,
            **brings,
        )

    def _content(self, kind: str, given: Any, case: Case, at: datetime) -> dict[str, Any]:
        """Return a document's content: what is given, and with `complete` every other required part."""
        spec = self.ruleset.documents.get(kind)
        content: dict[str, Any] = {"complete": True} if given == "complete" else dict(given)
        complete = content.pop("complete", False)
        taken = {f.taken_from[1]: f for f in self.ruleset.facts.values() if f.taken_from and f.taken_from[0] == kind}
        if complete and spec is not None:
            number = case.next_number(kind)
            for part, title in spec.parts.items():
                sample = _sample(taken[part], at) if part in taken else f"{title.get('zh')} {number}"
                content.setdefault(part, sample)
        return content

    def _signature(
        self,
        sign: Any,
        step: Step,
        kind: str,
        documents: Mapping[str, Mapping[str, Any]],
        by: str,
        at: datetime,
        case: Case,
    ) -> Signature:
        """Sign as the line says: truly, for somebody, in another role, an old version, or with a forged value."""
        wish = sign if isinstance(sign, Mapping) else {}
        role, principal = self._capacity(step, by, at, case)
        role, principal = wish.get("as", role), wish.get("for", principal)
        signer = wish.get("by", by)
        if "version" in wish:
            digest = case.documents[kind][wish["version"] - 1].digest
            made = self.signer.sign(UnsignedSignature(kind, digest, signer, role, principal, at, case=case.id))
        else:
            made = self.engine.sign(
                case.id, kind, by=signer, role=role, on_behalf_of=principal, content=documents.get(kind), at=at
            )
        if wish.get("forged"):
            made = attrs.evolve(made, value=base64.b64encode(bytes(64)).decode())
        return made

    def _capacity(self, step: Step, by: str, at: datetime, case: Case) -> tuple[str, str | None]:
        context = Context(self.ruleset, self.directory, at, by, self.signer)
        activation = case.activation_of(step.id)
        for task in case.tasks_of(activation) if activation else ():
            acting = may_act(context, case, step, task)
            if isinstance(acting, Acting) and acting.role is not None and task.state == "open":
                return acting.role, acting.on_behalf_of
        return step.by[0], None


def _zone(ruleset: Ruleset, directory: StaticDirectory, person: str) -> str:
    """Return the time zone of a person's clock; the company's, for who is unknown or where none is said."""
    default = ruleset.calendars["default"].timezone
    found = next((p for p in directory.persons() if p.id == person), None)
    if found is None or found.unit is None:
        return (found.timezone if found else None) or default
    unit = directory.unit(found.unit)
    calendar = ruleset.calendars.get(unit.calendar or "default")
    return found.timezone or unit.timezone or (calendar.timezone if calendar else default)


def _need(line: Line, case: str | None) -> str:
    if case is None:
        raise EngineError.of("scenario_without_case", line=line.place.line)
    return case


def _finding(line: Line, code: str, **data: Any) -> Finding:
    return Finding(line.place, Reason.of(code, **data))


def _sample(fact: Fact, at: datetime) -> Any:
    match fact.kind:
        case "money" | "numeric" | "duration":
            return _SAMPLE_AMOUNT
        case "boolean":
            return True
        case "date":
            return at.date()
        case "datetime":
            return at
        case "select":
            return next(iter(fact.options), "")
        case "select_multiple":
            return tuple(fact.options)[:1]
        case "string":
            return fact.title.get("zh")
        case _:
            return next(iter(fact.examples), "")
