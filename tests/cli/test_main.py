"""The command as a whole: every command is there, by the name of its module, and only what is asked for is imported."""

import subprocess
import sys
from pathlib import Path

import click
from click.testing import CliRunner

from aaworkflow.cli.main import cli

FOLDER = Path(__file__).parents[2] / "src/aaworkflow/cli"


def test_every_command_is_found_by_its_name_and_told_in_the_help() -> None:
    context = click.Context(cli)
    shown = CliRunner().invoke(cli, ["--help"]).output
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.help
        assert f"\n  {name} " in shown


def test_every_module_with_a_command_is_listed() -> None:
    modules = {file.stem for file in FOLDER.glob("*.py") if "@click.command" in file.read_text("utf-8")}
    context = click.Context(cli)
    callbacks = [getattr(cli.get_command(context, name), "callback", None) for name in cli.list_commands(context)]
    assert {callback.__module__.rpartition(".")[2] for callback in callbacks if callback is not None} == modules


def test_an_unknown_command_is_refused() -> None:
    assert CliRunner().invoke(cli, ["chek"]).exit_code == 2


def test_a_command_imports_no_other() -> None:
    code = "import sys, aaworkflow.cli.main; sys.exit('aaworkflow.cli.demo' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
