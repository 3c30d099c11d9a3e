"""`aaworkflow draw`: a procedure as a picture."""

from pathlib import Path

import click

from aaworkflow.analysis.drawing.draw import PICTURES, Picture
from aaworkflow.analysis.drawing.draw import draw as drawn
from aaworkflow.cli.options import open_engine
from aaworkflow.plugins import load_ruleset

__all__ = ["draw"]


@click.command()
@click.argument("ruleset", type=click.Path(path_type=Path))
@click.argument("procedure", required=False)
@click.option("--format", type=click.Choice(PICTURES), help="By default what the name of the output says, else svg.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A file; for all procedures, a folder.")
@click.option("--case", "case_id", help="Mark the path that this case took; needs --store.")
@click.option("--store", help="URL of the store with the case, such as sqlite:///cases.db.")
def draw(
    ruleset: Path,
    procedure: str | None,
    format: Picture | None,
    output: Path | None,
    case_id: str | None,
    store: str | None,
) -> None:
    """Draw a PROCEDURE of RULESET, or all of them into a folder."""
    loaded = load_ruleset(ruleset)
    case = None
    if case_id is not None:
        if store is None:
            raise click.UsageError("--case needs --store")
        with open_engine(store, ruleset, None, None) as engine:
            case = engine.case(case_id)
        procedure = procedure or case.procedure
    if procedure is None:
        if output is None:
            raise click.UsageError(f"name a procedure ({', '.join(loaded.procedures)}), or a folder with --output")
        for each in loaded.procedures:
            _write(drawn(loaded, each, format or "svg"), output / f"{each}.{_suffix(format or 'svg')}")
        return
    chosen = format or _by_name(output)
    _write(drawn(loaded, procedure, chosen, case=case), output)


def _suffix(format: Picture) -> str:
    return "mmd" if format == "mermaid" else format


def _by_name(output: Path | None) -> Picture:
    return next((p for p in PICTURES if output is not None and output.suffix == f".{_suffix(p)}"), "svg")


def _write(picture: str | bytes, output: Path | None) -> None:
    data = picture.encode() if isinstance(picture, str) else picture
    if output is None:
        click.get_binary_stream("stdout").write(data)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(data)
    click.echo(str(output))
