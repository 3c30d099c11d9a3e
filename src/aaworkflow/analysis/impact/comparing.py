"""Compare two runs of the same acts: decisions, route, people, deadlines, breaches, refusals."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from aaworkflow.analysis.impact.differences import KINDS, Difference, Kind, What, breach_of, seats_of
from aaworkflow.analysis.impact.refusals import refusals
from aaworkflow.analysis.records.replaying import Replay
from aaworkflow.analysis.wording import Wording, outcome_name
from aaworkflow.cases import Case, Event
from aaworkflow.cases import events as ev
from aaworkflow.texts import LANGS, Lang, Text, shown

__all__ = ["differences"]


def differences(before: Replay, after: Replay) -> tuple[Difference, ...]:
    """Return what went otherwise in the second of two runs of the same acts."""
    found: list[Difference] = []
    for case in before.cases:
        if case in after.cases:
            found += _Compared(_Run(before, case), _Run(after, case)).all()
    found += refusals(before, after)
    return tuple(sorted(found, key=lambda d: KINDS.index(d.kind)))


# -------------------------------------------------------------------- one case in both runs


class _Run:
    """What can be compared of one case in one run."""

    def __init__(self, replay: Replay, case: str) -> None:
        self.replay = replay
        self.case: Case = replay.cases[case]
        self.opened: dict[str, ev.StepOpened] = {}
        self.closed: dict[str, ev.StepClosed] = {}
        self.due: dict[str, ev.DeadlineSet | ev.DeadlineMoved] = {}
        self.warned: dict[str, ev.Warned] = {}
        self.breaches: list[ev.BreachRecorded] = []
        self.last: datetime = self.case.started_at
        for outcome in replay.outcomes:
            own = [event for id, event in outcome.events if id == case]
            if own and outcome.act is not None and outcome.act.origin == "act":
                self.last = outcome.act.at
            for event in own:
                self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case ev.StepOpened():
                self.opened[event.activation] = event
            case ev.StepClosed():
                self.closed[event.activation] = event
            case ev.DeadlineSet() | ev.DeadlineMoved():
                self.due[event.deadline] = event
            case ev.Warned():
                self.warned[event.rule] = event
            case ev.BreachRecorded():
                self.breaches.append(event)

    def deadlines(self) -> "dict[Key, datetime]":
        """Return when each thing was due at last, by what it was rather than by its number."""
        found: dict[Key, datetime] = {}
        for id, event in self.due.items():
            known = self.case.deadlines[id]
            task = self.case.tasks.get(id)
            seat = (task.role or "", task.unit or "", task.added_by or "") if task is not None else ("", "", "")
            span = id.removeprefix("span:") if id.startswith("span:") else ""
            found[Key(known.step, known.activation or "", seat, span)] = event.due.at
        return found


@attrs.frozen
class Key:
    """What is due: a seat in a pass through a step, or a deadline over several steps, with its number."""

    step: str
    activation: str
    seat: tuple[str, str, str]
    number: str

    @property
    def span(self) -> str:
        """The deadline over several steps."""
        return self.number.rpartition("#")[0]


def _lasts(run: _Run, key: Key) -> bool:
    """Say whether a run could have had a deadline: it came to that step and seat, or knows no such span at all."""
    if key.span:
        return key.span not in {span.id for span in _procedure(run).spans}
    opened = run.opened.get(key.activation)
    return opened is not None and any((t.role or "", t.unit or "") == key.seat[:2] for t in opened.tasks)


@attrs.frozen
class _Compared:
    old: _Run
    new: _Run

    def all(self) -> Iterator[Difference]:
        yield from self._decisions()
        yield from self._route()
        yield from self._people()
        yield from self._deadlines()
        yield from self._breaches()

    @property
    def _went_on(self) -> bool:
        """Whether the new run came as far as the old one: it ended, or waits at no step that the old one had left."""
        if self.new.case.finished:
            return True
        waits = {activation.id for activation in self.new.case.open_activations()}
        return not self.old.case.finished and waits <= set(self.old.opened) - set(self.old.closed)

    # ---------------------------------------------------------------- what was decided

    def _decisions(self) -> Iterator[Difference]:
        old, new = self.old, self.new
        answered = {f.id for r in (old, new) for f in r.replay.ruleset.facts.values() if f.table is not None}
        for fact in sorted(answered):
            was, now = old.case.facts.get(fact), new.case.facts.get(fact)
            if was != now:
                yield self._fact(fact, was, now)
        for activation, closed in old.closed.items():
            again = new.closed.get(activation)
            if again is not None and again.outcome != closed.outcome:
                yield self._say(
                    "decision",
                    "other_result",
                    closed.step,
                    "",
                    closed.outcome,
                    again.outcome,
                    lambda o, n, lang, was=closed, now=again: (
                        f"{_step(o, old.case, was.step)}的结果为“{outcome_name(now.outcome, lang)}”,"
                        f"原为“{outcome_name(was.outcome, lang)}”"
                        if lang == "zh"
                        else f"{_step(o, old.case, was.step)} ends with {outcome_name(now.outcome, lang)} "
                        f"instead of {outcome_name(was.outcome, lang)}"
                    ),
                )
        for rule in sorted({*old.warned} ^ {*new.warned}):
            yield self._warning(rule, now=rule in new.warned)

    def _fact(self, fact: str, was: Any, now: Any) -> Difference:
        def say(o: Wording, n: Wording, lang: Lang) -> str:
            name, values = n.title("facts", fact), (_option(o, fact, was), _option(n, fact, now))
            return (
                f"{name}为 {values[1]},原为 {values[0]}"
                if lang == "zh"
                else f"{name} is {values[1]} instead of {values[0]}"
            )

        return self._say("decision", "other_answer", None, fact, was, now, say)

    def _warning(self, rule: str, *, now: bool) -> Difference:
        def say(o: Wording, n: Wording, lang: Lang) -> str:
            name = (n if now else o).title("rules", rule)
            if lang == "zh":
                return f"{'会' if now else '不再'}提示“{name}”"
            return f"“{name}” {'warns' if now else 'warns no more'}"

        return self._say("decision", "warned" if now else "not_warned", None, rule, not now, now, say)

    # ---------------------------------------------------------------- which way

    def _route(self) -> Iterator[Difference]:
        old, new = self.old, self.new
        later = list(old.opened)
        for i, (activation, opened) in enumerate(old.opened.items()):
            passed = new.case.finished or any(other in new.opened for other in later[i + 1 :])
            if activation not in new.opened and (passed or opened.step in new.case.skipped):
                yield self._asked("asked_no_more", opened.step)
        for activation, opened in new.opened.items():
            if activation not in old.opened:
                yield self._asked("comes_to" if self._not_yet(opened.step) else "asked_as_well", opened.step)
        was, now = (run.case.end or run.case.status for run in (old, new))
        if old.case.finished and new.case.finished and was != now:
            yield self._end("other_end", was, now)
        elif new.case.finished and not old.case.finished:
            yield self._end("other_end", None, now)
        elif old.case.finished and not new.case.finished:
            yield self._not_ended(was)

    def _not_yet(self, step: str) -> bool:
        """Say whether the old run may still come to a step: it waits elsewhere, and has not passed it over."""
        return not self.old.case.finished and step in _procedure(self.old).steps and step not in self.old.case.skipped

    def _asked(self, what: What, step: str) -> Difference:
        zh, en = {
            "asked_no_more": ("{}不再需要办理", "{} is asked no more"),
            "asked_as_well": ("{}须增加办理", "{} is asked as well"),
            "comes_to": ("已到{}", "it has come to {}"),
        }[what]

        def say(o: Wording, n: Wording, lang: Lang) -> str:
            name = _step(o if what == "asked_no_more" else n, self.old.case, step)
            return (zh if lang == "zh" else en).format(name)

        before, after = (step, None) if what == "asked_no_more" else (None, step)
        return self._say("route", what, step, "", before, after, say)

    def _end(self, what: What, was: str | None, now: str) -> Difference:
        def say(o: Wording, n: Wording, lang: Lang) -> str:
            words = _step(n, self.old.case, now)
            before = _step(o, self.old.case, was) if was is not None else ""
            if lang == "zh":
                return f"以{words}结束" + (f",原以{before}结束" if was else ",原未结束")
            return f"it ends with {words} instead of " + (before if was else "going on")

        return self._say("route", what, None, now, was, now, say)

    def _not_ended(self, was: str) -> Difference:
        waits = tuple(dict.fromkeys(self.new.case.open_steps()))

        def say(o: Wording, n: Wording, lang: Lang) -> str:
            where = n.say("、", ", ").join(_step(n, self.new.case, step) for step in waits)
            before = _step(o, self.old.case, was)
            if lang == "zh":
                return f"停在{where},记录中无人办理;原以{before}结束"
            return f"it waits at {where}, where the record has no act for it, instead of ending with {before}"

        return self._say("route", "not_ended", waits[0] if waits else None, was, was, waits, say)

    # ---------------------------------------------------------------- who

    def _people(self) -> Iterator[Difference]:
        for activation, was in self.old.opened.items():
            now = self.new.opened.get(activation)
            if now is None:
                continue
            if seats_of(was) != seats_of(now):
                yield self._seated(was, now)
            elif was.panel != now.panel:
                yield self._say(
                    "people",
                    "other_panel",
                    was.step,
                    "",
                    was.panel,
                    now.panel,
                    lambda o, n, lang, one=was, other=now: (
                        f"{_step(n, self.old.case, one.step)}的表决规则为 {n.value('agree', other.panel)},"
                        f"原为 {o.value('agree', one.panel)}"
                        if lang == "zh"
                        else f"{_step(n, self.old.case, one.step)} agrees by {n.value('agree', other.panel)} "
                        f"instead of {o.value('agree', one.panel)}"
                    ),
                )

    def _seated(self, was: ev.StepOpened, now: ev.StepOpened) -> Difference:
        before, after = (tuple(sorted(_who(seat) for seat in seats_of(one).elements())) for one in (was, now))
        gained, lost = (Counter(after) - Counter(before)), (Counter(before) - Counter(after))

        def say(o: Wording, n: Wording, lang: Lang) -> str:
            parts = []
            if gained:
                parts.append(n.say("增加", "also asks ") + n.value("roles", tuple(gained.elements())))
            if lost:
                parts.append(o.say("不再有", "no longer asks ") + o.value("roles", tuple(lost.elements())))
            return f"{_step(n, self.old.case, was.step)}{n.say('', ' ')}{n.say(',', ' and ').join(parts)}"

        about = ",".join((*(f"+{w}" for w in gained.elements()), *(f"-{w}" for w in lost.elements())))
        return self._say("people", "other_people", was.step, about, before, after, say)

    # ---------------------------------------------------------------- by when

    def _deadlines(self) -> Iterator[Difference]:
        old, new = self.old.deadlines(), self.new.deadlines()
        for key, was in old.items():
            now = new.get(key)
            if now is None:
                if _lasts(self.new, key):
                    yield self._due("deadline_gone", key, was, None)
            elif was.astimezone(UTC) != now.astimezone(UTC):
                yield self._due("other_due", key, was, now)
        for key, now in new.items():
            if key not in old and _lasts(self.old, key):
                yield self._due("deadline_new", key, None, now)

    def _due(self, what: What, key: Key, was: datetime | None, now: datetime | None) -> Difference:
        span = key.span

        def named(words: Wording) -> str:
            for procedure in (_procedure(self.new), _procedure(self.old)):
                for found in procedure.spans:
                    if found.id == span:
                        return f"“{found.title.get(words.lang) or span}”"
            return _step(words, self.old.case, key.step)

        def say(o: Wording, n: Wording, lang: Lang) -> str:
            if lang == "zh":
                before = f",原为 {shown(was)}" if was else ",原无期限"
                return f"{named(n)}的期限为 {shown(now)}{before}" if now else f"{named(n)}不再有期限,原为 {shown(was)}"
            before = f" instead of {shown(was)}" if was else ", where it had no deadline"
            return (
                f"{named(n)} is due {shown(now)}{before}"
                if now
                else f"{named(n)} has no deadline instead of {shown(was)}"
            )

        def general(o: Wording, n: Wording, lang: Lang) -> str:
            earlier = was is not None and now is not None and now < was
            words = {
                "other_due": ("期限提前" if earlier else "期限推后", "is due earlier" if earlier else "is due later"),
                "deadline_gone": ("不再有期限", "has no deadline any more"),
                "deadline_new": ("新设期限", "has a deadline now"),
            }[what]
            return f"{named(n)}{words[0]}" if lang == "zh" else f"{named(n)} {words[1]}"

        sort = "" if was is None or now is None else "earlier" if now < was else "later"
        about = f"{span}:{sort}" if span else sort
        return self._say("deadline", what, key.step, about, was, now, say, general)

    # ---------------------------------------------------------------- breaches

    def _breaches(self) -> Iterator[Difference]:
        until = None if self._went_on else self.new.last
        was = Counter(breach_of(b) for b in self.old.breaches if until is None or b.at <= until)
        now = Counter(breach_of(b) for b in self.new.breaches)
        for key in sorted((was - now).elements()):
            yield self._breached("breach_gone", *key)
        for key in sorted((now - was).elements()):
            yield self._breached("breach_new", *key)

    def _breached(self, what: What, code: str, step: str, by: str) -> Difference:
        new = what == "breach_new"

        def say(o: Wording, n: Wording, lang: Lang) -> str:
            words = n if new else o
            name = words.title("breaches", code)
            where = f"{_step(words, self.old.case, step)}" if step else ""
            who = words.title("roles", by)
            if lang == "zh":
                return f"{where}{'会有' if new else '不再有'}违规“{name}”({who})"
            at = f" at {where}" if where else ""
            return f"{'a breach' if new else 'no more breach'} “{name}”{at} ({who})"

        before, after = (None, code) if new else (code, None)
        return self._say("breach", what, step or None, code, before, after, say)

    # ---------------------------------------------------------------- words

    def _say(
        self,
        kind: Kind,
        what: What,
        step: str | None,
        about: str,
        before: Any,
        after: Any,
        say: Any,
        general: Any = None,
    ) -> Difference:
        old, new = self.old, self.new
        words = {lang: (Wording(old.replay.ruleset, lang), Wording(new.replay.ruleset, lang)) for lang in LANGS}
        text, shared = (Text(**{lang: how(*words[lang], lang) for lang in LANGS}) for how in (say, general or say))
        case = old.case
        return Difference(kind, what, case.id, case.procedure, step, about, before, after, text, shared)


def _procedure(run: _Run) -> Any:
    return run.replay.ruleset.procedures[run.case.procedure]


def _step(words: Wording, case: Case, step: str) -> str:
    return f"“{words.step(step, case.procedure)}”"


def _option(words: Wording, fact: str, value: Any) -> str:
    found = words.ruleset.facts.get(fact)
    options: Mapping[str, Text] = found.options if found is not None else {}
    return options[value].get(words.lang) if isinstance(value, str) and value in options else words.value("", value)


def _who(seat: tuple[str, str, str]) -> str:
    role, _, person = seat
    return person or role
