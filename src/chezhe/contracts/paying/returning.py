"""A payout that came back after the contract had taken effect is given up: all of it, or none."""

from __future__ import annotations

from chezhe.contracts import steps
from chezhe.contracts.models import Contract, Disbursement, Leg
from chezhe.contracts.paying.errors import MoneyIsOut
from chezhe.contracts.paying.states import LEG
from chezhe.contracts.states import CONTRACT, DISBURSEMENT
from chezhe.kernel import events, moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.origination import steps as application_steps


def require_all_back(contract: Contract) -> Disbursement:
    """The contract's payout, if every part of it is with us again. Raises NotFound (404), WrongState or MoneyIsOut (409)."""
    disbursement = Disbursement.objects.filter(contract=contract).exclude(status="cancelled").order_by("-id").first()
    if disbursement is None:
        raise NotFound(what=contract.number)
    DISBURSEMENT.require(disbursement.status, "cancel")
    if Leg.objects.filter(disbursement=disbursement).exclude(status="returned").exists():
        raise MoneyIsOut(number=disbursement.number)
    return disbursement


def give_up(contract: Contract, reason: str, *, by: Actor) -> Disbursement:
    """Cancel the payout of a locked contract that came back whole, and the contract with it; its mortgages are to be released, and the
    application may have another contract. Raises what `require_all_back` raises."""
    disbursement = Disbursement.objects.lock(require_all_back(contract).number)
    DISBURSEMENT.require(disbursement.status, "cancel")
    for leg in Leg.objects.select_for_update(of=("self",), no_key=True).filter(disbursement=disbursement):
        moves.move(leg, LEG, "cancel", by=by, reason=reason)
    moves.move(disbursement, DISBURSEMENT, "cancel", by=by, reason=reason)
    for secured in [steps.mortgage_of(contract), *steps.further_mortgages(contract)]:
        steps.let_go(secured, reason, by=by)
    contract.void_reason = reason[:200]
    contract.save(update_fields=["void_reason"])
    if contract.application is not None:
        application_steps.bind(contract.application, "")
    moves.move(contract, CONTRACT, "undo_payout", by=by, reason=reason)
    events.publish("contract.voided", contract.subject, {
        "number": contract.number, "application": contract.application.number if contract.application else ""})
    return disbursement
