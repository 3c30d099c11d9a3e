"""The `aaworkflow` command: one group; each command lives in a module of its name."""

import sys
from collections.abc import Sequence

import click

from aaworkflow.cli.cases import case, tasks, verify
from aaworkflow.cli.check import check
from aaworkflow.cli.cycle_times import cycle_times
from aaworkflow.cli.demo import demo
from aaworkflow.cli.diff import diff
from aaworkflow.cli.draw import draw
from aaworkflow.cli.explain import explain
from aaworkflow.cli.fmt import fmt
from aaworkflow.cli.impact import impact
from aaworkflow.cli.log import log
from aaworkflow.cli.prove import prove
from aaworkflow.cli.schema import schema
from aaworkflow.cli.simulate import simulate
from aaworkflow.cli.test import test
from aaworkflow.errors import AaworkflowError
from aaworkflow.texts import LANGS, current_lang, set_lang

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(LANGS), help="Language of texts; by default that of AAWORKFLOW_LANG.")
@click.version_option(package_name="aaworkflow")
def cli(lang: str | None) -> None:
    """Office approvals by rule 审批流程."""
    if lang is not None:
        set_lang("zh" if lang == "zh" else "en")


for command in (
    demo,
    verify,
    tasks,
    case,
    schema,
    test,
    draw,
    diff,
    fmt,
    check,
    prove,
    impact,
    explain,
    simulate,
    cycle_times,
    log,
):
    cli.add_command(command)


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
