"""Approvals bound to what was approved: what of it the documents have outgrown since."""

from collections.abc import Iterator
from decimal import Decimal

from aaworkflow.cases.state import Activation, Case, Task
from aaworkflow.documents import DocumentVersion, diff_versions
from aaworkflow.rulesets.model import Step, Tolerance

__all__ = ["outgrown", "rests_on"]


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
    tolerance = step.tolerance if step.tolerance is not None and step.document == kind else Tolerance()
    beyond: dict[str, None] = {}
    for seen in _seen(case, step, activation, kind):
        if seen is None:
            beyond.update(dict.fromkeys(now.content))
        elif seen.digest != now.digest:
            changed = diff_versions(seen, now)
            beyond.update(dict.fromkeys(path for path in changed if not _tolerated(tolerance, path, seen, now)))
    return tuple(sorted(beyond))


def _seen(case: Case, step: Step, activation: Activation, kind: str) -> Iterator[DocumentVersion | None]:
    """Yield the version that each decider had before him, or that he wrote; of a step without any, that of its opening."""
    versions = case.documents.get(kind, ())
    tasks = [task for task in case.tasks_of(activation) if task.state == "decided"]
    if not tasks:
        yield next((v for v in reversed(versions) if v.at <= activation.opened_at), None)
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
