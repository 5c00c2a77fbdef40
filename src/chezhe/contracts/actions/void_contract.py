"""The contract will not be used."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import registering
from chezhe.contracts.conditions import steps as condition_steps
from chezhe.contracts.models import Contract, ContractCondition, Disbursement
from chezhe.contracts.signing import steps as signing_steps
from chezhe.contracts.states import CONTRACT, MORTGAGE
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.origination import steps as application_steps


class PayoutUnderWay(BusinessError):
    code = "payout_under_way"
    sentence = _("放款 %(number)s 尚未取消，合同不能作废。")


class MortgageRegistered(BusinessError):
    code = "mortgage_registered"
    sentence = _("抵押已登记。请先解除抵押登记，再作废合同。")


@action(permissions.VOID)
def void_contract(*, contract_number: str, reason: str, by: Actor) -> Contract:
    """Take a contract that nobody has been paid under out of use; the application can then have another one.

    A registered mortgage is first sent to release. Raises PayoutUnderWay, MortgageRegistered or WrongState (409).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    CONTRACT.require(contract.status, "cancel")
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明作废原因。"))
    open_payout = Disbursement.objects.filter(contract=contract).exclude(status="cancelled").first()
    if open_payout:
        raise PayoutUnderWay(number=open_payout.number)
    every = [steps.mortgage_of(contract), *steps.further_mortgages(contract)]
    if any(secured.status in ("registered", "release_requested") for secured in every):
        raise MortgageRegistered()
    for secured in every:
        if secured.status == "proposed":
            moves.move(secured, MORTGAGE, "cancel", by=by, reason=reason)
        registering.drop(secured, reason, by=by)
    signing_steps.drop(contract, None, reason, by=by)
    condition_steps.withdraw_requests(ContractCondition.objects.filter(contract=contract))
    contract.void_reason = reason
    contract.save(update_fields=["void_reason"])
    application_steps.bind(contract.application, "")
    moves.move(contract, CONTRACT, "cancel", by=by, reason=reason)
    events.publish("contract.voided", contract.subject, {"number": contract.number, "application": contract.application.number})
    return contract
