"""A second person lets the money go."""

from __future__ import annotations

from datetime import date

from chezhe.contracts import casework, permissions, steps
from chezhe.contracts.models import Contract, Disbursement
from chezhe.contracts.paying import steps as paying_steps
from chezhe.contracts.states import DISBURSEMENT
from chezhe.kernel import clock, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.CHECK_DISBURSEMENT)
def check_disbursement(*, disbursement_number: str, business_date: date, by: Actor) -> Disbursement:
    """Look at every condition again and order the payout, once; the bank is told after this has been written.

    The checker has not sold, reviewed, approved, prepared or made this payout. Raises ConditionsMissing, DutyHeld, LegStillFailed,
    EntrustedPaymentNeeded, PayoutTooLarge, DayUsedUp or WrongState (409), or PayeeUnfit (422).
    """
    named = Disbursement.objects.visible_to(by).fetch(disbursement_number)
    Contract.objects.lock(named.contract.number)  # contract before disbursement, as every verb of this room
    disbursement = Disbursement.objects.visible_to(by).select_related("contract__branch", "account").lock(disbursement_number)
    DISBURSEMENT.require(disbursement.status, "check")
    steps.require_other_person(by, casework.duties_before_check(disbursement), "check")
    steps.require_conditions(disbursement.contract, disbursement.account, business_date, by=by)
    disbursement.checked_at, disbursement.checked_by_ids, disbursement.checked_by_name = clock.now(), sorted(by.user_ids), by.name
    disbursement.save(update_fields=["checked_at", "checked_by_ids", "checked_by_name"])
    moves.move(disbursement, DISBURSEMENT, "check", by=by)
    paying_steps.order(disbursement, business_date, by=by)
    return disbursement
