"""A JSON Schema of the files, for editors: made of the very shapes that the loader reads by.

What editors show is in the current language; beside the standard's own keywords are those of editors that show it:
`errorMessage` and `enumDescriptions`.
"""

from collections.abc import Mapping
from typing import Any

from aaworkflow.rules import STANDARD, Vocabulary
from aaworkflow.rulesets.rules_vocabulary import definitions
from aaworkflow.rulesets.vocabulary import PEOPLE_FILE, PROCEDURE, SECTIONS
from aaworkflow.texts import Text

__all__ = ["file_schema", "people_schema", "ruleset_schema"]


def file_schema(title: Text, schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the schema of a file from that of what it holds."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title.get(), **schema}


def ruleset_schema(vocabulary: Vocabulary = STANDARD) -> dict[str, Any]:
    """Return the schema of a ruleset's YAML files: a procedure, or sections.

    Args:
        vocabulary: the fact types and operators that there are.
    """
    title = Text(zh="aaworkflow 规则集", en="aaworkflow ruleset")
    either = {"if": {"required": ["procedure"]}, "then": PROCEDURE.schema(), "else": SECTIONS.schema()}
    return file_schema(title, {"type": "object", **either, "$defs": definitions(vocabulary)})


def people_schema() -> dict[str, Any]:
    """Return the schema of a people file."""
    return file_schema(Text(zh="aaworkflow 人员", en="aaworkflow people"), PEOPLE_FILE.schema())
