"""No change of a ruleset goes unsaid: every field of every kind of thing, with every value that the rulesets have."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from aaworkflow.analysis.diff import diff
from aaworkflow.rulesets import Ruleset, load_ruleset

ROOT = Path(__file__).parents[2]
RULESETS = [load_ruleset(ROOT / name) for name in ("rulesets/aa", "rulesets/purchase", "tests/cases/office")]
SECTIONS = (
    "offices",
    "roles",
    "facts",
    "documents",
    "breaches",
    "rules",
    "guarantees",
    "properties",
    "parameters",
    "tables",
)


def things(ruleset: Ruleset, kind: str) -> list[Any]:
    procedures = ruleset.procedures.values()
    match kind:
        case "steps" | "ends":
            return [thing for p in procedures for thing in getattr(p, kind).values()]
        case "procedures":
            return list(procedures)
        case _:
            return list(getattr(ruleset, kind).values())


def with_thing(ruleset: Ruleset, kind: str, old: Any, new: Any) -> Ruleset:
    """Return the ruleset with one thing instead of another."""
    if kind in ("steps", "ends"):
        (owner,) = (p for p in ruleset.procedures.values() if any(t is old for t in getattr(p, kind).values()))
        changed = attrs.evolve(owner, **{kind: {**getattr(owner, kind), old.id: new}})
        return attrs.evolve(ruleset, procedures={**ruleset.procedures, owner.id: changed})
    id = old.code if kind == "breaches" else old.id
    return attrs.evolve(ruleset, **{kind: {**getattr(ruleset, kind), id: new}})


def mutants(ruleset: Ruleset, kind: str) -> Iterator[tuple[str, Ruleset]]:
    """Yield the field, and the ruleset where one thing has in it what another thing somewhere has."""
    elsewhere = [thing for other in RULESETS for thing in things(other, kind)]
    for old in things(ruleset, kind)[:1]:
        for field in attrs.fields(type(old)):
            if not field.eq or not field.init or field.name in ("id", "code", "start", "steps"):
                continue
            seen = [getattr(old, field.name)]
            for other in elsewhere:
                value = getattr(other, field.name)
                if value not in seen:
                    seen.append(value)
                    new = attrs.evolve(old, **{field.name: value})
                    yield field.name, with_thing(ruleset, kind, old, new)


@pytest.mark.parametrize("kind", [*(s for s in SECTIONS if s != "tables"), "procedures", "steps", "ends"])
@pytest.mark.parametrize("ruleset", RULESETS, ids=lambda r: r.ref.id)
def test_every_field_that_differs_is_said_in_both_languages(ruleset: Ruleset, kind: str) -> None:
    for field, mutant in mutants(ruleset, kind):
        for one, other in ((ruleset, mutant), (mutant, ruleset)):
            changes = diff(one, other)
            assert changes, field
            assert all(field.split("_")[0] in c.where or field in c.where for c in changes), (field, changes)
            assert all(c.text.zh and c.text.en and "None" not in c.text.en for c in changes)


@pytest.mark.parametrize("kind", SECTIONS)
@pytest.mark.parametrize("ruleset", RULESETS, ids=lambda r: r.ref.id)
def test_every_entry_that_comes_or_goes_is_said(ruleset: Ruleset, kind: str) -> None:
    entries = getattr(ruleset, kind)
    for id in entries:
        less = attrs.evolve(ruleset, **{kind: {k: v for k, v in entries.items() if k != id}})
        assert [(c.kind, c.where) for c in diff(ruleset, less)] == [("removed", f"{kind}.{id}")]
        assert [(c.kind, c.where) for c in diff(less, ruleset)] == [("added", f"{kind}.{id}")]


def test_every_row_that_goes_is_said() -> None:
    for ruleset in RULESETS:
        for table in ruleset.tables.values():
            for row in table.rows:
                rows = tuple(r for r in table.rows if r is not row)
                less = attrs.evolve(ruleset, tables={**ruleset.tables, table.id: attrs.evolve(table, rows=rows)})
                (change,) = diff(ruleset, less)
                assert (change.kind, change.where) == ("removed", f"tables.{table.id}.rows.{row.id}")


def test_another_order_of_rows_is_a_change_only_where_order_counts() -> None:
    for ruleset in RULESETS:
        for table in ruleset.tables.values():
            turned = attrs.evolve(table, rows=tuple(reversed(table.rows)))
            changes = diff(ruleset, attrs.evolve(ruleset, tables={**ruleset.tables, table.id: turned}))
            assert len(changes) == (table.hit_policy in ("first", "priority", "rule_order", "output_order"))
