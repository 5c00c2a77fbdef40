"""A short story: the same seed lives the same days, everything adds up, and a tampered day stops it."""

from datetime import date

import pytest

from chezhe.customers.models import Customer
from chezhe.kernel import audit
from chezhe.kernel.testing import moment
from chezhe.leads.models import Lead
from chezhe.origination.models import Application
from chezhe.servicing.models import Loan
from chezhe.simulation import people
from chezhe.simulation.story import Imbalance, Story, check
from chezhe.vehicles.models import Vehicle

START = date(2026, 3, 2)


@pytest.fixture
def team(db: None) -> None:
    list(people.settle_in(moment("2026-03-01 09:00")))


def test_seven_weeks_bring_enquiries_to_repaid_loans(team: None) -> None:
    tally = Story(7, START, 0.35).live(48)
    assert tally.days == 48 and not tally.refused
    assert tally.leads == Lead.objects.count() and tally.customers <= Customer.objects.count()
    assert tally.customers > 3 and Vehicle.objects.count() == tally.customers
    assert tally.applications == Application.objects.count() == tally.customers
    assert tally.repayments and tally.paid_out == Loan.objects.count()
    assert tally.contracts <= tally.accepted <= tally.approved
    assert audit.verify().is_intact


def test_the_story_stops_when_something_does_not_add_up(team: None) -> None:
    Story(7, START).live(1)
    from chezhe.kernel.actor import SYSTEM

    audit.record(by=SYSTEM, verb="testing.late", subject="x:1")
    with pytest.raises(Imbalance, match="not in the chain"):
        check(START)
