"""Approvals bound to what was approved: what of it the documents have outgrown since."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aaworkflow.cases.state import Activation, Case, Task
from aaworkflow.documents import DocumentVersion, diff_versions
from aaworkflow.rulesets.model import Step, Tolerance

__all__ = ["is_outgrown", "outgrown", "rests_on"]

_NONE: Final = Tolerance()


def rests_on(step: Step) -> tuple[str, ...]:
    """Return the kinds of documents that a decision at a step rests on."""
    kinds = [*step.produces, *step.signs, *step.needs_documents, *step.needs_signatures]
    kinds += [step.document] if step.document is not None else []
    kinds += [step.sends.document] if step.sends is not None else []
    kinds += step.starts.documents if step.starts is not None else ()
    return tuple(dict.fromkeys(kinds))


def outgrown(case: Case, step: Step, activation: Activation, kind: str) -> tuple[str, ...]:
    """Return the parts in which a document now differs, beyond the step's tolerance, from what its deciders were shown.

    It is what they were shown that counts, however many small changes have come since.
    """
    now = case.current(kind)
    if now is None:
        return ()
    tolerance = _tolerance(step, kind)
    seen = _seen(case, step, activation, kind)
    return tuple(sorted({path for one in seen for path in _beyond(tolerance, one, now)}))


def is_outgrown(case: Case, step: Step, activation: Activation, kind: str, when: Activation | None = None) -> bool:
    """Say whether a document differs beyond the step's tolerance from what its deciders were shown.

    Args:
        when: look at the document not as it is now, but as it was when this activation opened.
    """
    versions = case.documents.get(kind, ())
    if when is not None:
        versions = versions[: when.documents.get(kind, 0)]
    if not versions:
        return False
    now, tolerance = versions[-1], _tolerance(step, kind)
    for seen in _seen(case, step, activation, kind):
        if seen is None or (seen.digest != now.digest and (tolerance == _NONE or any(_beyond(tolerance, seen, now)))):
            return True
    return False


def _tolerance(step: Step, kind: str) -> Tolerance:
    return step.tolerance if step.tolerance is not None and step.document == kind else _NONE


def _beyond(tolerance: Tolerance, seen: DocumentVersion | None, now: DocumentVersion) -> Iterator[str]:
    """Yield the parts that differ by more than is tolerated."""
    if seen is None:
        yield from now.content
    elif seen.digest != now.digest:
        yield from (path for path in diff_versions(seen, now) if not _tolerated(tolerance, path, seen, now))


def _seen(case: Case, step: Step, activation: Activation, kind: str) -> Iterator[DocumentVersion | None]:
    """Yield the version that each decider had before him, or that he wrote; of a step without any, that of its opening."""
    versions = case.documents.get(kind, ())
    tasks = [task for task in case.tasks_of(activation) if task.state == "decided"]
    if not tasks:
        count = activation.documents.get(kind, 0)
        yield versions[count - 1] if count else None
    for task in tasks:
        written = [v for v in versions if kind in step.produces and _wrote(task, v)]
        shown = [v for v in versions if v.digest == task.shown.get(kind)]
        yield next(iter([*reversed(written), *reversed(shown)]), None)


def _wrote(task: Task, version: DocumentVersion) -> bool:
    return version.by == task.decided_by and version.at == task.decided_at


def _tolerated(tolerance: Tolerance, path: str, before: DocumentVersion, version: DocumentVersion) -> bool:
    part = path.split(".", 1)[0]
    if part in tolerance.parts:
        return True
    share = tolerance.within.get(part)
    old, new = before.content.get(part), version.content.get(part)
    if share is None or isinstance(old, bool) or isinstance(new, bool):
        return False
    if not isinstance(old, (int, Decimal)) or not isinstance(new, (int, Decimal)):
        return False
    return abs(Decimal(new) - Decimal(old)) * share.denominator <= abs(Decimal(old)) * share.numerator
