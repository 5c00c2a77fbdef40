"""The parties sign with a pen."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.models import CHANNELS, Contract, ContractParty
from chezhe.contracts.signing import queries as signing_queries
from chezhe.contracts.signing import steps as signing_steps
from chezhe.documents.steps import Upload
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid


@action(permissions.SIGN, label=_("登记合同签署"))
def sign_contract(
    *, contract_number: str, signers: Collection[str], signed_on: date, channel: str, evidence: Upload | None, business_date: date,
    by: Actor,
) -> Contract:
    """Record who signed all their papers, when, before whom and with which proof; the contract is signed once every party has.

    `signers` are customer numbers; nobody signs before those whose turn is earlier. Where the day demands a cost sheet, it must have been
    confirmed first. Raises BusinessHeld, CostSheetFirst, WrongOrder, SigningUnderWay, PapersNotReady or WrongState (409),
    Invalid, DayImpossible or EvidenceMissing (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    signing_steps.require_open(contract, by=by)
    if channel not in dict(CHANNELS):
        raise Invalid(field="channel", code="channel_unknown", sentence=_("没有这种签署方式。"))
    steps.require_day("signed_on", signed_on, first=contract.cost_sheet_on or contract.prepared_on, last=business_date)
    standing = signing_queries.standing(contract)
    chosen = _chosen([party for party in standing.parties.values() if party.signed_on is None], set(signers))
    signing_steps.require_turn(standing, chosen)
    file = steps.keep_evidence(contract, evidence, "loan_contract", by=by)
    signing_steps.sign_by_hand(standing, chosen, on=signed_on, channel=channel, evidence=file, by=by)
    return contract


def _chosen(waiting: list[ContractParty], signers: set[str]) -> list[ContractParty]:
    """The parties who sign now; raises Invalid (422) for nobody and for somebody who has nothing to sign."""
    if not signers or not signers <= {party.customer.number for party in waiting}:
        raise Invalid(field="signers", code="signers_unknown", sentence=_("请从尚未签署的各方中选择本次签署人。"))
    return [party for party in waiting if party.customer.number in signers]
