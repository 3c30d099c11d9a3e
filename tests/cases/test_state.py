"""The parts of a case are copied with changes as `attrs.evolve` does it, whatever the part."""

import inspect
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from aaworkflow.cases import state
from aaworkflow.cases.state import Case, Task, with_
from aaworkflow.rulesets.ruleset import RulesetRef

PARTS = [kind for _, kind in inspect.getmembers(state, attrs.has) if kind.__module__ == state.__name__]


@pytest.mark.parametrize("kind", PARTS, ids=lambda kind: kind.__name__)
def test_a_changed_copy_is_what_attrs_makes_of_it(kind: type[Any]) -> None:
    required = [field.name for field in attrs.fields(kind) if field.init and field.default is attrs.NOTHING]
    value = kind(**dict.fromkeys(required, "before"))
    for field in attrs.fields(kind):
        copy = with_(value, **{field.name: "after"})
        assert copy == attrs.evolve(value, **{field.name: "after"})
        assert copy != value or field.eq is False
        assert with_(copy, **{field.name: getattr(value, field.name)}) == value


def test_a_copy_is_as_frozen_as_what_it_is_a_copy_of() -> None:
    task = with_(Task("a#1/1", "a#1", "a", "clerk"), state="decided")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        task.state = "open"  # type: ignore[misc]
    at = datetime(2026, 1, 5, tzinfo=UTC)
    case = Case("c", "p", RulesetRef("r", "1", "sha256:0"), "ann", None, at)
    assert with_(case, tasks={task.id: task}).tasks == {task.id: task}
    assert case.tasks == {}
