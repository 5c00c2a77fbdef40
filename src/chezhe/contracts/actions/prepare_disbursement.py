"""Somebody makes the payout of a contract ready for another to check."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import casework, permissions, steps
from chezhe.contracts.models import DISBURSEMENT_PREFIX, Contract, Disbursement
from chezhe.contracts.states import DISBURSEMENT
from chezhe.kernel import clock, events, moves, numbers
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError


class DisbursementStands(BusinessError):
    code = "disbursement_exists"
    sentence = _("合同 %(contract)s 已有放款 %(number)s（%(status)s），不能再次放款。")


class PaidOutBefore(BusinessError):
    code = "paid_out_before_takeover"
    sentence = _("合同 %(contract)s 由原系统迁入，早已放款，不能再次放款。")


@action(permissions.PREPARE_DISBURSEMENT, label=_("发起放款"))
def prepare_disbursement(*, contract_number: str, business_date: date, by: Actor) -> Disbursement:
    """Make the payout of the whole principal (less what pays off an older loan) ready, once every condition is met.

    Raises PaidOutBefore, DisbursementStands, ConditionsMissing, DutyHeld or WrongState (409).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    if contract.taken_over_on is not None:
        raise PaidOutBefore(contract=contract.number)
    standing = Disbursement.objects.filter(contract=contract).exclude(status="cancelled").first()
    if standing:
        raise DisbursementStands(contract=contract.number, number=standing.number, status=DISBURSEMENT.label(standing.status))
    steps.require_other_person(by, casework.duties_before_payout(contract), "check")
    steps.require_conditions(contract, contract.account, business_date, by=by)
    disbursement = Disbursement.objects.create(
        number=numbers.next_number(DISBURSEMENT_PREFIX, business_date), contract=contract, account=contract.account,
        amount=casework.payout_of(contract), prepared_at=clock.now(), prepared_by_ids=sorted(by.user_ids), prepared_by_name=by.name,
    )
    moves.record(disbursement.subject, "prepare", "", disbursement.status, by=by)
    events.publish("disbursement.prepared", disbursement.subject, {"disbursement": disbursement.number, "contract": contract.number})
    return disbursement
