"""Find the rulesets that come with the source."""

import sys
from pathlib import Path

import click

__all__ = ["find_ruleset"]


def find_ruleset(name: str) -> Path:
    """Return the folder of a ruleset: below the current folder, the source tree, or what was installed."""
    places = (
        Path("rulesets"),
        Path(__file__).parents[3] / "rulesets",
        Path(sys.prefix) / "share/aaworkflow/rulesets",
    )
    for place in places:
        if (place / name / "ruleset.yaml").is_file():
            return place / name
    raise click.ClickException(f"no rulesets/{name} in {', '.join(str(p) for p in places)}")
