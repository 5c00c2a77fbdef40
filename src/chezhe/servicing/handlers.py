"""News from lower rooms that changes loans."""

from __future__ import annotations

from datetime import date

from chezhe.finmath.money import Money
from chezhe.kernel import events
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.models import Event
from chezhe.servicing.actions.activate_loan import activate_loan


@events.handles("disbursement.paid")
def begin(event: Event) -> None:
    """The bank has paid the borrower: the loan begins on that day."""
    said = event.payload
    activate_loan(
        contract_number=said["contract"], amount=Money(said["amount_fen"]), paid_on=date.fromisoformat(said["paid_on"]), by=SYSTEM
    )
