"""A borrower does not settle early after all."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.early import asking
from chezhe.servicing.early.models import SettlementAsk


@action(permissions.ASK_SETTLEMENT, label=_("撤回提前结清申请"))
def withdraw_settlement(*, ask_number: str, by: Actor) -> SettlementAsk:
    """The word does not stand any more. Raises NotFound (404) or WrongState (409)."""
    standing = SettlementAsk.objects.visible_to(by).select_related("loan").lock(ask_number)
    asking.end(standing, "withdraw", by=by)
    return standing
