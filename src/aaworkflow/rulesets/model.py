"""What a ruleset says, as frozen values. The loader makes them from YAML; the core reads them and nothing else."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Final, Literal

import attrs

from aaworkflow.rules import DatedParameter
from aaworkflow.texts import Text

__all__ = [
    "OPERATIONS",
    "AddedSigners",
    "AgreedBefore",
    "Amendments",
    "Breach",
    "CalendarSpec",
    "DocumentKind",
    "End",
    "Fact",
    "Guarantee",
    "Office",
    "Operation",
    "Overdue",
    "PanelRule",
    "Parameter",
    "Procedure",
    "Return",
    "Role",
    "Route",
    "RouteBranch",
    "Schedule",
    "Sending",
    "Span",
    "Step",
    "SubCase",
    "Supervisors",
    "Tolerance",
    "Unreceived",
]

Source = tuple[str, ...]
"""Clause ids of the written procedure that ask for a thing; `assumption` marks what the procedure does not say."""


@attrs.frozen
class CalendarSpec:
    """How a calendar of the ruleset is made; see `aaworkflow.calendars.WorkingCalendar` for the meaning."""

    id: str
    country: str | None = None
    subdivision: str | None = None
    timezone: str = "UTC"
    opens_at: str = "09:00"
    closes_at: str = "18:00"
    weekend: tuple[int, ...] | None = None
    holidays: tuple[date, ...] = ()
    make_up_days: tuple[date, ...] = ()
    extra_working_days: tuple[date, ...] = ()
    closures: tuple[date, ...] = ()
    final_through: date | None = None
    source: Source = ()


@attrs.frozen
class Office:
    """A kind of unit: head office, branch, ..."""

    id: str
    title: Text


@attrs.frozen
class Role:
    """Who may act. A role `per_unit` is held for one unit and acts only in that unit's cases.

    `office` says in which kind of unit its holders sit: whoever sits elsewhere can't act in it, not even as an
    agent. A role that is `external` belongs to no one in the company; `recorded_by` enters its acts for it.
    """

    id: str
    title: Text
    office: str | None = None
    per_unit: bool = False
    external: bool = False
    recorded_by: str | None = None
    source: Source = ()


@attrs.frozen
class Parameter:
    """A dated value. `source` is `assumption` where the written procedure does not give it."""

    id: str
    title: Text
    values: tuple[tuple[date, Any], ...]
    source: Source = ()
    note: Text = Text()

    def dated(self) -> DatedParameter:
        """Return the parameter as rules and tables read it. Raises RuleError where it has no value."""
        return DatedParameter(self.id, self.values, self.source, self.title)


@attrs.frozen
class Fact:
    """A named value of a case. It is given by people, taken from a document's part, or answered by a table."""

    id: str
    title: Text
    kind: str
    """A fact type of the ruleset's vocabulary."""
    options: Mapping[str, Text] = attrs.field(factory=dict)
    taken_from: tuple[str, str] | None = None
    """(document kind, part): the value always is that of the document's current version."""
    table: str | None = None
    """The decision table that answers it, from the other facts; `output` names the table's column."""
    output: str | None = None
    optional: bool = False
    source: Source = ()
    examples: tuple[Any, ...] = attrs.field(default=(), eq=False)
    """Values that the operators of a plugin's type tell apart."""


@attrs.frozen
class DocumentKind:
    """A kind of document: the parts it must hold, and whose signatures make it valid."""

    id: str
    title: Text
    parts: Mapping[str, Text] = attrs.field(factory=dict)
    """Required parts: part name -> title."""
    optional_parts: Mapping[str, Text] = attrs.field(factory=dict)
    signed_by: tuple[str, ...] = ()
    """Roles that must have signed the current version before it is sent out or issued."""
    source: Source = ()


Mode = Literal["any", "all", "count", "share", "weight", "in_order", "rule"]


@attrs.frozen
class PanelRule:
    """When a panel has agreed. `needed` is the count, share or weight that suffices."""

    mode: Mode = "any"
    needed: Fraction | None = None
    weights: Mapping[str, Fraction] = attrs.field(factory=dict)
    veto: frozenset[str] = frozenset()
    """Roles whose refusal alone refuses."""
    stop: Literal["certain", "first_refusal", "all_decided"] = "certain"
    """When the panel closes: as soon as its result is certain, at the first refusal, or when all have decided."""
    tie: Literal["fail", "pass"] = "fail"
    abstain: bool = False
    secret: bool = False
    """Opinions are hidden from the other members until the panel closes."""
    when: str | None = None
    """For the mode `rule`: the rule that says whether it has agreed, by its votes and the case's facts."""


@attrs.frozen
class RouteBranch:
    """One way on: to a step or an end, where a rule fires (None: always)."""

    to: str
    when: str | None = None


@attrs.frozen
class Route:
    """Where an outcome leads: to the first branch that fires (`one`) or to all that do, until `join` (`each`)."""

    kind: Literal["one", "each"]
    branches: tuple[RouteBranch, ...]
    join: str | None = None

    @classmethod
    def to(cls, target: str) -> "Route":
        """Return the plain route to one step or end."""
        return cls("one", (RouteBranch(target),))


Operation = Literal[
    "transfer",
    "delegate",
    "add_signers_before",
    "add_signers_after",
    "add_signers_parallel",
    "remove_signers",
    "claim",
    "return",
    "take_back",
    "withdraw",
    "urge",
    "copy",
    "ask",
    "comment",
]
OPERATIONS: Final[frozenset[str]] = frozenset(Operation.__args__)  # type: ignore[attr-defined]
DEFAULT_OPERATIONS: Final[frozenset[str]] = frozenset(
    {"transfer", "delegate", "claim", "withdraw", "urge", "copy", "ask", "comment", "take_back", "return"}
)


@attrs.frozen
class Sending:
    """A document that leaves: to whom. It must be valid, and every sending and receiving keeps both clocks."""

    document: str
    to: tuple[str, ...]


@attrs.frozen
class SubCase:
    """A procedure that a step starts, with the facts that it hands over (theirs -> ours)."""

    procedure: str
    waits: bool = True
    facts: Mapping[str, str] = attrs.field(factory=dict)
    documents: tuple[str, ...] = ()


@attrs.frozen
class Overdue:
    """What happens when a deadline passes. Never a silent approval: `outcome` names the legal text in `source`."""

    act: Literal["remind", "escalate", "reassign", "outcome"] = "remind"
    to: str | None = None
    """A role, for `reassign`; None for `escalate` means the assignee's superior."""
    outcome: str | None = None
    source: Source = ()


@attrs.frozen
class Unreceived:
    """What follows where receipt is recorded and nobody records it. Never a silent one: `received` names its legal text."""

    after: str | None = None
    """The latest receipt, from the opening; None for as long as the step may take."""
    act: Literal["remind", "escalate", "reassign", "received"] = "remind"
    """`received`: from then on it counts as received, and its deadline runs."""
    to: str | None = None
    source: Source = ()


@attrs.frozen
class Tolerance:
    """What may change in a document without its approvals falling: parts free to change, or numbers within a share."""

    parts: frozenset[str] = frozenset()
    within: Mapping[str, Fraction] = attrs.field(factory=dict)


@attrs.frozen
class Return:
    """Going back from a step: where to, and what follows the resubmission."""

    to: tuple[str, ...] = ()
    """Steps that may be named; `previous` and `drafter` are words. Empty: any earlier step."""
    resume: Literal["rerun", "back_to_me"] = "rerun"


@attrs.frozen
class AddedSigners:
    """What signers added before somebody (前加签) do to him: to his due date, and by a refusal."""

    due: Literal["keep", "pause"] = "keep"
    """`pause`: his deadline stands still, by working time, until they have decided."""
    on_refusal: Literal["back", "refuse"] = "back"
    """`back`: he decides all the same; `refuse`: their refusal is his."""


@attrs.frozen
class AgreedBefore:
    """How a step passes by itself for who has agreed earlier in the case, on the same documents and facts (自动去重)."""

    at: Literal["anywhere", "previous", "first"] = "anywhere"
    """Where he must have agreed: at any earlier step, at the one just before, or at the first that anybody agreed at."""
    by_agents: bool = False
    """Whether what an agent agreed to for him counts as his own."""
    source: Source = ()


@attrs.frozen
class Supervisors:
    """A chain of superiors who decide one after another, from the initiator's own upwards.

    It ends with the first who holds `until`, or after so many `levels`, or at the top.
    """

    until: str | None = None
    levels: int | None = None


@attrs.frozen
class Step:
    """One step of a procedure. What must be brought, by whom, by when, and where each outcome leads."""

    id: str
    title: Text
    does: Literal["draft", "review", "sign", "send", "record", "act", "start", "wait"]
    by: tuple[str, ...] = ()
    """Roles; more than one makes a panel with a seat for each."""
    outcomes: Mapping[str, Route] = attrs.field(factory=dict)
    source: Source = ()

    # what the actor brings
    document: str | None = None
    produces: tuple[str, ...] = ()
    """Document kinds of which a new version, with all required parts, must come with the decision."""
    signs: tuple[str, ...] = ()
    """Document kinds whose current version must be signed with the decision."""
    sends: Sending | None = None
    form: str | None = None
    """A document kind that each actor's form fields are gathered into when the step closes."""
    records: tuple[str, ...] = ()
    """Facts that must come with the decision."""
    may_record: tuple[str, ...] = ()
    opinion: Literal["required", "required_on_fail", "optional"] = attrs.field()
    """Whether reasons must be given: unless said otherwise with every refusal, where no form takes them."""

    @opinion.default
    def _reasons_with_refusals(self) -> Literal["required_on_fail", "optional"]:
        return "required_on_fail" if "fail" in self.outcomes and self.form is None else "optional"

    # what must hold before
    needs_documents: tuple[str, ...] = ()
    needs_signatures: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict)
    """Document kind -> roles whose valid signature on the current version must be there."""
    only_office: str | None = None
    """The office that whoever acts must sit in, agents included."""
    not_by: tuple[str, ...] = ()
    """Separation of duties: whoever decided one of these steps, or `initiator`, can't act here."""

    # panels
    supervisors: Supervisors | None = None
    """The superiors of the initiator decide here, instead of roles."""
    picked_at: str | None = None
    """The step at which persons are picked, from the holders of the roles, who decide here."""
    each_person: bool = False
    """A seat for every holder of the role instead of one for the role."""
    agree: PanelRule | None = None
    nobody: Literal["refuse", "skip", "superior"] = "refuse"
    """What happens when no one holds the role."""
    agreed_before: AgreedBefore | None = None
    """Given: who has agreed to the same before is not asked again."""

    # time
    within: str | None = None
    """A duration such as `1 working day`; counted from receipt."""
    after_hours: Literal["same_day", "next_working_day"] = "same_day"
    calendar: str | None = None
    receipt: Literal["on_opening", "recorded"] = "on_opening"
    """`recorded`: the receiver's own clock says when it was received (S1); acting counts as receiving."""
    unreceived: Unreceived = Unreceived()
    remind: tuple[str, ...] = ()
    """Durations before due, or shares of the time such as `50%`."""
    overdue: Overdue = Overdue()
    waits: str | None = None
    """For `wait`: the duration after which the step goes on by itself."""

    # flow
    if_not_required: str | None = None
    """The step is entered only where a rule requires it; else the case goes on to this step."""
    starts: SubCase | None = None
    allows: frozenset[str] = DEFAULT_OPERATIONS
    returns: Return = Return()
    added: AddedSigners = AddedSigners()
    irrevocable: bool = False
    tolerance: Tolerance | None = None
    """Given: approvals of this step fall when the document changes beyond it."""
    fields: Mapping[str, Mapping[str, Literal["read", "write", "hidden"]]] = attrs.field(factory=dict)
    """Document kind -> part -> right at this step; `*` stands for the other parts."""


@attrs.frozen
class End:
    """A named end of a procedure."""

    id: str
    title: Text
    result: Literal["done", "refused"] = "done"
    source: Source = ()


@attrs.frozen
class Span:
    """A deadline over several steps: from an opening, receipt or closing of one to the closing of another."""

    id: str
    title: Text
    start: tuple[str, Literal["opened", "received", "closed"]]
    until: str
    within: str
    by: str
    """The role answerable."""
    calendar: str | None = None
    after_hours: Literal["same_day", "next_working_day"] = "same_day"
    source: Source = ()


@attrs.frozen
class Schedule:
    """A procedure that starts by itself, on every n-th working day, for each unit of an office or once."""

    every: str
    by: str
    for_each: str | None = None
    """An office: a case for each of its units."""
    source: Source = ()


@attrs.frozen
class Amendments:
    """追加: what administrators may add to the plan of a running case; reviewers may join its panels anyway."""

    before: tuple[str, ...] = ()
    """Steps before which a further one may be asked for."""
    by: tuple[str, ...] = ()
    """Roles that may be asked there, or persons who hold one of them; empty: anybody."""


@attrs.frozen
class Procedure:
    """One procedure: its steps, from the first to its ends."""

    id: str
    title: Text
    start: str
    steps: Mapping[str, Step]
    ends: Mapping[str, End]
    initiators: tuple[str, ...] = ()
    """Roles that may start a case; by default those of the first step."""
    document: str | None = None
    spans: tuple[Span, ...] = ()
    schedule: Schedule | None = None
    needs_facts: tuple[str, ...] = ()
    """Facts that must be given at the start."""
    may_set: tuple[str, ...] = ()
    """Facts that may be given at the start or set later by whoever may act."""
    withdraw: Literal["strict", "lenient", "never"] = "strict"
    amend: Amendments = Amendments()
    source: Source = ()


@attrs.frozen
class Breach:
    """A refusal, by its code, that is recorded as a breach of operating rules."""

    code: str
    title: Text
    source: Source = ()


@attrs.frozen
class Guarantee:
    """What must hold in every case; proven by exhaustive search over the real decide and evolve.

    `step` and `before` are named in full: `procedure.step`.
    """

    id: str
    text: Text
    kind: Literal["never", "always_before", "always_within", "can_finish", "only_roles"]
    source: Source = ()
    procedure: str | None = None
    step: str | None = None
    before: str | None = None
    when: str | None = None
    roles: tuple[str, ...] = ()
    office: str | None = None
    within: str | None = None
    document: str | None = None
    """For `never`: the document whose unsigned sending is meant."""
