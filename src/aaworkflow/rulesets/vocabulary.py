"""The whole language, declared once: every section and key, what may stand there, and what it is for."""

from typing import Any, Final

import attrs

from aaworkflow.rulesets.people_vocabulary import DELEGATION, PEOPLE_FILE
from aaworkflow.rulesets.procedure_vocabulary import NAMES, PROCEDURE, SOURCE, TITLE, about
from aaworkflow.rulesets.properties import PROPERTY
from aaworkflow.rulesets.rules_vocabulary import CONDITIONS, FACT_TYPE, TABLE
from aaworkflow.rulesets.shapes import (
    BOOL,
    DATE,
    DURATION,
    ID,
    NAME,
    TEXT,
    TIME,
    WORD,
    Choice,
    Field,
    Free,
    ListOf,
    MapOf,
    Path,
    Reader,
    Record,
)
from aaworkflow.rulesets.yaml_nodes import Node

__all__ = [
    "DELEGATION",
    "HEADER",
    "NAMED",
    "NAMES",
    "PEOPLE_FILE",
    "PROCEDURE",
    "SECTIONS",
]

_DAYS: Final = ListOf(DATE)
_MOST_VALUES: Final = 1_000
"""So many values may a parameter have: each is tried wherever the parameter is named."""

_CALENDAR: Final = Record(
    {
        "country": Field(WORD, about=about("国家代码,如 CN", "The country whose holidays hold, such as CN")),
        "subdivision": Field(
            WORD, about=about("省、州代码,该地另有节假日时写", "State or province, where it has holidays of its own")
        ),
        "timezone": Field(
            WORD, required=True, about=about("时区,如 Asia/Shanghai", "Time zone, such as Asia/Shanghai")
        ),
        "opens_at": Field(TIME, about=about("上班时间", "When the office opens")),
        "closes_at": Field(TIME, about=about("下班时间,期限到此为止", "When it closes; deadlines are due then")),
        "weekend": Field(
            ListOf(
                Choice.of(
                    {
                        "monday": ("星期一", "Monday"),
                        "tuesday": ("星期二", "Tuesday"),
                        "wednesday": ("星期三", "Wednesday"),
                        "thursday": ("星期四", "Thursday"),
                        "friday": ("星期五", "Friday"),
                        "saturday": ("星期六", "Saturday"),
                        "sunday": ("星期日", "Sunday"),
                    }
                )
            ),
            about=about("每周休息的日子", "Days of the week not worked"),
        ),
        "holidays": Field(_DAYS, about=about("国家规定以外另加的节假日", "Further holidays")),
        "make_up_days": Field(_DAYS, about=about("另加的调休上班日", "Further make-up days")),
        "extra_working_days": Field(
            _DAYS, about=about("加班日:本公司另外上班的休息日", "Days off on which the company works")
        ),
        "closures": Field(
            _DAYS, about=about("停工日:本公司另外停工的工作日", "Working days on which the company is closed")
        ),
        "final_through": Field(
            DATE,
            about=about(
                "放假安排确定到哪一天;到期在其后的期限为暂定", "The last settled day; later deadlines are provisional"
            ),
        ),
        "source": SOURCE,
    }
)
_ROLE: Final = Record(
    {
        "title": TITLE,
        "office": Field(NAME, about=about("任职单位的类别", "The kind of unit that its holders sit in")),
        "per_unit": Field(
            BOOL, about=about("每个单位各有其人,只办本单位的事项", "Held for one unit, acts only in its cases")
        ),
        "external": Field(BOOL, about=about("公司以外的人", "Outside the company")),
        "recorded_by": Field(NAME, about=about("由谁代为登记,写岗位", "The role that enters its acts")),
        "source": SOURCE,
    }
)
_PARAMETER: Final = Record(
    {
        "title": TITLE,
        "source": SOURCE,
        "note": Field(TEXT, about=about("说明", "A remark")),
        "values": Field(
            MapOf(Free(), key=DATE, most=_MOST_VALUES),
            required=True,
            about=about("自某日起的值", "The value from each day on"),
        ),
    }
)


@attrs.frozen
class _FactType:
    """A fact type of the reader's vocabulary."""

    blank: str | None = None

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the type's name."""
        return Choice(tuple(reader.vocabulary.types)).read(reader, node, path)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema: which types there are depends on the vocabulary."""
        return dict(FACT_TYPE)


_FACT: Final = Record(
    {
        "title": TITLE,
        "type": Field(_FactType(), required=True, about=about("类型:金额、日期、选项……", "The type of its values")),
        "options": Field(MapOf(TEXT), about=about("可选值", "What can be chosen")),
        "from": Field(NAME, about=about("取自:文件.部分", "Taken from document.part")),
        "table": Field(NAME, about=about("由决策表得出:表.列", "Answered by table.output")),
        "optional": Field(BOOL, about=about("可以不填", "Whether it may be absent")),
        "source": SOURCE,
    }
)
_DOCUMENT: Final = Record(
    {
        "title": TITLE,
        "parts": Field(MapOf(TEXT, key=ID), about=about("必备内容", "Parts that must be there")),
        "optional_parts": Field(MapOf(TEXT, key=ID), about=about("可选内容", "Parts that may be there")),
        "signed_by": Field(NAMES, about=about("外传或下发前须签字的岗位", "Roles that sign before it leaves")),
        "source": SOURCE,
    }
)

_ACTION: Final = Record(
    {
        "require_step": Field(NAME, about=about("必须经过的步骤", "A step that must be entered")),
        "add_reviewer": Field(
            Record(
                {
                    "step": Field(NAME, required=True, about=about("步骤", "The step")),
                    "role": Field(NAME, required=True, about=about("增加的岗位", "The role that joins")),
                }
            ),
            about=about("增加评审人", "A further member of a panel"),
        ),
        "refuse_step": Field(
            Record(
                {
                    "step": Field(NAME, required=True, about=about("步骤", "The step")),
                    "text": Field(TEXT, about=about("理由", "What people are told")),
                }
            ),
            about=about("不得办理的步骤", "A step that is refused"),
        ),
        "warn": Field(TEXT, about=about("提示", "A warning")),
    }
)
_RULE: Final = Record(
    {
        "title": TITLE,
        "source": SOURCE,
        "when": Field(CONDITIONS, required=True, about=about("在什么条件下成立", "When it fires")),
        "then": Field(
            ListOf(_ACTION),
            about=about(
                "成立时怎样;由去向引用的规则不必写", "What follows; not needed where a route asks for the rule"
            ),
        ),
    }
)

_STEP: Final = Field(NAME, about=about("步骤,重名时写 程序.步骤", "A step; procedure.step where several have the name"))
_NEEDED_STEP: Final = Field(NAME, required=True, about=_STEP.about)
_GUARANTEE: Final = Record(
    {
        "source": SOURCE,
        "text": Field(TEXT, required=True, about=about("保证的内容", "What is guaranteed")),
        "never": Field(
            Record(
                {
                    "step": _STEP,
                    "when": Field(NAME, about=about("规则成立时", "Where this rule fires")),
                    "before": Field(NAME, about=about("在此步骤之前", "Before this step")),
                    "sends": Field(NAME, about=about("发出的文件", "The document that is sent")),
                    "unsigned": Field(BOOL, about=about("未签字而发出", "Sent unsigned")),
                }
            ),
            about=about("绝不发生", "What never happens"),
        ),
        "always_before": Field(
            Record(
                {
                    "step": _NEEDED_STEP,
                    "before": Field(
                        NAME, required=True, about=about("先于它的步骤,必须先办", "The step that must come first")
                    ),
                }
            ),
            about=about("总是先有 before,后有 step", "`before` always comes before `step`"),
        ),
        "always_within": Field(
            Record(
                {
                    "step": _NEEDED_STEP,
                    "within": Field(DURATION, required=True, about=about("期限", "How long at most")),
                }
            ),
            about=about("期限总不超过", "The step never has longer"),
        ),
        "can_finish": Field(NAME, about=about("此程序总能办结", "Every case of this procedure can end")),
        "only": Field(
            Record(
                {
                    "step": _NEEDED_STEP,
                    "roles": Field(NAMES, about=about("这些岗位", "These roles")),
                    "office": Field(NAME, about=about("这类单位的人", "People of this office")),
                }
            ),
            about=about("只有这些人可以办理", "Only these may act"),
        ),
    }
)

HEADER: Final[dict[str, Field]] = {
    "ruleset": Field(ID, required=True, about=about("规则集的标识", "The ruleset's id")),
    "version": Field(WORD, required=True, about=about("版本,如 2026.1", "Its version, such as 2026.1")),
    "effective_from": Field(DATE, required=True, about=about("自何日起施行", "The day from which it holds")),
    "title": TITLE,
    "currency": Field(WORD, about=about("货币代码,如 CNY", "Currency, such as CNY")),
    "administrators": Field(
        NAMES,
        about=about("管理员的岗位,可以终止、挂起、跳转、延长期限", "Roles that may add, extend, pause, hand over"),
    ),
    "calendar": Field(_CALENDAR, required=True, about=about("公司的工作日历", "The company's calendar")),
}
"""What a ruleset says once."""

NAMED: Final[dict[str, Field]] = {
    "calendars": Field(MapOf(_CALENDAR, key=ID), about=about("其他日历", "Further calendars")),
    "offices": Field(
        MapOf(Record({"title": TITLE}), key=ID),
        about=about("单位的类别,如总公司、分公司", "Kinds of unit, such as branches"),
    ),
    "roles": Field(
        MapOf(_ROLE, key=ID),
        about=about(
            "岗位:步骤由岗位办理,谁任职见人员文件", "Roles, which act at steps; people.yaml says who holds them"
        ),
    ),
    "parameters": Field(
        MapOf(_PARAMETER, key=ID), about=about("参数:自某日起的数值,如金额起点", "Dated values, such as thresholds")
    ),
    "facts": Field(
        MapOf(_FACT, key=ID),
        about=about("事实:单据上的数据,供规则和决策表判断", "Facts of a case, which rules and tables ask about"),
    ),
    "documents": Field(MapOf(_DOCUMENT, key=ID), about=about("文件种类", "Kinds of document")),
    "breaches": Field(
        MapOf(Record({"title": TITLE, "source": SOURCE}), key=ID),
        about=about("按违反操作规程记录的情形", "Refusals recorded as breaches, by code"),
    ),
    "rules": Field(
        MapOf(_RULE, key=ID), about=about("规则:条件成立时的特别要求", "Rules: what is asked for where conditions hold")
    ),
    "guarantees": Field(
        MapOf(_GUARANTEE, key=ID),
        about=about("保证:无论怎样办理都必须做到,由 check 证明", "What must hold in every case, proven by `check`"),
    ),
    "properties": Field(
        MapOf(PROPERTY, key=ID),
        about=about("性质:如金额越大,审批级别不会越低", "What never falls or rises as a fact rises"),
    ),
    "tables": Field(MapOf(TABLE, key=ID), about=about("决策表:行数多的对照表", "Decision tables")),
}
"""Sections of entries by id, which may be spread over files."""

SECTIONS: Final = Record({name: Field(f.shape, about=f.about) for name, f in {**HEADER, **NAMED}.items()})
"""What a file that is not about a procedure holds."""
