"""What a payout and a line of the bank's file may become."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

PAYOUT = machine(
    _("付款"),
    [
        ("requested", "send", "sent"),
        ("sent", "settle", "paid"),
        ("sent", "fail", "failed"),
        # The bank may answer a payout it never acknowledged, or give back what it had paid.
        ("requested", "settle", "paid"),
        ("requested", "fail", "failed"),
        ("paid", "return", "returned"),
        ("failed", "retry", "requested"),
    ],
    {
        "requested": _("待发送"), "sent": _("银行处理中"), "paid": _("已付"), "failed": _("付款失败"), "returned": _("已退回"),
        "send": _("发送"), "settle": _("确认到账"), "fail": _("登记失败"), "return": _("登记退回"), "retry": _("重发"),
    },
)

BANK_LINE = machine(
    _("银行流水"),
    [("open", "match", "matched"), ("open", "park", "parked"), ("parked", "match", "matched"), ("matched", "unmatch", "open")],
    {"open": _("待清分"), "matched": _("已入账"), "parked": _("挂账"), "match": _("入账"), "park": _("挂账"), "unmatch": _("撤销入账")},
)
