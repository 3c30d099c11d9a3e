"""From plain values as read to the frozen model: defaults made explicit, so that the core need not know them."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal

from aaworkflow.calendars import Overlay, OverlayKind, WorkingCalendar
from aaworkflow.calendars.hours import zone_of
from aaworkflow.people import ALL, Delegation
from aaworkflow.rulesets import model as m
from aaworkflow.rulesets.actions import Action, Rule
from aaworkflow.texts import Text

__all__ = [
    "StepNames",
    "build_calendar",
    "build_delegation",
    "build_guarantee",
    "build_procedure",
    "build_rule",
    "build_section",
]

Data = Mapping[str, Any]
StepNames = Mapping[str, tuple[str, str]]
"""The procedure and step of every name that a file may use for a step."""


def _only(data: Data, *names: str) -> dict[str, Any]:
    return {name: data[name] for name in names if name in data}


def build_calendar(id: str, data: Data) -> WorkingCalendar:
    """Make a calendar. Raises CalendarError."""
    kinds: dict[str, OverlayKind] = {
        "holidays": "holiday",
        "make_up_days": "makeup_day",
        "extra_working_days": "extra_working_day",
        "closures": "closure",
    }
    source = ", ".join(data.get("source", ()))
    overlays = tuple(Overlay(kinds[k], data[k], source=source) for k in kinds if data.get(k))
    plain = _only(data, "subdivision", "timezone", "opens_at", "closes_at", "weekend", "final_through")
    return WorkingCalendar(data.get("country"), id=id, overlays=overlays, **plain)


def build_section(section: str, id: str, data: Data) -> Any:
    """Make one entry of a section that is a plain record."""
    match section:
        case "offices":
            return m.Office(id, data["title"])
        case "roles":
            return m.Role(id, **data)
        case "parameters":
            values = tuple(sorted(data["values"].items()))
            return m.Parameter(id, data["title"], values, data.get("source", ()), data.get("note", Text()))
        case "facts":
            return _fact(id, data)
        case "documents":
            return m.DocumentKind(id, **data)
        case _:
            return m.Breach(id, **data)


def _fact(id: str, data: Data) -> m.Fact:
    kind, _, part = data.get("from", "").partition(".")
    table, _, output = data.get("table", "").partition(".")
    return m.Fact(
        id,
        data["title"],
        data["type"],
        options=data.get("options", {}),
        taken_from=(kind, part) if kind else None,
        table=table or None,
        output=output if table else None,
        optional=data.get("optional", False),
        source=data.get("source", ()),
    )


def build_guarantee(id: str, data: Data, step_of: StepNames) -> m.Guarantee:
    """Make a guarantee; its steps are named in full."""
    kind: Literal["never", "always_before", "always_within", "can_finish", "only_roles"]
    more: dict[str, Any] = {}
    if "never" in data:
        kind = "never"
        more = _only(data["never"], "step", "when", "before")
        if data["never"].get("sends"):
            more["document"] = data["never"]["sends"]
    elif "always_before" in data:
        kind, more = "always_before", dict(data["always_before"])
    elif "always_within" in data:
        kind, more = "always_within", dict(data["always_within"])
    elif "only" in data:
        kind, more = "only_roles", dict(data["only"])
    else:
        kind, more = "can_finish", {"procedure": data.get("can_finish")}
    for key in ("step", "before"):
        if more.get(key) in step_of:
            more[key] = ".".join(step_of[more[key]])
    return m.Guarantee(id, data["text"], kind, source=data.get("source", ()), **more)


def build_delegation(id: str, data: Data, timezone: str) -> Delegation:
    """Make a delegation; instants without an offset are wall clock times of `timezone`.

    Raises:
        PeopleError, CalendarError: where it cannot be.
    """

    def instant(value: datetime) -> datetime:
        return value if value.tzinfo is not None else value.replace(tzinfo=zone_of(timezone))

    scope = {k: frozenset(data[k]) if k in data else ALL for k in ("roles", "documents", "procedures")}
    return Delegation(
        id,
        data["from"],
        data["to"],
        instant(data["valid_from"]),
        instant(data["valid_until"]),
        limit=data.get("limit"),
        depth=data.get("depth", 1),
        **scope,
    )


# -------------------------------------------------------------------- procedures


def build_procedure(data: Data) -> m.Procedure:
    """Make a procedure with its steps."""
    document = data.get("document")
    ends = {id: m.End(id, **end) for id, end in data.get("ends", {}).items()}
    if not ends:
        ends = {"end": m.End("end", Text(zh="结束", en="Ended"))}
    ids = list(data["steps"])
    steps = {}
    for i, (id, step) in enumerate(data["steps"].items()):
        # With several ends nothing says which is meant; that is checked later.
        onward = ids[i + 1] if i + 1 < len(ids) else next(iter(ends)) if len(ends) == 1 else ""
        steps[id] = _step(id, step, document, onward)
    schedule = data.get("schedule")
    amend = m.Amendments(**data["amend"]) if "amend" in data else m.Amendments()
    return m.Procedure(
        data["procedure"],
        data["title"],
        start=ids[0] if ids else "",
        steps=steps,
        ends=ends,
        document=document,
        spans=tuple(_span(id, span) for id, span in data.get("spans", {}).items()),
        schedule=m.Schedule(**schedule) if schedule else None,
        amend=amend,
        **_only(data, "initiators", "needs_facts", "may_set", "withdraw", "source"),
    )


def _step(id: str, data: Data, document: str | None, onward: str) -> m.Step:
    does = data["does"]
    about = data.get("document", document)
    own = (about,) if about is not None else ()
    more = _only(
        data,
        "by",
        "source",
        "form",
        "records",
        "may_record",
        "opinion",
        "needs_documents",
        "needs_signatures",
        "only_office",
        "not_by",
        "picked_at",
        "each_person",
        "nobody",
        "within",
        "after_hours",
        "calendar",
        "receipt",
        "remind",
        "waits",
        "if_not_required",
        "irrevocable",
        "fields",
    )
    if "sends" in data:
        more["sends"] = m.Sending(**data["sends"])
    if "agree" in data:
        more["agree"] = _panel(data["agree"])
    if "supervisors" in data:
        more["supervisors"] = m.Supervisors(**data["supervisors"])
        more.setdefault("agree", m.PanelRule(mode="in_order"))
    if "unreceived" in data:
        more["unreceived"] = m.Unreceived(**data["unreceived"])
    if "agreed_before" in data:
        more["agreed_before"] = m.AgreedBefore(**data["agreed_before"])
    if "overdue" in data:
        more["overdue"] = m.Overdue(**data["overdue"])
    if "starts" in data:
        more["starts"] = m.SubCase(**data["starts"])
    if "allows" in data:
        more["allows"] = frozenset(data["allows"])
    if "returns" in data:
        more["returns"] = m.Return(**data["returns"])
    if "added" in data:
        more["added"] = m.AddedSigners(**data["added"])
    if "tolerance" in data:
        tolerance = data["tolerance"]
        more["tolerance"] = m.Tolerance(frozenset(tolerance.get("parts", ())), tolerance.get("within", {}))
    return m.Step(
        id,
        data["title"],
        does,
        document=about,
        produces=data.get("produces", own if does == "draft" else ()),
        signs=data.get("signs", own if does == "sign" else ()),
        outcomes={name: _route(r) for name, r in data.get("outcomes", {"done": onward}).items()},
        **more,
    )


def _route(data: str | Data) -> m.Route:
    if isinstance(data, str):
        return m.Route.to(data)
    kind: Literal["one", "each"] = "each" if "each" in data else "one"
    branches = data.get("each", data.get("first", ()))
    return m.Route(kind, tuple(m.RouteBranch(b["to"], b.get("when")) for b in branches), data.get("join"))


def _panel(data: str | Data) -> m.PanelRule:
    if isinstance(data, str):
        return m.PanelRule(mode=data)  # type: ignore[arg-type]
    mode, needed = data.get("rule", "rule" if "when" in data else "all"), None
    for key, counted in (("at_least", "count"), ("share", "share"), ("weight", "weight")):
        if key in data:
            mode, needed = counted, Fraction(data[key])
    more = _only(data, "when", "weights", "stop", "tie", "abstain", "secret")
    return m.PanelRule(mode=mode, needed=needed, veto=frozenset(data.get("veto", ())), **more)


def _span(id: str, data: Data) -> m.Span:
    step, _, moment = data["from"].partition(" ")
    more = _only(data, "calendar", "after_hours", "source")
    return m.Span(id, data["title"], (step, moment or "closed"), data["until"], data["within"], data["by"], **more)


# -------------------------------------------------------------------- rules


def build_rule(id: str, data: Data, step_of: StepNames) -> Rule:
    """Make a rule."""
    return Rule(
        id,
        data["title"],
        data.get("source", ()),
        data["when"],
        tuple(_action(one, step_of) for one in data.get("then", ())),
    )


def _action(data: Data, step_of: StepNames) -> Action:
    if "require_step" in data:
        return Action("require_step", step_of.get(data["require_step"]))
    if "add_reviewer" in data:
        inner = data["add_reviewer"]
        return Action("add_reviewer", step_of.get(inner["step"]), inner["role"])
    if "refuse_step" in data:
        inner = data["refuse_step"]
        return Action("refuse_step", step_of.get(inner["step"]), text=inner.get("text", Text()))
    return Action("warn", text=data.get("warn", Text()))
