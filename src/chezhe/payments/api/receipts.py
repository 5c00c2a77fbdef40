"""What merging and restoring receipts would book, over REST: the same body as the real door, the same refusals, nothing is written."""

from typing import Any

from django.http import HttpRequest

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.ledger import bookings
from chezhe.ledger.wire import EntriesOut
from chezhe.payments import permissions
from chezhe.payments.api.banking import router
from chezhe.payments.api.reconciliation import MergeIn, RestoreIn
from chezhe.payments.models import BankLine, Tally
from chezhe.payments.reconciliation import leaving


@router.post("/reconciliation/merged-receipts/preview", response=EntriesOut, summary="What merging a receipt would book")
@needs(permissions.MERGE_RECEIPT)
def merge(request: HttpRequest, payload: MergeIn) -> dict[str, Any]:
    tally = Tally.objects.visible_to(request.actor).fetch(payload.tally_number)
    receipt = BankLine.objects.visible_to(request.actor).fetch(payload.bank_serial)
    return {"bookings": bookings.told(leaving.would_merge(receipt, tally, business_date.current()))}


@router.post("/reconciliation/restored-receipts/preview", response=EntriesOut, summary="What restoring a receipt would book")
@needs(permissions.MERGE_RECEIPT)
def restore(request: HttpRequest, payload: RestoreIn) -> dict[str, Any]:
    receipt = BankLine.objects.visible_to(request.actor).fetch(payload.bank_serial)
    leaving.require_why(payload.reason)
    return {"bookings": bookings.told(leaving.would_restore(receipt, business_date.current()))}
