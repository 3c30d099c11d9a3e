"""Messages of the room `documents`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "content_key_not_text": (
        "a document's parts have names, not {key}",
        "文件各部分的名称必须是文字,而不是 {key}",
    ),
    "content_key_reserved": (
        "names that begin with $ are reserved: {key}",
        "以 $ 开头的名称为保留名称:{key}",
    ),
    "content_naive_instant": ("{value} has no UTC offset", "时间 {value} 没有时区"),
    "content_not_plain": ("a document cannot hold {found}: {value}", "文件不能包含 {found} 类型:{value}"),
    "content_too_deep": ("a document nests {limit} levels at most", "文件内容嵌套不能超过 {limit} 层"),
    "content_too_large": (
        "a document has {limit} bytes at most, not {size}",
        "文件内容不能超过 {limit} 字节,现为 {size}",
    ),
    "float_not_exact": (
        "{value} is a float and not exact: use a Decimal",
        "{value} 是浮点数,不精确:请使用 Decimal",
    ),
    "money_out_of_range": (
        "an amount has {digits} digits and {places} decimals at most",
        "金额最多 {digits} 位整数、{places} 位小数",
    ),
    "not_money": (
        "an amount is a Decimal or an int, not {found}: {value}",
        "金额必须是 Decimal 或整数,而不是 {found}:{value}",
    ),
    "number_not_finite": ("{value} is not a finite number", "{value} 不是有限数"),
}
