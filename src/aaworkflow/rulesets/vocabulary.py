"""The whole language, declared once: every section and key, what may stand there, and what it is for."""

from typing import Any, Final

from aaworkflow.rules import TYPES
from aaworkflow.rulesets.model import OPERATIONS
from aaworkflow.rulesets.shapes import (
    BOOL,
    DATE,
    DURATION,
    FRACTION,
    FREE,
    INSTANT,
    INT,
    NAME,
    STRING,
    TEXT,
    TIME,
    WORD,
    Choice,
    Either,
    Field,
    ListOf,
    MapOf,
    Record,
)
from aaworkflow.texts import Text

__all__ = ["DELEGATION", "DOES", "PEOPLE_FILE", "PROCEDURE", "SECTIONS"]


def _about(zh: str, en: str) -> Text:
    return Text(zh=zh, en=en)


NAMES: Final = ListOf(NAME)
SOURCE: Final = Field(NAMES, about=_about("依据的条款号,或 assumption(假设)", "Clause ids, or assumption"))
TITLE: Final = Field(TEXT, required=True, about=_about("名称", "What people see"))

CALENDAR: Final = Record(
    {
        "country": Field(WORD, about=_about("国家代码", "Country code of the holidays")),
        "subdivision": WORD,
        "timezone": Field(WORD, required=True, about=_about("时区", "IANA time zone")),
        "opens_at": TIME,
        "closes_at": TIME,
        "weekend": ListOf(Choice(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"))),
        "holidays": ListOf(DATE),
        "make_up_days": ListOf(DATE),
        "extra_working_days": ListOf(DATE),
        "closures": ListOf(DATE),
        "final_through": DATE,
        "source": SOURCE,
    }
)
ROLE: Final = Record(
    {
        "title": TITLE,
        "office": Field(NAME, about=_about("任职单位的类别", "The kind of unit that holders sit in")),
        "per_unit": Field(BOOL, about=_about("每个单位各有其人", "Held for one unit, acts only in its cases")),
        "external": Field(BOOL, about=_about("公司以外", "Outside the company")),
        "recorded_by": Field(NAME, about=_about("由谁代为登记", "Who enters its acts")),
        "source": SOURCE,
    }
)
PARAMETER: Final = Record(
    {
        "title": TITLE,
        "source": SOURCE,
        "note": TEXT,
        "values": Field(MapOf(FREE, key=DATE), required=True, about=_about("自某日起的值", "Value from each date")),
    }
)
FACT: Final = Record(
    {
        "title": TITLE,
        "type": Field(Choice(TYPES), required=True, about=_about("类型", "Type")),
        "options": Field(MapOf(TEXT), about=_about("可选值", "Options of a select")),
        "from": Field(NAME, about=_about("取自:文件.部分", "Taken from document.part")),
        "table": Field(NAME, about=_about("由决策表得出:表.列", "Answered by table.output")),
        "optional": Field(BOOL, about=_about("可以不填", "May be absent")),
        "source": SOURCE,
    }
)
DOCUMENT: Final = Record(
    {
        "title": TITLE,
        "parts": Field(MapOf(TEXT), about=_about("必备内容", "Parts that must be there")),
        "optional_parts": MapOf(TEXT),
        "signed_by": Field(NAMES, about=_about("外传前须由谁签字", "Whose signatures make it valid")),
        "source": SOURCE,
    }
)
BREACH: Final = Record({"title": TITLE, "source": SOURCE})

_PANEL_WORDS: Final = ("all", "any", "in_order")
AGREE: Final = Either(
    Choice(_PANEL_WORDS),
    Record(
        {
            "rule": Choice(_PANEL_WORDS),
            "at_least": INT,
            "share": FRACTION,
            "weight": FRACTION,
            "weights": MapOf(FRACTION),
            "veto": NAMES,
            "stop": Choice(("certain", "first_refusal", "all_decided")),
            "tie": Choice(("fail", "pass")),
            "abstain": BOOL,
            "secret": BOOL,
        }
    ),
)
BRANCH: Final = Record({"to": Field(NAME, required=True), "when": NAME})
ROUTE: Final = Either(NAME, Record({"first": ListOf(BRANCH), "each": ListOf(BRANCH), "join": NAME}))

DOES: Final = ("draft", "review", "sign", "send", "record", "act", "start", "wait")
STEP: Final = Record(
    {
        "title": TITLE,
        "by": Field(NAMES, about=_about("由谁办理;多个岗位即会审", "Roles; more than one makes a panel")),
        "does": Field(Choice(DOES), required=True, about=_about("做什么", "What the step is")),
        "source": SOURCE,
        "outcomes": Field(MapOf(ROUTE), about=_about("结果及去向", "Outcomes and where they lead")),
        "document": NAME,
        "produces": NAMES,
        "signs": NAMES,
        "sends": Record({"document": Field(NAME, required=True), "to": Field(NAMES, required=True)}),
        "form": NAME,
        "records": NAMES,
        "may_record": NAMES,
        "opinion": Choice(("required", "required_on_fail", "optional")),
        "needs_documents": NAMES,
        "needs_signatures": MapOf(NAMES),
        "only_office": NAME,
        "not_by": NAMES,
        "supervisors": Field(
            Record({"until": NAME, "levels": INT}),
            about=_about("由发起人的逐级上级依次审批", "The initiator's superiors, one after another"),
        ),
        "picked_at": Field(NAME, about=_about("在哪一步选定办理人", "The step at which who decides here is picked")),
        "each_person": BOOL,
        "agree": AGREE,
        "nobody": Choice(("refuse", "skip", "superior")),
        "within": Field(DURATION, about=_about("期限,自收到时起算", "Counted from receipt")),
        "after_hours": Choice(("same_day", "next_working_day")),
        "calendar": NAME,
        "receipt": Choice(("on_opening", "recorded")),
        "remind": ListOf(STRING),
        "overdue": Record(
            {
                "act": Field(Choice(("remind", "escalate", "reassign", "outcome")), required=True),
                "to": NAME,
                "outcome": NAME,
                "source": SOURCE,
            }
        ),
        "waits": DURATION,
        "if_not_required": NAME,
        "starts": Record(
            {
                "procedure": Field(NAME, required=True),
                "waits": BOOL,
                "facts": MapOf(NAME),
                "documents": NAMES,
            }
        ),
        "allows": ListOf(Choice(tuple(sorted(OPERATIONS)))),
        "returns": Record({"to": NAMES, "resume": Choice(("rerun", "back_to_me"))}),
        "irrevocable": BOOL,
        "tolerance": Record({"parts": NAMES, "within": MapOf(FRACTION)}),
        "fields": MapOf(MapOf(Choice(("read", "write", "hidden")), key=STRING)),
    }
)
END: Final = Record({"title": TITLE, "result": Choice(("done", "refused")), "source": SOURCE})
SPAN: Final = Record(
    {
        "title": TITLE,
        "from": Field(
            STRING, required=True, about=_about("步骤 opened/received/closed", "step opened|received|closed")
        ),
        "until": Field(NAME, required=True),
        "within": Field(DURATION, required=True),
        "by": Field(NAME, required=True),
        "calendar": NAME,
        "after_hours": Choice(("same_day", "next_working_day")),
        "source": SOURCE,
    }
)
PROCEDURE: Final = Record(
    {
        "procedure": Field(NAME, required=True, about=_about("程序的标识", "The procedure's id")),
        "title": TITLE,
        "source": SOURCE,
        "document": NAME,
        "initiators": NAMES,
        "needs_facts": NAMES,
        "may_set": NAMES,
        "withdraw": Choice(("strict", "lenient", "never")),
        "steps": Field(MapOf(STEP), required=True),
        "ends": MapOf(END),
        "spans": MapOf(SPAN),
        "schedule": Record(
            {
                "every": Field(DURATION, required=True),
                "by": Field(NAME, required=True),
                "for_each": NAME,
                "source": SOURCE,
            }
        ),
    }
)
ACTION: Final = Record(
    {
        "require_step": NAME,
        "add_reviewer": Record({"step": Field(NAME, required=True), "role": Field(NAME, required=True)}),
        "refuse_step": Record({"step": Field(NAME, required=True), "text": TEXT}),
        "warn": TEXT,
    }
)
RULE: Final = Record(
    {
        "title": TITLE,
        "source": SOURCE,
        "when": Field(
            FREE, required=True, about=_about("条件:all / any / not / {name, operator, value}", "Conditions")
        ),
        "then": ListOf(ACTION),
    }
)
GUARANTEE: Final = Record(
    {
        "source": SOURCE,
        "text": Field(TEXT, required=True),
        "never": Record({"step": NAME, "when": NAME, "before": NAME, "sends": NAME, "unsigned": BOOL}),
        "always_before": Record({"step": Field(NAME, required=True), "before": Field(NAME, required=True)}),
        "always_within": Record({"step": Field(NAME, required=True), "within": Field(DURATION, required=True)}),
        "can_finish": NAME,
        "only": Record({"step": Field(NAME, required=True), "roles": NAMES, "office": NAME}),
    }
)
TABLE: Final = Record(
    {
        "title": TITLE,
        "source": SOURCE,
        "hit_policy": WORD,
        "aggregation": WORD,
        "file": STRING,
        "inputs": FREE,
        "outputs": FREE,
        "rows": FREE,
        "default": FREE,
        "no_match": WORD,
        "note": TEXT,
    }
)

SECTIONS: Final[dict[str, Any]] = {
    "ruleset": NAME,
    "version": WORD,
    "effective_from": DATE,
    "title": TEXT,
    "currency": WORD,
    "administrators": NAMES,
    "calendar": CALENDAR,
    "calendars": MapOf(CALENDAR),
    "offices": MapOf(Record({"title": TITLE})),
    "roles": MapOf(ROLE),
    "parameters": MapOf(PARAMETER),
    "facts": MapOf(FACT),
    "documents": MapOf(DOCUMENT),
    "breaches": MapOf(BREACH),
    "rules": MapOf(RULE),
    "guarantees": MapOf(GUARANTEE),
    "tables": MapOf(TABLE),
}
"""What a file that is not a procedure may hold."""

DELEGATION: Final = Record(
    {
        "from": Field(NAME, required=True, about=_about("授权人", "Who lets another act for him")),
        "to": Field(NAME, required=True, about=_about("被授权人", "Who acts")),
        "valid_from": Field(INSTANT, required=True),
        "valid_until": Field(INSTANT, required=True),
        "roles": NAMES,
        "documents": NAMES,
        "procedures": NAMES,
        "limit": FREE,
        "depth": INT,
    }
)

PEOPLE_FILE: Final = Record(
    {
        "units": Field(
            MapOf(
                Record(
                    {
                        "title": TITLE,
                        "office": Field(NAME, required=True),
                        "calendar": NAME,
                        "timezone": WORD,
                        "parent": NAME,
                    }
                )
            ),
            required=True,
        ),
        "people": Field(
            MapOf(
                Record(
                    {
                        "name": Field(TEXT, required=True),
                        "unit": NAME,
                        "roles": ListOf(
                            Either(
                                NAME,
                                Record({"role": Field(NAME, required=True), "unit": NAME, "from": DATE, "until": DATE}),
                            )
                        ),
                        "superior": NAME,
                        "email": STRING,
                        "timezone": WORD,
                        "active": BOOL,
                    }
                )
            ),
            required=True,
        ),
        "delegations": MapOf(DELEGATION),
    }
)
