"""Procedures as pictures."""

from aaworkflow.analysis.drawing.draw import PICTURES, Picture, draw

__all__ = ["PICTURES", "Picture", "draw"]
