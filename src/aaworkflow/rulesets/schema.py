"""A JSON Schema of the files, for editors: made of the very shapes that the loader reads by."""

from typing import Any

from aaworkflow.rulesets.vocabulary import DEFINITIONS, PEOPLE_FILE, PROCEDURE, SECTIONS

__all__ = ["people_schema", "ruleset_schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def ruleset_schema() -> dict[str, Any]:
    """Return the schema of a ruleset's YAML files: a procedure, or sections."""
    return {
        "$schema": _DRAFT,
        "title": "aaworkflow ruleset",
        "type": "object",
        "if": {"required": ["procedure"]},
        "then": PROCEDURE.schema(),
        "else": SECTIONS.schema(),
        "$defs": DEFINITIONS,
    }


def people_schema() -> dict[str, Any]:
    """Return the schema of a people file."""
    return {"$schema": _DRAFT, "title": "aaworkflow people", **PEOPLE_FILE.schema()}
