"""What becomes of an application that a decision was asked for, and of somebody's wish that a person looks at it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

ROUND = machine(
    _("决策申请"),
    [
        ("gathering", "decide", "decided"), ("gathering", "give_up", "given_up"),
    ],
    {
        "gathering": _("资料核验中"), "decided": _("已决策"), "given_up": _("已终止"), "decide": _("决策"), "give_up": _("终止"),
        "begin": _("申请决策"),
    },
)
