"""Messages of the room `rulesets`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # files
    "entry_twice": ("{name} is there already in {section}, at {first}", "{section} 中的 {name} 重复,已写在 {first}"),
    "file_empty": ("the file is empty", "文件为空"),
    "file_not_readable": ("the file cannot be read: {detail}", "文件无法读取:{detail}"),
    "file_not_utf8": ("the file is not UTF-8: save it as UTF-8", "文件不是 UTF-8 编码:请另存为 UTF-8"),
    "file_too_large": ("a file has {limit} MB at most", "一个文件最多 {limit} MB"),
    "file_unused": ("no table has its rows from {name}", "没有决策表使用 {name}"),
    "header_missing": ("the ruleset has no `{name}`", "规则集缺少 `{name}`"),
    "ruleset_folder_missing": ("there is no folder {path}", "没有文件夹 {path}"),
    "table_file_missing": ("there is no file {name} beside this one", "旁边没有文件 {name}"),
    "too_many_files": ("a ruleset has {limit} files at most", "一个规则集最多 {limit} 个文件"),
    # YAML
    "yaml_alias": ("aliases such as *{name} are not allowed: write it out", "不允许使用别名 *{name}:请完整写出"),
    "yaml_anchor": ("anchors such as &{name} are not allowed", "不允许使用锚点 &{name}"),
    "yaml_duplicate_key": ("{name} is there already, at line {line}", "{name} 重复,已在第 {line} 行出现"),
    "yaml_hidden_character": (
        "a character that nobody sees stands here ({name}): delete it",
        "此处有看不见的字符({name}):请删除",
    ),
    "yaml_key_not_a_word": (
        "a name must be a single word, not a list or mapping",
        "冒号前面须为一个名称,不能是列表或映射",
    ),
    "yaml_many_documents": ("a file holds one document: remove the `---`", "一个文件只能有一份文档:请去掉 `---`"),
    "yaml_space_after_colon": ("a space is missing after the colon: `{name}: `", "冒号之后缺少空格:`{name}: `"),
    "yaml_syntax": ("this is not YAML: {detail}", "YAML 语法错误:{detail}"),
    "yaml_tab": ("indent with spaces, not with tabs", "缩进请用空格,不要用制表符"),
    "yaml_tag": ("tags such as {name} are not allowed", "不允许使用标签 {name}"),
    "yaml_too_deep": ("too deep or too much: {limit} levels at most", "层次过深或内容过多:最多 {limit} 层"),
    "yaml_too_large": ("a file has {limit} characters at most", "一个文件最多 {limit} 个字符"),
    "yaml_wide_punctuation": (
        "write the half-width {plain} and a space instead of {name}",
        "请把全角的 {name} 改为半角的 {plain} 加空格",
    ),
    # shapes
    "name_in_odd_letters": (
        "{name} is written in odd letters, which look like others",
        "{name} 使用了全角或特殊形式的字符",
    ),
    "setting_missing": ("`{name}` is missing", "缺少 `{name}`"),
    "setting_unknown": ("there is no key {name} here", "此处没有 {name} 这一项"),
    "value_empty": ("nothing stands here: {expected} is needed", "此处没有内容:应为{expected}"),
    "value_not_readable": ("{value} is not {expected}", "{value} 不符合要求,应为{expected}"),
    "value_wrong_kind": ("here stands {found}: {expected} is needed", "此处是{found},应为{expected}"),
    "word_unknown": ("{name} is not one of the words for this", "{name} 不是可用的词"),
    # names
    "name_is_a_word": ("{name} has a meaning of its own: choose another name", "{name} 另有含义:请换一个名称"),
    "step_ambiguous": ("several procedures have a step {name}: say which", "有几个程序都有步骤 {name}:请写明是哪一个"),
    "unknown_calendar": ("there is no calendar {name}", "没有名为 {name} 的日历"),
    "unknown_document": ("there is no document {name}", "没有名为 {name} 的文件种类"),
    "unknown_document_part": ("the document has no part {name}", "该文件没有名为 {name} 的部分"),
    "unknown_moment": ("{name} is no moment of a step", "{name} 不是步骤的时点"),
    "unknown_office": ("there is no office {name}", "没有名为 {name} 的单位类别"),
    "unknown_outcome_of_step": ("the step has no outcome {name}", "该步骤没有结果 {name}"),
    "unknown_rule": ("there is no rule {name}", "没有名为 {name} 的规则"),
    "fact_table_kind": (
        "fact {fact} is of type {kind}, but table {table} answers {output} of type {found}",
        "事实 {fact} 的类型为 {kind},而决策表 {table} 的 {output} 列为 {found}",
    ),
    "fact_table_value": (
        "fact {fact} is never {name}, which row {row} of table {table} answers",
        "事实 {fact} 没有 {name} 这个值,而决策表 {table} 的第 {row} 行会得出它",
    ),
    "mapping_too_long": ("more than {limit} entries", "超过 {limit} 项"),
    "unknown_table": ("there is no table {name}", "没有名为 {name} 的决策表"),
    "unknown_table_output": ("the table has no output {name}", "该决策表没有名为 {name} 的输出列"),
    # roles, facts, documents, parameters, tables
    "fact_has_two_origins": (
        "{name} is taken from a document and answered by a table: one of them",
        "{name} 既取自文件又由决策表得出:只能选一种",
    ),
    "fact_not_entered": (
        "nobody enters {name}: a document or a table gives it",
        "{name} 不能填写:它取自文件或由决策表得出",
    ),
    "fact_not_taken": (
        "the procedure that is started does not take {name}: neither `needs_facts` nor `may_set` names it",
        "所发起的程序不接受 {name}:needs_facts 和 may_set 中都没有",
    ),
    "parameter_begins_late": (
        "parameter {name} has no value before {begins}, but the ruleset holds from {effective_from}",
        "参数 {name} 自 {begins} 起才有值,而规则集自 {effective_from} 起施行",
    ),
    "parameter_changes_kind": (
        "parameter {name} is {value} from {on} on, another kind of value than {before} before: numbers are digits only",
        "参数 {name} 自 {on} 起为 {value},与之前的 {before} 不是同一类值;数字只写数字,如 800000",
    ),
    "parameter_not_yet": (
        "parameter {name} has a value from {first} only, not on {on}",
        "参数 {name} 自 {first} 起才有值,{on} 没有",
    ),
    "parameter_without_values": ("parameter {name} has no value", "参数 {name} 没有值"),
    "part_twice": ("{name} is a required part already", "{name} 已是必备部分"),
    "recorder_is_external": ("{role} is outside the company and records for nobody", "{role} 属于外部,不能代为登记"),
    "select_without_options": ("fact {fact} has no options to choose from", "事实 {fact} 没有可选值"),
    "tables_in_a_circle": ("tables ask what the others answer: {path}", "决策表互相依赖:{path}"),
    # procedures
    "branch_misses_join": (
        "from {name} the branches' join {join} is never reached",
        "从 {name} 无法到达汇合步骤 {join}",
    ),
    "duration_negative": ("{value} lies in the past", "{value} 是过去的时间"),
    "end_named_like_step": ("{name} is a step as well", "{name} 同时又是步骤"),
    "end_not_said": (
        "there are several ends: say by `outcomes` to which {name} leads",
        "结束不止一个:请用 outcomes 写明 {name} 通往哪一个",
    ),
    "end_unreachable": (
        "no way leads to {name}: name it in the `outcomes` of a step",
        "没有去向通往 {name}:请在某一步的 outcomes 中写明",
    ),
    "join_without_each": (
        "only branches of `each` meet: {outcome} needs no `join`",
        "只有 each 的分支才汇合:{outcome} 不需要 join",
    ),
    "key_of_another_step": (
        "`{key}` is for steps that do `{does}`, not `{name}`",
        "`{key}` 用于 `{does}` 步骤,不用于 `{name}`",
    ),
    "levels_too_few": ("{levels} levels are too few: at least 1", "层级 {levels} 太少:至少为 1"),
    "nobody_acts": ("nobody acts where a step does `{does}`", "`{does}` 步骤无人办理,不能写 by"),
    "nobody_records": (
        "{role} is outside the company: say by `recorded_by` who enters its acts",
        "{role} 属于外部:请用 recorded_by 写明由谁代为登记",
    ),
    "outcome_by_another_name": (
        "only pass and fail count as agreeing and refusing at {name}: {outcome} is just a name",
        "{name} 的结果只有 pass 表示同意、fail 表示不同意,{outcome} 只是一个普通名称",
    ),
    "outcome_of_no_end": (
        "{procedure} never ends with {name}: an outcome here is one of its ends, or done or refused",
        "{procedure} 不会以 {name} 结束:此处的结果应为它的某个结局,或 done(办成)、refused(未批准)",
    ),
    "overdue_lacks": ("overdue `{act}` needs {name}", "逾期处理 `{act}` 需要写明 {name}"),
    "procedure_without_steps": ("procedure {procedure} has no steps", "程序 {procedure} 没有步骤"),
    "refusal_not_heeded": (
        "where what {name} waits for ends with {end}, which is a refusal, it goes on as with {outcome}",
        "{name} 所等的事项以 {end}(未批准)结束时,仍会按 {outcome} 继续:请为它写一个结果",
    ),
    "review_cannot_refuse": (
        "{name} is a review that can only end with {outcome}: give it the outcomes pass and fail",
        "{name} 是审核,却只能以 {outcome} 结束,无法表示不同意:请写明 pass 和 fail 两个结果",
    ),
    "role_sits_elsewhere": (
        "{role} sits in {office} and can never act here",
        "{role} 在 {office} 任职,永远不能在此办理",
    ),
    "route_never_gets_further": (
        "{to} is taken always: what stands after it in {outcome} never is",
        "{outcome} 总会走 {to},其后的去向永远走不到",
    ),
    "route_not_exhaustive": (
        "the last branch of {outcome} needs no `when`: else there may be no way on",
        "{outcome} 的最后一个去向不能带 when,否则可能无路可走",
    ),
    "route_not_one": ("{outcome} leads either by `first` or by `each`", "{outcome} 只能用 first 或 each 之一"),
    "route_without_branches": ("{outcome} leads nowhere", "{outcome} 没有去向"),
    "route_without_join": ("the branches of {outcome} need a `join`", "{outcome} 的并行分支需要写明 join"),
    "schedule_needs_facts": (
        "it starts by itself, so nobody can give the facts {facts}",
        "自动发起时无人填写事实 {facts}",
    ),
    "schedule_not_in_days": ("a schedule goes by working days, not by {every}", "自动发起按工作日计,不能是 {every}"),
    "start_lacks_facts": (
        "{procedure} needs facts that are not handed over: {missing}",
        "{procedure} 需要的事实没有交给它:{missing}",
    ),
    "starts_in_a_circle": (
        "procedures start and wait for one another, without end: {path}",
        "程序互相发起并等待,永远不会结束:{path}",
    ),
    "agreed_before_asks_more": (
        "{name} asks for {asks}, which nobody brings where it passes by itself",
        "{name} 要求 {asks},自动通过时无人提供",
    ),
    "agreed_before_no_pass": (
        "{name} cannot pass by itself: its outcomes are {outcomes}, without pass",
        "{name} 不能自动通过:它的结果为 {outcomes},没有 pass",
    ),
    "agreed_before_no_review": (
        "only a review passes by itself, not a step that does `{does}`",
        "只有审核步骤可以自动通过,`{does}` 步骤不可以",
    ),
    "unreceived_not_recorded": (
        "{name} is received on opening: `unreceived` needs `receipt: recorded`",
        "{name} 到达即算收到:写 unreceived 需要 receipt: recorded",
    ),
    "amend_before_start": (
        "{name} is where every case starts: nothing can be added before it",
        "{name} 是每件单据的起点,之前不能再加步骤",
    ),
    "step_always_entered": (
        "{name} is entered anyway: give it `if_not_required`",
        "{name} 总会进入:请给它写 if_not_required",
    ),
    "step_by_nobody": ("{name} is by nobody", "{name} 没有写由谁办理(by)"),
    "step_lacks": ("a step that does `{does}` needs `{name}`", "`{does}` 步骤需要写明 `{name}`"),
    "step_never_required": (
        "no rule requires {name}, so it is never entered: write a rule with require_step, or leave out `if_not_required`",
        "没有规则要求 {name},永远不会进入:请写一条 require_step 规则,或去掉 if_not_required",
    ),
    "step_unreachable": (
        "no way leads to {name}: name it in the `outcomes` of a step",
        "没有去向通往 {name}:请在前一步的 outcomes 中写明",
    ),
    "step_without_outcomes": ("{name} has no outcomes: say where each leads", "{name} 没有结果:请写明每个结果的去向"),
    "step_without_way_out": (
        "from {name} no end can be reached: let an outcome lead on",
        "从 {name} 无法到达任何结束:请让它的某个结果通往别处",
    ),
    "supervisors_and_roles": ("{name} is decided by superiors: no `by`", "{name} 由上级逐级审批,不能再写 by"),
    "without_deadline": ("`{key}` needs a deadline: `within` is missing", "`{key}` 需要期限:缺少 within"),
    # panels
    "panel_can_never_pass": (
        "{needed} are needed, {most} is the most there can be",
        "需要 {needed},但最多只能有 {most}",
    ),
    "panel_not_one_rule": ("a panel has one rule, not {rules}", "会审只能有一种规则,而不是 {rules}"),
    "panel_of_one": ("{name} has one seat: no `agree` is needed", "{name} 只有一个席位,不需要 `agree`"),
    "panel_outcomes": (
        "a panel's outcomes are pass and fail: {name} is missing",
        "会审的结果为 pass 和 fail:缺少 {name}",
    ),
    "panel_without_rule": ("several decide at {name}: say how they agree", "{name} 由多人办理:请写明如何算通过(agree)"),
    "rule_of_no_votes": (
        "rule {rule} asks about no votes, such as votes.agreed: it cannot say whether a panel has agreed",
        "规则 {rule} 没有问到表决情况(如 votes.agreed),不能用来判断会审是否通过",
    ),
    "rule_of_votes_acts": (
        "rule {rule} asks about votes: a panel names it by `when`, nothing else can follow from it",
        "规则 {rule} 问的是表决情况:只能由会审的 when 引用,不能再写 then",
    ),
    "rule_of_votes_elsewhere": (
        "rule {rule} asks about votes, and none are cast here",
        "规则 {rule} 问的是表决情况,而这里没有表决",
    ),
    "tie_beside_rule": (
        "rule {rule} itself says what equal votes mean: no `tie` beside it",
        "票数相等时的结果由规则 {rule} 自己决定,不能再写 tie",
    ),
    "vote_of_no_member": ("{name} has no seat at this panel", "{name} 在这次会审中没有席位"),
    "votes_never_pass": (
        "however the votes at {name} fall, rule {rule} never fires",
        "无论 {name} 的票怎么投,规则 {rule} 都不会成立",
    ),
    "reviewer_without_panel": (
        "one alone decides at {name}: give it `agree` before others can join",
        "{name} 由一人办理:先写明 agree 才能增加评审人",
    ),
    "weights_missing": ("{roles} have no weight", "{roles} 没有权重"),
    # rules and guarantees
    "action_not_one": ("an action says one thing, not {keys}", "一个动作只能写一项,而不是 {keys}"),
    "guarantee_lacks": ("`{kind}` needs {needs}", "`{kind}` 需要写明 {needs}"),
    "guarantee_not_one": ("a guarantee says one thing, not {kinds}", "一条保证只能写一项,而不是 {kinds}"),
    # properties
    "property_cannot_rise": (
        "{name} cannot rise: it is no number, date or yes and no that people give",
        "{name} 无所谓变大:它不是由人填写的数字、日期或是非",
    ),
    "property_not_one": (
        "a property says of one thing how it never moves, not {kinds}",
        "一条性质只能写一项不会怎样变化,而不是 {kinds}",
    ),
    "rank_in_several_procedures": (
        "{names} are steps of several procedures: only steps of one can be ranked",
        "{names} 分属几个程序:只能给同一程序的步骤排高低",
    ),
    "rank_lacks_procedure": (
        "say in which `procedure` these roles decide",
        "请写明这些岗位在哪个程序(procedure)中办理",
    ),
    "rank_lacks_ranks": (
        "say in `ranks` which values of {name} are low and which high",
        "请在 ranks 中写明 {name} 的值从低到高的次序",
    ),
    "rank_not_one": ("one thing is ranked, not {kinds}", "只能给一样东西排高低,而不是 {kinds}"),
    "rank_unknown": ("{name} is none of the values that the fact can have", "{name} 不是该事实可以取的值"),
}
