"""How Chinese banks write their statements: headings, dates, and names that are companies. Data, not sentences."""

from __future__ import annotations

import re

# Our column, and the headings accepted for it; the first one stands in our own template.
COLUMNS = {
    "value_on": ["交易日期", "入账日期", "日期", "Date"],
    "amount": ["金额", "收入金额", "贷方发生额", "Amount"],
    "bank_serial": ["流水号", "交易流水号", "交易序号", "Serial"],
    "payer_name": ["付款人", "对方户名", "Payer"],
    "payer_account": ["付款账号", "对方账号", "Payer account"],
    "memo": ["附言", "摘要", "用途", "Memo"],
    "amount_out": ["支出金额", "借方发生额", "Amount out"],
    "direction": ["借贷标志", "收支方向", "Direction"],
    "balance": ["余额", "账户余额", "Balance"],
}
# How banks mark money that left, where one column of amounts holds both.
OUT_WORDS = ("借", "支", "支出", "付", "转出", "D", "DR", "DBIT", "DEBIT", "OUT")
REQUIRED = ("value_on", "amount", "bank_serial")
COMPANY = re.compile("(公司|集团|厂|合作社|经营部|商行|中心|事务所|车行|银行)$")
