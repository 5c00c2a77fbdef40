"""The payout came back and will not go again: there was no loan."""

from __future__ import annotations

from chezhe.contracts.models import Contract
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, returned
from chezhe.servicing.models import Loan


@action(permissions.UNDO_PAYOUT)
def undo_payout(*, loan_number: str, reason: str, by: Actor) -> Loan:
    """Take the activation of a held loan back: its principal against the money that is with us again, the contract void, its mortgages to
    be released, the dealer's commission back. Raises what `returned.undoing` raises."""
    named = Loan.objects.visible_to(by).select_related("contract").fetch(loan_number)
    contract = Contract.objects.lock(named.contract.number)
    loan = Loan.objects.select_related("contract", "product_version__product").lock(loan_number)
    returned.undo(loan, contract, reason, by=by)
    return loan
