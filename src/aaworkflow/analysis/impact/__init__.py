"""What a change of rules would have done to recorded cases."""

from aaworkflow.analysis.impact.chart import KIND_TITLES, plot, plot_png
from aaworkflow.analysis.impact.differences import KINDS, Difference, Kind
from aaworkflow.analysis.impact.points import Point, Turn
from aaworkflow.analysis.impact.report import CaseImpact, Group, Impact
from aaworkflow.analysis.impact.running import impact

__all__ = [
    "KINDS",
    "KIND_TITLES",
    "CaseImpact",
    "Difference",
    "Group",
    "Impact",
    "Kind",
    "Point",
    "Turn",
    "impact",
    "plot",
    "plot_png",
]
