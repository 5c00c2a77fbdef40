"""What was told of a code or a name that our file has not any more counts for nothing: neither as fresh nor as known."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from chezhe.compliance import steps as compliance
from chezhe.customers import trading
from chezhe.customers.models import Customer
from chezhe.customers.tests import filing
from chezhe.customers.values import TradeFacts
from chezhe.documents.tests.people import Cast
from chezhe.identifiers.synthetic import invent_uscc
from chezhe.invented import fates, person, trades
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.risk.actions.request_facts import request_facts
from chezhe.risk.facts import asking, queries
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.facts.services import SERVICES, TRADE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gathering_day")]
GOOD = fates.id_number(fates.GOOD)
MONDAY = date(2026, 3, 16)
OF_ANOTHER = invent_uscc(Random(8), kind="92")


@pytest.fixture
def trader(cast: Cast) -> Customer:
    """Somebody with a trade of many years, who agreed to be asked about."""
    life = person(GOOD)
    made = filing.person(filing.PersonFacts(name=life.name, id_number=GOOD, mobile=life.mobile), cast.lin)
    for kind in {service.consent for service in SERVICES.values() if service.of == "person"}:
        compliance.grant(subject=made.subject, kind=kind, on=MONDAY, channel="paper", evidence="SQ-1", by=SYSTEM)
    own = trades.of(life)
    assert own is not None
    return show_licence(made, own.uscc, cast.lin)


def show_licence(customer: Customer, uscc: str, by: Actor) -> Customer:
    kept = Customer.objects.get(pk=customer.pk)
    trading.record(kept, TradeFacts(uscc=uscc, registered_on=date(2015, 5, 4), name="试客商行"), on=MONDAY, by=by)
    return kept


def ask(customer: Customer, by: Actor, *services: str) -> asking.Wished:
    clock.tick(60)
    wished = request_facts(subject=customer.subject, query_reason_code="loan_approval", services=services, by=by)
    while jobs.run_due():
        clock.tick(1)
    return wished


def of_trade(customer: Customer) -> dict[str, Any]:
    return {code: one.value for code, one in queries.known([customer.subject], clock.now()).items() if code.startswith("trade_")}


def test_an_answer_about_another_code_serves_nobody(trader: Customer, officer: Actor, cast: Cast) -> None:
    assert ask(trader, officer, TRADE).asked == (TRADE,)
    before = of_trade(trader)
    assert before["trade_is_own"] is True and set(before) == {"trade_is_own", "trade_status", "trade_months", "trade_tax_arrears"}
    show_licence(trader, OF_ANOTHER, cast.lin)
    assert asking.preview(trader.subject).reused.get(TRADE) is None
    wished = ask(trader, officer, TRADE)
    assert wished.asked == (TRADE,) and wished.reused == {}
    assert of_trade(trader) == {"trade_is_own": False}, "months and state of the first trade say nothing of this one"


def test_the_register_is_asked_once_about_one_code(trader: Customer, officer: Actor) -> None:
    ask(trader, officer, TRADE)
    assert set(ask(trader, officer, TRADE).reused) == {TRADE} and Enquiry.objects.filter(service=TRADE).count() == 1


def test_a_register_that_is_silent_about_the_new_code_leaves_nothing_of_the_old_one(
    trader: Customer, officer: Actor, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(trader, officer, TRADE)
    show_licence(trader, OF_ANOTHER, cast.lin)
    monkeypatch.setattr(jobs, "enqueue", lambda *told, **more: None)
    asking.note(trader.subject, services=[TRADE], reason="loan_approval", by=officer)
    assert of_trade(trader) == {}, "before the answer is there, too"


def test_a_trade_that_the_register_does_not_know_is_unknown(trader: Customer, officer: Actor) -> None:
    ask(trader, officer, TRADE)
    told = SERVICES[TRADE].facts(None, _whom(trader), MONDAY)
    assert told == dict.fromkeys(SERVICES[TRADE].codes)


def test_who_is_no_longer_insured_anywhere_has_no_base(trader: Customer) -> None:
    assert SERVICES["social_insurance"].facts(None, _whom(trader), MONDAY) == dict.fromkeys(SERVICES["social_insurance"].codes)


def _whom(customer: Customer) -> Any:
    return asking.whom.of(customer.subject).told


def test_another_mobile_is_asked_about_anew_and_the_bureau_is_not(trader: Customer, officer: Actor) -> None:
    """Only the sources that were told the mobile: a query of the bureau hurts the borrower."""
    ask(trader, officer, "telecom", "bureau")
    trader.mobiles.update(mobile="15487654321")
    wished = ask(trader, officer, "telecom", "bureau")
    assert (wished.asked, set(wished.reused)) == (("telecom",), {"bureau"})


def test_a_question_of_before_that_does_not_say_whom_it_named_is_fresh_as_it_was(trader: Customer, officer: Actor) -> None:
    ask(trader, officer, TRADE)
    Enquiry.objects.update(about="")
    assert set(ask(trader, officer, TRADE).reused) == {TRADE}
    with clock.at(clock.now() + timedelta(days=31)):
        assert ask(trader, officer, TRADE).asked == (TRADE,)


def test_what_is_kept_of_whom_a_question_named_tells_nobody(trader: Customer, officer: Actor) -> None:
    ask(trader, officer, TRADE)
    row = Enquiry.objects.get(service=TRADE)
    assert len(row.about) == 32 and trader.own_trade is not None and trader.own_trade.uscc not in row.about and GOOD not in row.about
