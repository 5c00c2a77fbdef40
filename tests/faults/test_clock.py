"""The machine's clock jumps: an hour back, a month ahead, over midnight. The business date does not care, what happened keeps its
order, nobody is told twice, and a moment that lies ahead of the clock opens no door."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from chezhe.compliance.actions.grant_consent import grant_consent
from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.kernel import audit, business_date, clock, events, idempotency, jobs
from chezhe.kernel.action import require_fresh_code
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import StepUpRequired
from chezhe.kernel.idempotency import Answer
from chezhe.kernel.models import AuditEntry, Event
from chezhe.kernel.testing import moment
from chezhe.messaging.models import Message
from chezhe.servicing import reminding
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.close_shard import close_shard
from chezhe.servicing.actions.finish_end_of_day import finish_end_of_day
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import EndOfDay, Loan
from chezhe.servicing.tests.lending import START, Bank, days_pass, lend, pay
from chezhe.servicing.tests.test_end_of_day import book  # noqa: F401
from chezhe.staff import steps
from chezhe.staff.tests import cast
from tests.faults.facts import FAULTS, Tell, kept, must_be_sound

pytestmark = pytest.mark.django_db
NIGHT = date(2026, 2, 14)
HOUR, MONTH = 3600, 31 * 86_400
JUMPS = {"still": (0, 0, 0), "an hour back": (-HOUR, 0, 0), "a month ahead": (MONTH, 0, 0), "there and back": (MONTH, -MONTH, 0),
         "over midnight and back": (HOUR, -HOUR, HOUR)}


def now(bank: Bank) -> Bank:
    """Finance, who has just proved the second factor by whatever clock there is."""
    return replace(bank, fang=bank.fang.stepping_up(clock.now()))


def a_night(bank: Bank, book: list[Loan], jumps: tuple[int, ...]) -> list[str]:  # noqa: F811
    """The clock jumps between begin, shards, payments and finish."""
    with transaction.atomic():
        begin_end_of_day(until=NIGHT, calendar_day=NIGHT, by=now(bank).fang)
        clock.tick(jumps[0])
        close_shard(day=NIGHT, shard=0, by=SYSTEM)
        pay(now(bank), book[0], "3321.43", NIGHT + timedelta(days=1), "K1")
        clock.tick(jumps[1])
        close_shard(day=NIGHT, shard=1, by=SYSTEM)
        pay(now(bank), book[5], "100.00", NIGHT - timedelta(days=2), "K2")
        clock.tick(jumps[2])
        finish_end_of_day(day=NIGHT, by=SYSTEM)
        left = kept()
        assert business_date.current() == NIGHT + timedelta(days=1) and EndOfDay.objects.get(day=NIGHT).status == "closed"
        must_be_sound()
        transaction.set_rollback(True)
    return left


def test_a_close_and_its_payments_do_not_care_about_the_clock(
    bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch, record_property: Tell,  # noqa: F811
) -> None:
    monkeypatch.setattr(runs, "FEW", 0)
    monkeypatch.setattr(runs, "SHARD_LOANS", 4)
    days_pass(bank, NIGHT)
    ends = {}
    for name, jumps in JUMPS.items():
        with clock.at(moment("2026-02-14 23:30")), jobs.in_line():
            ends[name] = a_night(bank, book, jumps)
    assert all(end == ends["still"] for end in ends.values()), [name for name, end in ends.items() if end != ends["still"]]
    record_property(FAULTS, {"clock jumps in a close": sum(bool(jump) for jumps in JUMPS.values() for jump in jumps), "same states afterwards": len(ends)})


def test_the_page_of_the_close_bears_a_clock_that_went_back(bank: Bank, book: list[Loan], browser: Any) -> None:  # noqa: F811
    days_pass(bank, NIGHT)
    begin_end_of_day(until=NIGHT, calendar_day=NIGHT, by=bank.fang)
    clock.tick(-HOUR)
    runs.close_shard(EndOfDay.objects.get(day=NIGHT), 0)
    finish_end_of_day(day=NIGHT, by=SYSTEM)
    assert browser.acts_as(bank.fang).get(reverse("servicing:day")).status_code == 200


def test_what_happened_keeps_its_order_and_the_trail_its_chain(bank: Bank, record_property: Tell) -> None:
    loan, heard = lend(bank), []
    days_pass(bank, NIGHT)
    for number, jump in enumerate((0, -HOUR, MONTH, -MONTH)):
        clock.tick(jump)
        pay(now(bank), loan, f"{number + 1}.00", NIGHT, f"O{number}")
        audit.seal()
        audit.sign_day(clock.today())
    for event in Event.objects.filter(name="loan.repaid", is_delivered=False).order_by("id"):
        heard.append(event.payload["amount_fen"])
    assert heard == [100, 200, 300, 400] and audit.verify().is_intact
    assert [entry.id for entry in AuditEntry.objects.order_by("id")] == sorted(AuditEntry.objects.values_list("id", flat=True))
    record_property(FAULTS, {"payments around clock jumps": len(heard)})


def test_nobody_is_reminded_twice_nor_of_a_day_that_is_over(bank: Bank, record_property: Tell) -> None:
    lend(bank)
    with clock.at(moment("2026-01-15 10:00")):
        grant_consent(
            subject=bank.wang.subject, kind="personal_info", channel="paper", evidence="SQ-1", business_date=START, by=bank.cast.lin
        )
    with jobs.in_line():
        days_pass(bank, date(2026, 2, 12))
        told = []
        for at in ("2026-02-12 09:30", "2026-02-12 08:30", "2026-02-12 09:40", "2026-03-15 09:00", "2026-02-12 09:50"):
            with clock.at(moment(at)):
                reminding.plan(date(2026, 2, 12))
                events.deliver_all()
                jobs.run_due()
                told.append(Message.objects.filter(template__code="repayment_reminder").count())
    assert told == [1] * 5
    record_property(FAULTS, {"moments of reminding": len(told)})


def test_a_request_is_answered_once_whatever_the_clock_says(bank: Bank, record_property: Tell) -> None:
    made: list[datetime] = []

    def produce() -> Answer:
        made.append(clock.now())
        return Answer(201, "application/json", b"{}")

    for jump in (0, -HOUR, MONTH, -MONTH):
        clock.tick(jump)
        answer = idempotency.once("key-1", "a" * 64, produce)
        assert answer.status == 201 and answer.is_replay == (len(made) == 1 and jump != 0)
    assert len(made) == 1
    record_property(FAULTS, {"requests said again": 3})


@pytest.mark.parametrize(("jump", "is_let_in"), [(0, True), (600, True), (MONTH, False), (-30, True), (-HOUR, False)])
def test_a_sign_in_that_lies_ahead_of_the_clock_is_over(bank: Bank, jump: int, is_let_in: bool, record_property: Tell) -> None:
    client = cast.signed_in(cast.person("qian", enrolled=True), at=clock.now())
    clock.tick(jump)
    assert (client.get(reverse("staff:account")).status_code == 200) == is_let_in
    record_property(FAULTS, {"sign-ins and codes out of time": 1})


@pytest.mark.parametrize(("jump", "is_fresh"), [(0, True), (600, True), (601, False), (-30, True), (-HOUR, False)])
def test_a_code_proved_ahead_of_the_clock_opens_nothing(bank: Bank, jump: int, is_fresh: bool, record_property: Tell) -> None:
    proved_at, user = clock.now(), cast.person("qian", enrolled=True)
    clock.tick(jump)
    with nullcontext() if is_fresh else pytest.raises(StepUpRequired):
        require_fresh_code(steps.actor_for(user, clock.now(), stepped_up_at=proved_at))
    record_property(FAULTS, {"sign-ins and codes out of time": 1})


def test_a_receipt_of_midnight_belongs_to_the_business_date(bank: Bank, record_property: Tell) -> None:
    loan = lend(bank)
    days_pass(bank, NIGHT)
    for number, at in enumerate(("2026-02-14 23:59:59", "2026-02-15 00:00:01")):
        with clock.at(moment(at)):
            assert pay(now(bank), loan, "1.00", NIGHT, f"N{number}").posted_on == NIGHT
    begin_end_of_day(until=NIGHT, calendar_day=NIGHT, by=bank.fang)
    with clock.at(moment("2026-02-14 23:59:59")):
        assert pay(now(bank), loan, "1.00", NIGHT, "N9").posted_on == NIGHT + timedelta(days=1)
    record_property(FAULTS, {"receipts of midnight": 3})
