"""What a slip in YAML most likely is, said to somebody who does not know YAML."""

import re
from typing import Final

import yaml

from aaworkflow.errors import Reason
from aaworkflow.texts import Text

__all__ = ["reason_of_key", "reason_of_syntax"]

_KEY: Final = r"[^\W\d][\w.\-]*"
# Punctuation of Chinese keyboards, where it stands in for YAML's own: after a name, before one, around entries.
_WIDE: Final = re.compile(
    rf"(?:^|[\s{{,\uff0c]){_KEY}\s*(?P<colon>\uff1a)"
    rf"|(?P<comma>\uff0c)\s*{_KEY}\s*[:\uff1a]"
    r"|:\s*(?P<brace>\uff5b)|:\s*(?P<bracket>\uff3b)"
)
_PLAIN: Final = {"colon": ":", "comma": ",", "brace": "{", "bracket": "["}
_NO_SPACE: Final = re.compile(rf"\s*(?:- )?({_KEY}):[^\s/]")

_PROBLEMS: Final = {
    "mapping values are not allowed": Text(
        zh="此处不能有冒号:请检查缩进;含有冒号的文本请加引号",
        en="no colon can stand here: check the indentation, and put a text that holds a colon in quotes",
    ),
    "cannot start any token": Text(
        zh="值不能以这个字符开头:请把文本放进引号", en="no value begins so: put the text in quotes"
    ),
    "did not find expected ',' or '}'": Text(zh="缺少逗号或右花括号 }", en="a comma or the closing brace } is missing"),
    "did not find expected ',' or ']'": Text(
        zh="缺少逗号或右方括号 ]", en="a comma or the closing bracket ] is missing"
    ),
    "unexpected end of stream": Text(zh="引号没有配对", en="a quotation mark is never closed"),
    "did not find expected key": Text(
        zh="此处应为一项 `名称: 值`:请检查缩进", en="an entry `name: value` should stand here: check the indentation"
    ),
    "did not find expected '-' indicator": Text(
        zh="此处应为列表项 `- `:请检查缩进", en="an item `- ` of the list should stand here: check the indentation"
    ),
    "did not find expected node content": Text(zh="此处缺少值", en="a value is missing here"),
    "could not find expected ':'": Text(zh="名称之后缺少冒号", en="a colon is missing after the name"),
    "block sequence entries are not allowed": Text(
        zh="列表项 `- ` 须另起一行", en="an item `- ` of a list needs a line of its own"
    ),
    "did not find expected <document start>": Text(
        zh="此处之前的内容已经结束:请检查缩进和括号",
        en="all before this place is complete: check indentation and brackets",
    ),
    "unknown escape character": Text(
        zh="双引号内的 \\ 有特殊含义:请改用单引号", en="\\ is special in double quotes: use single quotes"
    ),
}


def reason_of_syntax(error: yaml.YAMLError, text: str) -> tuple[tuple[int, int], Reason]:
    """Return line and column of a syntax error, and the reason, by what the lines there look like."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return (1, 1), Reason.of("yaml_syntax", detail=" ".join(str(error).split())[:200])
    lines = text.split("\n")
    for number in (mark.line, mark.line - 1):
        line = lines[number] if 0 <= number < len(lines) else ""
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            return (number + 1, indent.index("\t") + 1), Reason.of("yaml_tab")
        slip = _slip(line)
        if slip is not None:
            return (number + 1, slip[0] + 1), slip[1]
    problem = getattr(error, "problem", None) or str(error)
    detail = next((said for part, said in _PROBLEMS.items() if part in problem), problem)
    return (mark.line + 1, mark.column + 1), Reason.of("yaml_syntax", detail=detail)


def reason_of_key(text: str) -> Reason | None:
    """Return why a word that should have been an entry is none, where its colon was miswritten; else None."""
    slip = _slip(text)
    return slip[1] if slip is not None else None


def _slip(line: str) -> tuple[int, Reason] | None:
    """Return where in a line punctuation was miswritten, and how."""
    wide = _WIDE.search(line)
    if wide is not None:
        kind = wide.lastgroup or "colon"
        return wide.start(kind), Reason.of("yaml_wide_punctuation", name=wide[kind], plain=_PLAIN[kind])
    missing = _NO_SPACE.match(line)
    if missing is not None:
        return missing.end(1), Reason.of("yaml_space_after_colon", name=missing[1])
    return None
