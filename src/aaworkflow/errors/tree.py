"""The exceptions. Each carries its reasons; `error.code` and the data of the first reason are attributes."""

from typing import Any, Self

from aaworkflow.errors.reasons import Finding, Reason
from aaworkflow.texts import Lang

__all__ = [
    "AaworkflowError",
    "AnalysisError",
    "CalendarError",
    "CodecError",
    "CommandRefused",
    "DocumentError",
    "EngineError",
    "PeopleError",
    "PluginError",
    "RuleError",
    "RulesetError",
    "SignatureError",
    "StaleVersion",
    "StoreError",
    "UnknownCase",
]


class AaworkflowError(Exception):
    """Base of every error that this library raises.

    Attributes:
        reasons: every reason, most important first. The first one's data are attributes of the error as well.
    """

    reasons: tuple[Reason, ...]

    def __init__(self, *reasons: Reason) -> None:
        super().__init__(*reasons)
        self.reasons = reasons

    @classmethod
    def of(cls, code: str, **data: Any) -> Self:
        """Make the error with one reason."""
        return cls(Reason.of(code, **data))

    @property
    def code(self) -> str:
        """The stable code of the first reason."""
        return self.reasons[0].code

    def __getattr__(self, name: str) -> Any:
        for reason in self.__dict__.get("reasons", ())[:1]:
            if name in reason.data:
                return reason.data[name]
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def text(self, lang: Lang | None = None) -> str:
        """Return all reasons, a line each."""
        return "\n".join(reason.text(lang) for reason in self.reasons)

    def __str__(self) -> str:
        return self.text()


class AnalysisError(AaworkflowError):
    """A ruleset cannot be drawn, compared, laid out or examined as asked."""


class CalendarError(AaworkflowError):
    """A calendar cannot be made or asked so."""


class PeopleError(AaworkflowError):
    """A person, role, unit or delegation is wrong."""


class DocumentError(AaworkflowError):
    """A document's content, kind or version is wrong."""


class SignatureError(AaworkflowError):
    """A signature cannot be made or read."""


class RuleError(AaworkflowError):
    """A rule, condition or table is wrong, or was asked with wrong facts."""


class RulesetError(AaworkflowError):
    """A ruleset cannot be loaded. `findings` has every problem with its place."""

    findings: tuple[Finding, ...]

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*(finding.reason for finding in findings))
        self.findings = findings

    def text(self, lang: Lang | None = None) -> str:
        """Return all findings, a line each: `file:line:column code sentence`."""
        return "\n".join(finding.text(lang) for finding in self.findings)


class CommandRefused(AaworkflowError):
    """A command is refused. Nothing changed, except that a breach is recorded where a clause says so."""


class StaleVersion(CommandRefused):
    """The case changed since the version that the command was meant for."""


class CodecError(AaworkflowError):
    """Stored or received data cannot be read."""


class EngineError(AaworkflowError):
    """The engine was asked for something that it does not have."""


class UnknownCase(EngineError):
    """No case has this id."""


class StoreError(AaworkflowError):
    """The store cannot do what was asked, or what it holds is damaged."""


class PluginError(AaworkflowError):
    """A plugin is missing or does not keep its contract."""
