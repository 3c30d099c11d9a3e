"""Look at rulesets: check, prove, draw, compare. Reads rulesets and runs the real decide and evolve."""

from aaworkflow.analysis.diff import Change, diff
from aaworkflow.analysis.draw import PICTURES, Picture, draw
from aaworkflow.analysis.fmt import fmt, format_text

__all__ = ["PICTURES", "Change", "Picture", "diff", "draw", "fmt", "format_text"]
