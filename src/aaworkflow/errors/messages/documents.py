"""Messages of the room `documents`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "value_float": (
        "{where} is the float {value} and not exact: use a Decimal",
        "{where} 是浮点数 {value},不精确:请使用 Decimal",
    ),
    "value_not_finite": ("{where} is {value}, not a finite number", "{where} 为 {value},不是有限数"),
    "value_number_too_long": (
        "{where} is a number of more than {limit} digits",
        "{where} 的数字超过 {limit} 位",
    ),
    "value_naive_instant": ("{where}: {value} has no UTC offset", "{where}:时间 {value} 没有时区"),
    "value_wrong_type": ("{where} cannot be a {name}", "{where} 不能为 {name} 类型"),
    "value_name_not_text": (
        "{where} is named {name}: a name must be a text",
        "{where} 的名称为 {name}:名称必须是文字",
    ),
    "value_name_reserved": (
        "{where}: names that begin with $ are reserved",
        "{where}:以 $ 开头的名称为保留名称",
    ),
    "value_name_twice": ("{where} is named like another part", "{where} 与另一部分同名"),
    "value_not_unicode": ("{where} is not a valid Unicode text", "{where} 不是合法的 Unicode 文字"),
    "value_too_deep": ("{where} lies deeper than {limit} levels", "{where} 的嵌套超过 {limit} 层"),
    "value_too_large": ("{where} is longer than {limit} characters", "{where} 超过 {limit} 个字符"),
    "document_not_a_mapping": (
        "the content of {kind} must be a mapping of parts, not {value}",
        "{kind} 的内容须为各部分的映射,而不是 {value}",
    ),
    "document_field_blank": ("a version needs {field}, not {value}", "文件版本须有 {field},而不是 {value}"),
    "document_version_number": (
        "versions count from 1; {value} is not one of them",
        "版本号从 1 算起,不能是 {value}",
    ),
    "documents_of_other_kinds": (
        "a {old} and a {new} cannot be compared",
        "{old} 与 {new} 种类不同,不能比较",
    ),
    "money_not_exact": (
        "{value} is not an exact amount: a Decimal, an int or a text such as 500000.00 is",
        "{value} 不是精确金额:请使用 Decimal、整数或如 500000.00 的文字",
    ),
    "money_not_finite": ("{value} is not a finite amount", "{value} 不是有限的金额"),
    "money_too_fine": ("{value} has more than {places} decimals", "{value} 的小数超过 {places} 位"),
    "money_too_large": (
        "an amount has {digits} digits before the point at most",
        "金额的整数部分最多 {digits} 位",
    ),
    "attachment_name": (
        "an attachment needs a file name without folders, not {value}",
        "附件须有不含路径的文件名,而不是 {value}",
    ),
    "attachment_not_bytes": ("the attachment {name} must be given as bytes", "附件 {name} 须以字节给出"),
    "attachment_size": (
        "the attachment {name} cannot have {value} bytes",
        "附件 {name} 的大小不能是 {value} 字节",
    ),
}
