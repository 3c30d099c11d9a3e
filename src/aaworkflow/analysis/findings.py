"""Where the entries of a ruleset stand in its files, for findings about them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

import attrs

from aaworkflow.errors import Finding, Place, Reason
from aaworkflow.rulesets import Ruleset
from aaworkflow.rulesets.yaml_nodes import Map, parse_yaml

__all__ = ["Places"]


@attrs.frozen(slots=False)
class Places:
    """The places of a ruleset's entries.

    Args:
        prefix: what stands before the names of files where places are told.
    """

    ruleset: Ruleset
    prefix: str = ""

    @cached_property
    def _known(self) -> Mapping[tuple[str, str], Place]:
        found: dict[tuple[str, str], Place] = {}
        for name, text in self.ruleset.files.items():
            node = None if name.endswith(".csv") else parse_yaml(text, self.prefix + name)
            for section in node.entries if isinstance(node, Map) else ():
                for entry in section.value.entries if isinstance(section.value, Map) else ():
                    found[section.key.text, entry.key.text] = entry.key.place
        return found

    def of(self, section: str, id: str) -> Place:
        """Return where an entry of a section stands."""
        return self._known.get((section, id), Place(f"{self.prefix}ruleset.yaml"))

    def finding(
        self, section: str, id: str, severity: Literal["error", "warning", "note"], code: str, **data: Any
    ) -> Finding:
        """Return a finding about an entry, at its place."""
        return Finding(self.of(section, id), Reason.of(code, **data), severity)
