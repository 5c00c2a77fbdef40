"""Somebody has a closed day computed again."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing import permissions
from chezhe.servicing.endofday import recomputing
from chezhe.servicing.models import Recomputation


@action(permissions.END_OF_DAY, label=_("重算已结业务日"))
def recompute_day(*, day: date, loan_number: str = "", by: Actor) -> Recomputation:
    """Fold every loan, or one, as it was known when `day` was closed, and as it is known today; nothing in the books changes."""
    require_whole_house(by)
    return recomputing.ask(day, loan_number.strip().upper(), by=by)
