"""Messages of the room `analysis`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # drawing
    "case_of_other_procedure": (
        "case {case} goes by procedure {found}, not by {procedure}",
        "事项 {case} 适用的程序是 {found},不是 {procedure}",
    ),
    "drawing_needs_pillow": (
        "PNG needs Pillow: pip install 'aaworkflow[draw]'; SVG needs nothing",
        "生成 PNG 需要 Pillow:pip install 'aaworkflow[draw]';SVG 不需要",
    ),
    "font_not_readable": ("{file} is not a font that can be read: {detail}", "{file} 不是可用的字体:{detail}"),
    "no_chinese_font": (
        "no font with Chinese characters in {folders}: install one, such as fonts-noto-cjk, or name its file in AAWORKFLOW_FONT",
        "在 {folders} 中没有中文字体:请安装一种(如 fonts-noto-cjk),或在 AAWORKFLOW_FONT 中写明字体文件",
    ),
    "unknown_picture_format": ("there is no picture format {name}", "没有名为 {name} 的图形格式"),
    "unknown_procedure_to_draw": ("the ruleset has no procedure {name}", "规则集中没有名为 {name} 的程序"),
    # fmt
    "format_would_change_meaning": (
        "{file} cannot be laid out without changing what it says: please report this",
        "{file} 无法在不改变含义的前提下排版:请反馈此问题",
    ),
    "nothing_to_format": ("there is no YAML file in {path}", "{path} 中没有 YAML 文件"),
}
