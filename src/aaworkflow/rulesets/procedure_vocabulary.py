"""The part of the language that says how procedures go: steps, panels, routes, ends, deadlines, schedules."""

from typing import Final

import attrs

from aaworkflow.rulesets.procedure_words import (
    ADDED_DUE,
    ADDED_REFUSAL,
    AFTER_HOURS,
    AGREED_AT,
    DOES,
    NOBODY,
    OPERATIONS,
    OPINION,
    OVERDUE,
    PANEL,
    RECEIPT,
    RESULT,
    RESUME,
    RIGHTS,
    STOP,
    TIE,
    UNRECEIVED,
    WITHDRAW,
)
from aaworkflow.rulesets.shapes import (
    BOOL,
    DURATION,
    FRACTION,
    ID,
    INT,
    NAME,
    REMINDER,
    STRING,
    TEXT,
    WORD,
    Either,
    Field,
    ListOf,
    MapOf,
    Record,
)
from aaworkflow.texts import Text

__all__ = ["NAMES", "PROCEDURE", "SOURCE", "TITLE", "about"]


def about(zh: str, en: str) -> Text:
    """Return what editors show of a key."""
    return Text(zh=zh, en=en)


NAMES: Final = ListOf(NAME)
SOURCE: Final = Field(
    ListOf(WORD), about=about("依据的条款号;程序文件没有规定的写 assumption", "Clauses that ask for it, or assumption")
)
TITLE: Final = Field(
    TEXT, required=True, about=about("名称,{zh: 中文, en: 英文}", "What people see, {zh: Chinese, en: English}")
)

_AFTER_HOURS: Final = Field(
    AFTER_HOURS,
    about=about("下班后或休息日收到的,算哪一天收到", "When what comes after hours or on a day off counts as received"),
)
_CALENDAR: Final = Field(NAME, about=about("按哪个日历计算", "The calendar that its deadline goes by"))
_WITHIN: Final = Field(
    DURATION, about=about("期限,自收到时起算,如 1个工作日", "The deadline, from receipt: 1 working day")
)

_AGREE: Final = Either(
    PANEL,
    Record(
        {
            "rule": Field(PANEL, about=about("会签、或签或依次", "All, any, or one after another")),
            "at_least": Field(INT, about=about("至少几票同意", "So many must agree")),
            "share": Field(FRACTION, about=about("同意的比例,如 2/3", "The share that must agree, such as 2/3")),
            "weight": Field(FRACTION, about=about("同意的权重合计", "The weight that must agree")),
            "when": Field(NAME, about=about("由规则按表决情况判断", "The rule that must fire for its votes")),
            "weights": Field(MapOf(FRACTION), about=about("各岗位的权重", "The weight of each role")),
            "veto": Field(NAMES, about=about("一票否决的岗位", "Roles whose refusal alone is enough")),
            "stop": Field(STOP, about=about("会审何时结束", "When the panel closes")),
            "tie": Field(TIE, about=about("票数相等时的结果", "The result of a tie")),
            "abstain": Field(BOOL, about=about("可以弃权", "Whether members may abstain")),
            "secret": Field(BOOL, about=about("结束前互不可见", "Whether opinions stay hidden until it closes")),
        }
    ),
)

_BRANCHES: Final = ListOf(
    Record(
        {
            "to": Field(ID, required=True, about=about("去往的步骤或结束", "The step or end that it leads to")),
            "when": Field(NAME, about=about("规则成立时才走", "The rule that must fire")),
        }
    )
)
_ROUTE: Final = Either(
    ID,
    Record(
        {
            "first": Field(_BRANCHES, about=about("第一个成立的去向", "The first branch whose rule fires")),
            "each": Field(_BRANCHES, about=about("所有成立的去向并行", "Every branch whose rule fires")),
            "join": Field(ID, about=about("并行后在哪一步汇合", "The step at which all branches meet")),
        }
    ),
)

_BRINGS: Final = {
    "document": Field(
        NAME,
        about=about(
            "针对的文件种类,不写则为程序的文件", "The document that the step is about; by default the procedure's"
        ),
    ),
    "produces": Field(NAMES, about=about("须提交的文件", "Documents that come with the decision")),
    "signs": Field(NAMES, about=about("须签字的文件", "Documents that are signed with the decision")),
    "sends": Field(
        Record(
            {
                "document": Field(NAME, required=True, about=about("发出的文件", "The document that leaves")),
                "to": Field(NAMES, required=True, about=about("接收的岗位", "The roles that receive it")),
            }
        ),
        about=about("发出文件", "Lets a document leave"),
    ),
    "form": Field(NAME, about=about("意见填入的表单", "The document that opinions are gathered into")),
    "records": Field(NAMES, about=about("必须填写的事实", "Facts that must be entered")),
    "may_record": Field(NAMES, about=about("可以填写的事实", "Facts that may be entered")),
    "opinion": Field(
        OPINION,
        about=about(
            "意见是否必填;不写时,不通过须写理由,意见填入表单(form)的除外",
            "Whether words must go with the decision; by default with a refusal, where no form takes them",
        ),
    ),
}
_CONDITIONS: Final = {
    "needs_documents": Field(NAMES, about=about("此前须有的文件", "Documents that must exist before")),
    "needs_signatures": Field(
        MapOf(NAMES), about=about("此前须有的有效签字", "Roles whose valid signatures must be there before")
    ),
    "only_office": Field(NAME, about=about("办理人必须在此类单位任职", "The office that whoever acts must sit in")),
    "not_by": Field(
        NAMES, about=about("不得由这些步骤的办理人办理", "Who decided these steps, or the initiator, can't act here")
    ),
}
_PEOPLE: Final = {
    "by": Field(NAMES, about=about("由哪些岗位办理;多个即会审", "Roles that act; several make a panel")),
    "supervisors": Field(
        Record(
            {
                "until": Field(NAME, about=about("到哪个岗位为止", "Up to the first who holds this role")),
                "levels": Field(INT, about=about("几级", "So many levels")),
            }
        ),
        about=about("由发起人的逐级上级依次审批", "The initiator's superiors, one after another"),
    ),
    "picked_at": Field(ID, about=about("在哪一步选定办理人", "The step at which who decides here is picked")),
    "each_person": Field(BOOL, about=about("岗位的每个人各有一席", "A seat for every holder of the role")),
    "agree": Field(_AGREE, about=about("怎样算通过", "When the panel has agreed")),
    "nobody": Field(NOBODY, about=about("岗位无人担任时怎样处理", "What happens when no one holds the role")),
    "agreed_before": Field(
        Record(
            {
                "at": Field(
                    AGREED_AT,
                    required=True,
                    about=about("在哪里同意过", "Where he must have agreed"),
                ),
                "by_agents": Field(BOOL, about=about("代理人代为同意的也算", "Whether what agents agreed to counts")),
                "source": attrs.evolve(SOURCE, required=True),
            }
        ),
        about=about(
            "已就同一文件、同一事实同意过的人不再审批,自动通过",
            "Passes by itself for who has agreed to the same before",
        ),
    ),
}
_TIME: Final = {
    "within": _WITHIN,
    "after_hours": _AFTER_HOURS,
    "calendar": _CALENDAR,
    "receipt": Field(
        RECEIPT, about=about("怎样算收到;期限自收到时起算", "When it counts as received, from which the deadline runs")
    ),
    "unreceived": Field(
        Record(
            {
                "after": Field(
                    DURATION, about=about("最迟签收;不写则与期限同长", "The latest receipt; by default `within`")
                ),
                "act": Field(
                    UNRECEIVED,
                    required=True,
                    about=about("怎样处理", "What follows"),
                ),
                "to": Field(NAME, about=about("改派给的岗位", "The role that it goes to")),
                "source": SOURCE,
            }
        ),
        about=about("迟迟无人签收怎样处理", "What follows where nobody records the receipt"),
    ),
    "remind": Field(
        ListOf(REMINDER), about=about("提醒,如 50% 或 到期前1个工作日", "Reminders: 50%, 1 working day before")
    ),
    "overdue": Field(
        Record(
            {
                "act": Field(
                    OVERDUE,
                    required=True,
                    about=about("怎样处理", "What follows"),
                ),
                "to": Field(NAME, about=about("改派给的岗位", "The role that it goes to")),
                "outcome": Field(ID, about=about("视为的结果", "The outcome that it counts as")),
                "source": SOURCE,
            }
        ),
        about=about("逾期怎样处理", "What follows a missed deadline"),
    ),
    "waits": Field(DURATION, about=about("等待多久后自动继续", "After how long it goes on by itself")),
}
_FLOW: Final = {
    "outcomes": Field(
        MapOf(_ROUTE, key=ID),
        about=about("各结果的去向,{结果: 步骤}", "Outcomes, and where they lead: {outcome: step}"),
    ),
    "if_not_required": Field(
        ID, about=about("规则没有要求时去往的步骤", "Where the case goes on unless a rule requires this step")
    ),
    "starts": Field(
        Record(
            {
                "procedure": Field(NAME, required=True, about=about("发起的程序", "The procedure")),
                "waits": Field(BOOL, about=about("是否等它办结", "Whether this step waits for its end")),
                "facts": Field(
                    MapOf(NAME), about=about("交给它的事实 {它的: 我的}", "Facts handed over: {theirs: ours}")
                ),
                "documents": Field(NAMES, about=about("交给它的文件", "Documents handed over")),
            }
        ),
        about=about("发起另一程序", "Starts another procedure"),
    ),
    "allows": Field(ListOf(OPERATIONS), about=about("允许对待办进行的操作", "What may be done with its tasks")),
    "added": Field(
        Record(
            {
                "due": Field(ADDED_DUE, about=about("加签期间本人的期限", "What the own deadline does meanwhile")),
                "on_refusal": Field(ADDED_REFUSAL, about=about("被加签的人不同意时", "What their refusal does")),
            }
        ),
        about=about(
            "前加签期间的期限,以及加签人不同意时如何处理", "What signers added before do to due date and decision"
        ),
    ),
    "returns": Field(
        Record(
            {
                "to": Field(
                    NAMES,
                    about=about(
                        "可以退回到哪里:previous 上一步,drafter 起草人,或写步骤",
                        "previous: the step before, drafter, or steps",
                    ),
                ),
                "resume": Field(RESUME, about=about("退回办完以后怎样走", "How it goes on afterwards")),
            }
        ),
        about=about("退回到以前的步骤", "Going back to an earlier step"),
    ),
    "irrevocable": Field(BOOL, about=about("办理后不能拿回或撤回", "Cannot be taken back or withdrawn after")),
    "tolerance": Field(
        Record(
            {
                "parts": Field(NAMES, about=about("可以随意修改的部分", "Parts that may change freely")),
                "within": Field(
                    MapOf(FRACTION),
                    about=about(
                        "允许变动的幅度,如 {amount: 5%}", "Numbers that may change by a share, such as {amount: 5%}"
                    ),
                ),
            }
        ),
        about=about("文件改动多大以内原审批仍然有效", "How much a document may change and its approval stand"),
    ),
    "fields": Field(
        MapOf(
            MapOf(
                RIGHTS,
                key=STRING,
            )
        ),
        about=about("文件各部分的权限;* 为其余部分", "Rights on a document's parts; * stands for the others"),
    ),
}
_STEP: Final = Record(
    {
        "title": TITLE,
        "by": _PEOPLE["by"],
        "does": Field(DOES, required=True, about=about("这一步做什么", "What the step does")),
        "source": SOURCE,
        **_BRINGS,
        **_CONDITIONS,
        **_PEOPLE,
        **_TIME,
        **_FLOW,
    }
)

PROCEDURE: Final = Record(
    {
        "procedure": Field(ID, required=True, about=about("程序的标识", "The procedure's id")),
        "title": TITLE,
        "source": SOURCE,
        "document": Field(NAME, about=about("起草、签字、发出所指的文件", "What draft, sign and send mean")),
        "initiators": Field(NAMES, about=about("可以发起的岗位", "Roles that may start a case")),
        "needs_facts": Field(NAMES, about=about("发起时必须填写的事实", "Facts that must be given at the start")),
        "may_set": Field(NAMES, about=about("发起时或以后可以填写的事实", "Facts that may be given or changed later")),
        "withdraw": Field(WITHDRAW, about=about("发起人何时可以撤回", "When the initiator may withdraw it")),
        "amend": Field(
            Record(
                {
                    "before": Field(
                        NAMES,
                        required=True,
                        about=about("可以在哪些步骤之前加一步", "Steps before which one may be added"),
                    ),
                    "by": Field(
                        NAMES, about=about("可以由哪些岗位的人办理", "Roles that may be asked; by default any")
                    ),
                }
            ),
            about=about("管理员可以给一件单据追加的步骤", "What administrators may add to the plan of one case"),
        ),
        "steps": Field(
            MapOf(_STEP, key=ID), required=True, about=about("步骤,第一个为起点", "Steps, the first one first")
        ),
        "ends": Field(
            MapOf(
                Record(
                    {
                        "title": TITLE,
                        "result": Field(RESULT, about=about("算办成还是未获批准", "Whether it ends well")),
                        "source": SOURCE,
                    }
                ),
                key=ID,
            ),
            about=about("结束的方式", "How it can end"),
        ),
        "spans": Field(
            MapOf(
                Record(
                    {
                        "title": TITLE,
                        "from": Field(
                            STRING,
                            required=True,
                            about=about("起点:步骤 opened/received/closed", "A step, then opened, received or closed"),
                        ),
                        "until": Field(
                            ID, required=True, about=about("到哪一步办完为止", "The step that must be closed")
                        ),
                        "within": Field(DURATION, required=True, about=_WITHIN.about),
                        "by": Field(NAME, required=True, about=about("负责的岗位", "The role answerable")),
                        "calendar": _CALENDAR,
                        "after_hours": _AFTER_HOURS,
                        "source": SOURCE,
                    }
                ),
                key=ID,
            ),
            about=about("跨几个步骤的期限", "Deadlines over several steps"),
        ),
        "schedule": Field(
            Record(
                {
                    "every": Field(DURATION, required=True, about=about("每几个工作日", "Every so many working days")),
                    "by": Field(NAME, required=True, about=about("负责的岗位", "The role answerable")),
                    "for_each": Field(NAME, about=about("每个此类单位各一份", "A case for each unit of this office")),
                    "source": SOURCE,
                }
            ),
            about=about("自动发起", "Starts by itself"),
        ),
    }
)
"""What a file about a procedure holds."""
