"""`aaworkflow schema`: the JSON Schema of the files, for editors."""

import json

import click

from aaworkflow.plugins import installed_vocabulary
from aaworkflow.rulesets import people_schema, ruleset_schema

__all__ = ["schema"]


@click.command()
@click.argument("kind", type=click.Choice(["ruleset", "people"]), default="ruleset")
def schema(kind: str) -> None:
    """Print the JSON Schema of ruleset files, or of people files, for an editor with a YAML language server."""
    found = ruleset_schema(installed_vocabulary()) if kind == "ruleset" else people_schema()
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))
