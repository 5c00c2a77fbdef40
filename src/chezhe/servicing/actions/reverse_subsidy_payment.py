"""A transfer of the treasury was registered in error."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, locks
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.ledger.models import JournalEntry
from chezhe.servicing import permissions, subsidy_payments


@action(permissions.REVERSE, label=_("冲正贴息到账"))
def reverse_subsidy_payment(*, entry_number: str, reason: str, by: Actor) -> JournalEntry:
    """Mirror the entry of a transfer today, so that the treasury owes the sum again and the slip may be registered anew.

    Raises WholeHouseOnly (403), NotFound (404), PaymentReversed (409), Invalid (422) without a reason.
    """
    require_whole_house(by)
    locks.hold(subsidy_payments.LOCK)
    entry = subsidy_payments.called(entry_number, by)
    return subsidy_payments.take_back(entry, reason=reason, today=business_date.current(), by=by)
