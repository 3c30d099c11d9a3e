"""Options that several commands share, and the engine that they make."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from aaworkflow.engine import Engine
from aaworkflow.errors import EngineError
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import load_people

__all__ = ["engine_options", "format_option", "open_engine"]

F = TypeVar("F", bound=Callable[..., Any])


def format_option(command: F) -> F:
    """Add `--format text|json`."""
    return click.option("--format", type=click.Choice(["text", "json"]), default="text", show_default=True)(command)


def engine_options(command: F) -> F:
    """Add the options that say which store, ruleset, people and signer are meant."""
    for option in (
        click.option("--signer", help="URL of the signer, such as ed25519:keys."),
        click.option(
            "--people",
            type=click.Path(path_type=Path),
            help="The people file; by default people.yaml of the ruleset.",
        ),
        click.option("--ruleset", type=click.Path(path_type=Path), required=True, help="The folder of the ruleset."),
        click.option("--store", required=True, help="URL of the store, such as sqlite:///cases.db."),
    ):
        command = option(command)
    return command


def open_engine(store: str, ruleset: Path, people: Path | None, signer: str | None) -> Engine:
    """Open an engine on an existing store."""
    path = store.removeprefix("sqlite:///")
    if path != store and path != ":memory:" and not Path(path.split("?", 1)[0]).exists():
        raise EngineError.of("no_store_there", store=store)
    return Engine(load_ruleset(ruleset), store, directory=load_people(people or ruleset / "people.yaml"), signer=signer)
