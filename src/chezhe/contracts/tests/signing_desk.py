"""Contracts on the way to their signatures, for the tests of signing."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from chezhe.contracts.actions.confirm_cost_sheet import confirm_cost_sheet
from chezhe.contracts.actions.enter_by_code import enter_by_code
from chezhe.contracts.actions.invite_to_sign import invite_to_sign
from chezhe.contracts.actions.send_signing_code import send_signing_code
from chezhe.contracts.actions.sign_papers import sign_papers
from chezhe.contracts.models import Contract, ContractParty, Signing, SigningLink
from chezhe.contracts.signing import guests, queries
from chezhe.contracts.signing.steps import Place
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, scan
from chezhe.customers.models import Customer
from chezhe.customers.tests import filing
from chezhe.kernel.actor import Actor

PLACE = Place("Chrome · Android", "203.0.113.7")
SPOUSE = filing.PersonFacts(name="单雄信", id_number="510107199506230016", mobile="15400001111", address="成都")
GUARANTOR = filing.PersonFacts(name="秦叔宝", id_number="110101199003070070", mobile="15400002222", address="济南")


def ready(cast: Cast, signed: Any, *roles: str, mobile: str = "") -> Contract:
    """A prepared contract whose cost sheet is confirmed, with further parties."""
    application = accepted(cast)
    for role in roles:
        facts = SPOUSE if role == "spouse" else GUARANTOR
        if mobile and role != "spouse":
            facts = filing.PersonFacts(name=facts.name, id_number=facts.id_number, mobile=mobile, address=facts.address)
        application.parties.create(customer=filing.person(facts, cast.lin), role=role)
    number = signed(until="prepared", application=application)
    confirm_cost_sheet(contract_number=number, confirmed_on=TODAY, channel="counter", evidence=scan(1), business_date=TODAY, by=cast.he)
    return Contract.objects.get(number=number)


def pairs(contract: Contract) -> int:
    """How many signatures its parties owe altogether."""
    return len(queries.standing(contract).required)


def customer_of(contract: Contract, role: str) -> Customer:
    return ContractParty.objects.select_related("customer").get(contract=contract, role=role).customer


def invited(cast: Cast, contract: Contract, role: str) -> tuple[SigningLink, str]:
    """A link for a party, and its token."""
    made = invite_to_sign(
        contract_number=contract.number, customer_number=customer_of(contract, role).number, business_date=TODAY, by=cast.he)
    return made.link, made.address.rstrip("/").rpartition("/")[2]


def entered(link: SigningLink) -> Actor:
    """Whoever opened the link with the right code."""
    by = guests.actor_of(link)
    sent = send_signing_code(asked_from=PLACE.address, by=by)
    entry = enter_by_code(typed=sent.code, place=PLACE, by=by)
    assert entry.token
    found = queries.link_of_sitting(entry.token)
    assert found is not None
    return guests.actor_of(found)


def signs(contract: Contract, by: Actor, *, agrees: bool = True) -> Signing:
    return sign_papers(contract_number=contract.number, agrees=agrees, place=PLACE, business_date=TODAY, by=by)


def signs_by_link(cast: Cast, contract: Contract, role: str) -> Signing:
    """The whole way from afar."""
    return signs(contract, entered(invited(cast, contract, role)[0]))


def code_in(client: Client) -> str:
    """The code of the last message, as the phone shows it."""
    from chezhe.messaging import queries as messages
    from chezhe.messaging.models import Message

    last = Message.objects.filter(template__code="one_time_code").order_by("-pk").first()
    assert last is not None
    waiting = messages.delivery(last.number)
    assert waiting is not None
    found = re.search(r"\d{6}", waiting.outgoing.text)
    assert found is not None
    return found[0]
