"""The closed words of procedures, and what editors show of each."""

from typing import Final

from aaworkflow.rulesets.shapes import Choice

__all__ = [
    "ADDED_DUE",
    "ADDED_REFUSAL",
    "AFTER_HOURS",
    "AGREED_AT",
    "DOES",
    "NOBODY",
    "OPERATIONS",
    "OPINION",
    "OVERDUE",
    "PANEL",
    "RECEIPT",
    "RESULT",
    "RESUME",
    "RIGHTS",
    "STOP",
    "TIE",
    "UNRECEIVED",
    "WITHDRAW",
]

AFTER_HOURS: Final = Choice.of(
    {
        "same_day": ("算当天收到", "received that day"),
        "next_working_day": ("算次一工作日收到", "received on the next working day"),
    }
)
PANEL: Final = Choice.of(
    {
        "all": ("会签:人人同意才通过", "everybody must agree"),
        "any": ("或签:一人同意即通过", "one who agrees is enough"),
        "in_order": ("依次:按次序一个接一个,人人同意才通过", "one after another, everybody must agree"),
    }
)
STOP: Final = Choice.of(
    {
        "certain": ("结果已定即止", "once its outcome is certain"),
        "first_refusal": ("首个不同意即止", "at the first refusal"),
        "all_decided": ("全部表决完", "when everybody has decided"),
    }
)
TIE: Final = Choice.of({"fail": ("不通过", "refused"), "pass": ("通过", "agreed")})
DOES: Final = Choice.of(
    {
        "draft": ("起草或修改文件", "writes or revises a document"),
        "review": ("审核、审批或评审,给出结果", "gives an opinion: pass, fail or another outcome"),
        "sign": ("在现行版本上签字", "signs the current version"),
        "send": ("发出文件;文件必须有效", "lets a document leave, which must be valid"),
        "record": ("登记事实", "enters facts"),
        "act": ("在系统外办理,并说明已办", "does something outside the system and says so"),
        "start": ("自动发起另一程序", "starts another procedure by itself"),
        "wait": ("等一段时间后自动继续", "goes on by itself after some time"),
    }
)
OPINION: Final = Choice.of(
    {
        "required": ("必填", "always"),
        "required_on_fail": ("不通过时必填", "where the outcome is a refusal"),
        "optional": ("可填可不填", "never"),
    }
)
NOBODY: Final = Choice.of(
    {
        "refuse": ("拒绝进入这一步,并说明原因", "the case cannot come here"),
        "skip": ("略过这一步", "the step is passed over"),
        "superior": ("由上级办理", "the superior acts"),
    }
)
AGREED_AT: Final = Choice.of(
    {
        "anywhere": ("以前任一步骤", "anywhere before"),
        "previous": ("紧接的上一步", "at the step just before"),
        "first": ("最先同意的那一步", "where the first agreed"),
    }
)
RECEIPT: Final = Choice.of(
    {
        "on_opening": ("任务到达即算收到", "when the task opens"),
        "recorded": ("以本人签收为准", "when the receiver records it, by his own clock"),
    }
)
_FOLLOWS: Final = {
    "remind": ("催办", "a reminder"),
    "escalate": ("上报上级", "the superior is told"),
    "reassign": ("改派给另一岗位", "it goes to another role"),
}
UNRECEIVED: Final = Choice.of(
    {**_FOLLOWS, "received": ("视为已签收;须写明依据", "counts as received; names its legal text")}
)
OVERDUE: Final = Choice.of(
    {**_FOLLOWS, "outcome": ("自动作出结果;须写明依据", "an outcome by itself; names its legal text")}
)
OPERATIONS: Final = Choice.of(
    {
        "transfer": ("转办:交给别人办理", "hand a task over for good"),
        "delegate": ("委派:请别人提意见,任务回到自己", "ask another for advice; the task comes back"),
        "add_signers_before": ("前加签:请别人先审", "others decide before oneself"),
        "add_signers_after": ("后加签:自己同意后再请别人审", "others decide after oneself"),
        "add_signers_parallel": ("并加签:请别人一同审", "others decide beside oneself"),
        "remove_signers": ("减签:撤去加签的人", "take back signers whom one added"),
        "claim": ("认领、退领岗位的任务", "take a role's task for oneself, or give it back"),
        "return": ("退回到以前的步骤", "send the case back to an earlier step"),
        "take_back": ("拿回:后面无人办理前收回自己的决定", "take one's decision back, while nobody has acted on it"),
        "withdraw": ("撤回:由发起人收回", "the initiator takes the case back"),
        "urge": ("催办", "urge whoever has the task"),
        "copy": ("抄送", "copy the case to people"),
        "ask": ("征询", "ask people something"),
        "comment": ("评论", "say something beside the flow"),
    }
)
ADDED_DUE: Final = Choice.of({"keep": ("照常计算", "runs on"), "pause": ("暂停计算", "pauses")})
ADDED_REFUSAL: Final = Choice.of(
    {
        "back": ("退还加签的人,由他决定", "back to who added them, who decides"),
        "refuse": ("等于加签的人不同意", "refuses for who added them"),
    }
)
RESUME: Final = Choice.of(
    {
        "rerun": ("从那一步起重新走一遍", "all steps from there again"),
        "back_to_me": ("办完直接回到退回的人", "straight back to who returned it"),
    }
)
RIGHTS: Final = Choice.of(
    {"read": ("可看", "may be read"), "write": ("可改", "may be changed"), "hidden": ("看不到", "hidden")}
)
WITHDRAW: Final = Choice.of(
    {
        "strict": ("尚无人办理时", "while nobody has decided yet"),
        "lenient": ("办结以前", "while it is not finished"),
        "never": ("不可以", "never"),
    }
)
RESULT: Final = Choice.of({"done": ("办成", "done"), "refused": ("未获批准", "refused")})
