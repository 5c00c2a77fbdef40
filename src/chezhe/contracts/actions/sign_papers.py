"""Somebody signs on a screen."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import steps as compliance
from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, ContractParty, Signing
from chezhe.contracts.signing import errors, guests, queries, rules, steps
from chezhe.contracts.signing.steps import Place
from chezhe.kernel.action import action, require_fresh_code
from chezhe.kernel.actor import GUEST, Actor
from chezhe.kernel.errors import NotFound, StepUpRequired

CONSENT = "e_sign"


@action(permissions.SIGN_PAPERS, label=_("电子签署合同文件"))
def sign_papers(*, contract_number: str, agrees: bool, place: Place, business_date: date, by: Actor) -> Signing:
    """A party says yes to all the papers that wait for it: recorded as a wish, carried out by the worker.

    By a link, or on the customer's own portal with a code asked for this contract. Agreeing to electronic signatures is part of it, and
    goes into the ledger of consents. Doing it twice is doing it once. Raises NotFound (404), ConsentNeeded (422), StepUpRequired (403),
    BusinessHeld, CostSheetFirst, WrongOrder, NothingToSign or WrongState (409).
    """
    link = guests.link_of(by) if by.kind == GUEST else None
    if link is not None and link.contract.number != contract_number:
        raise NotFound(what=contract_number)
    contract = (Contract.objects.visible_to(by) if link is None else Contract.objects.all()).lock(contract_number)
    steps.require_open(contract, by=by)
    if link is None:
        _require_code_for(contract, by)
    standing = queries.standing(contract)
    party = link.party if link is not None else _party(standing, by)
    running = Signing.objects.filter(party=party, status="asked").first()
    if running is not None:
        return running
    if not agrees:
        raise errors.ConsentNeeded()
    steps.require_turn(standing, [standing.parties[party.pk]])
    signing = steps.ask(standing, party, channel=rules.LINK if link else rules.PORTAL, place=place, link=link, by=by)
    compliance.grant(
        subject=party.customer.subject, kind=CONSENT, on=business_date, channel="online", evidence=signing.number, by=by)
    return signing


def _require_code_for(contract: Contract, by: Actor) -> None:
    require_fresh_code(by)
    if by.stepped_up_for != contract.subject:
        raise StepUpRequired()


def _party(standing: queries.Standing, by: Actor) -> ContractParty:
    """The part that this customer has in the contract: the one with papers to sign first."""
    own = [one for one in standing.parties.values() if one.customer_id in by.party_ids]
    if not own:
        raise NotFound(what=standing.contract.number)
    return next((one for one in own if standing.pending_of(one)), own[0])
