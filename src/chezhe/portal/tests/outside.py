"""Outsiders for the tests of this room and of those above it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.test import Client, RequestFactory

from chezhe.channels import steps as channel_steps
from chezhe.channels.models import Dealer, DealerPerson
from chezhe.customers.models import Customer
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import BORROWER, DEALER, Actor
from chezhe.messaging import queries as messages
from chezhe.messaging.models import Message
from chezhe.portal import sessions, steps
from chezhe.portal.models import Account
from chezhe.portal.places import PORTALS

DEALERS_MOBILE = "15477778888"


def account_of(customer: Customer) -> Account:
    """The customer's main number, shown to be the customer's."""
    mobile = customer.mobiles.get(is_main=True).mobile
    return Account.objects.create(kind=BORROWER, mobile=mobile, customer=customer, opened_at=clock.now(), bound_at=clock.now())


def person_of(dealer: Dealer, by: Actor, mobile: str = DEALERS_MOBILE) -> DealerPerson:
    return channel_steps.add_person(dealer, "孙海", mobile, by)


def account_at(person: DealerPerson) -> Account:
    return Account.objects.create(kind=DEALER, mobile=person.mobile, person=person, opened_at=clock.now(), bound_at=clock.now())


def token_for(account: Account, *, is_program: bool = False, stepped_up: bool = False) -> str:
    token = sessions.start(RequestFactory().get("/m/"), account, clock.now(), is_program=is_program)
    if stepped_up:
        account.sessions.update(stepped_up_at=clock.now())
    return token


def actor_for(account: Account, *, stepped_up: bool = False) -> Actor:
    """The actor that a new sign-in of this account makes."""
    session = sessions.read(token_for(account, stepped_up=stepped_up), clock.now())
    assert session is not None
    actor = steps.actor_of(session, clock.now())
    assert actor is not None
    return actor


def customer_actor(customer: Customer, *, stepped_up: bool = False) -> Actor:
    return actor_for(account_of(customer), stepped_up=stepped_up)


def dealer_actor(dealer: Dealer, by: Actor, mobile: str = DEALERS_MOBILE) -> Actor:
    return actor_for(account_at(person_of(dealer, by, mobile)))


def browser_for(account: Account, *, stepped_up: bool = False) -> Client:
    """A browser that is signed in at the account's portal."""
    client = Client()
    client.cookies[PORTALS[account.kind].cookie] = token_for(account, stepped_up=stepped_up)
    return client


def code_sent(mobile: str) -> str:
    """What the newest message to a number says, as the phone shows it; empty when none waits."""
    waiting = [row for row in Message.objects.order_by("-id") if row.address == mobile and row.sealed]
    told = messages.delivery(waiting[0].number) if waiting else None
    found = re.search(r"\d{6}", told.outgoing.text) if told else None
    return found[0] if found else ""


@dataclass
class Visitor:
    """Somebody at the pages of a portal with a phone in hand."""

    mobile: str
    letter: str = "m"
    client: Client = field(default_factory=Client)
    to: str = ""

    def asks(self) -> Any:
        with jobs.in_line():
            answer = self.client.post(f"/{self.letter}/sign-in/", {"mobile": self.mobile})
        if answer.status_code == 302:
            self.to = re.findall(r"to=([^&]+)", answer["Location"])[0]
        return answer

    def types(self, code: str) -> Any:
        return self.client.post(f"/{self.letter}/sign-in/code/", {"typed": code, "to": self.to})

    def comes_in(self) -> Any:
        self.asks()
        return self.types(code_sent(self.mobile))
