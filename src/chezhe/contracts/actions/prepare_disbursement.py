"""Somebody makes the payout of a contract ready for another to check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import casework, permissions, steps
from chezhe.contracts.models import DISBURSEMENT_PREFIX, Contract, Disbursement
from chezhe.contracts.paying import steps as paying_steps
from chezhe.contracts.paying.steps import Part
from chezhe.contracts.states import DISBURSEMENT
from chezhe.kernel import clock, events, moves, numbers
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.payments.states import WAYS


class DisbursementStands(BusinessError):
    code = "disbursement_exists"
    sentence = _("合同 %(contract)s 已有放款 %(number)s（%(status)s），不能再次放款。")


class PaidOutBefore(BusinessError):
    code = "paid_out_before_takeover"
    sentence = _("合同 %(contract)s 由原系统迁入，早已放款，不能再次放款。")


@action(permissions.PREPARE_DISBURSEMENT, label=_("发起放款"))
def prepare_disbursement(
    *, contract_number: str, parts: Sequence[Part] = (), way: str = "api", business_date: date, by: Actor
) -> Disbursement:
    """Make the payout of the whole principal (less what pays off an older loan) ready, once every condition is met: `parts` for others,
    the rest for the borrower, by the bank's own line (`api`) or in a file for the bank.

    Raises PaidOutBefore, DisbursementStands, ConditionsMissing, EntrustedPaymentNeeded, DutyHeld or WrongState (409), PartInvalid,
    PayeeUnfit, PartsTooMuch or Invalid (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    if contract.taken_over_on is not None:
        raise PaidOutBefore(contract=contract.number)
    standing = Disbursement.objects.filter(contract=contract).exclude(status="cancelled").first()
    if standing:
        raise DisbursementStands(contract=contract.number, number=standing.number, status=DISBURSEMENT.label(standing.status))
    steps.require_other_person(by, casework.duties_before_payout(contract), "check")
    steps.require_conditions(contract, contract.account, business_date, by=by)
    if way not in dict(WAYS):
        raise Invalid(field="way", code="payout_way_unknown", sentence=_("请选择付款方式：银企直连或批量文件。"))
    amount = casework.payout_of(contract)
    split = paying_steps.split(contract, amount, parts, business_date)
    disbursement = Disbursement.objects.create(
        number=numbers.next_number(DISBURSEMENT_PREFIX, business_date), contract=contract, account=contract.account,
        amount=amount, way=way, prepared_at=clock.now(), prepared_by_ids=sorted(by.user_ids), prepared_by_name=by.name,
    )
    paying_steps.write_legs(disbursement, split, by=by)
    moves.record(disbursement.subject, "prepare", "", disbursement.status, by=by)
    events.publish("disbursement.prepared", disbursement.subject, {"disbursement": disbursement.number, "contract": contract.number})
    return disbursement
