"""Properties as they are read: steps in full, their procedure known, the direction that was written."""

from small import loaded, places

WRITTEN = """
rules:
  sizable: {title: Large, when: {all: [{name: amount, operator: greater_than, value: 9}]}}
properties:
  by_step: {source: K1, text: Steps, as_rises: amount, never_falls: {steps: [paper.draft, paper.check]}}
  by_role: {text: Roles, as_rises: count, never_falls: {roles: [clerk, chief], procedure: paper}}
  by_rule: {text: A rule, as_rises: urgent, never_rises: {rule: sizable}}
  by_fact: {text: A number, as_rises: day, never_falls: {fact: count}}
  by_rank: {text: A choice, as_rises: amount, never_falls: {fact: format, ranks: [small, big]}}
"""


def test_properties_are_read_with_what_they_rank() -> None:
    made = loaded(WRITTEN).properties
    assert (made["by_step"].of.steps, made["by_step"].of.procedure) == (("paper.draft", "paper.check"), "paper")
    assert (made["by_step"].source, made["by_step"].kind) == (("K1",), "never_falls")
    assert (made["by_role"].of.roles, made["by_role"].of.procedure) == (("clerk", "chief"), "paper")
    assert (made["by_rule"].kind, made["by_rule"].of.rule, made["by_rule"].rises) == ("never_rises", "sizable", "urgent")
    assert (made["by_fact"].of.fact, made["by_fact"].of.ranks) == ("count", ())
    assert made["by_rank"].of.ranks == ("small", "big")


def test_every_name_in_a_property_must_be_known() -> None:
    said = "properties:\n  p: {text: P, as_rises: %s, never_falls: {%s}}\n"
    assert places(said % ("amonut", "fact: count")) == {"2:26 unknown_fact"}
    assert places(said % ("amount", "fact: cuont")) == {"2:54 unknown_fact"}
    assert places(said % ("amount", "rule: larger")) == {"2:54 unknown_rule"}
    assert places(said % ("amount", "steps: [paper.draft, paper.nothing]")) == {"2:69 unknown_step"}
    assert places(said % ("amount", "roles: [clerk, cheif], procedure: paper")) == {"2:63 unknown_role"}
    assert places(said % ("amount", "roles: [clerk], procedure: papers")) == {"2:75 unknown_procedure"}
