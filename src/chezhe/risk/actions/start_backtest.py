from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.risk import permissions
from chezhe.risk.lab import steps
from chezhe.risk.lab.models import Backtest
from chezhe.risk.lab.steps import Question


@action(permissions.START_BACKTEST, label=_("发起回测"))
def start_backtest(*, question: Question, business_date: date, by: Actor) -> Backtest:
    """Have past applications of every branch decided again by a draft, beside the strategy in force; nothing is decided by it."""
    require_whole_house(by)
    return steps.ask(question, business_date, by=by)
