"""What a dealer may become."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

DEALER = machine(
    _("车商"),
    [
        ("active", "suspend", "suspended"),
        ("suspended", "resume", "active"),
        ("active", "exit", "exited"),
        ("suspended", "exit", "exited"),
    ],
    {
        "active": _("合作中"), "suspended": _("已暂停"), "exited": _("已退出"),
        "suspend": _("暂停合作"), "resume": _("恢复合作"), "exit": _("终止合作"),
    },
)
