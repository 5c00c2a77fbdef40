"""How customers pay, told as facts: what the events say, once, after the close, and what became of their loans."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chezhe.kernel import business_date, clock, events, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotPermitted
from chezhe.kernel.testing import moment
from chezhe.risk.facts import queries as facts
from chezhe.risk.facts.models import Fact
from chezhe.risk.profiles.behaviour import FEATURES, HISTORY
from chezhe.risk.profiles.models import BehaviourScore, Profile, ProfileDue
from chezhe.risk.relations.models import Outcome
from chezhe.servicing import profiling, queries
from chezhe.servicing.actions.note_behaviour import note_behaviour
from chezhe.servicing.actions.tell_behaviour import tell_behaviour
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay, pay_instalments, prepay, settle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def waiting_jobs(bank: Bank) -> Iterator[None]:
    from chezhe.compliance.seeds import parameters

    parameters.sow()
    with jobs.in_line():
        yield


def until(bank: Bank, day: date) -> None:
    """Days pass, and the clock with them; the news of the loans is delivered."""
    days_pass(bank, day)
    events.deliver_all()


def told(bank: Bank, *, at: str) -> dict[str, Any]:
    """Everything known of Wang after the worker has told it."""
    with clock.at(moment(f"{at} 09:00")):
        tell_behaviour(business_date=business_date.current(), by=SYSTEM)
        found = facts.known([bank.wang.subject], clock.now())
    return {code: one.value for code, one in found.items() if one.source == "ledger"}


def pay_off(bank: Bank, loan: Loan) -> None:
    """Settle it today for exactly what that takes."""
    loan.refresh_from_db()
    today = business_date.current()
    settle(bank, loan, str(Decimal(queries.require_quote(loan, today, today).to_pay.fen) / 100))


def test_a_good_payer_is_told_as_the_events_have_it(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 4)
    until(bank, date(2026, 5, 16))
    known = told(bank, at="2026-05-16")
    assert {code: known[code] for code in (
        "behaviour_dpd_now", "behaviour_worst_dpd_12m", "behaviour_on_time_rate_12m", "behaviour_months_clean", "behaviour_months_on_book",
        "behaviour_instalments_left", "behaviour_loans_running", "history_loans", "history_worst_dpd", "history_months_paid",
    )} == {
        "behaviour_dpd_now": 0, "behaviour_worst_dpd_12m": 0, "behaviour_on_time_rate_12m": 1, "behaviour_months_clean": 4,
        "behaviour_months_on_book": 4, "behaviour_instalments_left": 32, "behaviour_loans_running": 1, "history_loans": 1,
        "history_worst_dpd": 0, "history_months_paid": 4,
    }
    loan.refresh_from_db()
    assert known["behaviour_principal_left"] == loan.principal_left.fen
    assert known["behaviour_utilisation"] == (Decimal(loan.principal_left.fen) / loan.principal.fen).quantize(Decimal("0.0001"))
    assert set(known) == {*FEATURES, *HISTORY} and not Outcome.objects.exists()


def test_late_and_partial_payments_are_counted_on_their_days(bank: Bank, loan: Loan) -> None:
    """February is paid in two parts, the rest 33 days late; March is unpaid for nine days on the day asked about."""
    until(bank, date(2026, 3, 2))
    pay(bank, loan, "1000.00", date(2026, 3, 2), "S1")
    until(bank, date(2026, 3, 20))
    pay(bank, loan, "2500.00", date(2026, 3, 20), "S2")
    until(bank, date(2026, 3, 24))
    known = told(bank, at="2026-03-24")
    assert known["behaviour_dpd_now"] == 9 == (date(2026, 3, 24) - date(2026, 3, 15)).days
    assert (known["behaviour_worst_dpd_3m"], known["behaviour_late_30_count_12m"]) == (33, 1)
    # The money above February's instalment and its penalty paid a part of March.
    assert known["behaviour_partial_payments_6m"] == 2 and known["behaviour_on_time_rate_12m"] == 0
    assert known["behaviour_days_late_6m"] == 33 + 9 and known["behaviour_months_clean"] == 0 and known["history_months_paid"] == 0


def test_telling_again_writes_nothing_and_a_change_writes_only_what_changed(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 4)
    until(bank, date(2026, 5, 16))
    first = told(bank, at="2026-05-16")
    rows = Fact.objects.count()
    profiling.note([loan.number])
    assert told(bank, at="2026-05-16") == first and Fact.objects.count() == rows
    prepay(bank, loan, "10000.00")
    events.deliver_all()
    changed = told(bank, at="2026-05-17")
    assert changed["behaviour_prepaid_rate"] > 0 and changed["history_loans"] == 1
    assert Fact.objects.count() - rows == sum(1 for code in first if changed[code] != first[code]) < 8


def test_before_they_go_stale_figures_are_told_again(bank: Bank, loan: Loan) -> None:
    until(bank, date(2026, 2, 2))
    told(bank, at="2026-02-02")
    rows = Fact.objects.count()
    profiling.note_by_calendar(date(2026, 2, 28))
    told(bank, at="2026-03-01")
    assert Fact.objects.count() - rows >= len(HISTORY) + 10
    assert facts.known([bank.wang.subject], moment("2026-04-14 09:00"))["history_loans"].age_days == 44


def test_the_calendar_notes_the_late_on_the_days_that_mean_something(bank: Bank, loan: Loan) -> None:
    until(bank, date(2026, 2, 17))
    ProfileDue.objects.all().delete()
    noted = []
    for late in range(2, 32):
        profiling.note_by_calendar(date(2026, 2, 14) + timedelta(days=late))
        noted += [late] if ProfileDue.objects.exists() else []
        ProfileDue.objects.all().delete()
    assert noted == [5, 10, 14, 15, 20, 25, 30, 31]  # the fourteenth is the first of March: everybody is told


def test_a_loan_that_turns_bad_or_ends_well_is_told_once(bank: Bank, loan: Loan) -> None:
    other = lend(bank, vin="LGXCE4CB4P0000003", plate="沪A00001")
    until(bank, date(2026, 2, 16))
    pay_off(bank, other)
    until(bank, date(2026, 5, 20))
    told(bank, at="2026-05-20")
    profiling.note([loan.number, other.number])
    told(bank, at="2026-05-20")
    other.refresh_from_db()
    told_of_people = Outcome.objects.filter(subject=bank.wang.subject)
    assert sorted(told_of_people.values_list("kind", "on", "reference")) == [
        ("bad", date(2026, 5, 16), loan.subject), ("good", other.settled_on, other.subject)]


def test_who_has_paid_everything_is_no_longer_judged(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 4)
    until(bank, date(2026, 5, 16))
    told(bank, at="2026-05-16")
    with clock.at(moment("2026-05-16 09:00")):
        jobs.run_due()
    assert Profile.objects.get().level == "low"
    pay_off(bank, loan)
    events.deliver_all()
    assert told(bank, at="2026-05-17")["behaviour_loans_running"] == 0
    with clock.at(moment("2026-05-17 09:00")):
        jobs.run_due()
    assert not Profile.objects.exists() and BehaviourScore.objects.count() == 1


def test_the_close_itself_asks_for_nothing_but_a_job(bank: Bank, loan: Loan) -> None:
    """What is told is told by the worker after `day.closed`; the close writes no fact and notes nobody."""
    days_pass(bank, date(2026, 2, 20))
    assert not ProfileDue.objects.exists() and not Fact.objects.filter(source="ledger").exists()
    events.deliver_all()
    with clock.at(moment("2026-02-20 09:00")):
        note_behaviour(day=date(2026, 2, 19), by=SYSTEM)
        jobs.run_due()
    assert Fact.objects.filter(source="ledger", code="behaviour_dpd_now").exists() and not ProfileDue.objects.exists()


def test_many_customers_take_no_more_statements_than_one(bank: Bank, loan: Loan) -> None:
    def statements() -> int:
        profiling.note(Loan.objects.values_list("number", flat=True))
        with CaptureQueriesContext(connection) as seen, clock.at(moment("2026-01-15 10:00")):
            profiling.tell_some(date(2026, 1, 16))
        return len(seen)

    alone = statements()
    for turn in range(4):
        lend(bank, vin=("LGXCE4CB4P0000003", "LRWYGCEK2RC000004", "LBVHY1103MM000005", "1M8GDM9AXKP042788")[turn], plate=f"沪A0000{turn}")
    assert statements() <= alone + 1


def test_nobody_tells_it_by_hand(bank: Bank) -> None:
    with pytest.raises(NotPermitted):
        tell_behaviour(business_date=date(2026, 1, 15), by=bank.fang)
    with pytest.raises(NotPermitted):
        note_behaviour(day=date(2026, 1, 15), by=bank.fang)
