"""A closed month stays closed: for the step, for raw SQL, and for an entry that was under way."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import roles
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotPermitted, WrongState
from chezhe.kernel.models import AuditEntry, Event, StatusMove
from chezhe.kernel.testing import WU, actor
from chezhe.ledger import chart, queries, steps, worklists
from chezhe.ledger.actions.close_period import EarlierMonthOpen, MonthNotOver, close_period
from chezhe.ledger.models import JournalEntry, Period

pytestmark = pytest.mark.django_db

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 2)


@pytest.fixture
def clerk():
    return actor("财务", roles.FINANCE, user_id=None)


def post(on: date, reference: str, fen: int = 10000) -> JournalEntry:
    moved = [Transfer(chart.BANK, chart.CAPITAL, fen)]
    return steps.post(event="capital", reference=reference, transfers=moved, on=on, by=SYSTEM)


def test_nothing_more_is_posted_into_a_closed_month_or_before_it(clerk) -> None:
    post(date(2026, 3, 31), "a")
    close_period(month=date(2026, 3, 9), business_date=APRIL, by=clerk)
    for day in (date(2026, 3, 31), date(2026, 1, 5)):
        with pytest.raises(steps.PeriodClosed):
            post(day, f"late-{day}")
    with pytest.raises(steps.PeriodClosed):
        steps.reverse(reference="a", on=date(2026, 3, 31), reason="x", by=SYSTEM)
    assert steps.reverse(reference="a", on=APRIL, reason="x", by=SYSTEM).posted_on == APRIL
    assert post(date(2026, 3, 31), "a").reference == "a", "the same entry again is harmless even now"


def test_the_database_refuses_a_closed_month_by_itself(clerk) -> None:
    post(date(2026, 3, 31), "a")
    close_period(month=MARCH, business_date=APRIL, by=clerk)
    with pytest.raises(DatabaseError, match="period_closed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_journalentry (posted_on, recorded_at, event, reference, memo, actor_key, actor_name, digest,"
            " written_in) VALUES ('2026-03-31', now(), 'x', 'sql', '', '', '', '', 0)"
        )
    for sql in ("UPDATE ledger_period SET status = 'open'", "DELETE FROM ledger_period"):
        with pytest.raises(DatabaseError, match="append_only|violates foreign key"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_months_close_in_their_order_and_only_when_over(clerk) -> None:
    post(date(2026, 2, 10), "feb")
    post(date(2026, 3, 10), "mar")
    with pytest.raises(EarlierMonthOpen, match="2026-02"):
        close_period(month=MARCH, business_date=APRIL, by=clerk)
    with pytest.raises(MonthNotOver):
        close_period(month=date(2026, 2, 1), business_date=date(2026, 2, 28), by=clerk)
    close_period(month=date(2026, 2, 1), business_date=date(2026, 3, 1), by=clerk)
    close_period(month=MARCH, business_date=APRIL, by=clerk)
    with pytest.raises(WrongState):
        close_period(month=MARCH, business_date=APRIL, by=clerk)
    assert queries.closed_until() == date(2026, 4, 1)


def test_the_trial_balance_starts_from_the_figures_kept_at_the_close(clerk) -> None:
    post(date(2026, 3, 10), "mar", 700)
    close_period(month=MARCH, business_date=APRIL, by=clerk)
    post(date(2026, 4, 1), "apr", 55)
    for day, fen in ((date(2026, 3, 9), 0), (date(2026, 3, 31), 700), (date(2026, 4, 1), 755)):
        trial = queries.trial_balance(day)
        assert (trial.debit, trial.credit, trial.difference) == (Money(fen), Money(fen), Money(0))
    assert queries.prove(thorough=True).is_sound
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_periodbalance DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_periodbalance SET debit_fen = debit_fen + 1")
        cursor.execute("ALTER TABLE ledger_periodbalance ENABLE TRIGGER USER")
    assert "kept at the close of 2026-03" in queries.prove().faults[0]


def test_every_closed_month_is_proved_by_what_moved_until_its_end(clerk) -> None:
    post(date(2025, 12, 31), "dec", 300)
    post(date(2026, 2, 10), "feb", 50)
    post(date(2026, 3, 10), "mar", 7)
    for month in (date(2025, 12, 1), date(2026, 2, 1), MARCH):
        close_period(month=month, business_date=APRIL, by=clerk)
    assert queries.prove().is_sound
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE ledger_periodbalance DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_periodbalance SET credit_fen = 351 WHERE credit_fen = 350")
        cursor.execute("ALTER TABLE ledger_periodbalance ENABLE TRIGGER USER")
    (fault,) = queries.prove().faults
    assert "kept at the close of 2026-02" in fault


def test_closing_leaves_a_track_and_is_not_for_everybody(clerk) -> None:
    post(date(2026, 3, 10), "mar")
    with pytest.raises(NotPermitted):
        close_period(month=MARCH, business_date=APRIL, by=WU)
    close_period(month=MARCH, business_date=APRIL, by=clerk)
    assert AuditEntry.objects.get().verb == "ledger.close_period"
    assert StatusMove.objects.get(subject="period:2026-03").status_to == "closed"
    assert Event.objects.get().name == "ledger.period_closed"
    assert Period.objects.get().closed_by == "财务"


def test_months_that_are_over_wait_to_be_closed_the_oldest_first(clerk) -> None:
    assert worklists.months_over(APRIL) == []
    post(date(2026, 1, 31), "a")
    assert worklists.months_over(date(2026, 1, 31)) == []
    assert worklists.months_over(APRIL) == [date(2026, 1, 1), date(2026, 2, 1), MARCH]
    close_period(month=date(2026, 1, 1), business_date=APRIL, by=clerk)
    assert worklists.months_over(APRIL) == [date(2026, 2, 1), MARCH]
