"""People: persons, units, the roles they hold, and whom they let act for them."""

from aaworkflow.people.authority import Authority, authority
from aaworkflow.people.directory import Directory, StaticDirectory
from aaworkflow.people.model import Appointment, Delegation, Person, Unit

__all__ = [
    "Appointment",
    "Authority",
    "Delegation",
    "Directory",
    "Person",
    "StaticDirectory",
    "Unit",
    "authority",
]
