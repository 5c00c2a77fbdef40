from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.lab import steps
from chezhe.risk.lab.models import Backtest


@action(permissions.START_BACKTEST, label=_("取消回测"))
def cancel_backtest(*, backtest_number: str, by: Actor) -> Backtest:
    """Stop a backtest that nobody waits for any more."""
    return steps.cancel(Backtest.objects.visible_to(by).lock(backtest_number))
