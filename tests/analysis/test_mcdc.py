"""Which comparisons and cells decide alone, by the definition itself: had only this one come out otherwise."""

from datetime import date
from itertools import product
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import loaded

from aaworkflow.analysis.trust.mcdc import Watched, called, showing
from aaworkflow.errors import RuleError
from aaworkflow.rulesets import Ruleset, load_ruleset

DAY = date(2026, 3, 2)
FACTS = """
facts:
  a: {title: {zh: 甲, en: A}, type: boolean}
  b: {title: {zh: 乙, en: B}, type: boolean}
  c: {title: {zh: 丙, en: C}, type: boolean, optional: true}
  instead: {title: {zh: 替, en: Instead}, type: boolean}
"""


def rules(**conditions: Any) -> Ruleset:
    written = "\n".join(
        f"  {name}: {{title: {name}, when: {when!r}, then: [{{warn: {{zh: 注意, en: Note}}}}]}}"
        for name, when in conditions.items()
    ).replace("True", "true")
    return loaded(f"{FACTS}\nrules:\n{written}\n")


def leaf(name: str, operator: str = "is_true") -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": True}


LEAVES = st.builds(leaf, st.sampled_from("abc"), st.sampled_from(["is_true", "is_false"]))
TREES = st.recursive(
    LEAVES,
    lambda below: st.one_of(
        st.builds(lambda nodes: {"all": nodes}, st.lists(below, min_size=1, max_size=3)),
        st.builds(lambda nodes: {"any": nodes}, st.lists(below, min_size=1, max_size=3)),
        st.builds(lambda node: {"not": node}, below),
    ),
    max_leaves=6,
)


def variants(node: Any) -> list[Any]:
    """Return the conditions with each leaf in turn, from left to right, asking `instead`."""
    match node:
        case {"not": below}:
            return [{"not": one} for one in variants(below)]
        case {"all": nodes} | {"any": nodes}:
            key = next(iter(node))
            return [
                {key: [*nodes[:i], one, *nodes[i + 1 :]]} for i, below in enumerate(nodes) for one in variants(below)
            ]
        case _:
            return [leaf("instead")]


@settings(max_examples=25)
@given(TREES)
def test_a_comparison_decides_alone_if_and_only_if_another_answer_of_it_alone_is_another_answer(tree: Any) -> None:
    others = variants(tree)
    ruleset = rules(r=tree, **{f"r{n}": other for n, other in enumerate(others)})
    for a, b, c in product((True, False), (True, False), (True, False, None)):
        facts = {"a": a, "b": b} | ({} if c is None else {"c": c})
        watched = Watched.of(ruleset)
        fired = watched.fires("r", facts, DAY)
        alone = {
            n + 1
            for n in range(len(others))
            if any(ruleset.fires(f"r{n}", {**facts, "instead": other}, DAY) is not fired for other in (True, False))
        }
        assert watched.shown == {f"r#{n}" if fired else f"not r#{n}" for n in alone}


def test_a_watched_ruleset_answers_as_the_ruleset_does_and_notes_nothing_where_there_is_no_answer() -> None:
    ruleset = rules(r={"all": [leaf("a"), leaf("b")]})
    watched = Watched.of(ruleset)
    with pytest.raises(RuleError):
        watched.fires("r", {"a": True}, DAY)
    assert watched.shown == set()
    assert watched == ruleset
    assert watched.fires("r", {"a": True, "b": True}, DAY) is ruleset.fires("r", {"a": True, "b": True}, DAY)


def test_what_can_be_shown_comes_with_facts_that_show_it() -> None:
    for name in ("rulesets/aa", "rulesets/purchase"):
        ruleset = load_ruleset(name)
        for half, example in showing(ruleset).items():
            assert example is not None
            watched = Watched.of(ruleset)
            derived = watched.derived(example.facts, example.on)
            rule = half.removeprefix("not ").partition("#")[0]
            if rule in ruleset.rules:
                watched.fires(rule, {**example.facts, **{k: v.value for k, v in derived.items()}}, example.on)
            assert half in watched.shown
            assert called(ruleset, half).zh
            assert called(ruleset, half).en


def test_a_comparison_that_makes_no_difference_is_not_asked_for() -> None:
    ruleset = rules(r={"any": [leaf("a"), {"all": [leaf("a"), leaf("b")]}]})
    assert set(showing(ruleset)) >= {"r#1", "not r#1"}
    assert not {"r#2", "r#3", "not r#3"} & set(showing(ruleset))


def test_a_rule_that_nothing_follows_from_is_not_asked_for() -> None:
    ruleset = rules(r={"all": [leaf("a")]})
    idle = attrs.evolve(ruleset, rules={**ruleset.rules, "r": attrs.evolve(ruleset.rules["r"], then=())})
    assert "r#1" in showing(ruleset)
    assert "r#1" not in showing(idle)


TABLE = """
facts:
  sum: {title: {zh: 金额, en: Sum}, type: money}
  rush: {title: {zh: 加急, en: Rush}, type: boolean}
  level: {title: {zh: 级别, en: Level}, type: string, table: levels.level}
tables:
  levels:
    title: {zh: 级别, en: Levels}
    hit_policy: %s
    inputs: [sum, rush]
    outputs: [level]
    rows:
      - ["< 100", "-", low]
      - [">= 100", "false", middle]
      - ["-", "true", high]
"""


def test_a_cell_decides_alone_where_other_rows_would_answer() -> None:
    watched = Watched.of(loaded(TABLE % "first"))
    assert watched.derived({"sum": 50, "rush": False}, DAY)["level"].value == "low"
    assert watched.shown == {"levels#1.sum"}, "what stands below the first row that fits is hidden"
    watched.shown.clear()
    assert watched.derived({"sum": 100, "rush": True}, DAY)["level"].value == "high"
    assert watched.shown == {"not levels#1.sum", "not levels#2.rush", "levels#3.rush"}
    watched.shown.clear()
    assert watched.derived({"sum": 100, "rush": False}, DAY)["level"].value == "middle"
    assert watched.shown == {"not levels#1.sum", "levels#2.sum", "levels#2.rush"}
