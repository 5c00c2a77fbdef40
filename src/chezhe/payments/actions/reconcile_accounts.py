"""Lay bank, channel and ledger side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.payments import permissions
from chezhe.payments.reconciliation import gathering
from chezhe.payments.reconciliation.gathering import Gathered


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What the run took in, on which business day."""

    on: date
    found: Gathered

    @property
    def subject(self) -> str:
        return f"reconciliation:{self.on.isoformat()}"


@action(permissions.RECONCILE, label=_("执行对账"))
def reconcile_accounts(*, by: Actor) -> Reconciled:
    """Take in whatever is new on any side and join what bears the same number. Doing it twice changes nothing."""
    require_whole_house(by)
    return Reconciled(business_date.current(), gathering.gather())
