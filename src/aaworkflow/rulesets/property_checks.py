"""Every name that properties have for something else, checked; and that what they rank can be ranked."""

from typing import Any, Final

from aaworkflow.rulesets.checker import Checker
from aaworkflow.rulesets.properties import DIRECTIONS, RANKED_BY
from aaworkflow.rulesets.reader import Path

__all__ = ["check_properties"]

_NUMBERS: Final = ("numeric", "money", "duration")
_ORDERED: Final = (*_NUMBERS, "date", "datetime", "boolean")


def check_properties(check: Checker) -> None:
    """Note what is wrong with the properties."""
    for id, entry in check.data["properties"].items():
        path: Path = ("properties", id)
        _rising(check, (*path, "as_rises"), entry["as_rises"])
        given = [kind for kind in DIRECTIONS if kind in entry]
        if len(given) == 1:
            _rank(check, (*path, given[0]), entry[given[0]])
        elif check.reader.sound(path):
            check.wrong(path, "property_not_one", kinds=given, allowed=DIRECTIONS)


def _rising(check: Checker, path: Path, name: str) -> None:
    facts = check.ruleset.facts
    check.known(path, "unknown_fact", [name], facts)
    if name in facts and (facts[name].kind not in _ORDERED or facts[name].table is not None):
        allowed = [id for id, fact in facts.items() if fact.kind in _ORDERED and fact.table is None]
        check.wrong(path, "property_cannot_rise", name=name, allowed=allowed)


def _rank(check: Checker, path: Path, entry: dict[str, Any]) -> None:
    r = check.ruleset
    if not check.reader.sound(path):
        return
    given = [name for name in RANKED_BY if name in entry]
    if len(given) != 1:
        check.wrong(path, "rank_not_one", kinds=given, allowed=RANKED_BY)
        return
    check.known((*path, "rule"), "unknown_rule", [entry.get("rule")], r.rules)
    check.known((*path, "fact"), "unknown_fact", [entry.get("fact")], r.facts)
    check.known((*path, "roles"), "unknown_role", entry.get("roles", ()), r.roles)
    check.known((*path, "procedure"), "unknown_procedure", [entry.get("procedure")], r.procedures)
    for n, name in enumerate(entry.get("steps", ())):
        check.known_step((*path, "steps", n), name)
    if len({check.step_of[name][0] for name in entry.get("steps", ()) if name in check.step_of}) > 1:
        check.wrong((*path, "steps"), "rank_in_several_procedures", names=entry["steps"])
    if "roles" in entry and "procedure" not in entry:
        check.wrong((*path, "roles"), "rank_lacks_procedure")
    fact = r.facts.get(entry.get("fact") or "")
    if fact is None:
        return
    ranks = entry.get("ranks", ())
    if not ranks and fact.kind not in _ORDERED:
        check.wrong((*path, "fact"), "rank_lacks_ranks", name=fact.id)
    if fact.options:
        check.known((*path, "ranks"), "rank_unknown", ranks, fact.options)
