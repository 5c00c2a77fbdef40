"""Every refusal of the calculators: stable code → Chinese and English sentence. A test keeps it complete.

Codes of `chezhe.finmath.terms.ERROR_CODES` stand here too, because that room speaks to programs only.
"""

from __future__ import annotations

READING = {
    "empty_input": ("没有输入。请从标准输入给出 JSON。", "There is no input. Give JSON on standard input."),
    "not_utf8": ("输入不是 UTF-8 编码。", "The input is not UTF-8."),
    "invalid_json": ("输入不是有效的 JSON：{reason}。", "The input is not valid JSON: {reason}."),
    "duplicate_key": ("同一对象中“{key}”出现了两次。", 'The key "{key}" appears twice in one object.'),
    "not_an_object": ("这里应为 JSON 对象。", "A JSON object is expected here."),
    "not_an_array": ("这里应为 JSON 数组。", "A JSON array is expected here."),
    "unknown_key": ("不认识“{key}”；可用的有：{known}。", 'Unknown key "{key}"; known keys: {known}.'),
    "missing_key": ("缺少“{key}”。", 'The key "{key}" is missing.'),
    "not_a_string": ("这里应为带引号的字符串，例如 \"{example}\"。", 'A string in quotes is expected, such as "{example}".'),
    "not_a_whole_number": ("这里应为整数。", "A whole number is expected here."),
    "bad_amount": (
        "金额应为数字，最多两位小数，例如 \"100000.00\"。",
        'An amount is digits with at most two decimals, such as "100000.00".',
    ),
    "amount_too_precise": ("金额最多两位小数，不会替您四舍五入。", "An amount has at most two decimals; it is not rounded for you."),
    "bad_rate": (
        "利率应为小数字符串，例如 \"0.12\" 表示 12%。",
        'A rate is a fraction written as a string, such as "0.12" for 12 %.',
    ),
    "bad_date": ("日期应真实存在，格式为 2026-01-15。", "A date must exist and be written like 2026-01-15."),
    "unknown_choice": ("“{value}”不在可选值之中：{known}。", '"{value}" is not one of: {known}.'),
    "text_too_long": ("这里最多 {max} 个字符。", "At most {max} characters are allowed here."),
    "too_many": ("这里最多 {max} 项。", "At most {max} items are allowed here."),
    "mixed_flows": (
        "现金流须全部为金额，或全部为带日期的对象。",
        "Flows must be all amounts or all objects with a date.",
    ),
    "per_year_out_of_range": ("每年期数须为 1 至 366。", "The number of periods a year must be between 1 and 366."),
    "unknown_kind": ("不认识的种类“{value}”；可用的有：{known}。", 'Unknown kind "{value}"; known kinds: {known}.'),
    "no_file": ("打不开文件“{file}”：{reason}。", 'The file "{file}" cannot be opened: {reason}.'),
    "missing_argument": ("用法：{usage}", "Usage: {usage}"),
    "unexpected_argument": ("多余的参数。用法：{usage}", "Unexpected argument. Usage: {usage}"),
    "amount_beyond_capitals": ("大写金额须小于一亿亿元。", "Capital figures go up to just under 10^16 yuan."),
}  # fmt: skip

TERMS = {
    "amount_not_positive": ("金额须大于零。", "The amount must be more than zero."),
    "amount_negative": ("金额不能为负。", "The amount must not be negative."),
    "amount_too_large": ("金额超出上限 {max}。", "The amount must be at most {max}."),
    "rate_missing": ("这种还款方式需要利率。", "This repayment method needs a rate."),
    "rate_negative": ("利率不能为负。", "The rate must not be negative."),
    "rate_too_fine": ("利率最多十位小数。", "A rate has at most ten decimals."),
    "rate_too_high": ("利率须小于 10（即 1000%）。", "The rate must be below 10 (1000 %)."),
    "rate_not_used": ("这种还款方式不使用该利率。", "This repayment method does not use this rate."),
    "rate_twice": ("月费率和年费率只能给一个。", "Give the monthly or the annual flat rate, not both."),
    "periods_missing": (
        "请给出期数（月），或在允许时给出每期还款额。",
        "Give the number of months, or the instalment where that is allowed.",
    ),
    "periods_out_of_range": ("期数须在 1 至 {max} 之间。", "The number of months must be between 1 and {max}."),
    "instalment_not_used": (
        "只有等额本息和先付租金可以给定每期还款额。",
        "An instalment can be given only for equal_instalment and rent_in_advance.",
    ),
    "instalment_too_small": ("按此还款额，在允许的期数内还不清。", "The instalment does not repay the loan in the allowed months."),
    "instalment_below_interest": ("还款额不足以支付当期利息。", "An instalment would not cover the interest of its period."),
    "balloon_missing": ("气球贷需要给出尾款。", "A balloon plan needs the balloon amount."),
    "balloon_too_large": ("尾款须小于本金。", "The balloon must be smaller than the principal."),
    "per_year_not_used": ("带日期的现金流按天数计算，不需要 per_year。", "Dated flows are counted by days and take no per_year."),
    "not_used": ("这种还款方式不使用该项。", "This repayment method does not use this field."),
    "steps_missing": ("阶梯还款需要给出各阶梯。", "A stepped plan needs its steps."),
    "steps_not_ordered": (
        "阶梯须从第 1 期开始，期次递增且在期限之内。",
        "Steps must begin at period 1 and go strictly upward inside the term.",
    ),
    "step_factor_not_positive": (
        "阶梯系数须大于零、小于 1000，最多十位小数。",
        "A step factor must be more than zero and below 1000, with at most ten decimals.",
    ),
    "due_day_out_of_range": ("还款日须为 1 至 31。", "The due day must be between 1 and 31."),
    "due_day_disagrees": ("首个还款日与每月还款日不一致。", "The first due date does not fall on the due day."),
    "first_due_not_after_start": ("首个还款日须晚于起始日。", "The first due date must be after the start date."),
    "first_due_too_late": ("首个还款日最迟为起始日后 {max} 天。", "The first due date may be at most {max} days after the start."),
    "first_rent_not_at_start": ("先付租金的首期须在起始日支付。", "Rent in advance is first due on the start date."),
    "date_out_of_range": ("日期须在 1990 年至 2200 年之间。", "Dates must lie between 1990 and 2200."),
    "skip_out_of_range": ("skip_below_days 须为 0 至 31。", "skip_below_days must be between 0 and 31."),
    "deposit_too_large": ("保证金与前期费用之和须小于本金。", "Deposit and up-front fees together must be smaller than the principal."),
    "subsidy_over_rate": ("贴息不能超过合同利率。", "The subsidy may not exceed the contract rate."),
    "fee_code_twice": ("同一费用代码只能出现一次。", "A fee code may appear once."),
    "fee_code_missing": ("费用需要代码。", "A fee needs a code."),
    "prepayment_not_possible": ("这种还款方式的计划不能这样变更。", "A plan of this method cannot be changed this way."),
    "prepayment_not_below_balance": (
        "部分提前还款须大于零且小于剩余本金。",
        "A partial prepayment is more than zero and less than the balance.",
    ),
    "prepayment_not_in_line": ("还款日不在当期之内。", "The payment day does not lie in the running line."),
    "payoff_not_covered": ("新贷款不足以结清原贷款。", "The new loan does not cover the old one's settlement figure."),
}  # fmt: skip

SENTENCES = READING | TERMS
