"""Rules about votes: what they may ask, exactly what they can still answer, and whoever asks for the wrong thing."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st
from small import BASE, loaded, places

from aaworkflow.rules import VOTING, compile_rule
from aaworkflow.rulesets import read_files
from aaworkflow.rulesets.votes import Voter, answers, asks_votes, roles_asked, title_of_votes, vote_facts
from aaworkflow.texts import Text

ROLES = ("chief", "deputy", "counsel")
FACTS = vote_facts(ROLES)

names = st.sampled_from(sorted(FACTS))
operators = st.sampled_from(
    ["equal_to", "greater_than", "greater_than_or_equal_to", "less_than", "less_than_or_equal_to"]
)
values = st.sampled_from([0, 1, 2, 3, "1/2", "2/3", "50%", 4])
comparisons = st.builds(lambda n, o, v: {"name": n, "operator": o, "value": v}, names, operators, values)
conditions = st.recursive(
    comparisons,
    lambda below: st.one_of(
        st.lists(below, min_size=1, max_size=3).map(lambda c: {"all": c}),
        st.lists(below, min_size=1, max_size=3).map(lambda c: {"any": c}),
        below.map(lambda c: {"not": c}),
    ),
    max_leaves=4,
)
voters = st.lists(
    st.builds(
        Voter,
        role=st.sampled_from([*ROLES, None]),
        weight=st.sampled_from([Fraction(1), Fraction(2), Fraction(1, 3), Fraction(0)]),
        vote=st.sampled_from(["agreed", "refused", "abstained", None, None]),
    ),
    min_size=1,
    max_size=4,
)


def plainly(asked: tuple[str, ...], given_votes: list[Voter]) -> dict[str, Fraction]:
    """Count every fact by its definition."""

    def weight(*votes: str, role: str | None = None) -> Fraction:
        return sum((v.weight for v in given_votes if v.vote in votes and role in (None, v.role)), Fraction(0))

    def number(*votes: str, role: str | None = None) -> Fraction:
        return Fraction(sum(v.vote in votes and role in (None, v.role) for v in given_votes))

    everything = ("agreed", "refused", "abstained")
    found: dict[str, Fraction] = {}
    for vote in everything:
        found[f"votes.{vote}"] = number(vote)
        found[f"votes.{vote}_weight"] = weight(vote)
        for role in ROLES:
            found[f"votes.{role}.{vote}"] = number(vote, role=role)
    for role in ROLES:
        found[f"votes.{role}.voters"] = number(*everything, role=role)
    found["votes.voters"], found["votes.weight"] = number(*everything), weight(*everything)
    found["votes.agreed_share"] = number("agreed") / number(*everything)
    cast, whole = number("agreed", "refused"), weight(*everything)
    found["votes.agreed_share_of_cast"] = number("agreed") / cast if cast else Fraction(0)
    found["votes.agreed_weight_share"] = weight("agreed") / whole if whole else Fraction(0)
    return {name: found[name] for name in asked}


@given(conditions, voters, st.booleans(), st.sets(st.sampled_from(ROLES), max_size=1).map(frozenset))
def test_what_a_rule_can_still_answer_is_what_trying_all_votes_shows(
    tree: dict[str, Any], asked: list[Voter], abstain: bool, veto: frozenset[str]
) -> None:
    rule = compile_rule(tree, FACTS, vocabulary=VOTING)
    wanted = tuple(name for name, _ in rule.conditions.asked)
    open_votes = ("agreed", "refused", *(("abstained",) if abstain else ()))
    expected = set()
    for cast in product(*(open_votes if v.vote is None else (v.vote,) for v in asked)):
        given_votes = [attrs.evolve(v, vote=vote) for v, vote in zip(asked, cast, strict=True)]
        agreed = any(v.vote == "agreed" for v in given_votes)
        vetoed = any(v.vote == "refused" and v.role in veto for v in given_votes)
        expected.add(agreed and not vetoed and rule(plainly(wanted, given_votes)))
    assert answers(wanted, rule, asked, abstain=abstain, veto=veto) == expected


@given(conditions, voters, st.randoms(use_true_random=False))
def test_the_order_of_the_voters_makes_no_difference(tree: dict[str, Any], asked: list[Voter], chance: Any) -> None:
    rule = compile_rule(tree, FACTS, vocabulary=VOTING)
    wanted = tuple(name for name, _ in rule.conditions.asked)
    shuffled = list(asked)
    chance.shuffle(shuffled)
    assert answers(wanted, rule, asked) == answers(wanted, rule, shuffled)


def test_two_thirds_of_three_are_two_exactly() -> None:
    tree = {"all": [{"name": "votes.agreed_share", "operator": "greater_than_or_equal_to", "value": "2/3"}]}
    rule = compile_rule(tree, FACTS, vocabulary=VOTING)
    two = [Voter("chief", vote="agreed"), Voter("deputy", vote="agreed"), Voter("counsel", vote="refused")]
    assert answers(["votes.agreed_share"], rule, two) == {True}


def test_of_many_open_votes_that_a_rule_tells_apart_it_waits_for_the_next() -> None:
    roles = [f"role_{i}" for i in range(24)]
    facts = [f"votes.{role}.agreed" for role in roles]
    asked: list[Mapping[str, Fraction]] = []

    def fires(votes: Mapping[str, Fraction]) -> bool:
        asked.append(votes)
        return False

    assert answers(facts, fires, [Voter(role) for role in roles]) == {True, False}
    assert len(asked) <= 2, "where all agree and where all refuse"
    asked.clear()
    assert answers(facts[:3], fires, [Voter(role) for role in roles]) == {False}
    assert len(asked) < 200


def test_nobody_agreed_means_no_whatever_the_rule_says() -> None:
    assert answers([], lambda votes: True, [Voter("chief", vote="abstained")]) == {False}
    assert answers([], lambda votes: True, []) == {False}


def test_names_about_votes_are_told_from_other_facts() -> None:
    assert asks_votes({"not": {"any": [{"name": "amount"}, {"name": "votes.agreed"}]}})
    assert not asks_votes({"all": [{"name": "votes"}]})
    assert roles_asked({"all": [{"name": "votes.chief.agreed"}, {"name": "votes.agreed"}]}) == ("chief",)
    title = title_of_votes("votes.chief.agreed", lambda role: Text(zh="主任", en=role))
    assert title == Text(zh="主任的同意票", en="votes for of chief")
    assert title_of_votes("amount", Text.same) is None


# -------------------------------------------------------------------- in a ruleset

PANEL = """
procedure: more
title: More
document: paper
steps:
  panel: {title: Panel, by: [chief, deputy], does: review, agree: AGREE, outcomes: {pass: end, fail: end}}
"""


def test_a_misspelt_vote_is_told_where_it_stands() -> None:
    text = (
        "rules:\n  most:\n    title: Most\n    when: {all: [{name: votes.agred, operator: greater_than, value: 1}]}\n"
    )
    assert places(text) == {"4:25 condition_fact_unknown"}
    text = text.replace("votes.agred", "votes.chef.agreed")
    assert places(text) == {"4:25 condition_fact_unknown"}
    text = text.replace("votes.chef.agreed", "votes.agreed").replace("value: 1", "value: 1/0")
    assert places(text) == {"4:70 condition_value_wrong"}


def test_a_rule_about_weights_needs_the_weight_of_each_seat() -> None:
    rules = "rules:\n  heavy: {title: Heavy, when: {all: [{name: votes.agreed_weight_share, operator: greater_than, value: 50%}]}}\n"
    assert loaded(rules).rules["heavy"].when
    both = PANEL.replace("AGREE", "{when: heavy, weights: {chief: 2}}")
    _, findings = read_files({**BASE, "more.yaml": both, "rules2.yaml": rules})
    assert [f.code for f in findings] == ["weights_missing"]


def test_a_rule_about_votes_reads_its_parameters_as_of_a_day() -> None:
    rules = """
parameters:
  quorum: {title: Quorum, source: assumption, values: {2026-01-01: 2/3, 2026-06-01: 50%}}
rules:
  most: {title: Most, when: {all: [{name: votes.agreed_share, operator: greater_than_or_equal_to, value: {parameter: quorum}}]}}
"""
    ruleset = loaded(rules)
    votes = {"votes.agreed_share": Fraction(1, 2)}
    assert not ruleset.fires("most", votes, date(2026, 5, 31))
    assert ruleset.fires("most", votes, date(2026, 6, 1))
