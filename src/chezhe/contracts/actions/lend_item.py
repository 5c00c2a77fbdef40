"""Something out of the vault is lent."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import custody
from chezhe.contracts.collateral.custody import Handed
from chezhe.contracts.models import CustodyItem
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.KEEP_CUSTODY, label=_("借出权证"))
def lend_item(*, item_number: str, handed: Handed, business_date: date, by: Actor) -> CustodyItem:
    """Lend a paper or a key to somebody, with the reason and the day until which it comes back; nothing that is out is lent. Raises
    NotFound (404), WrongState (409), ReasonRequired or Invalid (422)."""
    item = custody.held(item_number, by)
    custody.lend(item, handed, business_date, by=by)
    return item
