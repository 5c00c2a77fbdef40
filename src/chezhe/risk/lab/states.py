"""What a backtest may become."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

BACKTEST = machine(
    _("回测"),
    [
        ("queued", "begin", "running"), ("queued", "cancel", "cancelled"), ("queued", "fail", "failed"),
        ("running", "begin", "running"), ("running", "finish", "done"), ("running", "fail", "failed"), ("running", "cancel", "cancelled"),
    ],
    {
        "queued": pgettext_lazy("backtest", "排队中"), "running": pgettext_lazy("backtest", "计算中"),
        "done": pgettext_lazy("backtest", "已完成"), "failed": pgettext_lazy("backtest", "未完成"),
        "cancelled": pgettext_lazy("backtest", "已取消"), "begin": pgettext_lazy("backtest", "开始"),
        "finish": pgettext_lazy("backtest", "完成"), "fail": pgettext_lazy("backtest", "失败"), "cancel": pgettext_lazy("backtest", "取消"),
    },
)
