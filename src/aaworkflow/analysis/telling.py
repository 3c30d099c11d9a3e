"""What a command asks, in words."""

from collections.abc import Mapping
from typing import Final

from aaworkflow.analysis.wording import Wording, outcome_name
from aaworkflow.cases import Command
from aaworkflow.cases import commands as cmd

__all__ = ["told"]

_WORDS: Final[Mapping[type[Command], tuple[str, str]]] = {
    cmd.Start: ("发起", "starting it"),
    cmd.Decide: ("办理“{step}”({outcome})", "deciding “{step}” ({outcome})"),
    cmd.Receive: ("签收“{step}”", "receiving “{step}”"),
    cmd.SetFacts: ("填写事实", "setting facts"),
    cmd.Claim: ("认领“{step}”", "claiming “{step}”"),
    cmd.Release: ("退领“{step}”", "releasing “{step}”"),
    cmd.Transfer: ("转办“{step}”", "handing over “{step}”"),
    cmd.Delegate: ("就“{step}”委派征求意见", "asking advice on “{step}”"),
    cmd.Advise: ("就“{step}”答复意见", "giving advice on “{step}”"),
    cmd.AddSigners: ("在“{step}”加签", "adding signers at “{step}”"),
    cmd.RemoveSigners: ("在“{step}”减签", "removing signers at “{step}”"),
    cmd.Return: ("从“{step}”驳回", "returning it from “{step}”"),
    cmd.TakeBack: ("拿回“{step}”", "taking back “{step}”"),
    cmd.Withdraw: ("撤回", "withdrawing it"),
    cmd.Terminate: ("终止", "terminating it"),
    cmd.Void: ("作废", "voiding it"),
    cmd.Suspend: ("暂停", "suspending it"),
    cmd.Resume: ("恢复", "resuming it"),
    cmd.Jump: ("跳转", "jumping"),
    cmd.Reopen: ("唤醒", "reopening it"),
    cmd.Amend: ("为“{step}”追加办理人", "adding reviewers to “{step}”"),
    cmd.AddStep: ("追加步骤“{step}”", "adding the step “{step}”"),
    cmd.RemoveStep: ("去掉追加的步骤“{step}”", "removing the added step “{step}”"),
    cmd.Extend: ("延期", "giving more time"),
    cmd.Redate: ("重算期限", "dating its deadlines anew"),
    cmd.Copy: ("抄送", "copying it"),
    cmd.MarkRead: ("已阅", "reading it"),
    cmd.Urge: ("催办“{step}”", "urging “{step}”"),
    cmd.Comment: ("留言", "commenting"),
    cmd.Ask: ("征询", "asking"),
    cmd.Answer: ("答复征询", "answering"),
    cmd.EndChild: ("所发起的事项办结", "the end of a case that it started"),
    cmd.Tick: ("到期", "the clock"),
}


def told(command: Command, words: Wording, procedure: str) -> str:
    """Return what a command asks."""
    zh, en = _WORDS.get(type(command), (type(command).__name__,) * 2)
    step = words.step(getattr(command, "step", ""), procedure)
    outcome = outcome_name(getattr(command, "outcome", None) or "done", words.lang)
    return words.say(zh, en).format(step=step, outcome=outcome)
