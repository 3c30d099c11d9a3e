"""Look at rulesets and at recorded cases. Reads rulesets and runs the real decide and evolve.

Rooms: `checking` (all that is wrong), `proving` (guarantees and properties), `trust` (mistakes noticed, comparisons
tried), `drawing` (pictures), `records` (recorded cases: their acts and times), `impact` (what a change would have done
to them), `explaining` (why a case stands where it stands), `simulation` (the office at work).
"""

from aaworkflow.analysis.diff import Change, diff
from aaworkflow.analysis.drawing.draw import PICTURES, Picture, draw
from aaworkflow.analysis.fmt import fmt, format_text

__all__ = ["PICTURES", "Change", "Picture", "diff", "draw", "fmt", "format_text"]
