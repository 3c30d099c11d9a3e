"""How each contender answers from a decision table: `first` of some kinds, branches, amounts and urgency to a role."""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any

from harness import Answer, Peer
from table_rows import FACTS, FIELDS, Case, Rows, bounds


def ours(rows: Rows) -> Answer:
    from aaworkflow.rules.tables import compile_table, parse_table

    data = {"hit_policy": "first", "inputs": FIELDS, "outputs": ["role"], "rows": rows}
    table = compile_table(parse_table(data, FACTS))
    return lambda case: table(case).outputs["role"]  # type: ignore[union-attr]


def ours_traced(rows: Rows) -> Answer:
    from aaworkflow.rules.tables import compile_table, parse_table

    data = {"hit_policy": "first", "inputs": FIELDS, "outputs": ["role"], "rows": rows}
    table = compile_table(parse_table(data, FACTS))
    place = {row.id: at for at, row in enumerate(table.table.rows)}
    return lambda case: place[table(case).rows[0]]  # type: ignore[union-attr]


def ours_explained(rows: Rows) -> Answer:
    from aaworkflow.rules.tables import compile_table, explain_table, parse_table

    data = {"hit_policy": "first", "inputs": FIELDS, "outputs": ["role"], "rows": rows}
    table = compile_table(parse_table(data, FACTS))

    def answer(case: Case) -> Any:
        why = explain_table(table, case)
        return why.answer and why.answer.outputs["role"]

    return answer


def plain_by_hand(rows: Rows) -> Answer:
    """A dictionary of kind and branch with the steps of the amount, as a programmer would write a plain table."""
    steps: dict[tuple[str, str], tuple[list[int], list[str]]] = {}
    for kind, branch, amount, _, role in rows:
        cuts, roles = steps.setdefault((kind, branch), ([], []))
        low, _ = bounds(amount)
        if low is not None:
            cuts.append(low)
        roles.append(role)

    def answer(case: Case) -> str:
        cuts, roles = steps[case["kind"], case["branch"]]
        return roles[bisect_right(cuts, case["amount"])]

    return answer


def wild_by_hand(rows: Rows) -> Answer:
    """The rows by kind, each tried in turn, as a programmer would write a table with wildcards."""
    kinds = {row[0] for row in rows}
    by_kind: dict[str, list[tuple[Any, ...]]] = {}
    for kind in kinds:
        tried = by_kind[kind] = []
        for row in rows:
            if row[0] in (kind, "-"):
                low, high = bounds(row[2])
                branch = None if row[1] == "-" else row[1]
                urgent = None if row[3] == "-" else row[3] == "true"
                tried.append((branch, low or 0, float("inf") if high is None else high, urgent, row[4]))
    others = by_kind["-"]

    def answer(case: Case) -> Any:
        branch, amount, urgent = case["branch"], case["amount"], case["urgent"]
        for wanted, low, high, urgency, role in by_kind.get(case["kind"], others):
            if (wanted is None or wanted == branch) and low <= amount < high and (urgency is None or urgency is urgent):
                return role
        return None

    return answer


def zen_graph(rows: Rows) -> dict[str, Any]:
    def node(id: str, kind: str, **content: Any) -> dict[str, Any]:
        return {"id": id, "type": kind, "name": id, "position": {"x": 0, "y": 0}, **content}

    def cell(text: str) -> str:
        return "" if text == "-" else text if text[0] in "[<>" or text in ("true", "false") else f"'{text}'"

    content = {
        "hitPolicy": "first",
        "inputs": [{"id": field, "name": field, "field": field} for field in FIELDS],
        "outputs": [{"id": "role", "name": "role", "field": "role"}],
        "rules": [
            {"_id": f"r{n}", **dict(zip(FIELDS, map(cell, row[:4]), strict=True)), "role": f"'{row[4]}'"}
            for n, row in enumerate(rows)
        ],
    }
    return {
        "nodes": [node("in", "inputNode"), node("t", "decisionTableNode", content=content), node("out", "outputNode")],
        "edges": [
            {"id": "e1", "sourceId": "in", "targetId": "t", "type": "edge"},
            {"id": "e2", "sourceId": "t", "targetId": "out", "type": "edge"},
        ],
    }


def zen_decision(rows: Rows) -> Answer:
    import zen

    evaluate = zen.ZenEngine().create_decision(json.dumps(zen_graph(rows))).evaluate
    return lambda case: evaluate(case)["result"].get("role")


def zen_loader(rows: Rows) -> Answer:
    """By its static loader, which compiles and indexes a decision once."""
    import zen

    made = zen.ZenEngine({"loader": {"type": "static", "content": {"table": zen_graph(rows)}}})
    return lambda case: made.evaluate("table", case)["result"].get("role")


def zen_traced(rows: Rows) -> Answer:
    """By its trace, which says which row fired."""
    import zen

    made = zen.ZenEngine({"loader": {"type": "static", "content": {"table": zen_graph(rows)}}})
    return lambda case: made.evaluate("table", case, {"trace": True})["trace"]["t"]["traceData"]["index"]


def _cel(row: list[Any]) -> str:
    tests = [f"{name} == '{text}'" for name, text in zip(("kind", "branch"), row, strict=False) if text != "-"]
    low, high = bounds(row[2])
    tests += [f"amount >= {low}"] * (low is not None) + [f"amount < {high}"] * (high is not None)
    tests += [] if row[3] == "-" else ["urgent" if row[3] == "true" else "!urgent"]
    return " && ".join(tests) or "true"


def rust_cel(rows: Rows) -> Answer:
    """Expressions with a branch for each row, as many in one as its parser lets nest, tried in turn."""
    import cel

    def program(part: Rows) -> Answer:
        return cel.compile("".join(f"({_cel(row)}) ? '{row[4]}' : " for row in part) + "null").execute

    programs = [program(rows[at : at + 40]) for at in range(0, len(rows), 40)]
    return lambda case: next((found for run in programs if (found := run(case)) is not None), None)


def cel_python(rows: Rows) -> Answer:
    """An expression for each row, tried in turn."""
    import celpy

    environment = celpy.Environment()
    programs = [(environment.program(environment.compile(_cel(row))).evaluate, row[4]) for row in rows]
    return lambda case: next((role for fires, role in programs if fires(case)), None)


def celpy_case(case: Case) -> Any:
    import celpy

    return celpy.json_to_cel(case)


def json_logic(rows: Rows) -> Answer:
    """One rule, with an `if` of all rows."""
    from json_logic import jsonLogic

    def test(row: list[Any]) -> Any:
        tests: list[Any] = [
            {"==": [{"var": name}, text]} for name, text in zip(("kind", "branch"), row, strict=False) if text != "-"
        ]
        low, high = bounds(row[2])
        tests += [{">=": [{"var": "amount"}, low]}] * (low is not None)
        tests += [{"<": [{"var": "amount"}, high]}] * (high is not None)
        urgent = {"var": "urgent"}
        tests += [] if row[3] == "-" else [urgent if row[3] == "true" else {"!": [urgent]}]
        return {"and": tests} if tests else True

    rule = {"if": [*(part for row in rows for part in (test(row), row[4])), None]}
    return lambda case: jsonLogic(rule, case)


def clips(rows: Rows) -> Answer:
    """A rule for each row, the upper ones more salient; the first that fires answers."""
    import clips as engine

    environment = engine.Environment()
    environment.build("(deftemplate case (slot kind) (slot branch) (slot amount) (slot urgent))")
    environment.build("(defglobal ?*role* = nil)")
    for n, row in enumerate(rows):
        slots = [f"({name} {text})" for name, text in zip(("kind", "branch"), row, strict=False) if text != "-"]
        low, high = bounds(row[2])
        tests = [f"&:(>= ?a {low})"] * (low is not None) + [f"&:(< ?a {high})"] * (high is not None)
        slots += [f"(amount ?a{''.join(tests)})"] if tests else []
        slots += [] if row[3] == "-" else [f"(urgent {row[3].upper()})"]
        rule = f'(case {" ".join(slots)}) => (bind ?*role* "{row[4]}")'
        environment.build(f"(defrule r{n} (declare (salience {10_000 - 2 * n})) {rule})")
    template, role = environment.find_template("case"), next(iter(environment.globals()))
    nothing = engine.Symbol("nil")

    def answer(case: Case) -> Any:
        role.value = nothing
        fact = template.assert_fact(**case)
        environment.run(1)
        fact.retract()
        return None if role.value == nothing else role.value

    return answer


def clips_case(case: Case) -> Case:
    import clips as engine

    urgent = "TRUE" if case["urgent"] else "FALSE"
    return {name: engine.Symbol(text) for name, text in {**case, "urgent": urgent}.items() if name != "amount"} | {
        "amount": case["amount"]
    }


def row_by_row(make: Callable[[str], Answer], rows: Rows) -> Answer:
    """An engine without tables: a rule for each row, tried in turn."""
    rules = [(make(_expression(row)), row[4]) for row in rows]
    return lambda case: next((role for fires, role in rules if fires(case)), None)


def _expression(row: list[Any]) -> str:
    tests = [f"{name} == '{text}'" for name, text in zip(("kind", "branch"), row, strict=False) if text != "-"]
    low, high = bounds(row[2])
    tests += [f"amount >= {low}"] * (low is not None) + [f"amount < {high}"] * (high is not None)
    tests += [] if row[3] == "-" else ["urgent" if row[3] == "true" else "not urgent"]
    return " and ".join(tests) or "true"


def rule_engine(rows: Rows) -> Answer:
    import rule_engine as engine

    return row_by_row(lambda text: engine.Rule(text).matches, rows)


def simpleeval(rows: Rows) -> Answer:
    from simpleeval import SimpleEval

    evaluator = SimpleEval()

    def make(text: str) -> Answer:
        text = text.replace("true", "1 == 1")
        parsed = evaluator.parse(text)

        def fires(case: Case) -> Any:
            evaluator.names = case
            return evaluator.eval(text, previously_parsed=parsed)

        return fires

    return row_by_row(make, rows)


def business_rules(rows: Rows) -> Answer:
    from business_rules.engine import check_conditions_recursively

    from aaworkflow.rules import variables_class

    variables = variables_class(FACTS)

    def leaves(row: list[Any]) -> Iterator[dict[str, Any]]:
        for name, text in zip(("kind", "branch"), row, strict=False):
            if text != "-":
                yield {"name": name, "operator": "equal_to", "value": text}
        low, high = bounds(row[2])
        if low is not None:
            yield {"name": "amount", "operator": "greater_than_or_equal_to", "value": low}
        if high is not None:
            yield {"name": "amount", "operator": "less_than", "value": high}
        if row[3] != "-":
            yield {"name": "urgent", "operator": "is_true" if row[3] == "true" else "is_false", "value": None}

    rules = [(list(leaves(row)), row[4]) for row in rows]

    def answer(case: Case) -> Any:
        facts = variables(case)  # type: ignore[call-arg]
        return next(
            (role for all_, role in rules if not all_ or check_conditions_recursively({"all": all_}, facts)), None
        )

    return answer


def spiff(rows: Rows) -> Answer:
    """SpiffWorkflow's DMN engine; its UNIQUE stops at the first row that matches."""
    from types import SimpleNamespace

    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
    from SpiffWorkflow.dmn.specs.model import DecisionTable, Input, InputEntry, Output, OutputEntry, Rule

    def cell(at: int, text: str) -> str | None:
        if text == "-":
            return None
        if at != 2:
            return text.capitalize() if at == 3 else repr(text)
        low, high = bounds(text)
        return " and ".join([f"? >= {low}"] * (low is not None) + [f"? < {high}"] * (high is not None))

    table = DecisionTable("t", "t", "UNIQUE")
    table.inputs = [Input(name, name, name, name, "string") for name in FIELDS]
    table.outputs = [Output("role", "role", "role", "string")]
    for n, row in enumerate(rows):
        rule = Rule(str(n))
        for at, column in enumerate(table.inputs):
            entry = InputEntry(f"{n}.{at}", column)
            entry.lhs = [cell(at, row[at])]
            rule.inputEntries.append(entry)
        answer_ = OutputEntry(f"{n}.out", table.outputs[0])
        answer_.text = repr(row[4])
        rule.outputEntries.append(answer_)
        table.rules.append(rule)
    engine, scripts = DMNEngine(table), SimpleNamespace(script_engine=PythonScriptEngine())
    return lambda case: engine.result(SimpleNamespace(data=case, workflow=scripts)).get("role")


def peers(rows: Callable[[], Rows], size: int, plain: bool) -> list[Peer]:
    """Return all contenders for a table."""

    def peer(name: str, package: str | None, make: Callable[[Rows], Answer], **more: Any) -> Peer:
        return Peer(name, package, lambda: make(rows()), **more)

    found = [
        peer("aaworkflow", "aaworkflow", ours),
        peer("Python by hand", None, plain_by_hand if plain else wild_by_hand, limit=True),
        peer("zen-engine, static loader", "zen-engine", zen_loader, module="zen"),
        peer("zen-engine, create_decision", "zen-engine", zen_decision, module="zen"),
        peer("CEL in Rust", "common-expression-language", rust_cel, module="cel"),
        peer("panzi-json-logic", "panzi-json-logic", json_logic, module="json_logic"),
        peer("clipspy", "clipspy", clips, inputs=clips_case, module="clips"),
        peer("rule-engine", "rule-engine", rule_engine),
        peer("simpleeval", "simpleeval", simpleeval),
        peer("business-rules", "business-rules", business_rules),
        peer("SpiffWorkflow DMN", "SpiffWorkflow", spiff, module="SpiffWorkflow.dmn"),
    ]
    if size <= 1_000:  # of more rows, making and asking it take minutes
        found.append(peer("cel-python", "cel-python", cel_python, inputs=celpy_case, module="celpy"))
    return found
