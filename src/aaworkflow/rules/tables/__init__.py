"""Decision tables: read, compiled, explained, analysed, compared."""

from aaworkflow.rules.tables.analysis import Analysis, Overlap, analyse_table, check_table
from aaworkflow.rules.tables.csv import csv_grid, read_csv, write_csv
from aaworkflow.rules.tables.dated import as_of
from aaworkflow.rules.tables.diff import Difference, TableDiff, diff_tables
from aaworkflow.rules.tables.dmn_export import write_dmn
from aaworkflow.rules.tables.dmn_import import DmnDecision, read_dmn, read_dmn_decisions
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
    Named,
    Output,
    Row,
    Span,
)
from aaworkflow.rules.tables.partial import TablePartial, answer_partial
from aaworkflow.rules.tables.read import parse_table
from aaworkflow.rules.tables.regions import Region
from aaworkflow.rules.tables.xlsx import read_xlsx, write_xlsx, xlsx_grid

__all__ = [
    "AGGREGATIONS",
    "HIT_POLICIES",
    "KINDS",
    "Analysis",
    "Cell",
    "CompiledTable",
    "DecisionTable",
    "Difference",
    "DmnDecision",
    "Grid",
    "Hit",
    "Input",
    "Named",
    "Output",
    "Overlap",
    "Region",
    "Row",
    "Span",
    "TableDiff",
    "TableExplanation",
    "TablePartial",
    "analyse_table",
    "answer_partial",
    "as_of",
    "check_table",
    "compile_table",
    "csv_grid",
    "diff_tables",
    "explain_table",
    "parse_table",
    "read_csv",
    "read_dmn",
    "read_dmn_decisions",
    "read_xlsx",
    "why_not",
    "write_csv",
    "write_dmn",
    "write_xlsx",
    "xlsx_grid",
]
