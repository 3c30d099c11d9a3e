"""Rules to and from business-rules: the same bodies, nothing lost and nothing made up."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

import attrs

from aaworkflow.errors import Finding, Reason, RuleError, RulesetError
from aaworkflow.rules.compiled import CompiledRule, Conditions, compile_conditions
from aaworkflow.rules.conditions import All, Any_, Leaf, Node, Not, Path, check_conditions, path_as_place
from aaworkflow.rules.exact_json import read_json, write_json
from aaworkflow.rules.values import brief
from aaworkflow.rules.vocabulary import STANDARD, Vocabulary

__all__ = ["BusinessRule", "as_business_rules", "from_business_rules", "to_business_rules"]


@attrs.frozen
class BusinessRule:
    """A rule of business-rules: its body as it came, and its conditions compiled.

    Attributes:
        actions: (name, parameters) of each action.
    """

    conditions: Mapping[str, Any]
    actions: tuple[tuple[str, Mapping[str, Any]], ...]
    rule: CompiledRule = attrs.field(eq=False, repr=False)

    @property
    def body(self) -> dict[str, Any]:
        """The rule as business-rules' `run_all` takes it."""
        actions = [{"name": name, "params": dict(params)} for name, params in self.actions]
        return {"conditions": self.conditions, "actions": actions}


def from_business_rules(
    rules: str | Sequence[Any],
    facts: Mapping[str, str],
    *,
    actions: Collection[str] | None = None,
    vocabulary: Vocabulary = STANDARD,
) -> tuple[BusinessRule, ...]:
    """Return the rules of a business-rules JSON text, or of what such a text holds.

    Args:
        rules: the list of `{"conditions": …, "actions": [{"name": …, "params": {…}}]}`.
        facts: fact name -> type.
        actions: the actions that there are; an action by any other name is refused. None: any name will do.
        vocabulary: the types and operators that there are.

    Raises:
        RulesetError: with every problem.
        RuleError: `rules_json_wrong`.
    """
    data = read_json(rules) if isinstance(rules, str) else rules
    if not isinstance(data, Sequence) or isinstance(data, (str, bytes)):
        raise RulesetError(_finding((), "rules_not_a_list", found=type(data).__name__))
    findings: list[Finding] = []
    found: list[BusinessRule] = []
    for at, body in enumerate(data):
        if not isinstance(body, Mapping) or set(body) != {"conditions", "actions"}:
            findings.append(_finding((at,), "business_rule_keys", found=brief(body)))
            continue
        node, wrong = check_conditions(
            body["conditions"],
            facts,
            vocabulary=vocabulary,
            place_of=lambda path, at=at: path_as_place((at, "conditions", *path)),  # type: ignore[misc]
        )
        done = _actions(body["actions"], actions, (at, "actions"), findings)
        findings += wrong
        if node is not None and not findings:
            rule = compile_conditions(Conditions(node, dict(facts), vocabulary=vocabulary))
            found.append(BusinessRule(body["conditions"], done, rule))
    if findings:
        raise RulesetError(*findings)
    return tuple(found)


def _finding(path: Path, code: str, **data: Any) -> Finding:
    return Finding(path_as_place(path), Reason.of(code, **data))


def _actions(
    data: Any, allowed: Collection[str] | None, path: Path, findings: list[Finding]
) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    if not isinstance(data, Sequence) or isinstance(data, (str, bytes)):
        findings.append(_finding(path, "rules_not_a_list", found=type(data).__name__))
        return ()
    found = []
    for at, action in enumerate(data):
        name = action.get("name") if isinstance(action, Mapping) else None
        params = (action.get("params") or {}) if isinstance(action, Mapping) else None
        if not isinstance(name, str) or not isinstance(params, Mapping) or set(action) - {"name", "params"}:
            findings.append(_finding((*path, at), "business_rule_action", found=brief(name)))
        elif allowed is not None and name not in allowed:
            findings.append(
                _finding((*path, at, "name"), "business_rule_action_unknown", name=brief(name), allowed=allowed)
            )
        else:
            found.append((name, params))
    return tuple(found)


def to_business_rules(rules: Sequence[BusinessRule]) -> str:
    """Return rules as a business-rules JSON text, their bodies unchanged and their decimals exact."""
    return write_json([rule.body for rule in rules])


# -------------------------------------------------------------------- what business-rules does not have

_OPPOSITES: Final[Mapping[str, str]] = {
    "greater_than": "less_than_or_equal_to",
    "less_than": "greater_than_or_equal_to",
    "is_true": "is_false",
    "contains": "does_not_contain",
    "shares_at_least_one_element_with": "shares_no_elements_with",
    "before": "on_or_after",
    "after": "on_or_before",
}
_OPPOSITE: Final[Mapping[str, str]] = {**_OPPOSITES, **{b: a for a, b in _OPPOSITES.items()}}


def as_business_rules(rule: CompiledRule) -> dict[str, Any]:
    """Return a rule's conditions as business-rules takes them: parameters by their values, `not` written out.

    Dates and durations stay leaves of our own types, which business-rules can work with by `variables_class`.

    Raises:
        RuleError: `no_opposite_operator`: something is negated whose opposite business-rules cannot say.
    """
    return _written(rule.conditions.node, negated=False)


def _written(node: Node, negated: bool) -> dict[str, Any]:
    match node:
        case Not():
            return _written(node.node, not negated)
        case All() | Any_():
            key = "all" if isinstance(node, All) is not negated else "any"
            return {key: [_written(one, negated) for one in node.nodes]}
        case Leaf():
            return _opposite(node) if negated else _leaf(node, node.operator.name, node.value)


def _leaf(leaf: Leaf, operator: str, value: Any) -> dict[str, Any]:
    return {"name": leaf.name, "operator": operator, "value": _plain(value)}


def _plain(value: Any) -> Any:
    if value is None:
        return True  # what business-rules' editors write where there is nothing to write
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _opposite(leaf: Leaf) -> dict[str, Any]:
    name = leaf.operator.name
    if leaf.is_standard:
        operators = STANDARD.types[leaf.kind].operators
        if _OPPOSITE.get(name) in operators:
            return _leaf(leaf, _OPPOSITE[name], leaf.value)
        below, above = ("less_than", "greater_than") if "less_than" in operators else ("before", "after")
        if name in ("equal_to", "between") and below in operators:
            first, last = leaf.value if name == "between" else (leaf.value, leaf.value)
            return {"any": [_leaf(leaf, below, first), _leaf(leaf, above, last)]}
    raise RuleError.of("no_opposite_operator", fact=leaf.name, operator=name)
