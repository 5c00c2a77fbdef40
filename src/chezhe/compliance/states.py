"""What a proposed change and a contact may become."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

CHANGE = machine(
    _("变更"),
    [("proposed", "approve", "approved"), ("proposed", "reject", "rejected"), ("proposed", "withdraw", "withdrawn")],
    {
        "proposed": _("待复核"), "approved": _("已生效"), "rejected": _("已驳回"), "withdrawn": _("已撤回"),
        "approve": _("同意"), "reject": _("驳回"), "withdraw": _("撤回"), "propose": _("提议"),
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
