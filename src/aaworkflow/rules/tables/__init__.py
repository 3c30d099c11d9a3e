"""Decision tables: read, compiled, explained, analysed, compared."""

from aaworkflow.rules.tables.csv import csv_grid, read_csv
from aaworkflow.rules.tables.explain import TableExplanation, explain_table, why_not
from aaworkflow.rules.tables.grid import Grid
from aaworkflow.rules.tables.lookup import CompiledTable, compile_table
from aaworkflow.rules.tables.model import (
    AGGREGATIONS,
    HIT_POLICIES,
    KINDS,
    Cell,
    DecisionTable,
    Hit,
    Input,
    Output,
    Row,
    Span,
)
from aaworkflow.rules.tables.read import parse_table

__all__ = [
    "AGGREGATIONS",
    "HIT_POLICIES",
    "KINDS",
    "Cell",
    "CompiledTable",
    "DecisionTable",
    "Grid",
    "Hit",
    "Input",
    "Output",
    "Row",
    "Span",
    "TableExplanation",
    "compile_table",
    "csv_grid",
    "explain_table",
    "parse_table",
    "read_csv",
    "why_not",
]
