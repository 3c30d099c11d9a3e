"""What an unknown name or word most likely stands for: people write what they read, titles and Chinese words."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

import attrs

from aaworkflow.errors import Finding, Reason, nearest
from aaworkflow.rulesets.model import Fact
from aaworkflow.texts import Text

__all__ = ["meant_entry", "meant_key", "meant_word", "with_meaning"]

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    # what a step does
    **dict.fromkeys(("起草", "编制", "拟定", "修改"), ("draft",)),
    **dict.fromkeys(("审核", "审批", "评审", "审查", "复核"), ("review",)),
    **dict.fromkeys(("签字", "签署"), ("sign",)),
    **dict.fromkeys(("发送", "发出", "寄送", "通知", "提交"), ("send",)),
    **dict.fromkeys(("登记", "填写"), ("record",)),
    **dict.fromkeys(("办理", "执行"), ("act",)),
    **dict.fromkeys(("发起",), ("start",)),
    **dict.fromkeys(("等待",), ("wait",)),
    # how a panel agrees
    **dict.fromkeys(("会签", "全部", "一致", "全体"), ("all",)),
    **dict.fromkeys(("或签", "任一", "任意"), ("any",)),
    **dict.fromkeys(("依次", "顺序"), ("in_order",)),
    # what follows a missed deadline, and others
    **dict.fromkeys(("提醒", "催办"), ("remind",)),
    **dict.fromkeys(("上报", "升级"), ("escalate",)),
    **dict.fromkeys(("改派", "转交"), ("reassign",)),
    **dict.fromkeys(("必填",), ("required",)),
    **dict.fromkeys(("可选", "选填"), ("optional",)),
    **dict.fromkeys(("签收", "登记收到"), ("recorded",)),
    **dict.fromkeys(("跳过",), ("skip",)),
    **dict.fromkeys(("拒绝",), ("refuse",)),
    **dict.fromkeys(("上级",), ("superior",)),
    **dict.fromkeys(("通过", "同意", "批准"), ("pass", "done")),
    **dict.fromkeys(("不通过", "不同意", "否决", "驳回"), ("fail", "refused")),
    **dict.fromkeys(("approve", "approved", "agree", "agreed", "passed", "yes"), ("pass",)),
    **dict.fromkeys(("reject", "rejected", "refuse", "refused", "deny", "denied", "failed", "no"), ("fail", "refused")),
    # types of facts
    **dict.fromkeys(("金额", "钱"), ("money",)),
    **dict.fromkeys(("数", "数字", "数值", "number"), ("numeric",)),
    **dict.fromkeys(("文字", "文本", "text"), ("string",)),
    **dict.fromkeys(("是否", "bool"), ("boolean",)),
    **dict.fromkeys(("选项", "单选"), ("select",)),
    **dict.fromkeys(("多选",), ("select_multiple",)),
    **dict.fromkeys(("日期",), ("date",)),
    **dict.fromkeys(("时刻", "时间"), ("datetime",)),
    # days of the week
    **dict.fromkeys(("星期六", "周六"), ("saturday",)),
    **dict.fromkeys(("星期日", "星期天", "周日"), ("sunday",)),
}
"""What people write -> the words of the language that can be meant."""


def meant_word(written: str, words: Collection[str]) -> str | None:
    """Return the word that another one, or one in Chinese, stands for."""
    return next((word for word in _WORDS.get(written, ()) if word in words), None)


def meant_key(written: str, about: Mapping[str, Text]) -> str | None:
    """Return the key that is explained by what is written: 期限 for `within`."""
    return next((key for key, text in about.items() if written and text.zh.startswith(written)), None)


def meant_entry(written: str, entries: Collection[str]) -> str | None:
    """Return the name that is meant: that of the entry whose title is written, else the nearest one, else by title."""
    titles = dict(_titles(entries))
    same = next((id for title, id in titles.items() if title == written), None)
    close = same or nearest(written, entries)
    if close is None and (title := nearest(written, titles)) is not None:
        close = titles[title]
    parts = {id for title, id in titles.items() if len(written) > 1 and written in title}
    return close or (parts.pop() if len(parts) == 1 else None)


def _titles(entries: Collection[str]) -> Iterator[tuple[str, str]]:
    for id, entry in entries.items() if isinstance(entries, Mapping) else ():
        title = entry if isinstance(entry, Text) else getattr(entry, "title", None)
        for text in (title.zh, title.en) if isinstance(title, Text) else ():
            if text:
                yield text, id


def with_meaning(finding: Finding, facts: Mapping[str, Fact], parameters: Mapping[str, Any]) -> Finding:
    """Return a finding about conditions or tables with the name that is meant, where titles tell it."""
    data = finding.reason.data
    name, meant = str(data.get("name", "")), None
    match finding.code:
        case "condition_fact_unknown" | "table_fact_unknown":
            meant = meant_entry(name, {id: facts[id] for id in data.get("allowed", ()) if id in facts})
        case "parameter_unknown":
            meant = meant_entry(name, parameters)
        case "condition_option_unknown" | "table_cell_option":
            fact = facts.get(data.get("fact", data.get("column", "")))
            meant = meant_entry(name, fact.options) if fact is not None else None
        case "condition_value_wrong" if data.get("value") in parameters:
            meant = f"{{parameter: {data['value']}}}"
    if meant is None:
        return finding
    return attrs.evolve(finding, reason=Reason(finding.code, {**data, "nearest": meant}))
