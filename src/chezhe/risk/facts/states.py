"""What becomes of a question to an outside source."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

ENQUIRY = machine(
    _("外部查询"),
    [
        ("waiting", "answer", "answered"), ("waiting", "refuse", "refused"), ("waiting", "fail", "failed"),
        ("waiting", "time_out", "timed_out"),
    ],
    {
        "waiting": _("等待回复"), "answered": _("已回复"), "refused": _("被来源拒绝"), "failed": _("查询失败"), "timed_out": _("超时"),
        "answer": _("收到回复"), "refuse": _("来源拒绝"), "fail": _("失败"), "time_out": _("超时未复"),
    },
)
