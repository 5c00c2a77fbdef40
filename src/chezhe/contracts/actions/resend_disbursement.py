"""The money could not be paid, or came back: pay it to another account."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import casework, errors, permissions, steps
from chezhe.contracts.models import Contract, Disbursement
from chezhe.contracts.states import DISBURSEMENT
from chezhe.customers.models import BankAccount
from chezhe.kernel import clock, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.payments import steps as payment_steps


@action(permissions.PREPARE_DISBURSEMENT, label=_("重新放款"))
def resend_disbursement(*, disbursement_number: str, account_id: int, reason: str, business_date: date, by: Actor) -> Disbursement:
    """Make a failed or returned payout ready again, to an account of the borrower's; it must be checked again.

    The earlier order can then not be repeated. Raises AccountUnfit (422), ConditionsMissing, DutyHeld or WrongState (409).
    """
    named = Disbursement.objects.visible_to(by).fetch(disbursement_number)
    contract = Contract.objects.lock(named.contract.number)
    disbursement = Disbursement.objects.visible_to(by).lock(disbursement_number)
    DISBURSEMENT.require(disbursement.status, "resend")
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明重放原因。"))
    steps.require_other_person(by, casework.duties_before_payout(contract), "check")
    account = BankAccount.objects.filter(pk=account_id, customer_id=contract.customer_id, closed_at__isnull=True).first()
    if account is None or account.holder_name != contract.customer.name:
        raise errors.AccountUnfit()
    steps.require_conditions(contract, account, business_date, by=by)
    if disbursement.status == "failed":
        payment_steps.abandon_payout(reference=disbursement.reference, reason=reason, by=by)
    _renew(disbursement, contract, account, by)
    moves.move(disbursement, DISBURSEMENT, "resend", by=by, reason=reason)
    return disbursement


def _renew(disbursement: Disbursement, contract: Contract, account: BankAccount, by: Actor) -> None:
    disbursement.attempt += 1
    disbursement.amount = casework.payout_of(contract)
    disbursement.account, disbursement.payout_number, disbursement.failure_code, disbursement.paid_on = account, "", "", None
    disbursement.prepared_at, disbursement.prepared_by_ids, disbursement.prepared_by_name = clock.now(), sorted(by.user_ids), by.name
    disbursement.checked_at, disbursement.checked_by_ids, disbursement.checked_by_name = None, [], ""
    disbursement.save(update_fields=[
        "attempt", "amount", "account", "payout_number", "failure_code", "paid_on", "prepared_at", "prepared_by_ids", "prepared_by_name",
        "checked_at", "checked_by_ids", "checked_by_name",
    ])
