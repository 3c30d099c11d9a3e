"""`aaworkflow schema`: the JSON Schema of the files, for editors."""

import json

import click

from aaworkflow.analysis.simulation import office_schema
from aaworkflow.plugins import installed_vocabulary
from aaworkflow.rulesets import people_schema, ruleset_schema
from aaworkflow.testing.scenario_vocabulary import scenario_schema

__all__ = ["schema"]

_SCHEMAS = {
    "ruleset": lambda: ruleset_schema(installed_vocabulary()),
    "people": people_schema,
    "office": office_schema,
    "scenario": scenario_schema,
}


@click.command()
@click.argument("kind", type=click.Choice(list(_SCHEMAS)), default="ruleset")
def schema(kind: str) -> None:
    """Print the JSON Schema of ruleset, people, office or scenario files, for an editor with a YAML language server.

    What the editor shows is in the language of `--lang`.
    """
    click.echo(json.dumps(_SCHEMAS[kind](), ensure_ascii=False, indent=1))
