"""Floating rates: proposed by the house on their day, agreed to once, applied in chunks exactly once, told, and taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.errors import NotThisStage
from chezhe.compliance.steps import CapExceeded
from chezhe.finmath.repricing import Cadence, Floating
from chezhe.kernel import events, jobs
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import SamePerson, WrongState
from chezhe.kernel.models import Parameter
from chezhe.kernel.testing import WU
from chezhe.messaging.models import Message
from chezhe.servicing.actions.apply_repricing import apply_repricing
from chezhe.servicing.actions.propose_repricing import propose_repricing
from chezhe.servicing.actions.request_rate_change import request_rate_change
from chezhe.servicing.actions.retry_repricing import retry_repricing
from chezhe.servicing.actions.reverse_repricing import reverse_repricing
from chezhe.servicing.actions.tell_new_rate import tell_new_rate
from chezhe.servicing.actions.undo_repricing import undo_repricing
from chezhe.servicing.models import FloatingRate, Loan, Repricing
from chezhe.servicing.repricing import batches
from chezhe.servicing.repricing.batches import NothingFailed
from chezhe.servicing.tests.deciding import risk, take_back
from chezhe.servicing.tests.lending import TERMS, Bank, days_pass, lend, pay_instalments
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2027, 1, 1)
OTHER_CAR = {"vin": "LRWYGCEK2RC000004", "plate": "沪B23456"}
FLOATING = replace(TERMS, floating=Floating(base="LPR1Y", spread_rate=Decimal("0.09"), cadence=Cadence.YEAR_START))


def lpr(value: str, on: date = date(2026, 12, 21)) -> None:
    Parameter.objects.create(code="LPR1Y", unit="rate", value=value, effective_from=on, source="全国银行间同业拆借中心公布")


def propose(on: date = NEW_YEAR) -> list[Repricing]:
    return [Repricing.objects.get(number=number) for number in propose_repricing(day=on, by=SYSTEM).numbers]


def agree(batch: Repricing, by: Actor, verdict: str = "agree") -> Repricing:
    cast_vote(request_number=batch.approval_number, verdict=verdict, opinion="已核对 LPR", by=by)
    batch.refresh_from_db()
    return batch


def work(batch: Repricing, step: Any = apply_repricing) -> Repricing:
    """The worker, chunk after chunk."""
    for _chunk in range(10):
        step(batch_number=batch.number, by=SYSTEM)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def floating(bank: Bank) -> Loan:
    """Eleven instalments paid, new year 2027, the LPR down by ten basis points."""
    loan = lend(bank, FLOATING)
    pay_instalments(bank, loan, 11)
    lpr("0.0290")
    days_pass(bank, NEW_YEAR)
    return Loan.objects.get(pk=loan.pk)


def applied(bank: Bank) -> Repricing:
    (batch,) = propose()
    return work(agree(batch, risk(bank)))


def test_a_loan_knows_its_first_day_and_a_rate_that_stays_makes_no_batch(bank: Bank) -> None:
    loan = lend(bank, FLOATING)
    row = loan.floating
    assert (row.base, row.spread_rate, row.next_on) == ("LPR1Y", Decimal("0.09"), NEW_YEAR)
    assert propose(date(2026, 12, 31)) == [] and propose() == []
    row.refresh_from_db()
    assert row.next_on == date(2028, 1, 1) and not Repricing.objects.exists()


def test_one_approval_of_risk_management_reprices_the_batch_once(bank: Bank, floating: Loan) -> None:
    with jobs.in_line():
        (batch,) = propose()
        line = batch.lines.get()
        assert (line.rate_before, line.rate_after, line.base_rate) == (Decimal("0.12"), Decimal("0.119"), Decimal("0.029"))
        assert propose() == [] and batch.status == "proposed", "proposed once"
        with pytest.raises(NotThisStage):
            cast_vote(request_number=batch.approval_number, verdict="agree", opinion="", by=bank.fang)
        before = journal(floating)
        assert work(agree(batch, risk(bank))).status == "applied"
        assert agrees(floating) and floating.annual_rate == Decimal("0.119") and journal(floating) == before, "nothing moves on the day"
        plan = floating.schedules.order_by("-version").first()
        assert plan is not None and (plan.interest_fen[12], plan.principal_fen[12]) == (69_970, 331_814 - 69_970)
        work(batch)
        assert floating.events.filter(kind="repriced").count() == 1
    assert floating.floating.next_on == date(2028, 1, 1)


def test_a_refused_batch_changes_nothing(bank: Bank, floating: Loan) -> None:
    (batch,) = propose()
    assert agree(batch, risk(bank), "reject").status == "rejected"
    assert work(batch).status == "rejected" and agrees(floating) and floating.annual_rate == Decimal("0.12")


def test_a_loan_that_cannot_be_repriced_is_named_and_stops_nobody(bank: Bank, floating: Loan, monkeypatch: pytest.MonkeyPatch) -> None:
    other = lend(bank, FLOATING, **OTHER_CAR)
    (batch,) = propose()
    batch.lines.filter(loan=floating).update(rate_after=Decimal("0.30"))
    monkeypatch.setattr(batches, "CHUNK", 1)
    with jobs.in_line():
        work(agree(batch, risk(bank)))
        failed = batch.lines.get(loan=floating)
        assert (batch.status, failed.status, failed.failure_code) == ("applied", "failed", "cap_exceeded") and "24%" in failed.failure_reason
        assert batch.lines.get(loan=other).status == "applied" and agrees(other) and agrees(floating)
        batch.lines.filter(loan=floating).update(rate_after=Decimal("0.119"))
        assert work(retry_repricing(batch_number=batch.number, by=bank.fang)).status == "applied"
        assert agrees(floating) and floating.annual_rate == Decimal("0.119") and not batch.lines.exclude(status="applied").exists()
        with pytest.raises(NothingFailed):
            retry_repricing(batch_number=batch.number, by=bank.fang)


def test_one_loan_or_the_whole_batch_is_taken_back(bank: Bank, floating: Loan) -> None:
    other = lend(bank, FLOATING, **OTHER_CAR)
    with jobs.in_line():
        batch = applied(bank)
        take_back(bank, floating.events.get(kind="repriced"))
        assert agrees(floating) and floating.annual_rate == Decimal("0.12")
        assert reverse_repricing(batch_number=batch.number, reason="报价录错", by=bank.fang).status == "reverse_asked"
        number = Repricing.objects.get().reverse_approval_number
        with pytest.raises(SamePerson):
            cast_vote(request_number=number, verdict="agree", opinion="自己同意", by=bank.fang)
        cast_vote(request_number=number, verdict="reject", opinion="先核对报价", by=risk(bank))
        assert Repricing.objects.get().status == "applied" and other.events.filter(kind="reversed").count() == 0
        number = reverse_repricing(batch_number=batch.number, reason="报价录错", by=bank.fang).reverse_approval_number
        cast_vote(request_number=number, verdict="agree", opinion="确实录错", by=risk(bank))
        batch.refresh_from_db()
        assert work(batch, undo_repricing).status == "reversed"
        assert agrees(other) and other.annual_rate == Decimal("0.12") and other.events.filter(kind="reversed").count() == 1
        with pytest.raises(WrongState):
            reverse_repricing(batch_number=batch.number, reason="再来一次", by=bank.fang)


def test_the_borrower_hears_of_the_rate(bank: Bank, floating: Loan) -> None:
    with jobs.in_line():
        applied(bank)
        tell_new_rate(loan_number=Loan.objects.get(pk=floating.pk).number, reference="event-1", by=SYSTEM)
    said = Message.objects.get(template__code="rate_changed")
    assert said.facts["rate"] == "11.90%" and said.facts["from_on"] == "2027-01-15"


def test_a_day_that_closes_asks_for_the_batch_of_the_next(bank: Bank, floating: Loan) -> None:
    with jobs.in_line():
        events.publish("day.closed", "end_of_day:2026-12-31", {"day": "2026-12-31"})
        events.deliver_all()
        jobs.run_due()
    assert Repricing.objects.get().loans == 1


def test_a_rate_above_the_cap_is_not_even_asked_for(bank: Bank, floating: Loan) -> None:
    with pytest.raises(CapExceeded):
        request_rate_change(loan_number=floating.number, annual_rate=Decimal("0.2401"), reason="测试", by=bank.fang)
    assert request_rate_change(loan_number=floating.number, annual_rate=Decimal("0.1"), reason="优惠", by=bank.fang).status == "proposed"


def test_a_rate_that_people_agree_to_is_other_points(bank: Bank, floating: Loan) -> None:
    asked = request_rate_change(loan_number=floating.number, annual_rate=Decimal("0.11"), reason="优质客户", by=bank.fang)
    cast_vote(request_number=asked.approval_number, verdict="agree", opinion="同意", by=risk(bank))
    floating.floating.refresh_from_db()
    assert agrees(floating) and floating.floating.spread_rate == Decimal("0.08")
    (batch,) = propose()
    assert batch.lines.get().rate_after == Decimal("0.109"), "LPR 2.90 % and 800 points"
    asked.refresh_from_db()
    take_back(bank, asked.event)
    floating.floating.refresh_from_db()
    assert agrees(floating) and floating.floating.spread_rate == Decimal("0.09")


def test_the_pages(browser: Any, bank: Bank, floating: Loan) -> None:
    browser.acts_as(bank.fang)
    assert "LPR" in text_of(browser.get(at("repricing")))
    with jobs.in_line():
        batch = applied(bank)
        for url, words in {
            at("repricing"): batch.number, at("repricing_loans"): floating.number, at("repricing_batch", batch.number): "11.90%",
            at("repricing_lines", batch.number): floating.number, at("repricing_line", batch.number, floating.number): "3,318.14",
        }.items():
            page = browser.acts_as(bank.fang).get(url)
            assert page.status_code == 200 and words in text_of(page), url
            assert browser.acts_as(WU).get(url).status_code in (403, 404)
        browser.acts_as(bank.fang)
        assert browser.post(at("repricing_retry", batch.number)).status_code == 422, "nothing failed"
        url = at("repricing_reverse", batch.number)
        mark = browser.get(url).context["mark"]
        assert browser.post(url, {"reason": "", "seen": mark}).status_code == 422
        assert browser.post(url, {"reason": "报价录错"}).status_code == 422, "the preview was not shown"
        assert browser.post(url, {"reason": "报价录错", "seen": mark}).status_code == 302
        asked = Repricing.objects.get()
        assert asked.reverse_approval_number in text_of(browser.get(at("repricing_batch", batch.number)))
        cast_vote(request_number=asked.reverse_approval_number, verdict="agree", opinion="确实录错", by=risk(bank))
        batch.refresh_from_db()
        assert work(batch, undo_repricing).status == "reversed"
    assert FloatingRate.objects.count() == 1


def test_the_api(browser: Any, bank: Bank, floating: Loan) -> None:
    browser.acts_as(bank.fang)
    with jobs.in_line():
        assert browser.api("servicing/repricing-days").json()["items"] == [{"day": "2027-01-01", "loans": 1, "principal": "73148.41"}]
        batch = applied(bank)
        assert browser.api(f"servicing/repricings/{batch.number}").json()["status"] == "applied"
        (line,) = browser.api(f"servicing/repricings/{batch.number}/lines").json()["items"]
        assert (line["loan"], line["rate_after"]) == (floating.number, "0.119")
        assert browser.api(f"servicing/repricings/{batch.number}/retry", {}).status_code == 409
        assert browser.api(f"servicing/repricings/{batch.number}/reverse", {"reason": "报价录错"}).json()["status"] == "reverse_asked"
        assert browser.acts_as(WU).api("servicing/repricings").status_code == 403
