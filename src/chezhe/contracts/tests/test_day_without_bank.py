"""A whole day on which the bank cannot be reached: what was ordered over the API leaves the day after, each part once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chezhe.contracts.models import Disbursement, Leg
from chezhe.contracts.tests.conftest import TODAY, Cast
from chezhe.contracts.tests.paying import dealer_account, insurer_account
from chezhe.kernel import business_date, clock, events, jobs
from chezhe.kernel.models import Event
from chezhe.kernel.simulators import World
from chezhe.ledger.models import JournalEntry
from chezhe.payments import tasks
from chezhe.payments.models import Payout

pytestmark = pytest.mark.django_db


def pass_hours(world: World, hours: int) -> None:
    """The worker goes on as always, with its net every five minutes standing for one every half hour."""
    for _ in range(2 * hours):
        tasks.query_open_payouts()
        for _ in range(3):
            jobs.run_due()
            world.pump()
            events.deliver_all()
            clock.tick(600)


def test_orders_given_over_the_api_are_not_lost_and_leave_once(cast: Cast, signed: Any, bank: World, browser: Any) -> None:
    number, dealer, insurer = signed(), dealer_account(cast), insurer_account(cast)
    bank.set_faults("bank", error_before_rate=1.0)
    parts = [{"payee_number": dealer.number, "amount": "50000.00"}, {"payee_number": insurer.number, "amount": "4000.00"}]
    made = browser.acts_as(cast.fang).api(f"contracts/contracts/{number}/disbursements", {"parts": parts})
    assert made.status_code == 201
    order = f"contracts/disbursements/{made.json()['number']}"
    assert browser.acts_as(cast.gao).api(f"{order}/check", {}).status_code == 200, "an order is taken whether the bank answers or not"
    assert browser.api(f"{order}/check", {}).status_code == 409, "and not given twice out of impatience"
    pass_hours(bank, 14)
    during = browser.api(order).json()
    assert during["status"] in ("checked", "requested", "sent") and {leg["paid_on"] for leg in during["legs"]} == {None}
    assert not bank.simulators["bank"].state, "nothing has reached the bank"
    assert Event.objects.filter(name="payment.bank_silent").count() == 3, "people are told of each"
    business_date.open_day(TODAY + timedelta(days=1))
    bank.set_faults("bank", error_before_rate=0)
    pass_hours(bank, 8)
    done = browser.api(order).json()
    assert (done["status"], [leg["status"] for leg in done["legs"]]) == ("paid", ["paid"] * 3)
    payouts = list(Payout.objects.all())
    assert [(payout.status, payout.attempt) for payout in payouts] == [("paid", 1)] * 3
    assert sorted(bank.simulators["bank"].state) == sorted(payout.bank_reference for payout in payouts)
    assert JournalEntry.objects.filter(event="payout_paid").count() == 3
    assert Disbursement.objects.get().contract.status == "effective" and Leg.objects.filter(status="paid").count() == 3
