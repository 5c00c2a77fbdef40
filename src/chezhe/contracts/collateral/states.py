"""What a registration order may become."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

OPEN = ("made", "submitted", "refused")
REGISTRATION = machine(
    _("登记单"),
    [
        ("made", "submit", "submitted"),
        ("submitted", "accept", "accepted"),
        ("submitted", "refuse", "refused"),
        ("refused", "redo", "made"),
        # The receipt was recorded at the counter, whatever had become of the order.
        ("made", "record", "accepted"),
        ("submitted", "record", "accepted"),
        ("refused", "record", "accepted"),
        # The contract was given up, or the loan paid off first.
        ("made", "drop", "dropped"),
        ("submitted", "drop", "dropped"),
        ("refused", "drop", "dropped"),
    ],
    {
        "made": _("待报送"), "submitted": pgettext_lazy("registration", "已报送"), "accepted": pgettext_lazy("registration", "已受理登记"),
        "refused": pgettext_lazy("registration", "不予登记"), "dropped": _("无须登记"), "submit": pgettext_lazy("registration", "报送"),
        "accept": _("登记回执"), "refuse": _("登记不予办理"), "redo": _("重新办理"), "record": _("直接登记回执"), "drop": _("撤销登记单"),
    },
)
