"""The bank has answered."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, Disbursement
from chezhe.contracts.states import CONTRACT, DISBURSEMENT
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError

Outcome = Literal["sent", "paid", "failed", "returned"]
_VERBS = {"sent": "send", "paid": "settle", "failed": "fail", "returned": "return"}


class PaidComesFirst(BusinessError):
    code = "paid_comes_first"
    sentence = _("放款 %(number)s 的付款结果尚未登记，退回须在其后登记。")


@action(permissions.SETTLE_DISBURSEMENT)
def settle_disbursement(
    *, disbursement_number: str, attempt: int, outcome: Outcome, on: date, failure_code: str = "", by: Actor
) -> Disbursement:
    """Let the disbursement follow its payout; with the money the contract takes effect.

    News of an earlier attempt, or of a step that is over, changes nothing. That money came back, told before we know that it
    went, raises PaidComesFirst (409) and is delivered again later.
    """
    named = Disbursement.objects.visible_to(by).fetch(disbursement_number)
    contract = Contract.objects.lock(named.contract.number)
    disbursement = Disbursement.objects.lock(disbursement_number)
    if disbursement.attempt == attempt and outcome == "returned" and disbursement.status == "sent":
        raise PaidComesFirst(number=disbursement_number)
    if disbursement.attempt != attempt or not DISBURSEMENT.allows(disbursement.status, _VERBS[outcome]):
        return disbursement
    disbursement.failure_code = failure_code if outcome in ("failed", "returned") else ""
    disbursement.paid_on = on if outcome == "paid" else disbursement.paid_on
    disbursement.save(update_fields=["failure_code", "paid_on"])
    moves.move(disbursement, DISBURSEMENT, _VERBS[outcome], by=by, reason=failure_code)
    if outcome == "paid":
        _take_effect(contract, on, by)
    if outcome != "sent":
        events.publish(f"disbursement.{outcome}", disbursement.subject, {
            "disbursement": disbursement.number, "contract": contract.number, "amount_fen": disbursement.amount.fen,
            "paid_on": on.isoformat(), "failure_code": failure_code,
        })
    return disbursement


def _take_effect(contract: Contract, on: date, by: Actor) -> None:
    if contract.status == "signed":
        contract.effective_on = on
        contract.save(update_fields=["effective_on"])
        moves.move(contract, CONTRACT, "take_effect", by=by)
