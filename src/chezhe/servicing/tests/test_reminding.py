"""What borrowers are told: three days and one day before, on the day itself, and when their money has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

import pytest
from django.db.models import QuerySet

from chezhe.compliance.actions.grant_consent import grant_consent
from chezhe.compliance.actions.withdraw_consent import withdraw_consent
from chezhe.finmath.money import Money
from chezhe.kernel import clock, events, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.models import Parameter
from chezhe.messaging.models import Message
from chezhe.servicing import queries, reminding
from chezhe.servicing.actions.acknowledge_money import acknowledge_money
from chezhe.servicing.actions.remind_borrowers import remind_borrowers
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import START, Bank, days_pass, lend, pay, settle

pytestmark = pytest.mark.django_db
DUE = date(2026, 2, 15)


@pytest.fixture(autouse=True)
def consent(bank: Bank) -> None:
    grant_consent(
        subject=bank.wang.subject, kind="personal_info", channel="paper", evidence="SQ-1", business_date=START, by=bank.cast.lin
    )


@pytest.fixture
def line() -> Iterator[None]:
    with jobs.in_line():
        yield


def morning(bank: Bank, day: date, hour: int = 8) -> None:
    """The day opens at `hour`, the worker hears of it, and works until ten."""
    with clock.at(datetime.combine(day, time(hour), clock.SHANGHAI)):
        days_pass(bank, day)
        events.deliver_all()
        while clock.now().hour < 10:
            _run_what_tells_borrowers()
            clock.tick(1800)


def _run_what_tells_borrowers() -> None:
    """Sending itself is the messaging room's own business."""
    jobs.REGISTRY["messaging.deliver"], kept = (lambda number: None), jobs.REGISTRY["messaging.deliver"]
    try:
        jobs.run_due()
    finally:
        jobs.REGISTRY["messaging.deliver"] = kept


def reminders() -> QuerySet[Message]:
    """What this room has told; that the money is out, the portal tells."""
    return Message.objects.filter(template__code__startswith="repayment")


def said(template: str) -> list[dict[str, str]]:
    return [message.facts for message in Message.objects.filter(template__code=template, status="queued").order_by("id")]


def test_the_borrower_is_told_three_days_and_one_day_before_and_on_the_day(bank: Bank, loan: Loan, line: None) -> None:
    for day in (date(2026, 2, 11), date(2026, 2, 12), date(2026, 2, 13), date(2026, 2, 14), DUE, date(2026, 2, 16)):
        before = reminders().count()
        morning(bank, day)
        assert reminders().count() - before == int((DUE - day).days in (3, 1, 0)), day
    assert said("repayment_reminder") == [{"name": "王*明", "loan": loan.number, "amount": "3,321.43", "due_on": "2026-02-15"}] * 3


def test_nobody_is_woken(bank: Bank, loan: Loan, line: None) -> None:
    events.deliver_all()
    jobs.forget("messaging.deliver")
    with clock.at(datetime.combine(date(2026, 2, 12), time(0, 5), clock.SHANGHAI)):
        days_pass(bank, date(2026, 2, 12))
        events.deliver_all()
        for name in ("prove_night", "plan_debits", "note_behaviour", "tell_dealers", "claw_back_defaults"):  # done while people sleep
            jobs.forget(f"servicing.{name}")
        assert not jobs.run_due() and jobs.next_due_at() == datetime.combine(date(2026, 2, 12), time(9), clock.SHANGHAI)


def test_who_has_paid_ahead_hears_only_of_what_is_short(bank: Bank, loan: Loan, line: None) -> None:
    pay(bank, loan, "3000.00", START)
    morning(bank, date(2026, 2, 12))
    assert [facts["amount"] for facts in said("repayment_reminder")] == ["321.43"]
    pay(bank, loan, "321.43", date(2026, 2, 12), "S2")
    morning(bank, date(2026, 2, 14))
    morning(bank, DUE)
    assert len(said("repayment_reminder")) == 1


def test_days_closed_late_send_no_reminders_of_the_past(bank: Bank, loan: Loan, line: None) -> None:
    with clock.at(datetime.combine(date(2026, 2, 20), time(10), clock.SHANGHAI)):
        days_pass(bank, date(2026, 2, 20))
        events.deliver_all()
        _run_what_tells_borrowers()
    assert not said("repayment_reminder")


def test_whoever_is_late_already_is_not_told_as_if_nothing_were_wrong(bank: Bank, loan: Loan, line: None) -> None:
    days_pass(bank, date(2026, 3, 11))
    morning(bank, date(2026, 3, 12))
    assert not said("repayment_reminder")


def test_a_reminder_is_written_once_and_the_next_chunk_is_asked_for(
    bank: Bank, loan: Loan, line: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    lend(bank, vin="LFVTEST0030000029", plate="沪B12345")
    monkeypatch.setattr(reminding, "CHUNK", 1)
    morning(bank, date(2026, 2, 12))
    assert len({facts["loan"] for facts in said("repayment_reminder")}) == 2
    with clock.at(datetime.combine(date(2026, 2, 12), time(11), clock.SHANGHAI)):
        assert remind_borrowers(due_on=DUE, days_ahead=3, after=0, by=SYSTEM).messages == 1, "the standing one"
    assert len(said("repayment_reminder")) == 2


def test_money_is_acknowledged_once_with_what_is_left(bank: Bank, loan: Loan, line: None) -> None:
    days_pass(bank, DUE)
    pay(bank, loan, "3321.43", DUE)
    events.deliver_all()
    loan.refresh_from_db()
    left = loan.principal_left.format(grouped=True)
    assert said("repayment_received") == [{"name": "王*明", "loan": loan.number, "amount": "3,321.43", "balance": left}]
    pay(bank, loan, "3321.43", DUE)
    events.deliver_all()
    assert len(said("repayment_received")) == 1, "the same receipt again"
    for _ in range(2):
        acknowledge_money(loan_number=loan.number, kind="repaid", amount=Money(100), reference="event-0", by=SYSTEM)
    assert [facts["amount"] for facts in said("repayment_received")] == ["3,321.43", "1.00"]


def test_a_settled_loan_is_told_where_its_certificate_waits(bank: Bank, loan: Loan, line: None) -> None:
    settle(bank, loan, str(queries.settlement_quote(loan, START).to_pay))
    events.deliver_all()
    assert said("loan_settled")[0]["plate"].count("*") >= 2 and not said("repayment_received")


def test_a_lender_that_does_not_want_it_sends_nothing(bank: Bank, loan: Loan, line: None) -> None:
    Parameter.objects.create(code="REPAYMENT_MESSAGES", value="false", unit="flag", effective_from=START, source="测试")
    morning(bank, date(2026, 2, 12))
    pay(bank, loan, "3321.43", date(2026, 2, 12))
    events.deliver_all()
    assert not reminders().exists()


def test_without_consent_the_message_is_kept_as_refused(bank: Bank, line: None) -> None:
    withdraw_consent(
        subject=bank.wang.subject, kind="personal_info", channel="paper", evidence="CH-1", business_date=START, by=bank.cast.lin
    )
    lend(bank)
    morning(bank, date(2026, 2, 12))
    assert [(m.status, m.reason) for m in reminders()] == [("refused", "consent_missing")]
