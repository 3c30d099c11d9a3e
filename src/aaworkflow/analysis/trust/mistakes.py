"""What the mistakes that mutants make are called."""

import re
from collections.abc import Mapping
from typing import Final

from aaworkflow.texts import Text

__all__ = ["MISTAKES", "mistake"]

MISTAKES: Final[Mapping[str, str]] = {
    "all for any": "“全部”与“任一”颠倒",
    "answer of another row": "结果写成别的行的",
    "bound of": "界限是否包含在内写反",
    "by the same person": "不再要求由不同的人办理",
    "by whoever starts": "改由发起人的岗位办理",
    "extra outcome": "多出一种结果",
    "in any office": "不再限定单位",
    "later deadline": "期限放长",
    "leap ahead": "越过下一步",
    "needs no documents": "不再要求先有文件",
    "needs no signatures": "不再要求先有签字",
    "no deadline": "没有期限",
    "no effect": "规则没有效力",
    "no opinion": "不再要求写意见",
    "not escalated": "逾期不再上报",
    "not signed": "不再要求签字",
    "one more": "参数多一",
    "one suffices": "一人同意即可",
    "other comparison": "比较写错",
    "other end": "结局写成别的",
    "raise": "参数放大十倍",
    "records nothing": "不再填写事实",
    "refusal ignored": "不通过仍往下走",
    "swap": "步骤颠倒",
    "turned comparison": "比较方向颠倒",
    "unsigned": "文件不再须由某岗位签字",
}
"""What was done, as the ids of mutants begin -> in Chinese."""


def mistake(id: str) -> Text:
    """Return the id of a mutant in words: what was done in the language, then to what."""
    what, _, where = id.partition(": ")
    found = next((known for known in MISTAKES if re.match(rf"{known}\b", what)), None)
    if found is None:
        return Text.same(id)
    more = what.removeprefix(found).strip(" ()")
    return Text(zh=f"{MISTAKES[found]}{f'({more})' if more else ''}:{where}", en=id)
