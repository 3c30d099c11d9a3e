"""Messages of the rooms `codec`, `plugins` and `engine`."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # codec
    "body_not_json": ("stored data is not JSON: {detail}", "存储的数据不是 JSON:{detail}"),
    "body_not_valid": ("data of {kind} is not valid: {detail}", "{kind} 的数据无效:{detail}"),
    "unknown_command": ("there is no command {name}", "没有名为 {name} 的命令"),
    "unknown_event": ("there is no event {name}", "没有名为 {name} 的事件"),
    "unknown_field": ("{kind} has no field {name}", "{kind} 没有字段 {name}"),
    "value_not_storable": ("{found} cannot be stored: {value}", "{found} 类型不能存储:{value}"),
    # engine
    "case_not_replayable": ("case {case} cannot be replayed: {detail}", "单据 {case} 无法重放:{detail}"),
    "chain_broken": (
        "case {case}: event {seq} was changed or moved",
        "单据 {case}:第 {seq} 个事件被改动或移位",
    ),
    "chain_end_missing": (
        "case {case}: it ends at event {seq}, its head says {version}",
        "单据 {case}:止于第 {seq} 个事件,而应为第 {version} 个",
    ),
    "chain_gap": (
        "case {case}: event {seq} is missing, {found} stands there",
        "单据 {case}:缺少第 {seq} 个事件,该处为第 {found} 个",
    ),
    "digest_wrong": (
        "case {case}: version {number} of {document} was changed",
        "单据 {case}:{document} 第 {number} 版被改动",
    ),
    "id_not_valid": (
        "{what} {id} is not valid: 1 to 250 printable characters are",
        "{what} {id} 无效:应为 1 至 250 个可显示字符",
    ),
    "instant_in_future": ("{at} is later than now, {now}", "{at} 晚于当前时间 {now}"),
    "key_reused": (
        "key {key} was used for another command, on case {case}",
        "键 {key} 已用于单据 {case} 的另一命令",
    ),
    "no_document": ("case {case} has no document {name}", "单据 {case} 没有文件 {name}"),
    "no_records": ("case {case} has no events", "单据 {case} 没有事件"),
    "no_ruleset": ("an engine needs a ruleset", "引擎至少需要一个规则集"),
    "no_signer": ("nothing can be signed: the engine has no signer", "无法签字:引擎没有签字组件"),
    "no_store_there": ("there is no store {store}", "没有存储 {store}"),
    "not_revertible": (
        "case {case} is {status}: only an approved one can be taken back, once, by {initiator}",
        "单据 {case} 状态为 {status}:只有已通过的单据可由 {initiator} 申请撤销一次",
    ),
    "signature_of_nothing": (
        "case {case}: a signature on {document} is of a version that is not there",
        "单据 {case}:{document} 上的签字所对应的版本不存在",
    ),
    "signature_unchecked": (
        "case {case}: no signer to check a signature on {document}",
        "单据 {case}:没有签字组件核验 {document} 的签字",
    ),
    "stored_signature_invalid": (
        "case {case}: a signature on {document}: {detail}",
        "单据 {case}:{document} 上的签字:{detail}",
    ),
    "unknown_case": ("there is no case {case}", "没有单据 {case}"),
    "unknown_message": ("no message {name} was given up", "没有投递失败的消息 {name}"),
    "unknown_ruleset": ("ruleset {name} is not known here", "此处没有规则集 {name}"),
    # plugins
    "no_scheme": ("{url} does not begin with a scheme", "{url} 未以方案名开头"),
    "fact_types_refused": (
        "the fact types of the plugin {name} cannot be added: {detail}",
        "插件 {name} 的事实类型无法加入:{detail}",
    ),
    "not_the_protocol": ("{found} is no {protocol}", "{found} 不符合 {protocol} 的约定"),
    "plugin_failed": ("the plugin for {name} failed: {detail}", "{name} 的插件出错:{detail}"),
    "plugin_not_loadable": ("the plugin {name} cannot be loaded: {detail}", "插件 {name} 无法加载:{detail}"),
    "scheme_taken": ("more than one plugin brings {name}: {plugins}", "多个插件提供 {name}:{plugins}"),
    "unknown_scheme": ("no plugin understands {name} of {url}{hint}", "没有插件支持 {url} 的 {name}{hint}"),
    # stores
    "key_answered": (
        "key {key} was answered meanwhile, on case {case}",
        "键 {key} 此间已得到答复,见单据 {case}",
    ),
    "store_busy": ("the store at {path} is held by others: {detail}", "存储 {path} 被占用:{detail}"),
    "store_closed": ("the store at {path} was closed", "存储 {path} 已关闭"),
    "store_damaged": ("the store at {path} is damaged: {detail}", "存储 {path} 已损坏:{detail}"),
    "store_ended": (
        "this transaction of the store at {path} has ended: open another",
        "存储 {path} 的这一事务已结束:请另开事务",
    ),
    "store_failed": ("the store at {path} failed: {detail}", "存储 {path} 出错:{detail}"),
    "store_forked": (
        "the process forked while a transaction of the store at {path} was open: fork first, or open the store after",
        "进程在存储 {path} 的事务进行中分叉:请先分叉,再打开存储",
    ),
    "store_full": ("there is no room left for the store at {path}: {detail}", "存储 {path} 空间不足:{detail}"),
    "store_not_ours": ("{path} is a database, but not of aaworkflow", "{path} 是数据库,但不属于 aaworkflow"),
    "store_not_openable": ("the store at {path} cannot be opened: {detail}", "无法打开存储 {path}:{detail}"),
    "store_option_not_valid": (
        "{option}={value} is not valid; it reads like {example}",
        "{option}={value} 无效;应如 {example}",
    ),
    "store_option_unknown": ("{url} has no option {name}", "{url} 没有选项 {name}"),
    "store_reading": (
        "this transaction of the store at {path} only reads: open it with write=True",
        "存储 {path} 的这一事务只读:请以 write=True 打开",
    ),
    "store_sqlite_too_old": (
        "SQLite {found} is too old for this store: {needed} or newer is needed",
        "SQLite {found} 版本过旧:此存储需要 {needed} 或更新版本",
    ),
    "store_too_new": (
        "the store at {path} has layout {found}, newer than {known}: update aaworkflow-sqlite",
        "存储 {path} 的格式为 {found},新于本程序的 {known}:请升级 aaworkflow-sqlite",
    ),
    "store_url": ("{url} is no URL of a store; it reads like {example}", "{url} 不是存储地址;应如 {example}"),
}
