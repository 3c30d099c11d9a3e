"""The language of office files: what comes in, who is there when, how long things take, how people decide."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any, Final, Literal

import attrs

from aaworkflow.errors import AnalysisError
from aaworkflow.rulesets.alternatives import by_kind
from aaworkflow.rulesets.people_vocabulary import DELEGATION
from aaworkflow.rulesets.procedure_vocabulary import about
from aaworkflow.rulesets.procedure_words import DOES
from aaworkflow.rulesets.reader import Path, Reader
from aaworkflow.rulesets.schema import file_schema
from aaworkflow.rulesets.shapes import (
    AMOUNT,
    DATE,
    FRACTION,
    FREE,
    NAME,
    STRING,
    Choice,
    Field,
    ListOf,
    MapOf,
    OfScalar,
    Record,
)
from aaworkflow.rulesets.yaml_nodes import Node, Scalar
from aaworkflow.texts import Text

__all__ = ["OFFICE_FILE", "Span", "office_schema"]

_MINUTES: Final = ("minute", "minutes", "min", "分钟", "分")
_HOURS: Final = ("hour", "hours", "working hour", "working hours", "小时", "个小时", "工作小时", "个工作小时")
_DAYS: Final = ("working day", "working days", "工作日", "个工作日")
_WRITTEN: Final = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)\s*([^\W\d][\w ]*)")
_SPAN_OF_DAY: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\s*-\s*([01][0-9]|2[0-3]):([0-5][0-9])")


@attrs.frozen
class Span:
    """A length of working time as written; how long a working day is, the ruleset says."""

    amount: float
    unit: Literal["minute", "hour", "working day"]

    def seconds(self, day: float) -> float:
        """Return it in seconds, where a working day has so many."""
        return self.amount * {"minute": 60.0, "hour": 3600.0, "working day": day}[self.unit]


def _span(node: Scalar) -> Span:
    read = _WRITTEN.fullmatch(node.text.strip())
    for unit, words in (("minute", _MINUTES), ("hour", _HOURS), ("working day", _DAYS)):
        if read is not None and " ".join(read[2].lower().split()) in words:
            return Span(float(read[1]), unit)  # type: ignore[arg-type]
    raise AnalysisError.of("span_not_readable", value=node.text[:80])


def _hours(node: Scalar) -> tuple[time, time]:
    read = _SPAN_OF_DAY.fullmatch(node.text.strip())
    if read is None:
        raise AnalysisError.of("office_hours_not_readable", value=node.text[:80])
    first, second, third, fourth = (int(part) for part in read.groups())
    return time(first, second), time(third, fourth)


SPAN: Final = OfScalar(
    Text(zh="工作时长,如 20分钟", en="a working time such as 20 minutes"),
    _span,
    {"type": "string", "examples": ["20 minutes", "1.5 hours", "2 working days", "20分钟", "1.5小时", "2个工作日"]},
)
_HOURS_OF_DAY: Final = OfScalar(
    Text(zh="上班时间,如 09:00-12:00", en="working hours such as 09:00-12:00"),
    _hours,
    {"type": "string", "examples": ["09:00-12:00"]},
)


def _kinds(value: Any) -> dict[str, Field]:
    return {
        "fixed": Field(value, about=about("总是这么多", "Always the same")),
        "uniform": Field(
            ListOf(value), about=about("[最少, 最多],之间一样可能", "[least, most], all between as likely")
        ),
        "triangular": Field(ListOf(value), about=about("[最少, 通常, 最多]", "[least, usual, most]")),
        "exponential": Field(value, about=about("平均值;多数短,偶尔很长", "The mean; mostly short, now and then long")),
        "lognormal": Field(
            Record(
                {
                    "median": Field(value, required=True, about=about("一半不到它", "Half lie below")),
                    "p90": Field(value, required=True, about=about("九成不到它", "Nine of ten lie below")),
                }
            ),
            about=about("一半不到 median,九成不到 p90", "Half lie below the median, nine of ten below p90"),
        ),
    }


@attrs.frozen
class SpreadShape:
    """One value, or how values are spread: exactly one kind, with what goes beside it."""

    value: Any
    beside: Mapping[str, Field] = attrs.field(factory=dict)
    more: Mapping[str, Field] = attrs.field(factory=dict)
    """Further kinds."""
    blank: Any = None

    @property
    def _kinds(self) -> dict[str, Field]:
        return {**_kinds(self.value), **self.more}

    def read(self, reader: Reader, node: Node, path: Path) -> Any:
        """Return the kind with its values, and what stands beside it."""
        if isinstance(node, Scalar):
            value = self.value.read(reader, node, path)
            return None if value is None else {"fixed": value}
        problems = len(reader.findings)
        given = Record({**self._kinds, **self.beside}).read(reader, node, path)
        found = [kind for kind in given if kind in self._kinds]
        if len(found) != 1 and len(reader.findings) == problems:
            reader.wrong(node.place, "spread_not_one", found=found, allowed=self._kinds)
        return given if len(found) == 1 and len(reader.findings) == problems else None

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema."""
        one = [{"required": [kind]} for kind in self._kinds]
        record = Record({**self._kinds, **self.beside}).schema()
        return by_kind(self.value.schema(), {**record, "oneOf": one})


TIMES: Final = SpreadShape(SPAN)
_WEIGHTS: Final = MapOf(FRACTION)
_OF_FACTS: Final = SpreadShape(
    FREE,
    beside={"unit": Field(AMOUNT, about=about("取整到多少", "Rounded to whole units of this"))},
    more={"choice": Field(MapOf(FRACTION, key=STRING), about=about("值: 权重", "value: weight"))},
)
_BY_PEOPLE: Final = tuple(does for does in DOES.words if does not in ("start", "wait"))
_BY_STEP: Final = about("按步骤(程序.步骤)", "By step (procedure.step)")
_BY_ROLE: Final = about("按岗位", "By role")
_ABSENCE: Final = Record(
    {
        "from": Field(DATE, required=True, about=about("自何日起", "The first day")),
        "until": Field(DATE, required=True, about=about("到何日止(含)", "The last day, included")),
        "reason": Field(STRING, about=about("原因", "Why")),
    }
)

OFFICE_FILE: Final = Record(
    {
        "period": Field(
            Record(
                {
                    "from": Field(DATE, required=True, about=about("自何日起", "The first day")),
                    "until": Field(DATE, required=True, about=about("到何日止(含)", "The last day, included")),
                }
            ),
            about=about("模拟的起止日(含)", "The first and last day that are simulated"),
        ),
        "order": Field(
            Choice.of({"due": ("先办先到期的", "what is due first"), "arrival": ("先办先来的", "what came first")}),
            about=about("任务多时先办哪一件", "Which task comes first where there are several"),
        ),
        "arrivals": Field(
            MapOf(
                Record(
                    {
                        "rate": Field(AMOUNT, about=about("平均每个工作日几件", "So many a working day on average")),
                        "every": Field(TIMES, about=about("两件之间相隔的工作时间", "The working time between two")),
                        "by": Field(_WEIGHTS, about=about("由谁发起: 权重", "Who starts them: weight")),
                    }
                )
            ),
            about=about("每个程序多久来一件", "How often cases of each procedure come"),
        ),
        "takes": Field(
            Record(
                {
                    "steps": Field(MapOf(TIMES), about=_BY_STEP),
                    "roles": Field(MapOf(TIMES), about=_BY_ROLE),
                    "does": Field(
                        Record({does: Field(TIMES, about=DOES.says[does]) for does in _BY_PEOPLE}),
                        about=about("按步骤的类别", "By what steps do"),
                    ),
                }
            ),
            about=about("一项任务要花多少工作时间", "How much work a task is"),
        ),
        "delays": Field(
            Record({"steps": Field(MapOf(TIMES), about=_BY_STEP), "roles": Field(MapOf(TIMES), about=_BY_ROLE)}),
            about=about(
                "任务送出后多久才能办,其间不占用任何人,如客户的考虑时间",
                "How long before work can begin, while nobody is busy with it: customers think, papers travel",
            ),
        ),
        "outcomes": Field(MapOf(_WEIGHTS), about=about("步骤的各个结果多常见", "How often each outcome of a step is")),
        "facts": Field(MapOf(_OF_FACTS), about=about("事实的分布", "How the values of facts are spread")),
        "people": Field(
            MapOf(
                Record(
                    {
                        "hours": Field(ListOf(_HOURS_OF_DAY), about=about("本人的上班时间", "His own hours")),
                        "absent": Field(ListOf(_ABSENCE), about=about("缺勤", "Absences")),
                    }
                ),
                key=NAME,
            ),
            about=about("谁在什么时候上班", "Who is there when"),
        ),
        "delegations": Field(
            MapOf(DELEGATION), about=about("授权,写法同人员文件", "Delegations, as in the people file")
        ),
    }
)


def office_schema() -> dict[str, Any]:
    """Return the JSON Schema of an office file."""
    return file_schema(Text(zh="aaworkflow 办公情况", en="aaworkflow office"), OFFICE_FILE.schema())
