"""What a proposed change of access may become."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

ACCESS_CHANGE = machine(
    _("权限变更"),
    [
        ("proposed", "apply", "applied"),
        ("proposed", "reject", "rejected"),
        ("proposed", "withdraw", "withdrawn"),
    ],
    {
        "proposed": _("待复核"), "applied": _("已生效"), "rejected": _("已拒绝"), "withdrawn": _("已撤回"),
        "apply": _("生效"), "reject": _("拒绝"), "withdraw": _("撤回"),
    },
)
