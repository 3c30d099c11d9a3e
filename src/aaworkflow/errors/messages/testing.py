"""Messages of the room `testing`: what is wrong with a scenario, and what came out otherwise than it says."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # reading
    "line_not_one_thing": (
        "a line does one thing; this one says {found}",
        "一行只讲一件事,此处写了 {found}",
    ),
    "scenario_after_itself": ("scenario {name} goes on after itself", "情景 {name} 接在自己后面"),
    "scenario_twice": ("scenario {name} is there twice", "情景 {name} 重复"),
    "scenario_without_case": ("no case has been started yet", "还没有发起任何事项"),
    "unknown_code": ("no refusal has the code {name}", "没有代码为 {name} 的拒绝理由"),
    "unknown_scenario": ("there is no scenario {name}", "没有名为 {name} 的情景"),
    # playing
    "changed_though_refused": ("{case} changed although the line was refused", "该行被拒绝,但 {case} 发生了变化"),
    "line_accepted": (
        "this was accepted; {expected} should have refused it",
        "这一行办成了,应以 {expected} 拒绝",
    ),
    "line_refused": ("this was refused: {why} ({codes})", "这一行被拒绝:{why}({codes})"),
    "nothing_to_compare": ("there is no case to compare {name} with", "没有事项可供核对 {name}"),
    "other_than_expected": (
        "{what}: expected {expected}, found {found}",
        "{what}:应为 {expected},实为 {found}",
    ),
}
