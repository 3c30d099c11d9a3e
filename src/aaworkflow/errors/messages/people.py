"""Messages of the room `people`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "delegation_chain_too_long": (
        "delegation {delegation} may be passed on {depth} deep at most",
        "委托 {delegation} 最多只能转委托 {depth} 层",
    ),
    "delegation_expired": (
        "{principal}'s delegation {delegation} to {agent} ended at {valid_until}",
        "{principal} 对 {agent} 的委托 {delegation} 已于 {valid_until} 到期",
    ),
    "delegation_loop": ("delegations lead back to where they began: {path}", "委托关系成环:{path}"),
    "delegation_naive": (
        "delegation {delegation}: {value} has no UTC offset",
        "委托 {delegation}:时间 {value} 没有时区",
    ),
    "delegation_not_yet": (
        "{principal}'s delegation {delegation} to {agent} begins at {valid_from}",
        "{principal} 对 {agent} 的委托 {delegation} 自 {valid_from} 起才生效",
    ),
    "delegation_other_document": (
        "delegation {delegation} is not for document {name}",
        "委托 {delegation} 不包括文件 {name}",
    ),
    "delegation_other_procedure": (
        "delegation {delegation} is not for procedure {name}",
        "委托 {delegation} 不包括程序 {name}",
    ),
    "delegation_other_role": (
        "delegation {delegation} is not for role {name}",
        "委托 {delegation} 不包括角色 {name}",
    ),
    "delegation_over_limit": (
        "delegation {delegation} goes up to {limit}, the amount is {amount}",
        "委托 {delegation} 的额度为 {limit},而金额为 {amount}",
    ),
    "delegation_to_oneself": (
        "delegation {delegation}: {person} cannot be his own agent",
        "委托 {delegation}:{person} 不能委托给自己",
    ),
    "delegation_window_empty": (
        "delegation {delegation} ends before it begins",
        "委托 {delegation} 的结束时间不晚于开始时间",
    ),
    "duplicate_id": ("{id} is there twice", "{id} 重复"),
    "role_not_held": ("{person} does not hold the role {role}", "{person} 不担任角色 {role}"),
    "unknown_person": ("there is no person {name}", "没有名为 {name} 的人员"),
    "unknown_unit": ("there is no unit {name}", "没有名为 {name} 的单位"),
}
