"""A part of the money could not be paid, or came back: pay it to another account."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import casework, errors, permissions, steps
from chezhe.contracts.models import Contract, Disbursement, Leg, PayeeAccount
from chezhe.contracts.paying import queries as paying_queries
from chezhe.contracts.paying import steps as paying_steps
from chezhe.contracts.paying.errors import PayeeUnfit
from chezhe.contracts.paying.states import LEG
from chezhe.contracts.states import DISBURSEMENT
from chezhe.customers.models import BankAccount
from chezhe.kernel import clock, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotFound
from chezhe.payments import steps as payment_steps


@action(permissions.PREPARE_DISBURSEMENT, label=_("重新放款"))
def resend_disbursement(
    *, disbursement_number: str, account_id: int | None = None, payee_number: str = "", place: int = 0, reason: str, business_date: date,
    by: Actor,
) -> Disbursement:
    """Make the failed or returned part `place` (0: the only one in trouble) ready again, alone: the borrower's to an account of the
    borrower's, somebody else's to another account of theirs; it must be checked again.

    The earlier order can then not be repeated. Raises AccountUnfit or PayeeUnfit (422), ConditionsMissing, DutyHeld or WrongState (409).
    """
    named = Disbursement.objects.visible_to(by).fetch(disbursement_number)
    contract = Contract.objects.lock(named.contract.number)
    disbursement = Disbursement.objects.visible_to(by).lock(disbursement_number)
    DISBURSEMENT.require(disbursement.status, "resend")
    leg = _part(disbursement, place)
    LEG.require(leg.status, "resend")
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明重放原因。"))
    steps.require_other_person(by, casework.duties_before_payout(contract), "check")
    account = disbursement.account if leg.payee else _account_of(contract, account_id)
    leg.payee = _payee_like(contract, leg.payee, payee_number) if leg.payee else None
    steps.require_conditions(contract, account, business_date, by=by)
    if leg.status == "failed":
        payment_steps.abandon_payout(reference=leg.reference, reason=reason, by=by)
    _renew(disbursement, contract, account, by)
    _renew_part(leg, disbursement, reason, by)
    moves.move(disbursement, DISBURSEMENT, "resend", by=by, reason=reason)
    return disbursement


def _part(disbursement: Disbursement, place: int) -> Leg:
    legs = paying_steps.legs_of(disbursement)
    chosen = [leg for leg in legs if (leg.place == place if place else LEG.allows(leg.status, "resend"))]
    if not chosen:
        raise NotFound(what=place)
    return chosen[0]


def _account_of(contract: Contract, account_id: int | None) -> BankAccount:
    account = BankAccount.objects.filter(pk=account_id or 0, customer_id=contract.customer_id, closed_at__isnull=True).first()
    if account is None or account.holder_name != contract.customer.name:
        raise errors.AccountUnfit()
    return account


def _payee_like(contract: Contract, former: PayeeAccount, number: str) -> PayeeAccount:
    """Another account of the same company's, or the same once more."""
    rows = paying_queries.payable_to(contract).filter(number=number, kind=former.kind, name=former.name, dealer=former.dealer)
    found = rows.first()
    if found is None:
        raise PayeeUnfit(number=number or "—")
    return found


def _renew(disbursement: Disbursement, contract: Contract, account: BankAccount, by: Actor) -> None:
    disbursement.account, disbursement.paid_on = account, None
    disbursement.prepared_at, disbursement.prepared_by_ids, disbursement.prepared_by_name = clock.now(), sorted(by.user_ids), by.name
    disbursement.checked_at, disbursement.checked_by_ids, disbursement.checked_by_name = None, [], ""
    disbursement.save(update_fields=[
        "account", "paid_on", "prepared_at", "prepared_by_ids", "prepared_by_name", "checked_at", "checked_by_ids", "checked_by_name",
    ])


def _renew_part(leg: Leg, disbursement: Disbursement, reason: str, by: Actor) -> None:
    """What an older loan's payoff of another day changes is taken by this part."""
    total = casework.payout_of(disbursement.contract)
    leg.amount, disbursement.amount = leg.amount + (total - disbursement.amount), total
    leg.attempt += 1
    leg.payout_number, leg.failure_code, leg.ordered_on, leg.paid_on = "", "", None, None
    leg.save(update_fields=["payee", "amount", "attempt", "payout_number", "failure_code", "ordered_on", "paid_on"])
    disbursement.save(update_fields=["amount"])
    moves.move(leg, LEG, "resend", by=by, reason=reason)
