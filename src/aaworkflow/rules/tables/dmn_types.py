"""The types of a DMN file: built-in ones, and those that its item definitions make of them."""

from collections.abc import Mapping
from typing import Final

import attrs

from aaworkflow.rules.tables.dmn_tree import Element
from aaworkflow.rules.tables.model import Kind
from aaworkflow.rules.tables.quotes import in_parts, unquoted

__all__ = ["BUILT_IN", "DmnType", "DmnTypes", "texts_in"]

BUILT_IN: Final[Mapping[str, Kind]] = {
    "number": "numeric",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "dateTime": "datetime",
    "date and time": "datetime",
}
"""DMN's types that tables can ask about."""


@attrs.frozen
class DmnType:
    """What is known of a type: which of ours it is, None for none, and the element that bounds its values."""

    kind: Kind | None
    allowed: Element | None = None


class DmnTypes:
    """Types by name, and the types of variables."""

    def __init__(self, root: Element) -> None:
        self._items = {item.get("name") or "": item for item in root.all("itemDefinition")}
        self._variables: dict[str, str | None] = {}
        for holder in (*root.all("inputData"), *root.all("decision")):
            variable = holder.first("variable")
            name = (variable.get("name") if variable else None) or holder.get("name") or ""
            self._variables[name] = variable.get("typeRef") if variable else None

    def known(self, expression: str) -> bool:
        """Say whether an expression is a variable, or a path from one."""
        return any(expression == name or expression.startswith(f"{name}.") for name in self._variables)

    def of_variable(self, expression: str) -> DmnType | None:
        """Return the type of a variable, or of the component that a path leads to; None if it has none."""
        for name in sorted(self._variables, key=len, reverse=True):
            if expression == name:
                return self.named(self._variables[name])
            if expression.startswith(f"{name}."):
                item = self._items.get(_local(self._variables[name]))
                return self._component(item, expression[len(name) + 1 :].split("."))
        return None

    def named(self, name: str | None) -> DmnType | None:
        """Return the type of a name; None if there is no name."""
        if not name or _local(name) == "Any":
            return None
        local = _local(name)
        if local in BUILT_IN:
            return DmnType(BUILT_IN[local])
        return self._item(self._items.get(local), 0)

    def _item(self, item: Element | None, depth: int) -> DmnType:
        """Return the type that an item definition makes; lists are judged by their elements."""
        if item is None or item.first("itemComponent") or depth > len(self._items):
            return DmnType(None)
        base = item.first("typeRef")
        local = _local(base.text if base else None)
        below = DmnType(BUILT_IN[local]) if local in BUILT_IN else self._item(self._items.get(local), depth + 1)
        return DmnType(below.kind, item.first("allowedValues", "typeConstraint") or below.allowed)

    def _component(self, item: Element | None, path: list[str]) -> DmnType:
        if item is None or not path:
            return self._item(item, 0)
        component = next((each for each in item.all("itemComponent") if each.get("name") == path[0]), None)
        if component is None:
            return DmnType(None)
        if component.first("itemComponent"):
            return self._component(component, path[1:])
        base = component.first("typeRef")
        return (self.named(base.text if base else None) or DmnType(None)) if not path[1:] else DmnType(None)


def texts_in(element: Element) -> tuple[str, ...] | None:
    """Return the texts that a list of values names, or None where it names anything else."""
    try:
        found = [unquoted(part, feel=True) for part in in_parts(element.text, feel=True)]
    except ValueError:
        return None
    return tuple(text for text in found if text is not None) if None not in found else None


def _local(name: str | None) -> str:
    """Return a type's name without the prefix of its namespace."""
    return (name or "").rpartition(":")[2].strip()
