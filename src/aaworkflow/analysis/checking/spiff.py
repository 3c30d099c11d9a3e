"""The one door to SpiffWorkflow: run a process that is written in BPMN, step by step.

Raises:
    AnalysisError: on making a process, if the extra `spiff` is not installed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from aaworkflow.errors import AnalysisError

__all__ = ["SpiffProcess", "SpiffRun"]


class SpiffProcess:
    """A process as SpiffWorkflow has read it from BPMN; each run of it is a case.

    Args:
        bpmn: the text of the file.
        id: of the process in it.
    """

    def __init__(self, bpmn: str, id: str) -> None:
        try:
            from SpiffWorkflow.bpmn.parser import BpmnParser
        except ImportError:
            raise AnalysisError.of("oracle_extra_missing", extra="spiff", package="SpiffWorkflow") from None
        parser = BpmnParser()
        parser.add_bpmn_str(bpmn.encode())
        self._spec = parser.get_spec(id)

    def begin(self, answers: Mapping[str, Any]) -> "SpiffRun":
        """Begin a run.

        Args:
            answers: the values of the names that its conditions ask for.
        """
        return SpiffRun(self._spec, answers)


class SpiffRun:
    """A run of a process."""

    def __init__(self, spec: Any, answers: Mapping[str, Any]) -> None:
        from SpiffWorkflow.bpmn import BpmnWorkflow
        from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
        from SpiffWorkflow.bpmn.util.event import BpmnEvent
        from SpiffWorkflow.exceptions import SpiffWorkflowException
        from SpiffWorkflow.util.task import TaskState

        self._states, self._event, self._failures = TaskState, BpmnEvent, SpiffWorkflowException
        environment = TaskDataEnvironment()
        self._answers = environment.globals = dict(answers)
        self._failed = ""
        self._run = BpmnWorkflow(spec, script_engine=PythonScriptEngine(environment))
        self._go_on(self._run.do_engine_steps)

    def stands(self) -> tuple[str, ...]:
        """Return the steps that wait for somebody or something, sorted; or the end; or what went wrong."""
        if self._failed:
            return (self._failed,)
        if not self._run.completed:
            return tuple(sorted({task.task_spec.bpmn_id for task in self._open()}))
        tasks = self._run.get_tasks(state=self._states.COMPLETED)
        ends = [task for task in tasks if type(task.task_spec).__name__ == "EndEvent"]
        last = max(ends, key=lambda task: task.last_state_change, default=None)
        return () if last is None else (str(last.task_spec.bpmn_id),)

    def finish(self, step: str, answers: Mapping[str, Any]) -> bool:
        """Finish an open step and go on as far as nobody is asked; False where it is not open."""
        self._answers.update(answers)
        task = next((task for task in self._open() if task.task_spec.bpmn_id == step), None)
        if task is None:
            return False
        if task.state == self._states.READY:
            self._go_on(task.run)
        else:
            event = self._event(task.task_spec.event_definition, payload={})
            self._go_on(lambda: self._run.send_event(event))
        self._go_on(self._run.do_engine_steps)
        return True

    def _go_on(self, how: Callable[[], Any]) -> None:
        try:
            how()
        except self._failures as error:
            self._failed = self._failed or f"{type(error).__name__}: {error}"

    def _open(self) -> list[Any]:
        tasks = self._run.get_tasks(state=self._states.READY | self._states.WAITING)
        return [
            task
            for task in tasks
            if (task.state == self._states.READY and task.task_spec.manual)
            or (task.state == self._states.WAITING and hasattr(task.task_spec, "event_definition"))
        ]
