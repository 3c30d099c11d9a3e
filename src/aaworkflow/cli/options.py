"""Options that several commands share, and the engine that they make."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from aaworkflow.engine import Engine
from aaworkflow.errors import EngineError
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import load_people

__all__ = ["engine_options", "format_option", "open_engine", "there"]

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


def there(store: str) -> str:
    """Return the URL of a store that exists: to look into it is no reason to make one. Raises EngineError."""
    path = store.removeprefix("sqlite:///")
    if path != store and path != ":memory:" and not Path(path.split("?", 1)[0]).exists():
        raise EngineError.of("no_store_there", store=store)
    return store


def open_engine(store: str, ruleset: Path, people: Path | None, signer: str | None) -> Engine:
    """Open an engine on an existing store."""
    directory = load_people(people or ruleset / "people.yaml")
    return Engine(load_ruleset(ruleset), there(store), directory=directory, signer=signer)
