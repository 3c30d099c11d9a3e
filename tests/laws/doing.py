"""What could be done next with a case: for each kind of command, some that stand a chance, by whoever might give them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from aaworkflow.cases import Case, Command, Context, Task, plan_of
from aaworkflow.cases import commands as c
from aaworkflow.cases.authority import Acting, may_act
from aaworkflow.cases.deciding import allowed_outcomes
from aaworkflow.rulesets import Ruleset
from aaworkflow.rulesets.model import PanelRule
from aaworkflow.signatures import Signature, Signer, UnsignedSignature

__all__ = ["AMOUNTS", "KINDS", "PERSONS", "chances"]

Chance = tuple[Command, str]
Contexts = Callable[[str], Context]

AMOUNTS: Final = (500, 9999, 10000, 15000)
_WORDS: Final = "because"
PERSONS: Final = ("ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal", "ivy", "pat")


def chances(kind: type[Command], case: Case, context: Contexts, signer: Signer) -> Iterator[Chance]:
    """Yield commands of a kind, with who gives each, that a case may take now; some of them it does not."""
    yield from _CHANCES[kind](_Scene(case, context, signer))


class _Scene:
    def __init__(self, case: Case, context: Contexts, signer: Signer) -> None:
        self.case, self.context, self.signer = case, context, signer
        self.ruleset: Ruleset = context("pat").ruleset
        self.steps = plan_of(self.ruleset, case).steps
        self.open = tuple(case.open_tasks())

    def on(self, task: Task, kind: type[Command], **more: Any) -> Any:
        return kind(case=self.case.id, step=task.step, task=task.id, **more)  # type: ignore[call-arg]

    def holders(self, task: Task) -> tuple[str, ...]:
        if task.person is not None:
            return (task.person,)
        if task.role is None or self.ruleset.roles[task.role].external:
            return ()
        context = self.context("pat")
        return (*((task.claimed_by,) if task.claimed_by else ()), *context.directory.holders(task.role, context.at))


def _decide(s: _Scene) -> Iterator[Chance]:
    for task in s.open if s.case.running else ():
        step, activation = s.steps[task.step], s.case.activations[task.activation]
        for by in PERSONS if task.advisor is None else ():
            acting = may_act(s.context(by), s.case, step, task)
            if not isinstance(acting, Acting):
                continue
            adds = task.origin == "step" and "add_signers_after" in step.allows and by != "ivy"
            picking = [other.id for other in s.steps.values() if other.picked_at == step.id]
            for number, outcome in enumerate(allowed_outcomes(step, activation, task)):
                brings: dict[str, Any] = {
                    "documents": {kind: _content(kind, s.case.version + number) for kind in step.produces},
                    "facts": {"format": "big"} if "format" in step.may_record else {},
                    "picks": dict.fromkeys(picking, ("bob", "dan")),
                    "signatures": tuple(_signed(s, kind, by, acting) for kind in step.signs),
                    "add_after": ("ivy",) if outcome == "pass" and adds else (),
                }
                yield s.on(task, c.Decide, outcome=outcome, opinion=_WORDS, **brings), by


def _content(kind: str, number: int) -> Mapping[str, Any]:
    if kind == "paper":
        return {"amount": AMOUNTS[number % len(AMOUNTS)], "text": f"text {number % 2}"}
    return {"text": f"text {number % 2}"}


def _signed(s: _Scene, kind: str, by: str, acting: Acting) -> Signature:
    version = s.case.current(kind)
    digest = version.digest if version is not None else "none"
    return s.signer.sign(
        UnsignedSignature(kind, digest, by, acting.role or "chief", acting.on_behalf_of, s.context(by).at)
    )


def _by_holders(kind: type[Command], **more: Any) -> Callable[[_Scene], Iterator[Chance]]:
    def made(s: _Scene) -> Iterator[Chance]:
        for task in s.open:
            for by in s.holders(task):
                yield s.on(task, kind, **more), by

    return made


def _to(kind: type[Command]) -> Callable[[_Scene], Iterator[Chance]]:
    def made(s: _Scene) -> Iterator[Chance]:
        for task in s.open:
            for by in s.holders(task):
                for to in ("hal", "ivy", "bob", "dan"):
                    yield s.on(task, kind, to=to), by

    return made


def _advise(s: _Scene) -> Iterator[Chance]:
    for task in s.open:
        if task.advisor is not None:
            yield s.on(task, c.Advise, opinion=_WORDS), task.advisor


def _set_facts(s: _Scene) -> Iterator[Chance]:
    yield c.SetFacts(case=s.case.id, facts={"urgent": not s.case.facts.get("urgent")}), s.case.initiator


def _add(s: _Scene) -> Iterator[Chance]:
    for task in s.open:
        for by in s.holders(task):
            for where in ("before", "parallel"):
                for mode in ("all", "in_order", "any"):
                    people = ("hal", "ivy")
                    yield s.on(task, c.AddSigners, persons=people, where=where, agree=PanelRule(mode=mode)), by


def _remove(s: _Scene) -> Iterator[Chance]:
    for task in s.open:
        if task.person is not None:
            for by in (task.added_by or "pat", "pat"):
                yield c.RemoveSigners(case=s.case.id, step=task.step, persons=(task.person,), reason=_WORDS), by


def _return(s: _Scene) -> Iterator[Chance]:
    for task in s.open:
        for by in s.holders(task):
            for to in ("previous", "drafter", *s.steps):
                yield s.on(task, c.Return, to=to, reason=_WORDS), by


def _take_back(s: _Scene) -> Iterator[Chance]:
    for task in reversed(s.case.tasks.values()):
        if task.state == "decided" and task.decider:
            yield s.on(task, c.TakeBack, reason=_WORDS), task.decider


def _for_each_step(kind: type[Command], **more: Any) -> Callable[[_Scene], Iterator[Chance]]:
    def made(s: _Scene) -> Iterator[Chance]:
        for step in s.case.open_steps():
            yield kind(case=s.case.id, step=step, **more), s.case.initiator  # type: ignore[call-arg]

    return made


def _once(kind: type[Command], *by: str, **more: Any) -> Callable[[_Scene], Iterator[Chance]]:
    def made(s: _Scene) -> Iterator[Chance]:
        for who in by or (s.case.initiator,):
            yield kind(case=s.case.id, **more), who  # type: ignore[call-arg]

    return made


def _withdraw(s: _Scene) -> Iterator[Chance]:
    yield c.Withdraw(case=s.case.id, to="draft", reason=_WORDS), s.case.initiator
    yield c.Withdraw(case=s.case.id, reason=_WORDS), s.case.initiator


def _jump(s: _Scene) -> Iterator[Chance]:
    for step in s.steps:
        yield c.Jump(case=s.case.id, to=step, reason=_WORDS), "pat"


def _amend(s: _Scene) -> Iterator[Chance]:
    for step in s.steps:
        yield c.Amend(case=s.case.id, step=step, roles=("reviewer", "deputy"), reason=_WORDS), "pat"


def _add_step(s: _Scene) -> Iterator[Chance]:
    for before in s.ruleset.procedures[s.case.procedure].amend.before:
        step = f"more{s.case.version}"
        named: dict[str, Any] = {"case": s.case.id, "step": step, "before": before, "reason": _WORDS}
        yield (
            c.AddStep(roles=("counsel", "reviewer"), within="1 working day", agree="any", fail_to="draft", **named),
            "pat",
        )
        yield c.AddStep(persons=("fay", "bob"), does="read", **named), "pat"


def _remove_step(s: _Scene) -> Iterator[Chance]:
    for step in s.case.added_steps:
        yield c.RemoveStep(case=s.case.id, step=step, reason=_WORDS), "pat"


def _extend(s: _Scene) -> Iterator[Chance]:
    for deadline in s.case.deadlines:
        yield c.Extend(case=s.case.id, deadline=deadline, by="1 working day"), "pat"


def _answer(s: _Scene) -> Iterator[Chance]:
    for comment in s.case.comments:
        for by in comment.to:
            yield c.Answer(case=s.case.id, text=_WORDS, question=comment.id), by


def _end_child(s: _Scene) -> Iterator[Chance]:
    for child in s.case.children:
        for end, result in (("passed", "done"), ("failed", "refused")):
            yield c.EndChild(case=s.case.id, child=child.case, end=end, result=result), "system:case"  # type: ignore[arg-type]


_CHANCES: Final[Mapping[type[Command], Callable[[_Scene], Iterator[Chance]]]] = {
    c.Decide: _decide,
    c.Receive: _by_holders(c.Receive),
    c.SetFacts: _set_facts,
    c.Claim: _by_holders(c.Claim),
    c.Release: _by_holders(c.Release),
    c.Transfer: _to(c.Transfer),
    c.Delegate: _to(c.Delegate),
    c.Advise: _advise,
    c.AddSigners: _add,
    c.RemoveSigners: _remove,
    c.Return: _return,
    c.TakeBack: _take_back,
    c.Withdraw: _withdraw,
    c.Terminate: _once(c.Terminate, "pat", reason=_WORDS),
    c.Void: _once(c.Void, "pat", reason=_WORDS),
    c.Suspend: _once(c.Suspend, "pat", reason=_WORDS),
    c.Resume: _once(c.Resume, "pat"),
    c.Jump: _jump,
    c.Reopen: _once(c.Reopen, "pat", reason=_WORDS),
    c.Amend: _amend,
    c.AddStep: _add_step,
    c.RemoveStep: _remove_step,
    c.Copy: _once(c.Copy, to=("hal", "gus")),
    c.MarkRead: _once(c.MarkRead, "hal", "gus"),
    c.Urge: _for_each_step(c.Urge),
    c.Comment: _once(c.Comment, text="hm"),
    c.Ask: _once(c.Ask, text="why?", to=("ivy",)),
    c.Answer: _answer,
    c.Extend: _extend,
    c.Redate: _once(c.Redate, "pat", reason="notice"),
    c.Migrate: _once(c.Migrate, "pat"),
    c.EndChild: _end_child,
    c.RevertBy: _once(c.RevertBy, "system:case", reverting="case-9"),
}
"""For every kind of command but the start and the clock: some that stand a chance."""

_SELDOM: Final = (
    c.Terminate,
    c.Void,
    c.Withdraw,
    c.Suspend,
    c.RevertBy,
    c.Copy,
    c.MarkRead,
    c.Comment,
    c.Ask,
    c.Answer,
)
KINDS: Final = tuple(
    kind
    for kind in _CHANCES
    for _ in range(24 if kind is c.Decide else 20 if kind is c.Redate else 1 if kind in _SELDOM else 4)
)
"""Kinds to choose from: decisions the most often; seldom what ends a case or has no effect on the flow. Dating anew is
tried often, since it seldom has anything to do."""
