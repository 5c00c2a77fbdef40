"""What a message may become. `refused` is decided before it leaves us, `failed` after."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

MESSAGE = machine(
    _("消息"),
    [
        ("queued", "send", "sent"), ("queued", "refuse", "refused"), ("queued", "fail", "failed"),
        ("queued", "withdraw", "withdrawn"), ("sent", "deliver", "delivered"), ("sent", "fail", "failed"),
    ],
    {
        "queued": _("待发送"), "sent": _("已提交"), "delivered": _("已送达"), "failed": _("发送失败"), "refused": _("未发送"),
        "withdrawn": _("已撤回"), "queue": _("排队"), "send": _("发送"), "refuse": _("拒发"), "fail": pgettext_lazy("verb", "失败"),
        "withdraw": _("撤回"), "deliver": _("送达"),
    },
)
