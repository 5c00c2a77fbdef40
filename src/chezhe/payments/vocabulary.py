"""Payouts, statements and their faults in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.payments import rules
from chezhe.payments.batches.states import BATCH
from chezhe.payments.states import BANK_LINE, PAYOUT, VERDICTS
from chezhe.ui.status import Status

PAYOUT_TONES = {"requested": "info", "sent": "progress", "paid": "good", "failed": "danger", "returned": "warning", "abandoned": "neutral"}
PAYOUT_STATUSES = {code: Status(label, PAYOUT_TONES[code]) for code, label in PAYOUT.choices()}
_BATCH_TONES = {"made": "info", "sent": "progress", "answered": "good", "discarded": "neutral"}
BATCH_STATUSES = {code: Status(label, _BATCH_TONES[code]) for code, label in BATCH.choices()}
LINE_TONES = {"open": "info", "matched": "good", "parked": "warning", "returned": "neutral"}
LINE_STATUSES = {code: Status(label, LINE_TONES[code]) for code, label in BANK_LINE.choices()}
NOTICE_TONES = {"applied": "good", "stale": "neutral", "contradicts": "danger", "wrong_amount": "danger", "unknown": "danger"}
VERDICT_STATUSES = {code: Status(label, NOTICE_TONES[code]) for code, label in VERDICTS.items()}

COLUMN_LABELS = {
    "value_on": gettext_lazy("交易日期"), "amount": gettext_lazy("金额"), "bank_serial": gettext_lazy("流水号"),
    "payer_name": gettext_lazy("付款人"), "payer_account": gettext_lazy("付款账号"), "memo": gettext_lazy("附言"),
    "amount_out": gettext_lazy("支出金额"), "direction": gettext_lazy("借贷标志"), "balance": gettext_lazy("余额"),
}
_FAULTS = {
    "date_invalid": gettext_lazy("不是有效日期，请写成 2026-03-14 的样子"),
    "date_in_future": gettext_lazy("晚于业务日期，银行不可能已经收到"),
    "amount_invalid": gettext_lazy("不是有效金额，须为最多两位小数的数字"),
    "amount_not_positive": gettext_lazy("须大于 0；付出的款项请写在“支出金额”列"),
    "amount_both": gettext_lazy("与支出金额同时有数，一行只能是收或付"),
    "serial_missing": gettext_lazy("不能为空，系统靠它防止重复入账"),
    "serial_too_long": gettext_lazy("超过 64 个字符"),
    "number_rounded": gettext_lazy("被 Excel 当作数字保存，末几位已丢失；请把这一列设为文本，从银行重新导出"),
    "serial_twice": gettext_lazy("在本文件中重复出现"),
    "amount_contradicts": gettext_lazy("与以前导入的同一流水号金额不同，请向银行核实"),
}


def fault_sentence(fault: rules.RowFault) -> str:
    """`第 5 行“金额”（-3）：须大于 0`: row and column as the spreadsheet shows them."""
    facts = {"row": fault.row_number, "column": COLUMN_LABELS[fault.column], "why": _FAULTS[fault.code], "given": fault.given}
    if fault.given:
        return _("第 %(row)s 行“%(column)s”（%(given)s）%(why)s。") % facts
    return _("第 %(row)s 行“%(column)s”%(why)s。") % facts
