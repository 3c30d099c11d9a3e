"""Versions of a ruleset beside each other: whether they follow one another, and leave alone what held before them."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import attrs

from aaworkflow.analysis.checking.findings import Places
from aaworkflow.errors import Finding
from aaworkflow.rulesets import Parameter, Ruleset

__all__ = ["Version", "versions"]


@attrs.frozen
class Version:
    """A ruleset, and where its entries stand."""

    ruleset: Ruleset
    places: Places


def versions(found: Sequence[Version]) -> Iterator[Finding]:
    """Yield what is wrong between rulesets of the same id: versions that cannot be told apart, rewritten history."""
    by_id: dict[str, list[Version]] = {}
    for one in found:
        by_id.setdefault(one.ruleset.ref.id, []).append(one)
    for same in by_id.values():
        same.sort(key=lambda one: (one.ruleset.effective_from, one.places.prefix))
        for before, after in pairwise(same):
            yield from _of_two(before, after)


def _of_two(before: Version, after: Version) -> Iterator[Finding]:
    old, new, places = before.ruleset, after.ruleset, after.places
    other = before.places.of("version").file
    if old.ref.version == new.ref.version:
        yield places.finding("version", "", "error", "version_twice", name=new.ref.version, other=other)
    if old.effective_from == new.effective_from:
        day = new.effective_from
        yield places.finding("effective_from", "", "error", "versions_begin_together", on=day, other=other)
    for id, parameter in new.parameters.items():
        if id in old.parameters:
            for day in _days(old.parameters[id], parameter, before, after):
                was, now = _at(old.parameters[id], day), _at(parameter, day)
                if was is not None and now is not None and was != now:
                    told = {"name": id, "on": day, "value": now, "before": was, "version": old.ref.version}
                    yield places.finding("parameters", id, "warning", "parameter_rewrites_past", **told)
                    break


def _days(one: Parameter, other: Parameter, before: Version, after: Version) -> list[date]:
    """Return the days, while the former version held, from which a parameter may have another value."""
    first, until = before.ruleset.effective_from, after.ruleset.effective_from
    changes = (day for parameter in (one, other) for day, _ in parameter.values)
    return [day for day in sorted({first, *changes}) if first <= day < until]


def _at(parameter: Parameter, day: date) -> Any:
    return next((value for since, value in reversed(parameter.values) if since <= day), None)
