"""Who may do what: persons, units, roles, delegations, and the directory that the core reads."""

from aaworkflow.people.authority import Authority, authority
from aaworkflow.people.delegations import ALL, Delegation
from aaworkflow.people.directory import Directory
from aaworkflow.people.model import Appointment, Person, Unit
from aaworkflow.people.reading import from_mapping
from aaworkflow.people.static import StaticDirectory

__all__ = [
    "ALL",
    "Appointment",
    "Authority",
    "Delegation",
    "Directory",
    "Person",
    "StaticDirectory",
    "Unit",
    "authority",
    "from_mapping",
]
