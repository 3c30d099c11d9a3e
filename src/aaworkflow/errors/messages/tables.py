"""Messages of decision tables."""

from typing import Final

MESSAGES: Final[dict[str, tuple[str, str]]] = {
    # the table as a whole
    "table_shape": ("{what} must be a {expected}", "{what} 应为{expected}"),
    "table_key": ("unknown key {name}", "未知的键 {name}"),
    "table_setting": ("{setting}: unknown word {name}", "{setting}:未知的词 {name}"),
    "table_setting_unknown": (
        "unknown setting {name} before the column names",
        "列名行之前有未知的设置 {name}",
    ),
    "table_setting_empty": ("{setting} has no value", "{setting} 没有值"),
    "table_header": (
        "no line of column names: one of them, an output, must begin with {arrow}",
        "没有列名行:其中应有以 {arrow} 开头的输出列",
    ),
    "table_no_columns": ("table {table} has no {side}", "表 {table} 没有 {side}"),
    "table_column_twice": ("column {column} occurs twice", "列 {column} 重复"),
    "table_column_missing": ("column {name} is not among the column names", "列名中没有 {name}"),
    "table_size": ("{table} has more {what} than the {limit} allowed", "{table} 的 {what} 超过上限 {limit}"),
    "table_csv": (
        "quotation marks: a field that begins with one must end with one, and those inside are doubled",
        "引号有误:以引号开头的字段须以引号结尾,其中的引号须写两遍",
    ),
    "table_extra_missing": (
        "this needs {package}: install aaworkflow[{extra}]",
        "需要 {package}:请安装 aaworkflow[{extra}]",
    ),
    "table_xlsx_unreadable": ("not an XLSX workbook that can be read", "不是可读的 XLSX 工作簿"),
    "table_xlsx_sheet": ("no sheet {name}", "没有工作表 {name}"),
    "table_xlsx_formula": (
        "formulas and errors are not read, only what is written: {cell}",
        "不读取公式和错误值,只读取写明的内容:{cell}",
    ),
    "table_xlsx_character": (
        "table {table}: XLSX cannot hold a control character: {cell}",
        "表 {table}:XLSX 不能存放控制字符:{cell}",
    ),
    "table_type": ("column {column}: unknown type {name}", "列 {column}:未知的类型 {name}"),
    "table_fact_kind": (
        "tables do not ask about {name}: it is of type {type}",
        "决策表不能以 {name} 为条件:其类型为 {type}",
    ),
    "table_fact_unknown": ("unknown fact {name}", "未知的事实 {name}"),
    "table_priorities": (
        "table {table}: the hit policy {policy} needs an output with values, the highest priority first",
        "表 {table}:命中策略 {policy} 需要一个列出取值的输出,优先者在前",
    ),
    "table_aggregation_policy": (
        "{aggregation} belongs to the hit policy collect, not {policy}",
        "{aggregation} 只用于命中策略 collect,不用于 {policy}",
    ),
    "table_aggregation_outputs": (
        "{aggregation} needs a table with one output",
        "{aggregation} 要求表只有一个输出",
    ),
    "table_aggregation_type": (
        "{aggregation} cannot be made of values of type {type}",
        "不能对 {type} 类型的值做 {aggregation}",
    ),
    # rows
    "table_row_id": ("the row id {row} is empty or occurs twice", "行号 {row} 为空或重复"),
    "table_row_width": (
        "the row has {found} cells but the table {needed} columns: {columns}",
        "该行有 {found} 个单元格,而表有 {needed} 列:{columns}",
    ),
    "table_cell_outside": ("{cell} stands beyond the last column", "{cell} 在最后一列之外"),
    "table_output_missing": ("the row gives no {column}", "该行没有给出 {column}"),
    # cells
    "table_cell_unreadable": (
        "column {column}: {part} is not a value of type {type}",
        "列 {column}:{part} 不是 {type} 类型的值",
    ),
    "table_cell_number_size": (
        "column {column}: the number {part} has too many digits",
        "列 {column}:数字 {part} 的位数太多",
    ),
    "table_cell_places": (
        "column {column}: {part} has more than {places} decimal places",
        "列 {column}:{part} 的小数位数超过 {places}",
    ),
    "table_cell_zone": (
        "column {column}: the instant {part} lacks its offset, as in 2026-01-01T09:00+08:00",
        "列 {column}:时刻 {part} 没有时差,应如 2026-01-01T09:00+08:00",
    ),
    "table_cell_length": (
        "column {column}: a cell may have at most {limit} characters",
        "列 {column}:单元格最多 {limit} 个字符",
    ),
    "table_cell_empty_test": (
        "column {column}: nothing stands before or after a separator in {cell}",
        "列 {column}:{cell} 中分隔符前或后没有内容",
    ),
    "table_cell_unequal": (
        "column {column}: != compares with one value; for several write not(a, b) instead of {cell}",
        "列 {column}:!= 只能和一个值比较;多个值请写 not(a, b),而不是 {cell}",
    ),
    "table_cell_unclosed": (
        "column {column}: a quotation mark in {cell} is never closed",
        "列 {column}:{cell} 中的引号没有配对",
    ),
    "table_cell_quotes": (
        "column {column}: {part} is not a text in quotation marks; names and expressions are not supported here",
        "列 {column}:{part} 不是带引号的文本;此处不支持名称和表达式",
    ),
    "table_cell_order": (
        "column {column}: {type} has no order, so {part} cannot be compared; quote it if it is meant as text",
        "列 {column}:{type} 没有大小之分,不能比较 {part};若为文本请加引号",
    ),
    "table_cell_option": (
        "column {column}: {name} is not among the options",
        "列 {column}:{name} 不在可选项之中",
    ),
    "table_cell_null": (
        "column {column}: null asks whether the fact is absent, but the fact is not optional",
        "列 {column}:null 表示缺少该事实,但该事实不是可选的",
    ),
    "table_cell_thousands": (
        "column {column}: {part} may be one number or several; write {plain} for one, or a space after each comma",
        "列 {column}:{part} 可能是一个数,也可能是几个数;一个数请写 {plain},几个数请在逗号后加空格",
    ),
    "table_cell_interval": (
        "column {column}: {part} is not an interval such as [1..5) with two dots",
        "列 {column}:{part} 不是区间;区间如 [1..5),中间两个点",
    ),
    "table_cell_backwards": (
        "column {column}: no value lies in {cell}, which ends before it begins",
        "列 {column}:没有值落在 {cell} 之内,起止写反了",
    ),
    "table_parameter_value": (
        "column {column}: parameter {parameter} has the value {value}, which is none that this column can have ({type})",
        "列 {column}:参数 {parameter} 的值为 {value},不是本列可用的值({type})",
    ),
    # asking
    "table_facts_shape": (
        "table {table}: the facts must be a mapping of names to values, not {found}",
        "表 {table}:事实须为名称到值的映射,而不是 {found}",
    ),
    "table_fact_missing": ("table {table}: fact {name} is missing", "表 {table}:缺少事实 {name}"),
    "table_fact_type": (
        "table {table}: fact {name} is {value}, which is not of type {type}",
        "表 {table}:事实 {name} 为 {value},不是 {type} 类型",
    ),
    "table_fact_option": (
        "table {table}: fact {fact} is {name}, which is not among its options",
        "表 {table}:事实 {fact} 为 {name},不在可选项之中",
    ),
    "table_fact_places": (
        "table {table}: fact {name} is {value}, with more than {places} decimal places",
        "表 {table}:事实 {name} 为 {value},小数位数超过 {places}",
    ),
    "table_not_unique": (
        "table {table}: rows {rows} all match, but the hit policy is unique",
        "表 {table}:行 {rows} 同时命中,而命中策略为 unique",
    ),
    "table_any_differs": (
        "table {table}: rows {rows} all match and answer differently, but the hit policy is any",
        "表 {table}:行 {rows} 同时命中且结果不同,而命中策略为 any",
    ),
    "table_row_unknown": ("table {table} has no row {name}", "表 {table} 没有行 {name}"),
    "table_no_match": ("table {table}: no row matches", "表 {table}:没有行命中"),
    "table_index_size": (
        "table {table}: an index of its {rows} rows would take too much memory; split the table",
        "表 {table}:{rows} 行的索引占用内存过大,请拆分该表",
    ),
    # outputs
    "table_output_empty": (
        "column {column}: the answer is empty; write null for none",
        "列 {column}:结果为空;没有结果请写 null",
    ),
    "table_output_value": (
        "column {column}: {name} is not among the values of this output",
        "列 {column}:{name} 不在该输出的取值之中",
    ),
    # analysis
    "table_gap": (
        "table {table}{since}: no row matches where {region}; for example: {example}",
        "表 {table}{since}:{region} 时没有行命中;例如{example}",
    ),
    "table_rows_overlap": (
        "table {table}{since}: rows {rows} match together, but the hit policy is {policy}; for example: {example}",
        "表 {table}{since}:行 {rows} 会同时命中,而命中策略为 {policy};例如{example}",
    ),
    "table_rows_contradict": (
        "table {table}{since}: rows {rows} match together and answer differently, but the hit policy is {policy}; "
        "for example: {example}",
        "表 {table}{since}:行 {rows} 会同时命中且结果不同,而命中策略为 {policy};例如{example}",
    ),
    "table_row_shadowed": (
        "table {table}{since}: row {row} never answers, since others that count more match whenever it does; "
        "for example: {example} is answered by row {rows}",
        "表 {table}{since}:行 {row} 永远不起作用,因为它命中时总有更优先的行命中;例如{example},由行 {rows} 作答",
    ),
    "table_row_never": (
        "table {table}{since}: no case at all matches row {row}, since nothing is so: {cells}",
        "表 {table}{since}:没有任何情形会命中行 {row},因为没有值符合:{cells}",
    ),
    "table_analysis_limited": (
        "table {table}{since}: there may be more, not everything was looked at",
        "表 {table}{since}:未能查遍,可能还有其他问题",
    ),
    "table_diff_type": (
        "the tables cannot be compared: one asks about {name} as one type, the other as another: {types}",
        "两个表无法比较:对 {name} 的类型不同:{types}",
    ),
    # DMN
    "dmn_xml": ("not well-formed XML", "不是格式良好的 XML"),
    "dmn_doctype": ("document types and entities are not allowed", "不允许文档类型声明和实体"),
    "dmn_depth": ("the elements nest too deeply", "元素嵌套过深"),
    "dmn_version": ("not a DMN file of version 1.2 or later", "不是 1.2 或更高版本的 DMN 文件"),
    "dmn_empty": ("the file holds no decision", "文件中没有决策"),
    "dmn_no_table": (
        "decision {name} is made by {logic}; only decision tables are read",
        "决策 {name} 由 {logic} 得出;此处只读取决策表",
    ),
    "dmn_expression": (
        "{expression} is not the name of an input; expressions as inputs are not supported",
        "{expression} 不是输入的名称;不支持以表达式作为输入",
    ),
    "dmn_language": ("the expression language {language} is not supported", "不支持表达式语言 {language}"),
    "dmn_type": ("column {column}: its type is not supported", "列 {column}:不支持其类型"),
    "dmn_values": (
        "column {column}: only lists of texts can bound an input, not {values}; ask for it in the rows",
        "列 {column}:只有文本列表可以限定输入,{values} 不行;请在行中写明",
    ),
    "dmn_output_name": ("each of several outputs needs a name", "有多个输出时,每个都要有名称"),
    "dmn_no_match": (
        "table {table} refuses cases that no row matches, which DMN cannot say",
        "表 {table} 规定没有行命中时报错,DMN 无法表达",
    ),
    "dmn_cell": ("column {column}: DMN cannot say {cell}", "列 {column}:DMN 无法表达 {cell}"),
    "dmn_character": ("XML cannot hold a character of {text}", "XML 不能存放 {text} 中的字符"),
    # frames
    "frame_failed": ("the frame cannot be answered: {detail}", "无法对该数据表求值:{detail}"),
    "frame_column_missing": ("the frame has no column {name}", "数据表没有列 {name}"),
    "frame_column_type": (
        "{table}: column {name} is {found}, which cannot hold facts of type {type}",
        "{table}:列 {name} 为 {found},不能存放 {type} 类型的事实",
    ),
    "frame_null": (
        "{table}: column {name} has a null, but the fact is not optional",
        "{table}:列 {name} 有空值,但该事实不是可选的",
    ),
    "frame_unanswerable": (
        "a row has no value, or no finite number, in one of the columns that must have one: {names}",
        "有一行在必须有值的列中没有值或不是有限的数:{names}",
    ),
    "frame_not_finite": ("{table}: column {name} has a number that is not finite", "{table}:列 {name} 有非有限的数"),
    "frame_rows_named": (
        "{table}: the column of the rows cannot have the name of the output {name}",
        "{table}:行编号列不能与输出 {name} 同名",
    ),
    "frame_number_size": ("Polars has no decimals of more than 38 digits", "Polars 的十进制数不能超过 38 位"),
}
