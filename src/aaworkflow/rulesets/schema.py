"""A JSON Schema of the files, for editors: made of the very shapes that the loader reads by."""

from typing import Any

from aaworkflow.rules import STANDARD, Vocabulary
from aaworkflow.rulesets.vocabulary import PEOPLE_FILE, PROCEDURE, SECTIONS, definitions

__all__ = ["people_schema", "ruleset_schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def ruleset_schema(vocabulary: Vocabulary = STANDARD) -> dict[str, Any]:
    """Return the schema of a ruleset's YAML files: a procedure, or sections.

    Args:
        vocabulary: the fact types and operators that there are.
    """
    return {
        "$schema": _DRAFT,
        "title": "aaworkflow ruleset",
        "type": "object",
        "if": {"required": ["procedure"]},
        "then": PROCEDURE.schema(),
        "else": SECTIONS.schema(),
        "$defs": definitions(vocabulary),
    }


def people_schema() -> dict[str, Any]:
    """Return the schema of a people file."""
    return {"$schema": _DRAFT, "title": "aaworkflow people", **PEOPLE_FILE.schema()}
