"""What a request for approval may become."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

REQUEST = machine(
    _("审批"),
    [
        ("open", "approve", "approved"),
        ("open", "reject", "rejected"),
        ("open", "return", "returned"),
        ("open", "withdraw", "withdrawn"),
    ],
    {
        "open": _("待审批"), "approved": _("已同意"), "rejected": _("已拒绝"), "returned": _("已退回"), "withdrawn": _("已撤回"),
        "approve": _("同意"), "reject": _("拒绝"), "return": _("退回"), "withdraw": _("撤回"),
    },
)
VERDICTS = {"agree": _("同意"), "return": _("退回"), "reject": _("拒绝")}
LIMIT = machine(
    _("审批权限"),
    [
        ("proposed", "approve", "in_force"),
        ("proposed", "reject", "rejected"),
        ("proposed", "withdraw", "withdrawn"),
    ],
    {
        "proposed": _("待复核"), "in_force": _("已生效"), "rejected": _("已拒绝"), "withdrawn": _("已撤回"),
        "approve": _("同意"), "reject": _("拒绝"), "withdraw": _("撤回"),
    },
)
