"""`aaworkflow schema`: the JSON Schema of the files, for editors."""

import json

import click

from aaworkflow.rulesets import people_schema, ruleset_schema

__all__ = ["schema"]


@click.command()
@click.argument("kind", type=click.Choice(["ruleset", "people"]), default="ruleset")
def schema(kind: str) -> None:
    """Print the JSON Schema of ruleset files, or of people files, for an editor with a YAML language server."""
    click.echo(json.dumps(ruleset_schema() if kind == "ruleset" else people_schema(), ensure_ascii=False, indent=1))
