"""The payoff of the payout day is fixed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts.models import Refinancing
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, refinancing


@action(permissions.FIX_REFINANCING, label=_("确认借新还旧结清金额"))
def fix_refinancing(*, contract_number: str, by: Actor) -> Refinancing:
    """Fix what of a contract's principal pays off the old loan today; the bank then pays the borrower the rest."""
    return refinancing.fix(contract_number, by=by)
