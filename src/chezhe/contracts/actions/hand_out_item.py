"""Something leaves the vault for good."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import custody, releasing
from chezhe.contracts.collateral.custody import Handed
from chezhe.contracts.models import CustodyItem
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.KEEP_CUSTODY, label=_("权证出库"))
def hand_out_item(*, item_number: str, handed: Handed, business_date: date, by: Actor) -> CustodyItem:
    """Hand a paper or a key out for good, once no mortgage stands on the car any more; nothing leaves twice. Raises NotFound (404),
    StillMortgaged or WrongState (409), ReasonRequired or Invalid (422)."""
    item = custody.held(item_number, by)
    custody.hand_out(item, handed, business_date, by=by)
    releasing.papers_left(item, business_date, by=by)
    return item
