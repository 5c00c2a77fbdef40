"""What may become of a borrower's word that a loan is to be settled on a day. Whether the day has passed the calendar says."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

SETTLEMENT_ASK = machine(
    _("提前结清申请"),
    [("asked", "withdraw", "withdrawn"), ("asked", "replace", "replaced")],
    {
        "asked": _("已提交"), "withdrawn": _("已撤回"), "replaced": pgettext_lazy("request", "已改期"), "withdraw": _("撤回"),
        "replace": pgettext_lazy("request", "改期"),
    },
)
