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
    # the second opinion
    "oracle_differs": (
        "procedure {procedure} goes otherwise in {engine} (case {case} of seed {seed}): after {path} "
        "{ours} here, {theirs} there",
        "程序 {procedure} 在 {engine} 中的走法不同(种子 {seed} 的第 {case} 件):{path} 之后,此处为 {ours},彼处为 {theirs}",
    ),
    "oracle_extra_missing": (
        "this needs {package}: pip install 'aaworkflow[{extra}]'",
        "需要 {package}:pip install 'aaworkflow[{extra}]'",
    ),
    # fmt
    "format_would_change_meaning": (
        "{file} cannot be laid out without changing what it says: please report this",
        "{file} 无法在不改变含义的前提下排版:请反馈此问题",
    ),
    "nothing_to_format": ("there is no YAML file in {path}", "{path} 中没有 YAML 文件"),
    # check
    "calendar_without_holidays": (
        "deadlines go by `{name}`, which knows no holidays: give it a country, or its holidays",
        "期限按 `{name}` 计算,而其中没有任何节假日:请写明 country 或 holidays",
    ),
    "deadlines_provisional": (
        "the days off after {last} are not announced yet: deadlines by `{name}` that reach past it are provisional",
        "{last} 以后的放假安排尚未公布:按 `{name}` 计算、超过这一天的期限均为暂定",
    ),
    "delegation_is_over": ("delegation {name} ended at {until}", "授权 {name} 已于 {until} 到期"),
    "guarantee_refuted": (
        "guarantee {guarantee} does not hold: {text}. This breaks it:\n{scenario}",
        "保证 {guarantee} 不成立:{text}。反例:\n{scenario}",
    ),
    "guarantee_undecided": (
        "guarantee {guarantee} is undecided after {states} states: {text}",
        "保证 {guarantee} 查看 {states} 个状态后仍不能断定:{text}",
    ),
    "nobody_has_role": ("nobody{where} holds the role {role}", "{where}没有人担任{role}"),
    "parameter_does_not_change": (
        "from {on} on parameter {name} has the value that it had before",
        "参数 {name} 自 {on} 起的值与之前相同",
    ),
    "parameter_rewrites_past": (
        "on {on} parameter {name} is {value} here, but version {version}, which held then, says {before}",
        "此处参数 {name} 在 {on} 为 {value},而当时施行的版本 {version} 为 {before}:已经施行过的值不应改动",
    ),
    "role_falls_vacant": (
        "from {first} {until} nobody{where} holds the role {role}",
        "自 {first} {until},{where}没有人担任{role}",
    ),
    "property_refuted": (
        "property {name} does not hold: {text}. {witness}",
        "性质 {name} 不成立:{text}。{witness}",
    ),
    "property_says_nothing": (
        "property {name} says nothing, for the rank is always the same: {text}",
        "性质 {name} 没有意义,因为高低总是一样:{text}",
    ),
    "property_undecided": (
        "property {name} is undecided, for not all facts can be tried: {text}",
        "性质 {name} 不能断定,因为无法试遍全部事实:{text}",
    ),
    "rule_always_fires": (
        "rule {rule} fires whatever the facts are, from {on} on",
        "自 {on} 起,无论事实如何,规则 {rule} 总会触发",
    ),
    "rule_silent_without": (
        "rule {rule} never fires while there is no {facts}: what is not given is neither equal nor different",
        "未填写 {facts} 时,规则 {rule} 不会触发:没有填的既不算等于,也不算不等于",
    ),
    "rule_not_looked_into": (
        "rule {rule} asks about too much to try everything: it may never or always fire, from {on} on",
        "规则 {rule} 涉及的情形太多,没有逐一查看它自 {on} 起是否总会或永远不会触发",
    ),
    "rule_never_fires": (
        "rule {rule} fires for no facts at all, from {on} on",
        "自 {on} 起,无论事实如何,规则 {rule} 都不会触发",
    ),
    "rule_without_effect": (
        "nothing follows from rule {rule}, and nothing names it: give it a `then`, or name it where a way depends on it",
        "规则 {rule} 没有后果(then),也没有哪里引用它:请写明 then,或在去向的 when 中引用",
    ),
    "version_twice": ("version {name} is there already, in {other}", "版本 {name} 重复,已有 {other}"),
    "versions_begin_together": (
        "another version holds from {on} on as well: {other}",
        "另一个版本也自 {on} 起施行:{other}",
    ),
}
