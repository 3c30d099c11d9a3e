"""`aaworkflow explain`: why a case stands where it stands, what a rule says, or who would be asked."""

import json
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from aaworkflow.analysis.explaining import explain_case, explain_procedure, explain_rule
from aaworkflow.cases.facts import check_value
from aaworkflow.cli.options import format_option, open_engine
from aaworkflow.errors import RuleError
from aaworkflow.plugins import load_ruleset
from aaworkflow.rulesets import Fact, Ruleset, load_people

__all__ = ["explain"]

_YES: Final = {"true": True, "yes": True, "是": True, "false": False, "no": False, "否": False}


@click.command()
@click.argument("what", metavar="CASE|RULE|PROCEDURE")
@click.option("--ruleset", type=click.Path(path_type=Path), required=True, help="The folder of the ruleset.")
@click.option("--store", help="For a case: URL of the store that it is in, such as sqlite:///cases.db.")
@click.option(
    "--people", type=click.Path(path_type=Path), help="The people file; by default people.yaml of the ruleset."
)
@click.option("--signer", help="URL of the signer, such as ed25519:keys.")
@click.option("--unit", help="For a procedure: the unit that its case would belong to.")
@click.option(
    "--facts", multiple=True, metavar="NAME=VALUE", help="For a rule: a fact to ask it with; may be repeated."
)
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day whose parameters hold, and whose office holders; by default today.",
)
@format_option
def explain(
    what: str,
    ruleset: Path,
    store: str | None,
    people: Path | None,
    signer: str | None,
    unit: str | None,
    facts: tuple[str, ...],
    on: datetime | None,
    format: str,
) -> None:
    """Explain a CASE of a store, a RULE or decision table of a ruleset, or who is asked in a PROCEDURE.

    Of a case: what was done, what is open, who may act, by when and why then, which rules were asked and how they
    answered, which approvals stand; and the smallest changes of facts that would have led it elsewhere.

    Of a rule: what it says, its parameters with dates and sources, where it is used; with --facts, whether it fires,
    by which comparison, and the nearest change that would lead to the other answer.

    Of a procedure: who would be asked one after another, as far as --facts tell, before there is a case.
    """
    if store is not None:
        if facts or on is not None:
            raise click.UsageError("--facts, --on: RULE, without --store")
        with open_engine(store, ruleset, people, signer) as engine:
            found: Any = explain_case(engine, what)
    else:
        loaded = load_ruleset(ruleset)
        given = dict(_fact(loaded, one) for one in facts) if facts else None
        zone = ZoneInfo(loaded.calendars["default"].timezone)
        at = on.replace(hour=12, tzinfo=zone) if on is not None else datetime.now(zone)
        if what in loaded.procedures:
            directory = load_people(people or ruleset / "people.yaml")
            found = explain_procedure(loaded, what, given, directory=directory, at=at, unit=unit)
        else:
            found = explain_rule(loaded, what, given, on=at.date())
    click.echo(json.dumps(found.as_data(), ensure_ascii=False, indent=1) if format == "json" else found.text())


def _fact(ruleset: Ruleset, given: str) -> tuple[str, Any]:
    """Return the name and value of `NAME=VALUE`. Raises RuleError where there is no such fact or value."""
    name, equals, text = given.partition("=")
    if not equals:
        raise click.BadParameter(given, param_hint="--facts NAME=VALUE")
    fact = ruleset.facts.get(name)
    if fact is None:
        raise RuleError.of("unknown_fact", name=name, allowed=ruleset.facts)
    value = _value(fact, text)
    wrong = check_value(fact, value)
    if wrong is not None:
        raise RuleError(wrong)
    return name, value


def _value(fact: Fact, text: str) -> Any:
    """Return what a text says of a fact; the text itself where it cannot be read so."""
    try:
        match fact.kind:
            case "money" | "numeric" | "duration":
                return Decimal(text)
            case "boolean":
                return _YES.get(text.lower(), text)
            case "date":
                return date.fromisoformat(text)
            case "datetime":
                return datetime.fromisoformat(text)
            case "select_multiple":
                return tuple(part.strip() for part in text.split(",") if part.strip())
            case _:
                return text
    except (InvalidOperation, ValueError):
        return text
