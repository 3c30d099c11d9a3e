"""Messages of the room `people`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # what is asked or given wrongly
    "naive_instant": ("{at} has no UTC offset", "时间 {at} 没有时区"),
    "not_an_id": (
        "{what} needs an id, a text without spaces, not {value}",
        "{what} 须为不含空格的标识,而不是 {value}",
    ),
    "amount_not_exact": (
        "{value} is not an exact amount: a finite Decimal or an int is",
        "{value} 不是精确金额:请使用有限的 Decimal 或整数",
    ),
    "unknown_person": ("there is no person {name}", "没有名为 {name} 的人员"),
    "unknown_unit": ("there is no unit {name}", "没有名为 {name} 的单位"),
    "unknown_role": ("there is no role {name}", "没有名为 {name} 的岗位"),
    # a directory that does not hold together
    "duplicate_id": ("{what} {id} is there twice", "{what} {id} 重复"),
    "person_unknown_unit": ("{person} sits in {name}, which is no unit", "{person} 所属的 {name} 不是单位"),
    "appointment_unknown_unit": (
        "{person} is appointed {role} of {name}, which is no unit",
        "{person} 任 {role} 的 {name} 不是单位",
    ),
    "unit_unknown_parent": ("{unit} lies in {name}, which is no unit", "{unit} 的上级 {name} 不是单位"),
    "unknown_superior": ("{person} has the superior {name}, who is nobody", "{person} 的上级 {name} 不存在"),
    "superior_loop": ("superiors go in a circle: {path}", "上级关系成环:{path}"),
    "unit_loop": ("units lie in each other: {path}", "单位的上下级关系成环:{path}"),
    "appointment_window_empty": (
        "the appointment to {role} ends on {valid_until}, before it begins on {valid_from}",
        "{role} 的任期止于 {valid_until},早于起始日 {valid_from}",
    ),
    "delegation_unknown_person": (
        "delegation {delegation}: there is no person {name}",
        "授权 {delegation}:没有名为 {name} 的人员",
    ),
    "delegation_to_oneself": (
        "delegation {delegation} makes {person} the own agent",
        "授权 {delegation}:{person} 不能做自己的代理人",
    ),
    "delegation_window_empty": (
        "delegation {delegation} ends at {valid_until}, not after it begins at {valid_from}",
        "授权 {delegation} 止于 {valid_until},不晚于起始时间 {valid_from}",
    ),
    "delegation_depth": (
        "delegation {delegation}: the depth counts delegations from 1, and is not {depth}",
        "授权 {delegation}:层数从 1 算起,不能是 {depth}",
    ),
    "appointments_overlap": (
        "{person} is appointed {role} already for some of this time",
        "{person} 在这段时间里已经担任 {role},任期重叠",
    ),
    "delegations_overlap": (
        "delegation {name} covers for some of its time what {other} covers, between the same two people",
        "授权 {name} 与 {other} 的双方相同,时间和范围有重叠",
    ),
    "delegation_loop": (
        "delegations lead back to {principal}: {path}; part them in time or in what they cover",
        "授权绕回 {principal}:{path};请在时间或范围上错开",
    ),
    # people given as plain data
    "people_wrong_type": ("{where} must be {expected}, not {value}", "{where} 须为{expected},而不是 {value}"),
    "people_missing_entry": ("{where} lacks {entry}", "{where} 缺少 {entry}"),
    "people_unknown_entry": ("{where} has no entry {name}", "{where} 没有 {name} 这一项"),
    "people_invalid_entry": ("{where}: {problem}", "{where}:{problem}"),
    # why somebody may not act
    "person_inactive": ("{person} is no longer active", "{person} 已停用"),
    "role_not_held": ("{person} does not hold the role {role}", "{person} 不担任 {role}"),
    "role_in_other_unit": (
        "{person} holds the role {role} in {held_in}, not for {unit}",
        "{person} 在 {held_in} 担任 {role},不管辖 {unit}",
    ),
    "appointment_not_yet": (
        "{person} holds the role {role} from {valid_from} on",
        "{person} 自 {valid_from} 起才担任 {role}",
    ),
    "appointment_expired": (
        "{person} held the role {role} until {valid_until}",
        "{person} 担任 {role} 至 {valid_until} 止",
    ),
    "no_delegation_from": ("{principal} let {person} act for nothing", "{principal} 没有授权 {person}"),
    "delegation_not_yet": (
        "{principal}'s delegation {delegation} to {agent} begins at {valid_from}",
        "{principal} 对 {agent} 的授权 {delegation} 自 {valid_from} 起才生效",
    ),
    "delegation_expired": (
        "{principal}'s delegation {delegation} to {agent} ended at {valid_until}",
        "{principal} 对 {agent} 的授权 {delegation} 已于 {valid_until} 到期",
    ),
    "delegation_other_role": (
        "{principal}'s delegation {delegation} to {agent} is not for the role {name}",
        "{principal} 对 {agent} 的授权 {delegation} 不包括岗位 {name}",
    ),
    "delegation_other_document": (
        "{principal}'s delegation {delegation} to {agent} is not for the document {name}",
        "{principal} 对 {agent} 的授权 {delegation} 不包括文件 {name}",
    ),
    "delegation_other_procedure": (
        "{principal}'s delegation {delegation} to {agent} is not for the procedure {name}",
        "{principal} 对 {agent} 的授权 {delegation} 不包括程序 {name}",
    ),
    "delegation_over_limit": (
        "{principal}'s delegation {delegation} to {agent} goes up to {limit}, the amount is {amount}",
        "{principal} 对 {agent} 的授权 {delegation} 的额度为 {limit},而金额为 {amount}",
    ),
    "delegation_amount_unknown": (
        "{principal}'s delegation {delegation} to {agent} goes up to {limit}, the amount is not known",
        "{principal} 对 {agent} 的授权 {delegation} 的额度为 {limit},而金额未知",
    ),
    "delegation_chain_too_long": (
        "{principal}'s delegation {delegation} to {agent} allows {depth} in a row, this is {links}",
        "{principal} 对 {agent} 的授权 {delegation} 最多 {depth} 层,本次已是第 {links} 层",
    ),
    "principal_without_role": (
        "{principal}, whose delegation {delegation} it is, does not hold the role {role}",
        "授权 {delegation} 的授权人 {principal} 不担任 {role}",
    ),
}
