"""Run the public DMN technology compatibility kit against our tables.

    python tests/rules/tables/tck.py path/to/tck        # a checkout of github.com/dmn-tck/tck

For each result that a test case expects of a decision: right, wrong, or out of scope with the reason. Exits with 1 if
anything is wrong, or if a decision table of compliance level 2 is out of scope.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from aaworkflow.errors import RuleError, RulesetError
from aaworkflow.rules.tables import DmnDecision, Hit, compile_table, read_dmn_decisions

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


class OutOfScope(Exception):
    """A decision that is no table that we read; the message is why."""


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def value_of(element: ElementTree.Element) -> Any:
    """Return what an input or expected node holds: a value, a list or a context."""
    components: dict[str, Any] = {}
    for child in element:
        match local(child):
            case "value" if child.get(f"{XSI}nil") == "true":
                return None
            case "value":
                return scalar(child.text or "", (child.get(f"{XSI}type") or "string").rpartition(":")[2])
            case "list":
                return [value_of(item) for item in child if local(item) == "item"]
            case "component":
                components[child.get("name") or ""] = value_of(child)
            case "expected":
                return value_of(child)
    return components or None


def scalar(text: str, kind: str) -> Any:
    match kind:
        case "decimal" | "double" | "integer" | "int" | "long" | "float":
            return Decimal(text)
        case "boolean":
            return text.strip() in ("true", "1")
        case "date":
            return date.fromisoformat(text)
        case "dateTime":
            return datetime.fromisoformat(text)
        case _:
            return text


def flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield a value and, for contexts, each part by its path."""
    yield name, value
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from flat(f"{name}.{key}", part)


class Model:
    def __init__(self, path: Path) -> None:
        self.decisions: dict[str, DmnDecision] = {}
        for decision in read_dmn_decisions(path.read_bytes(), path.name, optional=True):
            self.decisions[decision.name] = decision

    def answer(self, name: str, facts: Mapping[str, Any]) -> Any:
        """Return a decision's result, those that it requires included. What fails is null, as in DMN."""
        decision = self.decisions.get(name)
        if decision is None:
            raise OutOfScope("not a decision of this file")
        if decision.table is None:
            raise OutOfScope("; ".join(sorted({f"{p.code} {p.reason.text('en')}" for p in decision.problems})))
        known = dict(facts)
        for required in decision.requires:
            if required in self.decisions and required not in known:
                known[required] = self.answer(required, facts)
        try:
            hit = compile_table(decision.table)(known)
        except RuleError:
            return None
        return result(decision, hit)


def result(decision: DmnDecision, hit: Hit | None) -> Any:
    if hit is None or decision.table is None:
        return None
    table = decision.table
    listed = table.hit_policy in ("collect", "rule_order", "output_order") and table.aggregation == "list"
    names = [output.name for output in table.outputs]
    if len(names) == 1:
        return list(hit[names[0]]) if listed else hit[names[0]]
    if not listed:
        return dict(hit.outputs)
    return [dict(zip(names, values, strict=True)) for values in zip(*(hit[name] for name in names), strict=True)]


def same(one: Any, other: Any) -> bool:
    """Compare as the kit does: contexts by their parts, numbers closely enough for those that were rounded."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, list) != isinstance(other, list):
        return False
    if isinstance(one, (int, Decimal)) and isinstance(other, (int, Decimal)) and not isinstance(one, bool):
        return abs(one - other) < Decimal("0.00000001")
    return bool(one == other)


def run(level: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (test, verdict, detail) for each expected result of a compliance level."""
    for folder in sorted(each for each in level.iterdir() if each.is_dir()):
        for tests in sorted(folder.glob("*test*.xml")):
            root = ElementTree.parse(tests).getroot()
            model_name = next((e.text for e in root if local(e) == "modelName"), None) or f"{folder.name}.dmn"
            try:
                model = Model(folder / model_name)
            except (RulesetError, OSError) as error:
                yield folder.name, "out of scope", str(error)
                continue
            for case in (e for e in root if local(e) == "testCase"):
                facts = dict(
                    pair
                    for node in case
                    if local(node) == "inputNode"
                    for pair in flat(node.get("name") or "", value_of(node))
                )
                for node in (e for e in case if local(e) == "resultNode"):
                    name = node.get("name") or ""
                    label = f"{folder.name} {case.get('id')} {name}"
                    try:
                        found = model.answer(name, facts)
                    except OutOfScope as why:
                        yield label, "out of scope", str(why)
                        continue
                    wanted = value_of(node)
                    right = same(found, wanted)
                    yield label, "right" if right else "wrong", "" if right else f"{found!r}, expected {wanted!r}"


def main(checkout: str) -> int:
    failed = False
    for number in (2, 3):
        level = Path(checkout) / "TestCases" / f"compliance-level-{number}"
        verdicts: Counter[str] = Counter()
        reasons: dict[str, set[str]] = {}
        for label, verdict, detail in run(level):
            verdicts[verdict] += 1
            folder = level / label.partition(" ")[0]
            tables = any(b"<decisionTable" in path.read_bytes() for path in folder.glob("*.dmn"))
            if verdict == "wrong" or (verdict == "out of scope" and number == 2 and tables):
                failed = True
                print(f"{verdict}: {label}: {detail}")
            elif verdict == "out of scope":
                reasons.setdefault(detail, set()).add(label.partition(" ")[0])
        print(
            f"compliance level {number}: " + ", ".join(f"{verdicts[v]} {v}" for v in ("right", "wrong", "out of scope"))
        )
        for reason, tests in sorted(reasons.items()):
            if "-v" in sys.argv:
                print(f"  {', '.join(sorted(tests))}: {reason}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
