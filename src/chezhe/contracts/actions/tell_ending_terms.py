"""Records in the unified registry end soon."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import lasting
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.FOLLOW_TERMS, label=_("提醒登记到期"))
def tell_ending_terms(*, business_date: date, by: Actor) -> int:
    """Announce every record that ends within the days of the figure while its loan runs, once for each term; returns how many."""
    found = lasting.untold(business_date)
    for order in found:
        lasting.tell(order)
    return len(found)
