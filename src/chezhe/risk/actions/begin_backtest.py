from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.lab import steps
from chezhe.risk.lab.models import Backtest


@action(permissions.CARRY_OUT_BACKTEST, label=_("开始计算回测"))
def begin_backtest(*, backtest_number: str, by: Actor) -> Backtest:
    """The worker takes a backtest up, also after another worker was lost over it."""
    return steps.begin(Backtest.objects.visible_to(by).lock(backtest_number))
