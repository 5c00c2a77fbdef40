"""The borrower has read what the loan costs."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import casework, permissions, steps
from chezhe.contracts.costs import queries as cost_queries
from chezhe.contracts.costs import steps as cost_steps
from chezhe.contracts.costs.steps import Proof
from chezhe.contracts.models import CHANNELS, Contract
from chezhe.contracts.printing import steps as printing_steps
from chezhe.contracts.states import CONTRACT
from chezhe.documents.steps import Upload
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.risk.screening import freezing

ON_SCREEN = "e_sign"


class CostSheetConfirmed(BusinessError):
    code = "cost_sheet_confirmed"
    sentence = _("成本明示表已于 %(on)s 确认，不必重复登记。")


class ReadingMissing(BusinessError):
    code = "reading_missing"
    http_status = 422
    field = "channel"
    sentence = _("电子确认须先由借款人在屏幕上打开并阅读成本明示表。")


@action(permissions.CONFIRM_COSTS)
def confirm_cost_sheet(
    *, contract_number: str, confirmed_on: date, channel: str, evidence: Upload | None = None, reading: str = "", code: str = "",
    business_date: date, by: Actor,
) -> Contract:
    """Record with proof that the borrower confirmed the cost sheet before signing anything else.

    On a screen the proof is a `reading` that lasted long enough, else a scan of the signed sheet. `code` is what stands on the sheet
    that was confirmed. The caps of the day are asked once more.
    Raises BusinessHeld, CostSheetConfirmed, WrongState, PapersNotReady, SheetDiffers, ReadingTooShort, ReadingStale or CapExceeded (409),
    NotFound (404) for a reading of another contract, DayImpossible, ReadingMissing or EvidenceMissing (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    steps.require_own(contract, by)
    CONTRACT.require(contract.status, "confirm_cost_sheet")
    freezing.require_free(casework.people_of(contract), by=by)
    printing_steps.require_printed(contract)
    if contract.cost_sheet_on is not None:
        raise CostSheetConfirmed(on=contract.cost_sheet_on)
    if channel not in dict(CHANNELS):
        raise Invalid(field="channel", code="channel_unknown", sentence=_("没有这种签署方式。"))
    steps.require_day("confirmed_on", confirmed_on, first=contract.prepared_on, last=business_date)
    sheet = cost_queries.require_sheet(contract)
    cost_steps.require_same(contract, sheet, code)
    casework.within_caps(contract.application, contract.agreed, business_date)
    proof = _proof(contract, channel, reading, evidence, business_date, by)
    if proof.reading is not None:
        cost_steps.require_same(contract, sheet, proof.reading.sheet.code)
    cost_steps.confirm(sheet, proof, confirmed_on=confirmed_on, by=by)
    contract.cost_sheet_on, contract.cost_sheet_channel = confirmed_on, channel
    contract.save(update_fields=["cost_sheet_on", "cost_sheet_channel"])
    moves.move(contract, CONTRACT, "confirm_cost_sheet", by=by)
    events.publish("contract.cost_sheet_confirmed", contract.subject, {"number": contract.number, "on": confirmed_on.isoformat()})
    return contract


def _proof(contract: Contract, channel: str, key: str, evidence: Upload | None, on: date, by: Actor) -> Proof:
    if channel != ON_SCREEN:
        return Proof(channel=channel, evidence=steps.keep_evidence(contract, evidence, "cost_disclosure_sheet", by=by))
    if not key:
        raise ReadingMissing()
    reading = cost_queries.reading(contract, key)
    cost_steps.require_read(reading, on)
    kept = steps.keep_evidence(contract, evidence, "cost_disclosure_sheet", by=by) if evidence is not None else None
    return Proof(channel=channel, reading=reading, evidence=kept)
