"""The parties sign."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import casework, errors, permissions, steps
from chezhe.contracts.models import CHANNELS, Contract, ContractParty
from chezhe.contracts.states import CONTRACT
from chezhe.documents.steps import Upload
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.risk.screening import freezing


@action(permissions.SIGN, label=_("登记合同签署"))
def sign_contract(
    *, contract_number: str, signers: Collection[str], signed_on: date, channel: str, evidence: Upload | None, business_date: date,
    by: Actor,
) -> Contract:
    """Record who signed, when, before whom and with which proof; the contract is signed once every party has.

    `signers` are customer numbers. Where the day demands a cost sheet, it must have been confirmed first.
    Raises BusinessHeld, CostSheetFirst or WrongState (409), Invalid, DayImpossible or EvidenceMissing (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    CONTRACT.require(contract.status, "sign")
    freezing.require_free(casework.people_of(contract), by=by)
    if contract.needs_cost_sheet and contract.cost_sheet_on is None:
        raise errors.CostSheetFirst()
    if channel not in dict(CHANNELS):
        raise Invalid(field="channel", code="channel_unknown", sentence=_("没有这种签署方式。"))
    steps.require_day("signed_on", signed_on, first=contract.cost_sheet_on or contract.prepared_on, last=business_date)
    waiting = list(contract.parties.filter(signed_on__isnull=True).select_related("customer"))
    chosen = _chosen(waiting, set(signers))
    steps.keep_evidence(contract, evidence, "loan_contract", by=by)
    for party in chosen:
        party.signed_on, party.channel, party.witnessed_by_name = signed_on, channel, by.name
    ContractParty.objects.bulk_update(chosen, ["signed_on", "channel", "witnessed_by_name"])
    if len(chosen) == len(waiting):
        contract.signed_on = signed_on
        contract.save(update_fields=["signed_on"])
        moves.move(contract, CONTRACT, "sign", by=by)
        events.publish("contract.signed", contract.subject, {"number": contract.number, "signed_on": signed_on.isoformat()})
    return contract


def _chosen(waiting: list[ContractParty], signers: set[str]) -> list[ContractParty]:
    """The parties who sign now; raises Invalid (422) for nobody and for somebody who has nothing to sign."""
    if not signers or not signers <= {party.customer.number for party in waiting}:
        raise Invalid(field="signers", code="signers_unknown", sentence=_("请从尚未签署的各方中选择本次签署人。"))
    return [party for party in waiting if party.customer.number in signers]
