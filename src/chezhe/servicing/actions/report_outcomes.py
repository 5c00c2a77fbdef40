from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import outcomes, permissions


@action(permissions.REPORT_OUTCOMES, label=_("告知贷款表现"))
def report_outcomes(*, day: date, by: Actor) -> int:
    """Tell the risk room which loans turned bad, and which have shown that they are not, by the evening of a closed day."""
    return outcomes.report(day)
