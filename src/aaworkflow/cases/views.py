"""What one person may see of a case: without secret opinions while a panel is open, and without hidden parts."""

from types import MappingProxyType

from attrs import evolve as with_

from aaworkflow.cases.context import Context
from aaworkflow.cases.plan import plan_of
from aaworkflow.cases.state import Case, Task
from aaworkflow.documents import DocumentVersion
from aaworkflow.rulesets.model import Step

__all__ = ["view"]


def view(case: Case, context: Context) -> Case:
    """Return a case as the context's actor may see it now.

    Left out are the votes and opinions of the others in an open panel that is secret, and the parts of documents that
    are hidden at every open step that the actor has a task at.
    """
    return with_(case, tasks=_tasks(case, context.by), documents=_documents(case, context))


def _tasks(case: Case, person: str) -> dict[str, Task]:
    def shown(task: Task) -> Task:
        activation = case.activations[task.activation]
        secret = activation.panel is not None and activation.panel.secret and activation.state == "open"
        if not secret or task.state != "decided" or person in (task.decided_by, task.on_behalf_of):
            return task
        return with_(task, outcome=None, opinion="", form={}, attachments=())

    return {id: shown(task) for id, task in case.tasks.items()}


def _documents(case: Case, context: Context) -> dict[str, tuple[DocumentVersion, ...]]:
    steps = plan_of(context.ruleset, case).steps
    mine = [steps[task.step] for task in case.open_tasks() if task.step in steps and _is_asked(context, task)]
    return {kind: tuple(_version(v, mine) for v in versions) for kind, versions in case.documents.items()}


def _is_asked(context: Context, task: Task) -> bool:
    if task.person is not None:
        return task.person == context.by
    if task.role is None or context.ruleset.roles[task.role].external:
        return False
    return context.by in context.directory.holders(task.role, context.at, task.unit)


def _version(version: DocumentVersion, mine: list[Step]) -> DocumentVersion:
    rights = [step.fields[version.kind] for step in mine if version.kind in step.fields]
    if not rights or len(rights) < len(mine):
        return version
    content = {
        part: value
        for part, value in version.content.items()
        if any(right.get(part, right.get("*", "read")) != "hidden" for right in rights)
    }
    return with_(version, content=MappingProxyType(content)) if len(content) < len(version.content) else version
