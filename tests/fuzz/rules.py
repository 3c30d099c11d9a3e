"""Fuzz rules with atheris: whatever comes in, an answer or an error of ours comes out, and soon.

Run: `uv run --with atheris python tests/fuzz/rules.py -atheris_runs=200000`. Not part of the suite.
"""

import json
import sys

import atheris

with atheris.instrument_imports(include=["aaworkflow.rules", "business_rules"]):
    from aaworkflow.errors import AaworkflowError
    from aaworkflow.rules import OPERATORS, compile_rule, evaluate_partial, explain, from_business_rules, make_receipt
    from aaworkflow.rules.regexes import regex

NAMES = ["amount", "kind", "all", "any", "not", "name", "operator", "value", "parameter", "é", ""]
OPERATOR_NAMES = sorted({name for operators in OPERATORS.values() for name in operators})


def anything(data: atheris.FuzzedDataProvider, depth: int) -> object:
    """Return some value of JSON, the words of conditions among its texts."""
    match data.ConsumeIntInRange(0, 8 if depth else 5):
        case 0:
            return data.ConsumeInt(8)
        case 1:
            return data.ConsumeFloat()
        case 2:
            return data.ConsumeUnicode(12)
        case 3:
            return data.PickValueInList([None, True, False, "", 10**50, "2026-01-31", "2 working days"])
        case 4:
            return data.PickValueInList(OPERATOR_NAMES)
        case 5:
            return data.PickValueInList(NAMES)
        case 6:
            return [anything(data, depth - 1) for _ in range(data.ConsumeIntInRange(0, 4))]
        case _:
            return condition(data, depth - 1)


def condition(data: atheris.FuzzedDataProvider, depth: int) -> object:
    """Return something that looks like a condition, mostly."""
    match data.ConsumeIntInRange(0, 5):
        case 0 | 1 if depth > 0:
            key = data.PickValueInList(["all", "any"])
            return {key: [condition(data, depth - 1) for _ in range(data.ConsumeIntInRange(0, 3))]}
        case 2 if depth > 0:
            return {"not": condition(data, depth - 1)}
        case 3:
            return {data.PickValueInList(NAMES): anything(data, depth) for _ in range(2)}
        case _:
            operator = data.PickValueInList(OPERATOR_NAMES)
            return {"name": data.PickValueInList(NAMES[:2]), "operator": operator, "value": anything(data, 1)}


def one_input(raw: bytes) -> None:
    """Try one input on every door."""
    data = atheris.FuzzedDataProvider(raw)
    kinds = list(OPERATORS)
    types = {name: data.PickValueInList(kinds) for name in NAMES[:2]}
    tree = condition(data, 4)
    facts = {name: anything(data, 2) for name in NAMES[:2]}
    optional = NAMES[: data.ConsumeIntInRange(0, 2)]
    for door in (
        lambda: regex(data.ConsumeUnicode(30)).found("aab" * 20),
        lambda: from_business_rules(data.ConsumeUnicode(200), types),
        lambda: from_business_rules(json.dumps([{"conditions": tree, "actions": []}]), types),
    ):
        try:
            door()
        except AaworkflowError as error:
            error.text("zh")
    try:
        rule = compile_rule(tree, types, optional=optional)
        evaluate_partial(rule, facts)
        answer = rule(facts)
        assert explain(rule, facts).outcome is answer
        make_receipt(rule, facts, id="fuzz").to_json()
    except AaworkflowError as error:
        error.text("en")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
