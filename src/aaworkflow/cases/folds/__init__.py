"""A fold for each kind of event, in modules named as those of the events."""

from aaworkflow.cases.folds import beside, case, deadlines, documents, moves, steps, tasks
from aaworkflow.cases.folds.base import FOLDS

__all__ = ["FOLDS", "beside", "case", "deadlines", "documents", "moves", "steps", "tasks"]
