"""What a dealer, and a plan of its commission, may become."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
COMMISSION_PLAN = machine(
    _("返佣方案"),
    [("proposed", "agree", "agreed"), ("proposed", "refuse", "refused"), ("agreed", "end", "ended")],
    {
        "proposed": _("待核定"), "agreed": _("已核定"), "refused": pgettext_lazy("commission plan", "未予核定"), "ended": _("已终止"),
        "agree": _("核定返佣方案"), "refuse": _("不予核定"), "end": _("终止返佣方案"),
    },
)
