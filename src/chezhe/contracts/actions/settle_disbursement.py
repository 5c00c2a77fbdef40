"""The bank has answered."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, Disbursement, Leg
from chezhe.contracts.paying import steps as paying_steps
from chezhe.contracts.paying.states import LEG
from chezhe.contracts.states import CONTRACT
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.origination import steps as application_steps

Outcome = Literal["sent", "paid", "failed", "returned"]
_VERBS = {"sent": "send", "paid": "settle", "failed": "fail", "returned": "return"}


class PaidComesFirst(BusinessError):
    code = "paid_comes_first"
    sentence = _("放款 %(number)s 的付款结果尚未登记，退回须在其后登记。")


@action(permissions.SETTLE_DISBURSEMENT)
def settle_disbursement(
    *, disbursement_number: str, attempt: int, outcome: Outcome, on: date, place: int = 1, failure_code: str = "", by: Actor
) -> Disbursement:
    """Let a part of the disbursement, and with it the whole, follow its payout; with the last part the contract takes effect, once.

    News of an earlier attempt, or of a step that is over, changes nothing. That money came back, told before we know that it
    went, raises PaidComesFirst (409) and is delivered again later.
    """
    named = Disbursement.objects.visible_to(by).fetch(disbursement_number)
    contract = Contract.objects.lock(named.contract.number)
    disbursement = Disbursement.objects.lock(disbursement_number)
    legs = paying_steps.legs_of(disbursement)
    leg = next((one for one in legs if one.place == place), None)
    if leg is None or leg.attempt != attempt:
        return disbursement
    if outcome == "returned" and leg.status in ("checked", "sent"):
        raise PaidComesFirst(number=disbursement_number)
    if not LEG.allows(leg.status, _VERBS[outcome]):
        return disbursement
    _note(leg, outcome, on, failure_code, by)
    came_to = paying_steps.follow(disbursement, legs, by=by, reason=failure_code)
    if came_to == "paid":
        disbursement.paid_on = on
        disbursement.save(update_fields=["paid_on"])
        _take_effect(contract, on, by)
        _announce(disbursement, contract, "paid", on, {"amount_fen": disbursement.amount.fen, "failure_code": ""})
    elif outcome in ("failed", "returned"):
        _announce(disbursement, contract, outcome, on, {"amount_fen": leg.amount.fen, "failure_code": failure_code, "place": place,
            "is_effective": contract.effective_on is not None})
    return disbursement


def _note(leg: Leg, outcome: Outcome, on: date, failure_code: str, by: Actor) -> None:
    if outcome == "sent" and leg.status == "failed":
        leg.ordered_on = on  # the same order again counts against this day's limits
    leg.failure_code = failure_code if outcome in ("failed", "returned") else ""
    leg.paid_on = on if outcome == "paid" else leg.paid_on
    leg.save(update_fields=["failure_code", "paid_on", "ordered_on"])
    moves.move(leg, LEG, _VERBS[outcome], by=by, reason=failure_code)


def _announce(disbursement: Disbursement, contract: Contract, outcome: str, on: date, facts: dict[str, object]) -> None:
    events.publish(f"disbursement.{outcome}", disbursement.subject, {
        "disbursement": disbursement.number, "contract": contract.number, "paid_on": on.isoformat(), **facts,
    })


def _take_effect(contract: Contract, on: date, by: Actor) -> None:
    if contract.status == "signed":
        contract.effective_on = on
        contract.save(update_fields=["effective_on"])
        application_steps.bind(contract.application, "paid")
        moves.move(contract, CONTRACT, "take_effect", by=by)
