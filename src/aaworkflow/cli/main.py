"""The `aaworkflow` command: one group; each command lives in a module of its name."""

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final

import click

from aaworkflow.errors import AaworkflowError
from aaworkflow.texts import LANGS, current_lang, set_lang

__all__ = ["main"]


_MODULES: Final[Mapping[str, str]] = {
    "case": "cases",
    "check": "check",
    "cycle-times": "cycle_times",
    "demo": "demo",
    "diff": "diff",
    "draw": "draw",
    "explain": "explain",
    "fmt": "fmt",
    "impact": "impact",
    "log": "log",
    "prove": "prove",
    "schema": "schema",
    "simulate": "simulate",
    "tasks": "cases",
    "test": "test",
    "verify": "cases",
}
"""Command -> the module that has it."""


class _Commands(click.Group):
    """The commands, each imported when it is asked for: most need little of all that there is."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        found: click.Command = getattr(
            import_module(f"aaworkflow.cli.{_MODULES[cmd_name]}"), cmd_name.replace("-", "_")
        )
        return found


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(LANGS), help="Language of texts; by default that of AAWORKFLOW_LANG.")
@click.version_option(package_name="aaworkflow")
def cli(lang: str | None) -> None:
    """Office approvals by rule 审批流程."""
    if lang is not None:
        set_lang("zh" if lang == "zh" else "en")


def main(args: Sequence[str] | None = None) -> None:
    """Run the command; errors of ours are printed without a traceback, and the exit code is 1."""
    try:
        sys.exit(cli.main(args=list(args) if args is not None else None, standalone_mode=False) or 0)
    except click.Abort:
        sys.exit(130)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except AaworkflowError as error:
        click.echo(error.text(current_lang()), err=True)
        sys.exit(1)
