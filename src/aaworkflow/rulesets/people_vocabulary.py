"""The language of people files: units, people, delegations."""

from typing import Final

from aaworkflow.rulesets.procedure_vocabulary import NAMES, TITLE, about
from aaworkflow.rulesets.shapes import (
    AMOUNT,
    BOOL,
    DATE,
    INSTANT,
    INT,
    NAME,
    STRING,
    TEXT,
    WORD,
    Either,
    Field,
    ListOf,
    MapOf,
    Record,
)

__all__ = ["DELEGATION", "PEOPLE_FILE"]

DELEGATION: Final = Record(
    {
        "from": Field(NAME, required=True, about=about("授权人", "Who lets another act for him")),
        "to": Field(NAME, required=True, about=about("被授权人", "Who acts")),
        "valid_from": Field(
            INSTANT, required=True, about=about("自何时起,授权人当地时间", "From when, by the principal's wall clock")
        ),
        "valid_until": Field(INSTANT, required=True, about=about("到何时止(不含)", "Until when, not included")),
        "roles": Field(NAMES, about=about("限于这些岗位", "For these roles only")),
        "documents": Field(NAMES, about=about("限于这些文件", "For these kinds of document only")),
        "procedures": Field(NAMES, about=about("限于这些程序", "For these procedures only")),
        "limit": Field(AMOUNT, about=about("金额上限", "Up to this amount")),
        "depth": Field(
            INT, about=about("可以转授权几层,1 为不可", "How many may follow one another; 1: not passed on")
        ),
    }
)

_UNIT: Final = Record(
    {
        "title": TITLE,
        "office": Field(NAME, required=True, about=about("单位的类别", "Which office of the ruleset it is")),
        "calendar": Field(NAME, about=about("所用的日历", "The calendar of whoever sits there")),
        "timezone": Field(WORD, about=about("时区", "The time zone of whoever sits there")),
        "parent": Field(NAME, about=about("上级单位", "The unit that it lies in")),
    }
)
_APPOINTMENT: Final = Record(
    {
        "role": Field(NAME, required=True, about=about("岗位", "The role")),
        "unit": Field(NAME, about=about("管辖的单位,默认为所在单位", "For which unit; by default the own one")),
        "from": Field(DATE, about=about("自何日起", "The first day")),
        "until": Field(DATE, about=about("到何日止(含)", "The last day, included")),
    }
)
_PERSON: Final = Record(
    {
        "name": Field(TEXT, required=True, about=about("姓名", "What people call him")),
        "unit": Field(NAME, about=about("所在单位", "Where he sits")),
        "roles": Field(ListOf(Either(NAME, _APPOINTMENT)), about=about("担任的岗位", "Roles held")),
        "superior": Field(NAME, about=about("上级,用于上报", "Who is above, for escalation")),
        "email": Field(STRING, about=about("接收通知的邮箱", "Where notices go")),
        "timezone": Field(WORD, about=about("时区", "The time zone of his clock")),
        "active": Field(BOOL, about=about("false 表示已离职", "false once he has left")),
    }
)

PEOPLE_FILE: Final = Record(
    {
        "units": Field(MapOf(_UNIT), required=True, about=about("单位", "Units")),
        "people": Field(MapOf(_PERSON), required=True, about=about("人员", "People")),
        "delegations": Field(MapOf(DELEGATION), about=about("授权", "Delegations")),
    }
)
