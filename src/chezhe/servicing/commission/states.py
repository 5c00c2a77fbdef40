"""What a dealer's statement of a month may become, and kinds of its lines."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

STATEMENT = machine(
    _("返佣结算单"),
    [
        ("drawn", "approve", "approved"),
        # Nothing is left to be paid.
        ("drawn", "close", "closed"),
        ("drawn", "discard", "discarded"),
        ("approved", "pay", "ordered"),
        ("ordered", "settle", "paid"),
        ("ordered", "fail", "failed"),
        # The same order again, or another one.
        ("failed", "settle", "paid"),
        ("failed", "pay", "ordered"),
        ("paid", "return", "returned"),
        ("returned", "pay", "ordered"),
        ("approved", "reverse", "reversed"),
        ("closed", "reverse", "reversed"),
        ("failed", "reverse", "reversed"),
        ("returned", "reverse", "reversed"),
    ],
    {
        "drawn": _("待核准"), "approved": _("待付款"), "closed": _("已轧清"), "discarded": pgettext_lazy("statement", "已作废"),
        "ordered": _("付款中"), "paid": _("已付"), "failed": _("付款失败"), "returned": _("已退回"), "reversed": _("已冲回"),
        "approve": _("核准结算单"), "close": _("轧清"), "discard": pgettext_lazy("statement", "作废"), "pay": _("支付返佣"),
        "settle": _("确认到账"), "fail": _("登记失败"), "return": _("登记退回"), "reverse": _("冲回"),
    },
)
# Whose lines and debt count.
STANDING = ("drawn", "approved", "closed", "ordered", "paid", "failed", "returned")
# What finance has agreed to: a dealer may see it.
AGREED = ("approved", "closed", "ordered", "paid", "failed", "returned")
UNPAID = ("approved", "ordered", "failed", "returned")

ACCRUED, RESTORED = "accrued", "restored"
EARLY, DEFAULT, CAR, NEVER = "early_settlement", "first_default", "car_returned", "never_lent"
CLAWBACKS = (EARLY, DEFAULT, CAR, NEVER)
KINDS = [
    (ACCRUED, _("返佣")), (EARLY, _("提前结清退佣")), (DEFAULT, _("首期违约退佣")), (CAR, _("退车退佣")),
    (NEVER, _("撤销放款退佣")), (RESTORED, _("退佣恢复")),
]
