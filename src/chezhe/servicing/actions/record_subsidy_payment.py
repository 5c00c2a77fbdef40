"""The treasury has paid its part of a month."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import business_date, locks
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.ledger.models import JournalEntry
from chezhe.servicing import permissions, subsidy_payments
from chezhe.servicing.receipts import CounterReceipt


@action(permissions.GRANT_SUBSIDY, label=_("登记贴息到账"))
def record_subsidy_payment(*, month: date, receipt: CounterReceipt, by: Actor) -> JournalEntry:
    """Book the treasury's transfer against the receivable of a month, never more than is left of it.

    Raises WholeHouseOnly (403), Invalid and PaymentExceeds (422), ReferenceTaken (409).
    """
    require_whole_house(by)
    locks.hold(subsidy_payments.LOCK)
    return subsidy_payments.take(month, receipt, today=business_date.current(), by=by)
