"""What a batch of payouts may become."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

BATCH = machine(
    _("批量付款"),
    [("made", "send", "sent"), ("made", "discard", "discarded"), ("sent", "answer", "answered")],
    {
        "made": _("待发出"), "sent": _("待银行回盘"), "answered": _("已回盘"), "discarded": pgettext_lazy("batch", "已撤销"),
        "send": _("发出"), "discard": _("撤销"), "answer": _("登记回盘"),
    },
)
