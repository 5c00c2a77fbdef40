"""The counter had booked a receipt before the statement brought it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions
from chezhe.payments.models import BankLine, Tally
from chezhe.payments.reconciliation import leaving


@action(permissions.MERGE_RECEIPT, label=_("流水与柜面登记合并"))
def merge_receipt(*, tally_number: str, bank_serial: str, by: Actor) -> Tally:
    """Take a receipt that waits out of suspense again, since the ledger has it already: it must not stand on the bank account twice.

    `tally_number` is what the ledger alone has. Raises NothingBooked, NotTheSameReceipt, WrongState (409), NotFound (404).
    """
    tally = Tally.objects.visible_to(by).lock(tally_number)
    receipt = BankLine.objects.visible_to(by).lock(bank_serial)
    merged = leaving.merge(receipt, tally, by=by)
    events.publish("receipt.merged", receipt.subject, {"serial": receipt.bank_serial, "subject": receipt.matched_subject})
    return merged
