"""The borrower has read what the loan costs."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.models import CHANNELS, Contract
from chezhe.contracts.states import CONTRACT
from chezhe.documents.steps import Upload
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid


class CostSheetConfirmed(BusinessError):
    code = "cost_sheet_confirmed"
    sentence = _("成本明示表已于 %(on)s 确认，不必重复登记。")


@action(permissions.SIGN, label=_("确认成本明示表"))
def confirm_cost_sheet(
    *, contract_number: str, confirmed_on: date, channel: str, evidence: Upload | None, business_date: date, by: Actor
) -> Contract:
    """Record with proof that the borrower confirmed the cost sheet before signing anything else.

    Raises CostSheetConfirmed or WrongState (409), DayImpossible or EvidenceMissing (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    CONTRACT.require(contract.status, "confirm_cost_sheet")
    if contract.cost_sheet_on is not None:
        raise CostSheetConfirmed(on=contract.cost_sheet_on)
    if channel not in dict(CHANNELS):
        raise Invalid(field="channel", code="channel_unknown", sentence=_("没有这种签署方式。"))
    steps.require_day("confirmed_on", confirmed_on, first=contract.prepared_on, last=business_date)
    steps.keep_evidence(contract, evidence, "cost_disclosure_sheet", by=by)
    contract.cost_sheet_on, contract.cost_sheet_channel = confirmed_on, channel
    contract.save(update_fields=["cost_sheet_on", "cost_sheet_channel"])
    moves.move(contract, CONTRACT, "confirm_cost_sheet", by=by)
    events.publish("contract.cost_sheet_confirmed", contract.subject, {"number": contract.number, "on": confirmed_on.isoformat()})
    return contract
