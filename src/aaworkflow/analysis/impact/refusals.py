"""Acts of the record that would have been refused."""

from collections.abc import Iterator

from aaworkflow.analysis.impact.differences import OUT_OF_TURN, Difference
from aaworkflow.analysis.records.replaying import Outcome, Replay
from aaworkflow.analysis.telling import told
from aaworkflow.analysis.wording import Wording
from aaworkflow.errors import Reason
from aaworkflow.texts import Lang, Text

__all__ = ["refusals"]


def refusals(before: Replay, after: Replay) -> Iterator[Difference]:
    """Yield the first act of each case that would have been refused for more than being out of turn."""
    stood = {id(outcome.act) for outcome in before.outcomes if outcome.act is not None and not outcome.refused}
    seen: set[str] = set()
    for outcome in after.outcomes:
        act = outcome.act
        if act is None or act.command is None or not outcome.refused or id(act) not in stood or act.on in seen:
            continue
        step = getattr(act.command, "step", None)
        reasons = tuple(r for r in outcome.refused if r.code not in OUT_OF_TURN)
        if not reasons or (step is not None and step not in outcome.open) or _asked_no_more(after, outcome):
            continue
        seen.add(act.on)
        yield _refusal(before, after, outcome, reasons, step)


def _asked_no_more(after: Replay, outcome: Outcome) -> bool:
    """Say whether the act was on a seat that its step has no more: then its refusal says nothing new."""
    act = outcome.act
    if act is None or act.task is None or act.on not in after.cases:
        return False
    case = after.cases[act.on]
    seats = {(t.role, t.person if t.role is None else None) for t in case.tasks.values() if t.step == act.task.step}
    return (act.task.role, act.task.person if act.task.role is None else None) not in seats


def _refusal(
    before: Replay, after: Replay, outcome: Outcome, reasons: tuple[Reason, ...], step: str | None
) -> Difference:
    act = outcome.act
    case = before.cases.get(act.on) if act is not None else None
    procedure = case.procedure if case is not None else ""

    def say(lang: Lang, why: bool) -> str:
        words = Wording(after.ruleset, lang)
        what = told(act.command, words, procedure) if act is not None and act.command is not None else ""
        because = (";" if lang == "zh" else "; ").join(r.text(lang) for r in reasons)
        if lang == "zh":
            return f"{what}会被拒绝" + (f":{because}" if why else f"({reasons[0].code})")
        return f"{what} is refused" + (f": {because}" if why else f" ({reasons[0].code})")

    text, general = (Text(zh=say("zh", why), en=say("en", why)) for why in (True, False))
    codes = tuple(r.code for r in reasons)
    id = act.on if act is not None else ""
    return Difference("refused", "refused", id, procedure, step, codes[0], None, codes, text, general)
