"""Messages of simulations and of their office files."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    "absence_backwards": (
        "the absence ends on {until}, before it begins on {start}",
        "缺勤的止日 {until} 早于起日 {start}",
    ),
    "arrival_not_one": (
        "say either how many come a working day (`rate`) or what lies between them (`every`)",
        "请写每个工作日来几件(`rate`),或两件之间相隔多久(`every`),二者取一",
    ),
    "arrival_not_possible": (
        "nothing would ever come so: the rate must be above 0",
        "这样永远不会有事项发生:频率必须大于 0",
    ),
    "fact_value_not_readable": (
        "{value} is no value of fact {fact}, which is of type {kind}",
        "{value} 不是事实 {fact}(类型 {kind})的值",
    ),
    "nobody_may_act": (
        "nobody may act on it: look who holds the role there, and whom the rules keep out",
        "没有人可以办理:请看该处由谁担任岗位,规则又排除了谁",
    ),
    "nobody_may_start": ("nobody who may start it was there", "没有可以发起的人在岗"),
    "office_hours_not_readable": (
        "{value} is not working hours: write them as 09:00-12:00",
        "{value} 不是上班时间:请写成 09:00-12:00",
    ),
    "period_backwards": ("the last day {until} is before the first, {start}", "止日 {until} 早于起日 {start}"),
    "period_outside_calendar": (
        "the days {start} to {until} are not within those of the calendar, {first} to {last}",
        "{start} 至 {until} 不在日历的范围 {first} 至 {last} 之内",
    ),
    "procedure_starts_by_itself": (
        "procedure {name} starts by its schedule, not by people",
        "程序 {name} 按日程自行开始,不由人发起",
    ),
    "simulation_without_people": (
        "there is no people file {path}: nobody would do the work",
        "没有人员文件 {path}:没有人办理",
    ),
    "span_not_readable": (
        "{value} is not a working time: write 20 minutes, 1.5 hours or 2 working days",
        "{value} 不是工作时长:请写 20分钟、1.5小时 或 2个工作日",
    ),
    "spread_not_in_order": (
        "{kind} needs its values in order and above 0: {order}",
        "{kind} 的各个值须大于 0,并按顺序:{order}",
    ),
    "spread_not_one": ("say one kind of spread, not {found}", "请只写一种分布,而不是 {found}"),
    "weights_all_zero": ("at least one weight must be above 0", "至少有一个权重须大于 0"),
}
