"""Every code of this package with its sentence in Chinese and English. A test keeps it complete.

The package knows no screen and no language; whoever shows a code takes the sentence here and fills in its facts.
"""

from __future__ import annotations

from collections.abc import Mapping

# What `TableError` says of a file or table as a whole.
SHAPE = {
    "not_an_object": ("这里应为 JSON 对象。", "A JSON object is expected here."),
    "not_a_list": ("“{key}”应为 JSON 数组。", '"{key}" must be a JSON array.'),
    "not_text": ("“{key}”应为带引号的文字；数字和日期也写在引号里。", '"{key}" must be text in quotes; numbers and dates as well.'),
    "missing_key": ("缺少“{key}”。", 'The key "{key}" is missing.'),
    "unknown_key": ("不认识“{key}”；可用的有：{known}。", 'Unknown key "{key}"; known keys: {known}.'),
    "unknown_policy": ("没有命中策略“{value}”；可用的有：{known}。", 'There is no hit policy "{value}"; choose one of {known}.'),
    "unknown_type": ("没有类型“{value}”；可用的有：{known}。", 'There is no type "{value}"; choose one of {known}.'),
    "bad_table_name": ("表名不能为空，最多 {max} 个字，不换行。", "The table needs a name of at most {max} characters in one line."),
    "no_columns": ("至少需要一个输入列和一个输出列。", "At least one input and one output column are needed."),
    "too_many_columns": ("最多 {max} 列。", "At most {max} columns are allowed."),
    "too_many_rows": ("最多 {max} 行。", "At most {max} rows are allowed."),
    "too_many_values": ("取值最多 {max} 个。", "At most {max} values are allowed."),
    "text_too_long": ("最多 {max} 个字符。", "At most {max} characters are allowed here."),
    "cell_too_long": ("单元格最多 {max} 个字符；请拆成几行。", "A cell holds at most {max} characters; split the row."),
    "bad_column_name": (
        "列名“{name}”应以英文字母开头，只含字母、数字和下划线，且不是保留字。",
        'A column name such as "{name}" must begin with a letter, hold only letters, digits and _, and be no reserved word.',
    ),
    "column_twice": ("列“{name}”出现了两次。", 'The column "{name}" stands there twice.'),
    "row_width": (
        "这一行应有 {inputs} 个条件和 {outputs} 个结论。",
        "This row needs {inputs} conditions and {outputs} answers.",
    ),
    "not_a_workbook": ("文件不是可以打开的 XLSX 工作簿。", "The file is no XLSX workbook that can be opened."),
    "file_too_large": ("文件太大，最多 {max} 字节。", "The file is too large; at most {max} bytes."),
    "sheet_without": ("第一张工作表缺少“{word}”一行。", 'The first sheet lacks the row "{word}".'),
    "sheet_formula": ("工作表中有公式；请粘贴为数值后再导入。", "The sheet has a formula; paste it as a value and import again."),
    "unknown_kind_of_column": (
        "第 {place} 列的类别“{value}”不认识；请填 输入、输出 或 备注。",
        'Column {place} has the kind "{value}"; write input, output or note.',
    ),
    "relation_type": (
        "数据列 {name} 是 {type}，这里需要 {wanted}；浮点数请先转换为定点小数。",
        "The data column {name} is {type}; {wanted} is needed. Cast a binary float to a decimal first.",
    ),
    "column_taken": ("数据中已有列“{name}”；请换一个前缀。", 'The data has a column "{name}" already; choose another prefix.'),
}  # fmt: skip

# What `TableError` says of one cell.
CELLS = {
    "unseen_character": ("有看不见的字符 {code}；请删去重写。", "There is an invisible character {code}; delete it and type again."),
    "bad_character": ("“{character}”不能用在这里。", '"{character}" cannot stand here.'),
    "quote_open": ("引号没有关闭。", "A quotation mark is not closed."),
    "bad_number": ("“{text}”不是数字。", '"{text}" is no number.'),
    "number_too_long": ("数字最多 {whole} 位整数、{decimals} 位小数。", "A number has at most {whole} digits and {decimals} decimals."),
    "thousands": (
        "“{text}”看不出是一个数还是两个数：千分位请去掉逗号；列举请在逗号后加空格。",
        '"{text}" may be one number or two: leave out the comma in thousands, or put a blank after it in a list.',
    ),
    "cell_ends": ("内容没有写完，这里应有 {wanted}。", "The cell ends too early; {wanted} is expected."),
    "cell_unexpected": ("不应出现“{found}”，这里应有 {wanted}。", '"{found}" is unexpected; {wanted} should stand here.'),
    "cell_too_deep": ("括号最多 {max} 层。", "Brackets may be nested at most {max} deep."),
    "interval_empty": ("区间是空的：请检查两端。", "The interval is empty; check its ends."),
    "not_ordered": ("类型 {type} 不能比较大小。", "Values of type {type} cannot be compared by size."),
    "word_unknown": (
        "“{word}”既不是本列的取值，也不是其他输入列；文字请加双引号。",
        '"{word}" is neither a value of this column nor another input; put text in double quotes.',
    ),
    "reference_type": ("列 {name} 是 {type}，这里需要 {wanted}。", "The column {name} is {type}; {wanted} is needed here."),
    "reference_not_alone": (
        "引用其他列的条件须单独写，不能放在列举或 not() 里。",
        "A test that looks at another column stands alone, not in a list or in not().",
    ),
    "literal_type": ("这是 {type}，本列需要 {wanted}。", "This is {type}; the column needs {wanted}."),
    "not_whole": ("“{text}”不是整数。", '"{text}" is not a whole number.'),
    "bad_day": ("“{text}”不是日期，应如 2026-01-31。", '"{text}" is no date such as 2026-01-31.'),
    "bad_moment": (
        "“{text}”不是带时区的时间，应如 2026-01-31T08:00:00+08:00。",
        '"{text}" is no moment with a time zone such as 2026-01-31T08:00:00+08:00.',
    ),
    "value_not_allowed": ("“{value}”不在本列的取值之中。", '"{value}" is not among the values of this column.'),
    "bad_values": ("本列的取值写得不对。", "The values of this column are not written correctly."),
    "sum_not_whole": (
        "结果可能有小数，而本列是整数；请用 floor() 取整。",
        "The result may have decimals and the column holds whole numbers; use floor().",
    ),
    "sum_too_long": ("结果可能超过 {max} 位数字，不能保证精确。", "The result could need more than {max} digits and would not be exact."),
    "priority_without_values": (
        "PRIORITY 需要至少一个输出列按优先顺序列出取值。",
        "PRIORITY needs an output column that lists its values in order of priority.",
    ),
    "priority_computed": ("决定优先顺序的输出只能是固定值。", "An output that decides priority must be a plain value."),
    "aggregate_not_numeric": ("汇总只能用于数字列：{name}。", "Only columns of numbers can be aggregated: {name}."),
}  # fmt: skip

# What lint finds in a table whose cells are all well.
FINDINGS = {
    "empty_table": ("表里没有规则。", "The table has no rows."),
    "cell_never_true": ("“{text}”在本列的取值范围内永远不成立。", '"{text}" is never true within the values of this column.'),
    "duplicate_row": ("与第 {other} 行的条件完全相同。", "It has the very conditions of row {other}."),
    "overlap": ("与第 {other} 行会同时命中而结论冲突。", "It can hit together with row {other}, and they contradict each other."),
    "shadowed_row": ("永远轮不到：第 {other} 行已全部包含它。", "It is never reached: row {other} takes all its cases."),
    "unreachable_row": (
        "永远轮不到：第 {others} 行合起来已全部包含它。",
        "It is never reached: rows {others} together take all its cases.",
    ),
    "gap": ("有情况没有任何一行处理。", "There are cases that no row takes."),
    "no_otherwise": (
        "没有“其他情况”一行；请在最后加一行条件全为 - 的规则。",
        'There is no "otherwise" row; add a last row with - everywhere.',
    ),
    "lint_incomplete": ("检查没有做完：{why}。", "The check is not complete: {why}."),
}  # fmt: skip
WHY = {
    "cells": ("请先改正写错的单元格", "correct the mistyped cells first"),
    "work": ("表太复杂，超出了检查的工作量上限", "the table is too intricate for the bound of work"),
    "references": ("有单元格引用其他列，找不到例子也不能证明没有", "cells look at other columns, so no example is no proof"),
}

# Why a fact is unknown (`FactRead.reason`), and why a result is refer or error (`Result.reason`).
REASONS = {
    "missing": ("缺失", "missing"),
    "wrong_type": ("类型不对", "of the wrong type"),
    "not_finite": ("不是有限的数", "not a finite number"),
    "out_of_bounds": ("数字太大", "too large a number"),
    "too_fine": ("小数超过十位", "more than ten decimals"),
    "not_whole_fact": ("不是整数", "not a whole number"),
    "empty_text": ("空文字", "an empty text"),
    "no_zone": ("时间没有时区", "a moment without a time zone"),
    "not_allowed": ("不在取值之中", "not among the allowed values"),
    "fact_unknown": ("缺少会改变结论的事实", "a fact is unknown that could change the answer"),
    "division_by_zero": ("结论要除以零", "the answer would divide by zero"),
    "rows_contradict": ("UNIQUE 表有多行同时命中", "several rows of a UNIQUE table hit"),
    "answers_contradict": ("ANY 表命中的行结论不同", "rows of an ANY table hit with different answers"),
}  # fmt: skip

SENTENCES: dict[str, tuple[str, str]] = {**SHAPE, **CELLS, **FINDINGS, **REASONS}


def sentence(code: str, facts: Mapping[str, object] | None = None, *, english: bool = False) -> str:
    """The sentence of a code with its facts filled in."""
    given = dict(facts or {})
    if given.get("why") in WHY:
        given["why"] = WHY[str(given["why"])][english]
    return SENTENCES[code][english].format_map(given)
