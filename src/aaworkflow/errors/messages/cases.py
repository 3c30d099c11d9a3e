"""Messages of the room `cases`: why a command is refused."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "added_signers_may_not_add": (
        "whoever was added to step {step} may not add others",
        "步骤 {step} 的加签人不能再加签",
    ),
    "administrators_only": ("{by} is no administrator: {roles} are", "{by} 不是管理员:管理员岗位为 {roles}"),
    "after_needs_pass": (
        "others can only decide after oneself at step {step} when one passes it",
        "步骤 {step} 只有同意时才能后加签",
    ),
    "already_acted_on": ("{by} has already acted at step {step}", "{by} 已在步骤 {step} 办理或签收"),
    "already_asked": ("{person} is already asked at step {step}", "{person} 已在步骤 {step} 的审批人之中"),
    "already_decided": ("{by} has already decided at step {step}", "{by} 已在步骤 {step} 作出决定"),
    "already_migrated": ("case {case} already runs on {ruleset}", "单据 {case} 已在 {ruleset} 上运行"),
    "already_received": (
        "step {step} was already received at {received_at}",
        "步骤 {step} 已于 {received_at} 签收",
    ),
    "awaiting_advice": (
        "step {step} waits for the advice of {advisor}",
        "步骤 {step} 正在等待 {advisor} 的意见",
    ),
    "before_opening": (
        "step {step} opened at {opened_at}; {at} is before that",
        "步骤 {step} 于 {opened_at} 才开始,{at} 早于该时间",
    ),
    "case_exists": ("case {case} already exists", "单据 {case} 已存在"),
    "case_not_running": ("case {case} is {status}", "单据 {case} 当前状态为 {status},不能办理"),
    "case_not_started": ("the case has not been started", "该单据尚未发起"),
    "claimed_by_other": ("step {step} was claimed by {claimed_by}", "步骤 {step} 已由 {claimed_by} 认领"),
    "document_changed": (
        "{document} has changed: version {shown} was shown, version {current} is current",
        "{document} 已更新:所示为第 {shown} 版,现行为第 {current} 版",
    ),
    "document_incomplete": (
        "{document} lacks its required parts: {missing}",
        "《{document}》缺少必备内容:{missing}",
    ),
    "document_missing": ("{document} is missing", "缺少《{document}》"),
    "document_not_expected": (
        "step {step} does not ask for document {name}",
        "步骤 {step} 不需要文件 {name}",
    ),
    "document_not_signed": (
        "{document} has no valid signature of {role} on its current version",
        "《{document}》现行版本没有{role}的有效签字",
    ),
    "endless_steps": ("steps lead on without end at {step}", "流程在步骤 {step} 处无限循环"),
    "extension_by_or_to_a_day": (
        "a deadline is extended by a duration or to a date, one of the two",
        "延期须写明时长或截止日期,二者取一",
    ),
    "fact_not_an_option": ("{name} is not an option of fact {fact}", "{name} 不是事实 {fact} 的可选值"),
    "fact_not_expected": ("fact {name} cannot be set here", "此处不能填写事实 {name}"),
    "fact_not_settable": (
        "fact {name} comes from {origin} and cannot be set",
        "事实 {name} 取自 {origin},不能直接填写",
    ),
    "fact_wrong_type": (
        "fact {fact} must be {expected}, not {found} ({value})",
        "事实 {fact} 的类型应为 {expected},而不是 {found}({value})",
    ),
    "facts_required": ("step {step} needs the facts {missing}", "步骤 {step} 需要填写:{missing}"),
    "form_not_expected": ("step {step} has no form", "步骤 {step} 没有表单"),
    "irrevocable": ("step {step} cannot be undone", "步骤 {step} 不可撤销"),
    "last_voter": ("at least one must remain to decide at step {step}", "步骤 {step} 至少须保留一名审批人"),
    "no_advice_asked": ("{by} was not asked for advice at step {step}", "步骤 {step} 没有征求 {by} 的意见"),
    "no_open_task": ("step {step} has no open task", "步骤 {step} 没有待办任务"),
    "no_verifier": ("signatures cannot be checked: there is no signer", "没有验签组件,无法核验签字"),
    "no_way_on": ("no rule says where step {step} leads", "步骤 {step} 之后没有可走的去向"),
    "nobody_holds_role": (
        "nobody holds the roles {roles} of step {step}",
        "步骤 {step} 的岗位 {roles} 无人担任",
    ),
    "nobody_named": ("nobody is named", "没有指定人员"),
    "not_a_panel_step": (
        "step {step} does not decide by pass and fail among several",
        "步骤 {step} 不是会审步骤",
    ),
    "not_added_by_you": (
        "{person} was not added to step {step} by {by}",
        "{person} 不是由 {by} 加签到步骤 {step} 的",
    ),
    "not_an_earlier_step": ("{name} was not passed before step {step}", "步骤 {step} 之前没有经过 {name}"),
    "not_claimed": ("step {step} is not claimed by {by}", "步骤 {step} 未被 {by} 认领"),
    "not_copied": ("case {case} was not copied to {by}", "单据 {case} 没有抄送给 {by}"),
    "not_involved": ("{by} has no part in case {case}", "{by} 与单据 {case} 无关"),
    "not_removable": ("{name} has nothing open at step {step}", "{name} 在步骤 {step} 没有未办任务"),
    "not_reopenable": (
        "case {case} is {status} and cannot be reopened",
        "单据 {case} 状态为 {status},不能唤醒",
    ),
    "not_suspended": ("case {case} is {status}, not suspended", "单据 {case} 状态为 {status},并未挂起"),
    "not_your_role": (
        "{by} may not act at {step}: it is for {roles}",
        "{by} 无权办理 {step}:应由 {roles} 办理",
    ),
    "not_your_task": (
        "{by} may not act at {step}: it is {assignee}'s",
        "{by} 无权办理 {step}:该任务属于 {assignee}",
    ),
    "nothing_before": ("nothing lies before step {step}", "步骤 {step} 之前没有步骤"),
    "nothing_to_take_back": (
        "{by} has no decision to take back at step {step}",
        "{by} 在步骤 {step} 没有可拿回的决定",
    ),
    "only_the_initiator": (
        "only the initiator {initiator} may do that, not {by}",
        "只有发起人 {initiator} 可以这样做,{by} 不可以",
    ),
    "only_the_system": ("{command} is the engine's own command", "{command} 只能由系统执行"),
    "operation_not_allowed": ("{name} is not allowed at step {step}", "步骤 {step} 不允许 {name}"),
    "opinion_required": (
        "step {step} needs an opinion with {outcome}",
        "步骤 {step} 选择 {outcome} 时须填写意见",
    ),
    "other_ruleset": (
        "case {case} belongs to {before}, not to {ruleset}",
        "单据 {case} 属于 {before},而不是 {ruleset}",
    ),
    "outcome_required": ("step {step} needs an outcome", "步骤 {step} 须选择结果"),
    "part_not_writable": (
        "part {part} of {document} may not be changed at step {step}",
        "步骤 {step} 不能修改《{document}》的 {part}",
    ),
    "pick_not_expected": ("step {step} picks nobody for {name}", "步骤 {step} 不为 {name} 选定办理人"),
    "pick_not_possible": ("{name} cannot be picked for step {step}", "不能选定 {name} 办理步骤 {step}"),
    "pick_required": ("step {step} must pick who decides at {name}", "步骤 {step} 须选定 {name} 的办理人"),
    "reason_required": ("a reason must be given", "必须填写理由"),
    "refused_by_rule": (
        "step {step} is refused by rule {rule}: {text}",
        "步骤 {step} 被规则 {rule} 拒绝:{text}",
    ),
    "result_certain": ("the result of step {step} is already certain", "步骤 {step} 的结果已经确定"),
    "resume_not_allowed": (
        "what is sent back from step {step} does not come straight back to it: all decide again (rerun)",
        "从步骤 {step} 退回的，修改后不能直达该步骤，须重新走一遍(rerun)",
    ),
    "return_leaps_over": (
        "going back from {step} to {name} would leap over what has to be decided anew: {over}; go back further",
        "从步骤 {step} 退回 {name} 会越过须重新作出的决定:{over};请退回到更早的步骤",
    ),
    "return_not_allowed": ("step {step} does not return to {name}", "步骤 {step} 不能驳回到 {name}"),
    "role_is_external": (
        "role {role} is outside the company and nobody records its acts",
        "岗位 {role} 属于外部,且无人代为登记",
    ),
    "role_is_recorded_by": (
        "the acts of {role} are recorded by {recorded_by}",
        "{role} 的行为由 {recorded_by} 登记",
    ),
    "separation_of_duties": (
        "{by} took part in {other} and may not act at {step}",
        "{by} 参与过 {other},不得办理 {step}",
    ),
    "signature_not_expected": (
        "step {step} does not ask for a signature on {name}",
        "步骤 {step} 不需要对 {name} 签字",
    ),
    "signature_required": (
        "step {step} needs a signature on {document}",
        "步骤 {step} 须在《{document}》上签字",
    ),
    "signed_by_another": ("the signature is {signer}'s, not {by}'s", "该签字属于 {signer},而不是 {by}"),
    "stale_version": (
        "case {case} is at version {current}, not {expected}: read it again",
        "单据 {case} 已是第 {current} 版,而不是第 {expected} 版:请重新读取",
    ),
    "signers_rule_unknown": (
        "signers who are added agree by all, any or in order, not by {name}",
        "加签人之间只能全部同意、任一同意或依次同意,不能按 {name}",
    ),
    "fail_leads_nowhere": (
        "a refusal at {step} cannot lead to {name}",
        "步骤 {step} 不同意时不能转到 {name}",
    ),
    "fail_way_required": (
        "{before} has no way for a refusal: say where one leads at {step} (`fail_to`)",
        "{before} 没有不同意的去向:请写明 {step} 不同意时转到哪里(fail_to)",
    ),
    "person_not_addable": (
        "{name} holds none of the roles that may be asked for here: {roles}",
        "{name} 不担任可以追加的岗位:{roles}",
    ),
    "role_not_addable": ("role {name} may not be asked for here", "岗位 {name} 不在可以追加的范围内"),
    "roles_or_persons": (
        "{step} is decided by roles or by persons, one of the two",
        "步骤 {step} 由岗位或由指定的人办理,二者取一",
    ),
    "step_id_taken": (
        "{name} cannot be the id of a further step: it is taken, or no id",
        "{name} 不能作新步骤的标识:已被使用,或不是标识",
    ),
    "step_not_addable": (
        "the ruleset does not let steps be added before {name}",
        "制度不允许在 {name} 之前追加步骤",
    ),
    "step_not_added": ("{name} was not added to this case", "{name} 不是本单追加的步骤"),
    "step_already_reached": ("step {step} was already reached", "步骤 {step} 已经到达"),
    "step_gone": ("{ruleset} has no step {name}: map it to one", "{ruleset} 没有步骤 {name}:请给出对应步骤"),
    "step_not_open": ("step {name} is not open; open now: {open}", "步骤 {name} 当前未开放;当前开放:{open}"),
    "task_is_personal": (
        "step {step} is {assignee}'s own, not a role's",
        "步骤 {step} 属于 {assignee} 本人,不是岗位任务",
    ),
    "text_required": ("there is nothing to say", "内容不能为空"),
    "to_oneself": ("step {step} is with {by} already", "步骤 {step} 已在 {by} 手中"),
    "unit_required": (
        "a case of {procedure} belongs to a unit: name it",
        "{procedure} 的单据必须属于某个单位,请指明",
    ),
    "unknown_child": (
        "no running case {name} was started by this one",
        "本单据没有发起过未结束的子单据 {name}",
    ),
    "unknown_deadline": ("no deadline {name} is running", "没有进行中的期限 {name}"),
    "unknown_fact": ("there is no fact {name}", "没有名为 {name} 的事实"),
    "unknown_outcome": ("step {step} has no outcome {name}", "步骤 {step} 没有结果 {name}"),
    "unknown_part": ("{document} has no part {name}", "《{document}》没有名为 {name} 的部分"),
    "unknown_procedure": ("there is no procedure {name}", "没有名为 {name} 的程序"),
    "unknown_question": ("{by} was not asked question {name}", "{by} 没有收到问题 {name}"),
    "unknown_step": ("there is no step {name}", "没有名为 {name} 的步骤"),
    "unknown_task": ("step {step} has no open task {name}", "步骤 {step} 没有待办任务 {name}"),
    "urged_already": ("step {step} was urged at {at} already", "步骤 {step} 已于 {at} 催办过"),
    "withdraw_not_allowed": ("a case of {procedure} cannot be withdrawn", "{procedure} 的单据不能撤回"),
    "wrong_office": (
        "{by} sits in {sits_in}; step {step} is for {office}",
        "{by} 属于 {sits_in},步骤 {step} 只能由 {office} 办理",
    ),
}
