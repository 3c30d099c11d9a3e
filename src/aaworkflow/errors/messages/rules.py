"""Messages of the room `rules`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "business_rule_action": (
        "an action has a `name` and perhaps `params` (a mapping), and nothing else; found {found}",
        "动作只有 `name` 和可选的 `params`(键值对);这里是 {found}",
    ),
    "business_rule_action_unknown": ("there is no action {name}", "没有名为 {name} 的动作"),
    "business_rule_keys": (
        "a rule of business-rules has `conditions` and `actions` and nothing else, not {found}",
        "business-rules 的规则只有 `conditions` 和 `actions` 两项,而不是 {found}",
    ),
    "business_rules_failed": ("business-rules itself fails: {detail}", "business-rules 本身出错:{detail}"),
    "condition_empty": ("`{key}` is empty: it needs at least one condition", "`{key}` 为空:至少要有一个条件"),
    "condition_fact_unknown": ("there is no fact {name}", "没有名为 {name} 的事实"),
    "condition_key_missing": ("a condition needs `{missing}`", "条件缺少 `{missing}`"),
    "condition_key_unknown": ("a condition has no {name}", "条件没有 {name} 这一项"),
    "condition_keys_mixed": ("{keys} cannot stand side by side", "{keys} 不能并列"),
    "condition_not_a_list": ("`{key}` needs a list of conditions, not {found}", "`{key}` 须为条件列表,而不是{found}"),
    "condition_not_a_mapping": (
        "a condition is written {{name: fact, operator: ..., value: ...}}, not {found}",
        "条件须写成 {{name: 事实, operator: 比较, value: 值}},而不是{found}",
    ),
    "condition_option_unknown": ("{fact} is never {name}", "{fact} 没有 {name} 这个选项"),
    "condition_too_deep": ("conditions nest {limit} levels at most", "条件嵌套不能超过 {limit} 层"),
    "condition_too_many": ("a rule has {limit} conditions at most", "一条规则最多 {limit} 个条件"),
    "condition_value_refused": (
        "{fact} {operator} cannot be compared with {value}: {detail}",
        "{fact} {operator} 不能与 {value} 比较:{detail}",
    ),
    "condition_value_wrong": (
        "{fact} {operator} needs {expected}, not {found} ({value})",
        "{fact} {operator} 的比较值应为{expected},而不是{found}({value})",
    ),
    "fact_missing": ("the fact {fact} ({kind}) is missing", "缺少事实 {fact}({kind})"),
    "fact_type_taken": (
        "there is a fact type {name} already: {found} can add operators to it only as a subclass of its class",
        "已有事实类型 {name}:{found} 须继承该类型的类,才能为其增加比较符",
    ),
    "fact_type_unknown": ("fact {fact} has the unknown type {name}", "事实 {fact} 的类型 {name} 未知"),
    "fact_type_wrong": (
        "{found} declares no fact type: it must be a subclass of business-rules' types, with a name",
        "{found} 没有声明事实类型:须为 business-rules 类型的子类,并有 name",
    ),
    "facts_not_a_mapping": (
        "facts are a mapping of names to values, not {found}",
        "事实须为“名称: 值”的键值对,而不是 {found}",
    ),
    "no_opposite_operator": (
        "business-rules cannot say that {fact} {operator} does not hold",
        "business-rules 无法表达 {fact} {operator} 不成立",
    ),
    "operator_input_unknown": (
        "operator {operator} asks for the unknown kind of input {name}",
        "比较符 {operator} 要求的输入类别 {name} 未知",
    ),
    "operator_taken": ("{kind} facts have an operator {name} already", "{kind} 类事实已有比较符 {name}"),
    "operator_takes_no_value": (
        "{operator} is not compared with anything, and {value} would mislead",
        "{operator} 不需要比较值,写 {value} 会引起误解",
    ),
    "operator_unknown": ("{kind} facts have no operator {name}", "{kind} 类事实没有比较符 {name}"),
    "parameter_needs_day": (
        "parameter {name} changes with time: say which day's value is meant",
        "参数 {name} 随时间变化:须指明取哪一天的值",
    ),
    "parameter_unknown": ("there is no parameter {name}", "没有名为 {name} 的参数"),
    "receipt_unreadable": ("this is no receipt: {detail}", "这不是决定凭据:{detail}"),
    "regex_refused": ("the regular expression {value} is refused: {why}", "正则表达式 {value} 被拒绝:{why}"),
    "regex_text_too_long": (
        "the regular expression {value} searches texts of {limit} characters at most, not of {length}",
        "正则表达式 {value} 最多检索 {limit} 个字符的文本,而不是 {length} 个",
    ),
    "rule_fact_unknown": ("there is no fact {name}", "没有名为 {name} 的事实"),
    "rule_fact_wrong_type": (
        "the fact {fact} must be {expected}, not {found} ({value})",
        "事实 {fact} 须为 {expected},而不是 {found}({value})",
    ),
    "rule_failed": ("the rule cannot be answered: {detail}", "规则无法得出结论:{detail}"),
    "rules_json_wrong": ("this is no JSON that can be read: {detail}", "这不是可以读取的 JSON:{detail}"),
    "rules_not_a_list": ("a list is needed here, not {found}", "这里须为列表,而不是 {found}"),
}
