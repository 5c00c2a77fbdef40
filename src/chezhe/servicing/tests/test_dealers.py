"""The risk room hears how the first instalments of a dealer's loans are paid: tell_dealers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chezhe.channels.models import Dealer
from chezhe.compliance.seeds import lender, parameters
from chezhe.kernel import clock, events, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotPermitted
from chezhe.kernel.testing import moment
from chezhe.leads.models import Lead
from chezhe.risk.deciding import replaying
from chezhe.risk.deciding.values import PRESCREEN
from chezhe.risk.facts import queries as fact_queries
from chezhe.risk.tests.deciding.telling import asking, decided, scoring, tell
from chezhe.servicing import dealers
from chezhe.servicing.actions.tell_dealers import tell_dealers
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay

pytestmark = pytest.mark.django_db
CODE = dealers.CODE
VINS = {"浙A12345": "LFV2A21K8A3000001", "浙A12346": "LSVNV2182N2000002", "浙A12347": "LGXCE4CB4P0000003"}


def dealer_of(bank: Bank, number: str = "D24-000001-1", code: str = "91310115MA1TEYT17L") -> Dealer:
    """With us for twenty-five months on 2026-03-16."""
    begun = moment("2024-01-20 09:00")
    return Dealer.objects.create(
        number=number, kind="dealer_4s", name="城东汽车", uscc=code, tier="A", city="上海", branch=bank.cast.east,
        owner_id=bank.cast.lin.user_id, created_at=begun, changed_at=begun)


def brought(bank: Bank, dealer: Dealer, plate: str) -> Loan:
    """A loan of the fifteenth of January that the dealer brought; first due on the fifteenth of February."""
    loan = lend(bank, plate=plate, vin=VINS[plate])
    lead = Lead.objects.create(
        number=f"LD26-{loan.pk:06d}-0", branch=bank.cast.east, owner_id=bank.cast.lin.user_id, dealer=dealer, source="dealer",
        status="converted", customer=bank.wang, name="王先生", mobile="15412345678", mobile_tail="5678", created_on=date(2026, 1, 10),
        created_at=clock.now(), changed_at=clock.now())
    application = loan.contract.application
    assert application is not None
    application.lead, application.dealer = lead, dealer
    application.save(update_fields=["lead", "dealer"])
    return loan


def known(dealer: Dealer, at: Any = None) -> Any:
    found = fact_queries.known([dealer.subject], at or clock.now()).get(CODE)
    return None if found is None else found.value


def test_a_first_instalment_counts_from_its_seventh_day(bank: Bank) -> None:
    dealer = dealer_of(bank)
    paid, late = brought(bank, dealer, "浙A12345"), brought(bank, dealer, "浙A12346")
    due = date(2026, 2, 15)
    days_pass(bank, due)
    pay(bank, paid, "3321.43", due)
    days_pass(bank, due + timedelta(days=9))
    assert tell_dealers(day=due + timedelta(days=6), by=SYSTEM) == 0 and known(dealer) is None
    assert tell_dealers(day=due + timedelta(days=7), by=SYSTEM) == 1 and known(dealer) == Decimal("0.5")
    assert late.contract.application is not None
    with pytest.raises(NotPermitted):
        tell_dealers(day=due, by=bank.fang)


def test_paid_on_the_sixth_day_is_no_default_and_on_the_seventh_is_one(bank: Bank) -> None:
    dealer, due = dealer_of(bank), date(2026, 2, 15)
    sixth, seventh, paid_off = (brought(bank, dealer, plate) for plate in VINS)
    days_pass(bank, due + timedelta(days=12))
    pay(bank, sixth, "3400.00", due + timedelta(days=6), "S6")
    pay(bank, seventh, "3400.00", due + timedelta(days=7), "S7")
    pay(bank, paid_off, "3321.43", due, "S0")
    assert dealers.rate(dealer.number, due + timedelta(days=8)) == Decimal("0.333333")


def test_what_was_not_known_then_is_not_known_of_then(bank: Bank) -> None:
    dealer, due = dealer_of(bank), date(2026, 2, 15)
    brought(bank, dealer, "浙A12345")
    days_pass(bank, due + timedelta(days=9))
    with clock.at(moment("2026-02-23 05:00")):
        tell_dealers(day=due + timedelta(days=7), by=SYSTEM)
        assert known(dealer) == 1 and known(dealer, moment("2026-02-22 05:00")) is None
    with clock.at(moment("2026-04-10 05:00")):
        assert known(dealer) is None, "stale after forty days without news"


def test_everybody_is_told_on_the_last_day_of_a_month_and_nobody_of_more_than_a_year_ago(bank: Bank) -> None:
    dealer = dealer_of(bank)
    brought(bank, dealer, "浙A12345")
    assert dealers.to_tell(date(2026, 4, 29)) == [] and dealers.to_tell(date(2026, 4, 30)) == [dealer.number]
    assert dealers.to_tell(date(2027, 2, 28)) == [], "first due on 2026-02-15, a year and a week before"
    assert dealers.rate(dealer.number, date(2027, 3, 1)) is None


def test_a_dealer_without_loans_has_no_rate_and_another_dealers_loan_is_not_theirs(bank: Bank) -> None:
    one, other = dealer_of(bank), dealer_of(bank, "D24-000002-2", "91310115MA1TEYT25E")
    brought(bank, one, "浙A12345")
    lend(bank, plate="浙A12346", vin=VINS["浙A12346"])
    days_pass(bank, date(2026, 2, 25))
    assert tell_dealers(day=date(2026, 2, 22), by=SYSTEM) == 1
    assert (known(one), known(other)) == (1, None)


def test_the_close_of_a_day_has_the_worker_tell_it(bank: Bank) -> None:
    dealer = dealer_of(bank)
    brought(bank, dealer, "浙A12345")
    days_pass(bank, date(2026, 2, 25))
    with jobs.in_line():
        events.publish("day.closed", "end_of_day:2026-02-22", {"day": "2026-02-22"})
        while events.deliver_all() + jobs.run_due():
            pass
    assert known(dealer) == 1


@pytest.mark.parametrize(("pays", "outcome", "reasons"), [(True, "approved", []), (False, "referred", ["R23"])])
def test_a_purchase_from_a_dealer_of_two_years_is_judged_by_what_its_loans_did(
    bank: Bank, pays: bool, outcome: str, reasons: list[str],
) -> None:
    parameters.sow()
    lender.sow_lender()
    dealer = dealer_of(bank)
    loan = brought(bank, dealer, "浙A12345")
    days_pass(bank, date(2026, 2, 15))
    if pays:
        pay(bank, loan, "3321.43", date(2026, 2, 15))
    days_pass(bank, date(2026, 2, 26))
    with clock.at(moment("2026-02-26 10:00")), scoring():
        tell_dealers(day=date(2026, 2, 25), by=SYSTEM)
        subject = "application:A26-000009-9"
        tell(bank.wang, subject, subject)
        question = replace(
            asking(bank.wang, bank.cast.lin, subject=subject, channel="dealer", purpose="purchase", product="P02"), dealer=dealer.subject)
        made = decided(question, bank.cast.lin)
    stage = next(one for one in replaying.told(made)["verdict"]["stages"] if one["name"] == PRESCREEN)
    assert stage["unknown"] == [], "status, months and the rate of first payments are known"
    assert (made.outcome, made.reasons) == (outcome, reasons)
