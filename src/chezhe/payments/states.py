"""What a payout and a line of the bank's file may become."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

PAYOUT = machine(
    _("付款"),
    [
        ("requested", "send", "sent"),
        ("sent", "settle", "paid"),
        ("sent", "fail", "failed"),
        # The bank may answer an order whose sending we could not note, or give back what it had paid.
        ("requested", "settle", "paid"),
        ("requested", "fail", "failed"),
        ("paid", "return", "returned"),
        ("failed", "retry", "requested"),
        ("failed", "abandon", "abandoned"),
    ],
    {
        "requested": _("待发送"), "sent": _("银行处理中"), "paid": _("已付"), "failed": _("付款失败"), "returned": _("已退回"),
        "send": _("发送"), "settle": _("确认到账"), "fail": _("登记失败"), "return": _("登记退回"), "retry": _("重发"),
        "abandoned": _("已放弃"), "abandon": _("放弃"),
    },
)

# Ordered, and not answered for good.
WAITING = ("requested", "sent")

WAYS = [("api", _("银企直连")), ("file", _("批量文件"))]

BANK_LINE = machine(
    _("银行流水"),
    [
        ("open", "match", "matched"), ("open", "park", "parked"), ("parked", "match", "matched"), ("matched", "unmatch", "open"),
        # The bank took the money back: it lies in suspense no more.
        ("open", "take_back", "returned"), ("parked", "take_back", "returned"), ("returned", "restore", "open"),
    ],
    {
        "returned": _("银行已冲回"), "take_back": _("登记银行冲回"), "restore": _("恢复待清分"),
        "open": _("待清分"), "matched": _("已入账"), "parked": _("挂账"), "match": _("入账"), "park": _("挂账"), "unmatch": _("撤销入账"),
    },
)

# What we made of a callback of the bank.
VERDICTS = {
    "applied": pgettext_lazy("notice", "已登记"), "stale": _("过时"), "contradicts": _("与已登记结果矛盾"), "wrong_amount": _("金额不符"),
    "unknown": _("查无此付款"),
}
TROUBLING = ("contradicts", "wrong_amount", "unknown")
OUTCOMES = {"processing": _("处理中"), "paid": _("已付"), "failed": _("失败"), "returned": pgettext_lazy("outcome", "退回")}
# What any notice may say: those of the collecting channel, too.
OUTCOME_LABELS = {**OUTCOMES, "collected": _("已扣款"), "closed": _("已关闭"), "unknown": _("查无此指令")}
HELD_BACK = "HELD_BACK"
# Why a bank refuses or fails a payout.
FAILURES = {
    "ACCOUNT_CLOSED": _("账户已销户"), "NAME_MISMATCH": _("户名与账号不符"), "INSUFFICIENT_FUNDS": _("放款账户余额不足"),
    "ACCOUNT_INVALID": _("账号不存在"), "RETURNED_BY_PAYEE_BANK": _("收款行退回"), "LIMIT_EXCEEDED": _("超过单笔限额"),
    # Ours, and the same whatever the reason: whoever reads it must not learn of a freeze (反洗钱法 §30, §40).
    HELD_BACK: _("付款前复核未通过"),
}


def failure_label(code: str) -> str:
    """The bank's reason for people; its own code when we do not know it."""
    return str(FAILURES.get(code, code))

# An exception of reconciliation is open until somebody explains it; what the sides say decides whether it is one at all.
TALLY = machine(
    _("对账差异"),
    [("open", "explain", "explained"), ("explained", "reopen", "open")],
    {"open": _("待处理"), "explained": _("已说明"), "explain": _("说明并关闭"), "reopen": _("重新打开")},
)
