"""What a part of a payout, a payee's account and a limit may become."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

LEG = machine(
    _("放款分笔"),
    [
        ("prepared", "check", "checked"),
        # News of the bank may overtake the news that the order has left.
        ("checked", "send", "sent"),
        ("checked", "settle", "paid"),
        ("checked", "fail", "failed"),
        ("sent", "settle", "paid"),
        ("sent", "fail", "failed"),
        ("paid", "return", "returned"),
        # The same order again after a failure, or a new order to another account.
        ("failed", "send", "sent"),
        ("failed", "settle", "paid"),
        ("failed", "resend", "prepared"),
        ("returned", "resend", "prepared"),
        ("prepared", "cancel", "cancelled"),
        ("failed", "cancel", "cancelled"),
        ("returned", "cancel", "cancelled"),
    ],
    {
        "prepared": _("待复核"), "checked": _("已复核"), "sent": _("银行处理中"), "paid": _("已放款"), "failed": _("放款失败"),
        "returned": _("已退回"), "cancelled": _("已取消"), "check": _("复核放款"), "send": _("发送银行"), "settle": _("登记到账"),
        "fail": _("登记失败"), "return": _("登记退回"), "resend": _("更换账户重放"), "cancel": _("取消"),
    },
)
# Ordered, and not known to have failed: what counts against the limits of its day.
ON_ITS_WAY = ("checked", "sent", "paid", "returned")

PAYEE = machine(
    _("收款账户"),
    [("proposed", "verify", "verified"), ("proposed", "refuse", "refused"), ("verified", "close", "closed")],
    {
        "proposed": _("待核定"), "verified": _("已核定"), "refused": pgettext_lazy("payee", "未予核定"), "closed": _("已停用"),
        "verify": _("核定收款账户"), "refuse": _("不予核定"), "close": _("停用收款账户"),
    },
)
LIMIT = machine(
    _("放款限额"),
    [("proposed", "agree", "agreed"), ("proposed", "refuse", "refused")],
    {
        "proposed": _("待核定"), "agreed": _("已核定"), "refused": pgettext_lazy("limit", "未予核定"), "agree": _("核定放款限额"),
        "refuse": _("不予核定"),
    },
)
PAYEE_KINDS = [("dealer", _("车商")), ("insurer", _("保险公司")), ("provider", _("服务商"))]
