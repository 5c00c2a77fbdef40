"""No page asks the database more often than its bound, and no list more often for many rows than for one.

The sample is the simulation's own; one person with every role opens every address of the URLconf. A new page fails here
until it has a bound in `bounds.py`; raising one is a decision that a reviewer sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chezhe.channels.models import DealerPerson
from chezhe.customers.models import Customer
from chezhe.kernel import clock, doors
from chezhe.kernel.doors import Page
from chezhe.origination.models import Application
from chezhe.portal.models import Account
from chezhe.portal.places import PORTALS
from chezhe.portal.tests import outside
from chezhe.servicing.models import Loan
from chezhe.staff.tests.cast import signed_in
from chezhe.ui import lists
from chezhe.vehicles.models import Vehicle
from tests.pages import sample
from tests.pages.bounds import BOUNDS, ELSEWHERE, SEARCH
from tests.pages.examples import address_of

FEW, MANY = 1, 100


def test_every_bound_is_of_a_page_that_exists() -> None:
    names = {page.name for page in doors.pages()}
    assert sorted({*BOUNDS, *ELSEWHERE} - names) == []


@dataclass(frozen=True, slots=True)
class Asked:
    """What one GET answered and how many queries it took."""

    answer: HttpResponse
    queries: int

    @property
    def is_list(self) -> bool:
        return not self.answer.streaming and b'id="list-body"' in self.answer.content


def ask(client: Client, address: str) -> Asked:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    return Asked(answer, len(captured))


@pytest.mark.django_db
def test_no_page_asks_more_than_its_bound_nor_a_list_more_for_more_rows(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.DEMO_LOGINS = True
    client = signed_in(sample.settle(), at=clock.now())
    for account in outsiders():
        client.cookies[PORTALS[account.kind].cookie] = outside.token_for(account)
    monkeypatch.setattr(lists, "PAGE_SIZES", (FEW, MANY))
    findings: list[str] = []
    for page in doors.pages():
        findings += judge(client, page)
    findings += judge_search(client)
    assert not findings, "\n" + "\n".join(findings)


def outsiders() -> list[Account]:
    """A customer with a loan and somebody of a dealer with a case, signed in beside the staff."""
    borrower = Loan.objects.order_by("pk")[0].customer
    person = DealerPerson.objects.select_related("dealer").order_by("pk")[0]
    Application.objects.filter(customer=borrower).update(dealer=person.dealer)
    return [outside.account_of(borrower), outside.account_at(person)]


def judge_search(client: Client) -> list[str]:
    """The palette asks every room, whatever is typed: a surname many have, tails, a number, nothing that is there."""
    customer, vehicle = Customer.objects.order_by("pk")[0], Vehicle.objects.order_by("pk")[0]
    findings = []
    for text in (customer.name[:1], customer.initials, customer.mobiles.all()[0].tail, vehicle.vin[-6:], customer.number, "没有这个人"):
        with CaptureQueriesContext(connection) as captured:
            answer = client.post("/search/", {"q": text}, headers={"HX-Request": "true"})
        assert answer.status_code == 200
        findings += [f"search for {text} asks {len(captured)} times, more than {SEARCH}"] if len(captured) > SEARCH else []
    return findings


def judge(client: Client, page: Page) -> list[str]:
    """What is wrong with one page, in words."""
    try:
        address = address_of(page)
    except KeyError as unknown:
        return [f"{page.name} needs an example of {unknown} in examples.py"]
    client.get(address)
    asked = ask(client, address)
    status, bound = asked.answer.status_code, BOUNDS.get(page.name)
    if status == 405 or page.name in ELSEWHERE:
        return [f"{page.name} answers no GET and needs no bound"] if bound is not None else []
    if status != 200:
        return [f"{page.name} answers {status} at {address}: give it a better example, or a line in ELSEWHERE"]
    if bound is None:
        return [f"{page.name} asks {asked.queries} times and has no bound"]
    findings = [f"{page.name} asks {asked.queries} times, more than {bound}"] if asked.queries > bound else []
    return findings + (grows(client, page, address) if asked.is_list else [])


def grows(client: Client, page: Page, address: str) -> list[str]:
    """Whether the list asks more often for all its rows than for one of them."""
    few, many = (ask(client, f"{address}?size={size}&view=all") for size in (FEW, MANY))
    rows = rows_of(few), rows_of(many)
    if not 0 < rows[0] < rows[1]:
        return [f"{page.name} shows {rows[0]} and {rows[1]} rows: the sample must hold several"]
    if many.queries > few.queries:
        return [f"{page.name} asks {few.queries} times for {rows[0]} row and {many.queries} times for {rows[1]}"]
    return []


def rows_of(asked: Asked) -> int:
    """Those of the list itself, not of the table under a chart above it."""
    return asked.answer.content.partition(b'id="list-body"')[2].partition(b"<tbody>")[2].partition(b"</tbody>")[0].count(b"<tr>")
