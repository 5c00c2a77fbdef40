"""Invoices: asked for what was paid and no more, issued by the platform, taken back when the money is."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection

from chezhe.documents.tests.people import hire
from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs, roles, simulators
from chezhe.kernel.actor import SYSTEM, Reach
from chezhe.kernel.errors import NotFound, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import WU
from chezhe.servicing.actions.accept_invoice_notice import accept_invoice_notice
from chezhe.servicing.actions.ask_red_invoice import ask_red_invoice
from chezhe.servicing.actions.hand_over_invoice import hand_over_invoice
from chezhe.servicing.actions.record_invoice_answer import record_invoice_answer
from chezhe.servicing.actions.request_invoice import request_invoice
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.withdraw_invoice import withdraw_invoice
from chezhe.servicing.models import Invoice, InvoiceNotice, Loan
from chezhe.servicing.tax.invoices import received, rules
from chezhe.servicing.tax.invoices.requests import NothingChosen, NotInvoiceable, TaxNumberRefused, Title, TitleRefused
from chezhe.servicing.tax.invoices.rules import Answer, Notice
from chezhe.servicing.tests.lending import Bank, pay, pay_instalments

pytestmark = pytest.mark.django_db
WANG = Title(kind="person", name="王小明")
FIRM = Title(kind="company", name="上海申通汽车销售有限公司", tax_number="91310115MA1TEYT17L")
FIRST, SECOND = (1, "interest"), (2, "interest")


@pytest.fixture
def world() -> Iterator[World]:
    with simulators.in_process(seed=7) as world, jobs.in_line():
        yield world


@pytest.fixture
def paid(bank: Bank, loan: Loan) -> Loan:
    """Two instalments, each on its day: 1,000.00 and 976.79 of interest."""
    pay_instalments(bank, loan, 2)
    return loan


def ask(bank: Bank, loan: Loan, lines: dict[rules.Key, int | None], title: Title = WANG) -> Invoice:
    return request_invoice(loan_number=loan.number, title=title, lines=lines, by=bank.fang)


def work(world: World, invoice: Invoice, seconds: int = 120) -> Invoice:
    """The worker runs, time passes, the platform calls back."""
    jobs.run_due()
    clock.tick(seconds)
    world.pump()
    jobs.run_due()
    invoice.refresh_from_db()
    return invoice


def issued(bank: Bank, loan: Loan, world: World, lines: dict[rules.Key, int | None], title: Title = WANG) -> Invoice:
    invoice = work(world, ask(bank, loan, lines, title))
    assert invoice.status == "issued"
    return invoice


def test_what_was_paid_is_invoiced_once_with_the_tax_within(bank: Bank, paid: Loan, world: World) -> None:
    assert received.invoiceable(paid) == {FIRST: 100_000, SECOND: 97_679}
    invoice = issued(bank, paid, world, {FIRST: None, SECOND: 50_000}, FIRM)
    assert (invoice.amount, invoice.tax) == (Money(150_000), Money(5_660 + 2_830)) and len(invoice.invoice_number) == 20
    assert received.invoiceable(paid) == {SECOND: 47_679}
    with pytest.raises(NotInvoiceable) as refusal:
        ask(bank, paid, {SECOND: 47_680})
    assert "第 2 期利息" in str(refusal.value)
    with pytest.raises(NotInvoiceable):
        ask(bank, paid, {FIRST: None})
    with pytest.raises(NotInvoiceable):
        ask(bank, paid, {(3, "interest"): 1})


def test_a_notice_that_comes_often_or_forged_changes_nothing_more(bank: Bank, paid: Loan, world: World) -> None:
    world.set_faults("einvoice", duplicate_rate=1, duplicates=14)
    invoice = issued(bank, paid, world, {FIRST: None})
    assert InvoiceNotice.objects.filter(invoice=invoice).count() == 1
    said = Notice(f"EI-{invoice.number}-2", invoice.number, Answer("refused", failure_code="title_unknown"))
    assert accept_invoice_notice(notice=said, by=SYSTEM) is True
    assert accept_invoice_notice(notice=said, by=SYSTEM) is False
    invoice.refresh_from_db()
    assert invoice.status == "issued", "news that does not fit the status changes nothing"
    assert accept_invoice_notice(notice=Notice("X", "IV26-999999-9", Answer("issued", "1")), by=SYSTEM) is False


@pytest.mark.parametrize(("name", "code"), [("查无此人", "title_unknown"), ("注销之人", "taxpayer_cancelled")])
def test_a_refused_title_frees_the_amount(bank: Bank, paid: Loan, world: World, name: str, code: str) -> None:
    invoice = work(world, ask(bank, paid, {FIRST: None}, Title(kind="person", name=name)))
    assert (invoice.status, invoice.failure_code) == ("refused", code) and received.invoiceable(paid)[FIRST] == 100_000


def test_silence_and_broken_lines_are_asked_about_again(bank: Bank, paid: Loan, world: World) -> None:
    world.force("einvoice", "error_after")
    invoice = work(world, ask(bank, paid, {FIRST: None}, Title(kind="person", name="迟迟")))
    assert invoice.status == "issued" and invoice.attempts == 2, "the second time the platform says what became of it"


def test_a_receipt_taken_back_asks_for_a_red_letter_and_frees_the_amount(bank: Bank, paid: Loan, world: World) -> None:
    first, second = issued(bank, paid, world, {FIRST: None}), issued(bank, paid, world, {SECOND: None})
    event = paid.events.filter(kind="repaid").order_by("-id").first()
    assert event is not None
    reverse_repayment(loan_number=paid.number, event_id=event.pk, reason="银行退回", by=bank.fang)
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.status, second.status) == ("issued", "red_due"), "only the one whose money is gone"
    with pytest.raises(ReasonRequired):
        ask_red_invoice(invoice_number=second.number, reason="", by=bank.fang)
    ask_red_invoice(invoice_number=second.number, reason="还款冲正", by=bank.fang)
    late = record_invoice_answer(invoice_number=second.number, reference=second.number, answer=Answer("issued", "X"), by=SYSTEM)
    assert late.status == "red_sent", "an answer to the invoice is none to its red letter"
    second = work(world, second)
    assert second.status == "red" and second.red_number and received.invoiced(paid) == {FIRST: 100_000}
    pay(bank, paid, "3321.43", date(2026, 3, 15), "AGAIN")
    assert received.invoiceable(paid)[SECOND] == 97_679


def test_money_taken_back_while_the_paper_is_on_its_way(bank: Bank, paid: Loan, world: World) -> None:
    waiting, invoice = ask(bank, paid, {FIRST: None}), ask(bank, paid, {SECOND: None})
    paper = hand_over_invoice(invoice_number=invoice.number, by=SYSTEM)
    assert paper is not None and paper.reference == invoice.number
    with pytest.raises(WrongState):
        withdraw_invoice(invoice_number=invoice.number, reason="太晚了", by=bank.fang)
    for event in paid.events.filter(kind="repaid").order_by("-id"):
        reverse_repayment(loan_number=paid.number, event_id=event.pk, reason="银行退回", by=bank.fang)
    waiting.refresh_from_db(), invoice.refresh_from_db()
    assert (waiting.status, invoice.status) == ("withdrawn", "sent")
    assert work(world, invoice).status == "red_due"


def test_a_red_letter_that_is_refused_can_be_asked_for_again(bank: Bank, paid: Loan, world: World) -> None:
    invoice = issued(bank, paid, world, {FIRST: None}, Title(kind="person", name="须确认"))
    ask_red_invoice(invoice_number=invoice.number, reason="抬头有误", by=bank.fang)
    invoice = work(world, invoice)
    assert (invoice.status, invoice.failure_code) == ("red_due", "buyer_must_confirm")
    ask_red_invoice(invoice_number=invoice.number, reason="已确认", by=bank.fang)
    assert invoice.red_turn == 1 and received.invoiced(paid)[FIRST] == 100_000


def test_without_a_title_the_invoice_is_the_borrowers_and_its_name_is_masked(bank: Bank, paid: Loan) -> None:
    invoice = ask(bank, paid, {FIRST: None}, Title(kind="person"))
    assert invoice.title == bank.wang.name and invoice.masked_title == bank.wang.masked_name != invoice.title


def test_a_request_that_has_not_left_is_withdrawn(bank: Bank, paid: Loan, world: World) -> None:
    invoice = ask(bank, paid, {FIRST: None})
    withdraw_invoice(invoice_number=invoice.number, reason="客户不要了", by=bank.fang)
    assert work(world, invoice).status == "withdrawn" and received.invoiceable(paid)[FIRST] == 100_000
    with pytest.raises(WrongState):
        withdraw_invoice(invoice_number=invoice.number, reason="再撤", by=bank.fang)


@pytest.mark.parametrize(("title", "refusal"), [
    (Title(kind="person", name="王*明"), TitleRefused), (Title(kind="company", name=" "), TitleRefused), (Title(kind="company", name="某某公司"), TaxNumberRefused),
    (Title(kind="company", name="某某公司", tax_number="91310115MA1TEYT17M"), TaxNumberRefused),
    (Title(kind="person", name="王小明", tax_number="91310115MA1TEYT17L"), TaxNumberRefused),
])
def test_a_title_must_be_whole(bank: Bank, paid: Loan, title: Title, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        ask(bank, paid, {FIRST: None}, title)
    with pytest.raises(NothingChosen):
        ask(bank, paid, {})
    assert not Invoice.objects.exists()


def test_who_does_not_see_the_loan_gets_no_invoice(bank: Bank, paid: Loan) -> None:
    with pytest.raises(NotPermitted):
        request_invoice(loan_number=paid.number, title=WANG, lines={FIRST: None}, by=WU)
    west = hire("西", bank.cast.west, roles.SERVICING, reach=Reach.BRANCH)
    with pytest.raises(NotFound):
        request_invoice(loan_number=paid.number, title=WANG, lines={FIRST: None}, by=west)
    invoice = ask(bank, paid, {FIRST: None})
    with pytest.raises(NotPermitted):
        ask_red_invoice(invoice_number=invoice.number, reason="越权", by=west)


def test_people_ask_for_a_part_of_an_item_and_not_for_more_than_is_open(browser: Any, bank: Bank, paid: Loan) -> None:
    client = browser.acts_as(bank.fang)
    address = f"/servicing/loans/{paid.number}/invoice/"
    page = client.get(address).content.decode()
    assert 'name="amount-1:interest" value="1000.00"' in page, "all that is open is the default"
    given = {"title_kind": "person", "lines": ["1:interest"]}
    refused = client.post(address, {**given, "amount-1:interest": "1000.01"})
    assert refused.status_code == 422 and not Invoice.objects.exists()
    assert "第 1 期利息可开票 1000.00 元，不能开 1000.01 元：只能开已收到且尚未开票的金额。" in refused.content.decode()
    assert client.post(address, {**given, "amount-1:interest": "0"}).status_code == 422
    assert client.post(address, {**given, "amount-1:interest": "400.00", "amount-2:interest": "1.00"}).status_code == 302
    made = Invoice.objects.get()
    assert [(line.period, line.amount.fen, line.tax.fen) for line in made.lines.all()] == [(1, 40_000, 2_264)], "what is not ticked stays"
    assert 'name="amount-1:interest" value="600.00"' in client.get(address).content.decode()
    assert client.post(address, {**given, "amount-1:interest": ""}).status_code == 302
    assert received.invoiceable(paid).get((1, "interest"), 0) == 0 and Invoice.objects.count() == 2


def test_people_ask_on_the_loans_page_and_a_double_click_asks_once(browser: Any, bank: Bank, paid: Loan) -> None:
    client = browser.acts_as(bank.fang)
    address = f"/servicing/loans/{paid.number}/invoice/"
    assert "第 1 期利息" in client.get(address).content.decode()
    given = {"title_kind": "company", "title": FIRM.name, "tax_number": FIRM.tax_number, "lines": ["1:interest"]}
    assert client.post(address, given).status_code == 302
    again = client.post(address, given)
    assert again.status_code == 422 and Invoice.objects.count() == 1
    invoice = Invoice.objects.get()
    assert invoice.number in client.get(f"/servicing/panels/invoices/?subject={paid.subject}").content.decode()
    page = client.get(f"/servicing/invoices/{invoice.number}/").content.decode()
    assert "1,000.00" in page and "56.60" in page and FIRM.tax_number in page
    assert invoice.number in client.get("/servicing/invoices/").content.decode()


def test_programs_ask_read_and_take_back(browser: Any, bank: Bank, paid: Loan, world: World) -> None:
    client, api = browser.acts_as(bank.fang), "/api/v1/servicing"
    left = client.get(f"{api}/loans/{paid.number}/invoiceable").json()
    assert left[0] == {"period": 1, "item": "interest", "paid": "1000.00", "invoiced": "0.00", "left": "1000.00"}
    body = {"title_kind": "person", "title": "王小明", "lines": [{"period": 1, "item": "interest", "amount": "400.00"}]}
    for _time in range(2):
        made = client.post(f"{api}/loans/{paid.number}/invoices", json.dumps(body), content_type="application/json",
                           headers={"Idempotency-Key": "inv-1"})
        assert made.status_code == 201, made.content.decode()
    invoice = work(world, Invoice.objects.get())
    assert client.get(f"{api}/invoices/{invoice.number}").json()["invoice_number"] == invoice.invoice_number
    red = client.post(f"{api}/invoices/{invoice.number}/red", json.dumps({"reason": "抬头有误"}), content_type="application/json",
                      headers={"Idempotency-Key": "inv-2"})
    assert red.json()["status"] == "red_sent"


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_cannot_invoice_the_same_money_twice(bank: Bank, paid: Loan) -> None:
    outcomes: list[str] = []

    def clerk() -> None:
        try:
            ask(bank, paid, {FIRST: None})
            outcomes.append("asked")
        except NotInvoiceable:
            outcomes.append("refused")
        finally:
            connection.close()

    clerks = [threading.Thread(target=clerk) for _ in range(4)]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()
    assert sorted(outcomes) == ["asked", "refused", "refused", "refused"] and Invoice.objects.count() == 1
