"""The major-contract rule: three comparisons under `any` and `all`, exact decimals.

Every peer says the same rule in its own way. Those that cannot take decimals get floats, made beforehand.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from harness import Answer, Peer, Task

Facts = dict[str, Any]

CONDITIONS = {
    "any": [
        {"name": "amount", "operator": "greater_than_or_equal_to", "value": 500_000},
        {
            "all": [
                {"name": "kind", "operator": "equal_to", "value": "renovation"},
                {"name": "discount", "operator": "greater_than", "value": Decimal("0.15")},
            ]
        },
    ]
}
TYPES = {"amount": "money", "kind": "string", "discount": "numeric"}
LIMIT, DISCOUNT = Decimal(500_000), Decimal("0.15")
EXPRESSION = "amount >= 500000 or (kind == 'renovation' and discount > 0.15)"
CEL = "amount >= 500000.0 || (kind == 'renovation' && discount > 0.15)"
CASES: list[Facts] = [
    {"amount": Decimal(amount), "kind": kind, "discount": Decimal(discount)}
    for amount in ("120000.00", "310000.00", "499999.99", "500000.00")
    for kind in ("renovation", "supply")
    for discount in ("0.05", "0.20")
]


def by_hand(facts: Facts) -> bool:
    """Say whether the contract is a major one, as a programmer would write it."""
    return facts["amount"] >= LIMIT or (facts["kind"] == "renovation" and facts["discount"] > DISCOUNT)


def ours() -> Answer:
    from aaworkflow.rules import compile_rule

    return compile_rule(CONDITIONS, TYPES)


def business_rules() -> Answer:
    from business_rules.engine import check_conditions_recursively
    from business_rules.variables import BaseVariables, numeric_rule_variable, string_rule_variable

    class Contract(BaseVariables):  # type: ignore[misc]
        def __init__(self, facts: Facts) -> None:
            self.facts = facts

        @numeric_rule_variable  # type: ignore[misc]
        def amount(self) -> Decimal:
            return self.facts["amount"]  # type: ignore[no-any-return]

        @string_rule_variable  # type: ignore[misc]
        def kind(self) -> str:
            return self.facts["kind"]  # type: ignore[no-any-return]

        @numeric_rule_variable  # type: ignore[misc]
        def discount(self) -> Decimal:
            return self.facts["discount"]  # type: ignore[no-any-return]

    return lambda facts: check_conditions_recursively(CONDITIONS, Contract(facts))


def rule_engine() -> Answer:
    import rule_engine as engine

    return engine.Rule(EXPRESSION).matches


def zen_expression() -> Answer:
    import zen

    return zen.compile_expression(EXPRESSION).evaluate


def _zen_graph() -> dict[str, Any]:
    def node(id: str, kind: str, **content: Any) -> dict[str, Any]:
        return {"id": id, "type": kind, "name": id, "position": {"x": 0, "y": 0}, **content}

    expressions = {"expressions": [{"id": "1", "key": "major", "value": EXPRESSION}]}
    return {
        "nodes": [
            node("in", "inputNode"),
            node("rule", "expressionNode", content=expressions),
            node("out", "outputNode"),
        ],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "rule", "type": "edge"},
            {"id": "e2", "sourceId": "rule", "targetId": "out", "type": "edge"},
        ],
    }


def zen_decision() -> Answer:
    import zen

    evaluate = zen.ZenEngine().create_decision(json.dumps(_zen_graph())).evaluate
    return lambda facts: evaluate(facts)["result"]["major"]


def zen_loader() -> Answer:
    import zen

    made = zen.ZenEngine({"loader": {"type": "static", "content": {"major": _zen_graph()}}})
    return lambda facts: made.evaluate("major", facts)["result"]["major"]


def rust_cel() -> Answer:
    import cel

    return cel.compile(CEL).execute


def cel_python() -> Answer:
    import celpy

    environment = celpy.Environment()
    evaluate = environment.program(environment.compile(CEL)).evaluate
    return lambda activation: bool(evaluate(activation))


def _celpy_facts(facts: Facts) -> Any:
    import celpy

    return celpy.json_to_cel(floats(facts))


def json_logic() -> Answer:
    from json_logic import jsonLogic

    rule = {
        "or": [
            {">=": [{"var": "amount"}, 500_000]},
            {"and": [{"==": [{"var": "kind"}, "renovation"]}, {">": [{"var": "discount"}, 0.15]}]},
        ]
    }
    return lambda facts: jsonLogic(rule, facts)


def simpleeval() -> Answer:
    from simpleeval import SimpleEval

    evaluator = SimpleEval()
    parsed = evaluator.parse(EXPRESSION)

    def answer(facts: Facts) -> Any:
        evaluator.names = facts
        return evaluator.eval(EXPRESSION, previously_parsed=parsed)

    return answer


def clips() -> Answer:
    import clips as engine

    environment = engine.Environment()
    environment.build("(deftemplate contract (slot amount) (slot kind) (slot discount))")
    environment.build("(deftemplate major)")
    environment.build(
        "(defrule major (or (contract (amount ?a&:(>= ?a 500000.0)))"
        " (contract (kind renovation) (discount ?d&:(> ?d 0.15)))) => (assert (major)))"
    )
    contract = environment.find_template("contract")

    def answer(facts: Facts) -> bool:
        environment.reset()
        contract.assert_fact(**facts)
        environment.run()
        return any(fact.template.name == "major" for fact in environment.facts())

    return answer


def _clips_facts(facts: Facts) -> Facts:
    import clips as engine

    return {**floats(facts), "kind": engine.Symbol(facts["kind"])}


def floats(facts: Facts) -> Facts:
    """Return facts with floats for decimals."""
    return {name: float(value) if isinstance(value, Decimal) else value for name, value in facts.items()}


def _peer(name: str, package: str | None, make: Callable[[], Answer], **more: Any) -> Peer:
    return Peer(name, package, make, **more)


def by_hand_in_floats(facts: Facts) -> bool:
    """Say the same of floats."""
    return facts["amount"] >= 500_000.0 or (facts["kind"] == "renovation" and facts["discount"] > 0.15)  # type: ignore[no-any-return]


def ours_in_floats() -> Answer:
    from aaworkflow.rules import compile_rule

    return compile_rule(CONDITIONS, {**TYPES, "amount": "numeric"})


PEERS = [
    _peer("business-rules", "business-rules", business_rules),
    _peer("rule-engine", "rule-engine", rule_engine),
    _peer("zen-engine, compiled expression", "zen-engine", zen_expression, inputs=floats, module="zen"),
    _peer("zen-engine, create_decision", "zen-engine", zen_decision, inputs=floats, module="zen"),
    _peer("zen-engine, static loader", "zen-engine", zen_loader, inputs=floats, module="zen"),
    _peer("CEL in Rust", "common-expression-language", rust_cel, inputs=floats, module="cel"),
    _peer("cel-python", "cel-python", cel_python, inputs=_celpy_facts, module="celpy"),
    _peer("panzi-json-logic", "panzi-json-logic", json_logic, inputs=floats, module="json_logic"),
    _peer("simpleeval", "simpleeval", simpleeval, inputs=floats),
    _peer("clipspy", "clipspy", clips, inputs=_clips_facts, module="clips"),
]
TASKS = [
    Task(
        name="major_contract",
        title="The major-contract rule",
        note=(
            "An amount of at least 500,000, or a renovation with a discount above 0.15: three comparisons under `any` and "
            "`all`, exact decimals, 16 contracts of which four are major ones. zen-engine, CEL, JSON logic, simpleeval and "
            "CLIPS were given floats, made beforehand."
        ),
        inputs=CASES,
        expected=[by_hand(facts) for facts in CASES],
        peers=[
            _peer("aaworkflow", "aaworkflow", ours),
            _peer("Python by hand", None, lambda: by_hand, limit=True),
            *PEERS,
        ],
        must={"Python by hand": 1 / 3, "business-rules": 50, "zen-engine, compiled expression": 4},
    ),
    Task(
        name="major_contract_in_floats",
        title="The major-contract rule, in floats",
        note="The same rule and contracts, with floats for everyone.",
        inputs=[floats(facts) for facts in CASES],
        expected=[by_hand(facts) for facts in CASES],
        peers=[
            _peer("aaworkflow", "aaworkflow", ours_in_floats),
            _peer("Python by hand", None, lambda: by_hand_in_floats, limit=True),
            *PEERS,
        ],
        must={"zen-engine, compiled expression": 1},
    ),
]
