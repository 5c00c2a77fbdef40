from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.lab import steps
from chezhe.risk.lab.models import Backtest
from chezhe.risk.lab.steps import Report


@action(permissions.CARRY_OUT_BACKTEST, label=_("登记回测结果"))
def settle_backtest(*, backtest_number: str, report: Report, by: Actor) -> Backtest:
    """Write down what a backtest came to, with every decision that would have been another."""
    return steps.settle(Backtest.objects.visible_to(by).lock(backtest_number), report)
