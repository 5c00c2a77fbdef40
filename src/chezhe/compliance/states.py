"""What a proposed change and a contact may become."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

CHANGE = machine(
    _("变更"),
    [("proposed", "approve", "approved"), ("proposed", "reject", "rejected"), ("proposed", "withdraw", "withdrawn")],
    {
        "proposed": _("待复核"), "approved": _("已生效"), "rejected": _("已驳回"), "withdrawn": _("已撤回"),
        "approve": _("同意"), "reject": _("驳回"), "withdraw": _("撤回"), "propose": _("提议"),
    },
)

COMPLAINT = machine(
    _("投诉"),
    [("received", "answer", "answered"), ("answered", "close", "closed")],
    {
        "received": _("待答复"), "answered": _("已答复"), "closed": pgettext_lazy("complaint", "已办结"),
        "file": _("提出"), "answer": _("答复"), "close": pgettext_lazy("complaint", "办结"),
    },
)

CONTACT = machine(
    _("联系"),
    [("reserved", "complete", "completed"), ("reserved", "cancel", "cancelled")],
    {
        "reserved": _("已预约"), "completed": _("已完成"), "cancelled": _("未进行"),
        "complete": _("登记结果"), "cancel": _("取消"), "reserve": _("预约"),
    },
)
