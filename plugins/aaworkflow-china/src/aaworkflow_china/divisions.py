"""Provinces of China with the first two digits of their division codes (GB/T 2260)."""

from collections.abc import Mapping
from typing import Final

from aaworkflow.errors import RuleError

__all__ = ["PROVINCES", "division_code"]

PROVINCES: Final[Mapping[str, str]] = {
    "北京": "11", "天津": "12", "河北": "13", "山西": "14", "内蒙古": "15", "辽宁": "21", "吉林": "22", "黑龙江": "23",
    "上海": "31", "江苏": "32", "浙江": "33", "安徽": "34", "福建": "35", "江西": "36", "山东": "37", "河南": "41",
    "湖北": "42", "湖南": "43", "广东": "44", "广西": "45", "海南": "46", "重庆": "50", "四川": "51", "贵州": "52",
    "云南": "53", "西藏": "54", "陕西": "61", "甘肃": "62", "青海": "63", "宁夏": "64", "新疆": "65", "台湾": "71",
    "香港": "81", "澳门": "82",
}  # fmt: skip

_ENDINGS: Final = ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "特别行政区", "省", "市")


def division_code(division: str) -> str:
    """Return how the code of a division begins: a province's by its name, short or in full, else the digits as given.

    Raises:
        RuleError: `china_division_unknown`, with the nearest name.
    """
    if division.isascii() and division.isdigit() and len(division) in (2, 4, 6) and division[:2] in PROVINCES.values():
        return division
    short = next((division.removesuffix(end) for end in _ENDINGS if division.endswith(end)), division)
    if short not in PROVINCES:
        raise RuleError.of("china_division_unknown", name=division, allowed=PROVINCES)
    return PROVINCES[short]
