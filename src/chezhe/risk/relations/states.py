"""What a likeness and a blacklist entry may become."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

CANDIDATE = machine(
    _("疑似关联"),
    [
        ("open", "confirm", "confirmed"),
        ("open", "refuse", "refused"),
        ("refused", "confirm", "confirmed"),
        # What was confirmed counted until then; it does not become untrue for the past.
        ("confirmed", "end", "ended"),
    ],
    {
        "open": _("待核实"), "confirmed": _("已确认关联"), "refused": _("已排除"), "ended": _("关联已终止"),
        "confirm": _("确认关联"), "refuse": _("排除"), "end": _("终止关联"),
    },
)

BLACKLIST = machine(
    _("黑名单条目"),
    [
        ("proposed", "approve", "in_force"),
        ("proposed", "reject", "rejected"),
        ("proposed", "withdraw", "withdrawn"),
        ("in_force", "propose_lift", "lift_proposed"),
        ("lift_proposed", "approve", "lifted"),
        ("lift_proposed", "reject", "in_force"),
        ("lift_proposed", "withdraw", "in_force"),
    ],
    {
        "proposed": pgettext_lazy("blacklist", "待复核"), "in_force": pgettext_lazy("blacklist", "已列入"),
        "rejected": pgettext_lazy("blacklist", "未通过"), "withdrawn": pgettext_lazy("blacklist", "已撤回"),
        "lift_proposed": _("待复核移出"), "lifted": _("已移出"),
        "approve": _("复核通过"), "reject": _("驳回"), "withdraw": _("撤回"), "propose_lift": _("申请移出"),
    },
)
