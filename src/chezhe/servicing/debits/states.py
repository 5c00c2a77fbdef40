"""What one try to collect from a loan's borrower may become."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine
from chezhe.payments.debits.states import DROPS, FAILURES

LOAN_DEBIT = machine(
    _("扣款"),
    [
        ("planned", "order", "ordered"),
        ("planned", "skip", "skipped"),
        ("planned", "cancel", "cancelled"),
        ("ordered", "collect", "collected"),
        ("ordered", "collect_part", "partly"),
        ("ordered", "fail", "failed"),
        ("ordered", "skip", "skipped"),
        # The channel's register says that money came after all.
        ("failed", "correct", "collected"),
        ("partly", "correct", "collected"),
        ("collected", "take_back", "returned"),
        ("partly", "take_back", "returned"),
    ],
    {
        "planned": _("待扣款"), "ordered": _("已发送"), "collected": _("已扣款"), "partly": _("部分扣款"), "failed": _("扣款失败"),
        "skipped": _("未扣"), "cancelled": _("已取消"), "returned": _("已被冲回"), "order": _("发送"), "skip": _("不再扣款"),
        "cancel": _("取消"), "collect": _("确认扣款"), "collect_part": _("确认部分扣款"), "fail": _("登记失败"),
        "correct": _("更正为已扣款"), "take_back": _("登记冲回"),
    },
)
# What counts as a try.
TRIED = ("ordered", "collected", "partly", "failed", "returned")
# Why a try was not made.
SKIPS = {
    "NOT_OWED": _("已无应扣款项"), "NO_MANDATE": pgettext_lazy("mandate", "没有有效授权"),
    "IN_FLIGHT": _("上一笔仍在等待渠道结果"), "MISSED": _("当日未能发送"),
    "MANDATE_LIMIT": _("超过授权的单日限额"), "NOT_BOOKED": _("已扣到的款项还没有重新入账"),
}


def reason_label(code: str) -> str:
    """A reason for people, empty without one; the channel's own code when we do not know it."""
    known = SKIPS.get(code) or FAILURES.get(code) or DROPS.get(code)
    return str(known) if known else code
