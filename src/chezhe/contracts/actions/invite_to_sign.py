"""Somebody who does not come to the counter gets a link."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, ContractParty, SigningLink
from chezhe.contracts.signing import errors, queries, rules, steps
from chezhe.customers import queries as customer_queries
from chezhe.customers.telling import tell
from chezhe.kernel import clock, events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import SYSTEM, Actor

TEMPLATE = "signing_link"


@dataclass(frozen=True, slots=True)
class Invitation:
    """The link as it was made; its address is shown this once and kept nowhere."""

    link: SigningLink
    address: str
    is_sent: bool

    @property
    def subject(self) -> str:
        return self.link.contract.subject


@action(permissions.SIGN, label=_("发送远程签署链接"))
def invite_to_sign(*, contract_number: str, customer_number: str, business_date: date, by: Actor) -> Invitation:
    """Send a party whose turn it is a link that opens once, with a code to the same mobile; an earlier link ends.

    Raises BusinessHeld, CostSheetFirst, WrongOrder, NothingToSign, SigningUnderWay or WrongState (409), NotAParty or MobileMissing (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    steps.require_open(contract, by=by)
    standing = queries.standing(contract)
    own = [one for one in standing.parties.values() if one.customer.number == customer_number]
    if not own:
        raise errors.NotAParty(number=customer_number[:40], contract=contract.number)
    party = next((one for one in own if standing.pending_of(one)), own[0])
    steps.require_turn(standing, [party])
    link, token = _make(contract, party, by)
    address = f"{settings.PUBLIC_URL}{reverse('contracts:link', args=[token])}"
    hours = str(int(rules.LINK_LASTS.total_seconds() // 3600))
    facts = {"contract": contract.number, "link": address, "hours": hours}
    sent = tell(TEMPLATE, party.customer, facts, mobile=link.mobile, by=SYSTEM)
    events.publish("contract.signing_invited", contract.subject, {"number": contract.number, "customer": customer_number})
    return Invitation(link, address, sent is not None and sent.status == "queued")


def _make(contract: Contract, party: ContractParty, by: Actor) -> tuple[SigningLink, str]:
    mobile = customer_queries.main_mobile(party.customer)
    if not mobile:
        raise errors.MobileMissing(who=party.customer.masked_name)
    for old in SigningLink.objects.select_for_update(no_key=True).filter(party=party, ended_at__isnull=True):
        steps.end_link(old, gettext("已重新发送"), by=by)
    token, now = secrets.token_urlsafe(32), clock.now()
    link = SigningLink.objects.create(
        key=secrets.token_hex(8), contract=contract, party=party, token_hash=queries.digest(token), mobile=mobile,
        mobile_tail=mobile[-4:], made_at=now, made_by_name=by.name, expires_at=now + rules.LINK_LASTS,
    )
    moves.record(link.subject, "invite", "", "open", by=by)
    return link, token
