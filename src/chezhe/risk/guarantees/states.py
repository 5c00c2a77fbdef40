"""What a security may become: offered by one person, accepted by another, released when the debt is gone."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

SECURITY = machine(
    pgettext_lazy("security", "担保措施"),
    [
        ("offered", "accept", "accepted"),
        ("offered", "refuse", "refused"),
        ("offered", "withdraw", "withdrawn"),
        ("accepted", "claim", "claimed"),
        ("accepted", "release", "released"),
        ("claimed", "release", "released"),
    ],
    {
        "offered": _("待复核"), "accepted": pgettext_lazy("security", "已认定"), "refused": pgettext_lazy("security", "不予认定"),
        "withdrawn": pgettext_lazy("security", "已撤回"), "claimed": _("已主张"), "released": pgettext_lazy("security", "已解除"),
        "accept": pgettext_lazy("security", "认定"), "refuse": pgettext_lazy("security", "不予认定"),
        "withdraw": pgettext_lazy("security", "撤回"), "claim": _("主张担保权利"), "release": pgettext_lazy("security", "解除担保"),
    },
)
LIVE = ("offered", "accepted", "claimed")
HOLDING = ("accepted", "claimed")
