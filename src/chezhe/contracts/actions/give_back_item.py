"""Something comes back into the vault."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import custody
from chezhe.contracts.models import CustodyItem
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.KEEP_CUSTODY, label=_("权证归还入库"))
def give_back_item(*, item_number: str, place: str = "", reason: str = "", business_date: date, by: Actor) -> CustodyItem:
    """Take back what was lent or had left; nothing comes back that is here. Raises NotFound (404), WrongState (409) or Invalid (422)."""
    item = custody.held(item_number, by)
    custody.give_back(item, place, reason, business_date, by=by)
    return item
