"""One tree of errors: stable codes, data as attributes, texts in zh and en."""

from aaworkflow.errors.catalog import add_messages
from aaworkflow.errors.reasons import Finding, Place, Reason, nearest
from aaworkflow.errors.tree import (
    AaworkflowError,
    AnalysisError,
    CalendarError,
    CodecError,
    CommandRefused,
    DocumentError,
    EngineError,
    PeopleError,
    PluginError,
    RuleError,
    RulesetError,
    SignatureError,
    StaleVersion,
    StoreError,
    UnknownCase,
)

__all__ = [
    "AaworkflowError",
    "AnalysisError",
    "CalendarError",
    "CodecError",
    "CommandRefused",
    "DocumentError",
    "EngineError",
    "Finding",
    "PeopleError",
    "Place",
    "PluginError",
    "Reason",
    "RuleError",
    "RulesetError",
    "SignatureError",
    "StaleVersion",
    "StoreError",
    "UnknownCase",
    "add_messages",
    "nearest",
]
