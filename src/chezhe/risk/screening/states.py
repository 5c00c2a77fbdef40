"""What a hit and a round of screening may become."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

HIT = machine(
    _("名单命中"),
    [
        ("open", "clear", "cleared"),
        ("open", "confirm", "confirmed"),
        ("confirmed", "propose_release", "release_proposed"),
        ("release_proposed", "approve", "released"),
        ("release_proposed", "reject", "confirmed"),
        ("release_proposed", "withdraw", "confirmed"),
        # The list has changed what it says of the entry: somebody looks again.
        ("cleared", "reopen", "open"),
        ("released", "reopen", "open"),
    ],
    {
        "open": pgettext_lazy("hit", "待核实"), "cleared": _("已排除（非本人）"), "confirmed": _("确认命中"),
        "release_proposed": _("待复核解除"),
        "released": _("已解除"), "clear": _("排除（非本人）"), "confirm": _("确认为本人"), "propose_release": _("申请解除"),
        "approve": _("复核通过"), "reject": _("驳回"), "withdraw": _("撤回"), "reopen": _("重新核实"),
    },
)
