"""What the errors of this plugin say."""

from aaworkflow.errors import add_messages

__all__: list[str] = []

add_messages(
    {
        "china_division_unknown": (
            "{name} is no province, nor the first 2, 4 or 6 digits of a division's code",
            "{name} 不是省级行政区名称,也不是行政区划代码的前 2、4 或 6 位",
        ),
        "china_credit_code_wrong": (
            "{value} is no unified social credit code: it has 18 characters, the last of which checks the others",
            "{value} 不是统一社会信用代码:应为 18 位,末位是前 17 位的校验码",
        ),
    }
)
