"""Pages, API and command line of the loans: who may open them, what they show, and that each does what it says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, jobs, worklist
from chezhe.kernel.testing import WU
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import queries
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import START, Bank, days_pass, pay, pay_instalments, settle
from chezhe.servicing.tests.test_bank_files import imported, line
from chezhe.servicing.tests.test_end_of_day_doors import the_worker_works
from chezhe.servicing.tests.test_life import agrees
from chezhe.ui import navigation, panels

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 1)
SLIP = {"amount": "3,000.00", "paid_on": "2026-04-01", "channel": "bank", "reference": "HD-1", "payer": "王小明", "memo": ""}


def at(name: str, *words: object) -> str:
    return reverse(f"servicing:{name}", args=words)


def text_of(page: Any) -> str:
    return page.content.decode()


def test_every_page_opens_for_who_may_see_it_and_for_nobody_else(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    event = pay(bank, loan, "3000.00", APRIL)
    file = imported(bank, "2026-03-20,50.00,S3,李四,,房租")
    subject = f"?subject={loan.subject}"
    seen = {
        at("loans"): loan.number, at("loans") + "?bucket=M2": loan.number, at("loans") + "?export=csv": loan.number,
        at("loan", loan.number): "到期未还", at("plan") + subject: "2026-02-15", at("events") + subject: "冲正",
        at("track") + subject: "贷款 · 建立", at("audit") + subject: "登记还款",
        at("papers") + subject: f"?subject={loan.contract.subject}".replace(":", "%3A"), at("loans_of") + f"?subject=customer:{bank.wang.number}": loan.number,
        at("loans_of") + f"?subject={loan.contract.subject}": loan.number, at("repay", loan.number): "罚息",
        at("prepay", loan.number): "缩短期限", at("settlement", loan.number): "应付", at("settlement_sheet", loan.number): "有效日",
        at("reverse", loan.number, event.pk): "将记的分录", at("files"): file.number, at("file", file.number): "S3",
        at("match", "S3"): "认领", at("day"): "2026-04-01", at("proof"): "核对", at("proof") + "?loan_number=": "全部一致",
        reverse("ledger:panel") + subject: "3,000.00", reverse("documents:panel") + subject: "资料",
    }
    for url, words in seen.items():
        page = browser.acts_as(bank.fang).get(url)
        assert page.status_code == 200 and words in text_of(page), url
        assert "王小明" not in text_of(page).replace('value="王小明"', ""), url
        assert browser.acts_as(WU).get(url).status_code in (403, 404), url
    assert browser.acts_as(bank.cast.mei).get(at("loan", loan.number)).status_code == 404
    assert loan.number not in text_of(browser.get(at("loans")))
    assert not [name for name in (*navigation.broken(), *panels.broken()) if name.startswith("servicing:")]


@pytest.mark.parametrize(("bucket", "shown"), [("overdue", True), ("M1", False), ("M2", True), ("M3", False), ("C", False)])
def test_the_list_is_filtered_by_how_late_a_loan_is_today(browser: Any, bank: Bank, loan: Loan, bucket: str, shown: bool) -> None:
    days_pass(bank, APRIL)
    page = browser.acts_as(bank.fang).get(at("loans") + f"?bucket={bucket}")
    assert (loan.number in text_of(page)) is shown


def test_the_balance_is_the_plan_is_the_ledger(browser: Any, bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 3)
    browser.acts_as(bank.fang)
    shown = re.search(r"data-balance>¥([\d,.]+)<", text_of(browser.get(at("loan", loan.number))))
    assert shown is not None
    plan = browser.get(at("plan") + f"?subject={loan.subject}").context["rows"]
    in_books = ledger_queries.balance("1303.01", owner=loan.subject)
    assert shown[1].replace(",", "") == str(in_books) == str(Money(plan[2].balance_fen))


def test_a_repayment_is_previewed_then_confirmed_with_the_same_form(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    browser.acts_as(bank.fang)
    url = at("repay", loan.number)
    tried = browser.post(url, SLIP)
    assert tried.status_code == 200 and "确认收款" in text_of(tried) and "1,925.27" in text_of(tried)
    assert not loan.events.filter(kind="repaid").exists()
    changed = browser.post(url, {**SLIP, "amount": "2,000.00", "seen": tried.context["mark"]})
    assert changed.status_code == 200 and not loan.events.filter(kind="repaid").exists(), "another sum is previewed anew"
    sent = {**SLIP, "seen": tried.context["mark"], "_once": "k1"}
    assert browser.post(url, sent).status_code == 302 and browser.post(url, sent).status_code == 302
    assert loan.events.filter(kind="repaid").count() == 1 and agrees(loan)


@pytest.mark.parametrize(("field", "given"), [
    ("amount", "-1"), ("amount", "1.005"), ("paid_on", "2026-02-30"), ("paid_on", "2026-04-02"), ("paid_on", "2026-01-14"), ("reference", "")])
def test_a_bad_slip_is_refused_beside_its_field(browser: Any, bank: Bank, loan: Loan, field: str, given: str) -> None:
    days_pass(bank, APRIL)
    page = browser.acts_as(bank.fang).post(at("repay", loan.number), {**SLIP, field: given})
    assert page.status_code == 422 and page.context["form"].errors[field]


def test_settling_by_page_takes_the_quoted_sum_of_today(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 1))
    browser.acts_as(bank.fang)
    url = at("settlement", loan.number)
    quotes = []
    for on in ("2026-02-01", "2026-02-15", "2026-03-01"):
        page = browser.get(f"{url}?on={on}")
        figure = browser.api(f"servicing/loans/{loan.number}/settlement-quote?on={on}").json()["to_pay"]
        shown = re.search(r"data-payoff>(.*?)</strong>", text_of(page))
        assert shown is not None and re.sub(r"<[^>]*>|[¥,]", "", shown[1]) == figure
        quotes.append(figure)
    assert len(set(quotes)) == 3 and browser.get(f"{url}?on=2026-01-14").context["asked"].errors["on"]
    slip = {"amount": quotes[0], "channel": "cash", "reference": "X1"}
    tried = browser.post(url, slip)
    assert "确认结清" in text_of(tried)
    assert browser.post(url, {**slip, "amount": "1.00"}).context["form"].errors["amount"], "refused before it is shown"
    done = browser.post(url, {**slip, "seen": tried.context["mark"]})
    assert done.status_code == 302 and agrees(loan) and loan.status == "settled"
    assert "已结清" in text_of(browser.get(at("loan", loan.number)))
    assert browser.get(at("settlement_sheet", loan.number)).status_code == 404


def test_prepaying_by_page_shows_the_new_plan_first(browser: Any, bank: Bank, loan: Loan) -> None:
    browser.acts_as(bank.fang)
    url, slip = at("prepay", loan.number), {"amount": "20,000", "paid_on": START, "mode": "shorten_term", "channel": "bank", "reference": "T1"}
    tried = browser.post(url, slip)
    assert "新的还款计划" in text_of(tried) and len(tried.context["rows"]) < 36
    assert browser.post(url, {**slip, "amount": "100"}).context["form"].errors["amount"]
    assert browser.post(url, {**slip, "seen": tried.context["mark"]}).status_code == 302
    assert agrees(loan) and loan.principal_left == Money(8_000_000)


def test_reversing_by_page_keeps_both_entries(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    event = pay(bank, loan, "3000.00", APRIL)
    browser.acts_as(bank.fang)
    url = at("reverse", loan.number, event.pk)
    assert browser.post(url, {"reason": ""}).status_code == 422
    mark = browser.get(url).context["mark"]
    unseen = browser.post(url, {"reason": "记错"})
    assert unseen.status_code == 422 and "新的预览" in text_of(unseen)
    pay(bank, loan, "10.00", APRIL, "R2")
    assert browser.post(url, {"reason": "记错", "seen": mark}).status_code == 422, "the loan has changed meanwhile"
    assert browser.post(url, {"reason": "记错", "seen": browser.get(url).context["mark"]}).status_code == 302
    books = text_of(browser.get(reverse("ledger:panel") + f"?subject={loan.subject}"))
    assert event.entry.number in books and f"冲正 {event.entry.number}" in books and agrees(loan)
    assert browser.post(url, {"reason": "再来"}).status_code == 422


def test_a_bank_file_is_posted_and_a_parked_line_claimed_by_page(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 20))
    file = imported(bank, f"2026-02-20,100.00,S1,王小明,,{loan.number}", "2026-02-20,50.00,S3,李四,,房租")
    browser.acts_as(bank.fang)
    assert at("post_file", file.number) in text_of(browser.get(at("file", file.number)))
    shown = browser.get(at("post_file", file.number))
    assert "100.00" in text_of(shown) and "附言中没有贷款编号" in text_of(shown) and line("S1").status == "open"
    assert browser.post(at("post_file", file.number)).status_code == 422
    pay(bank, loan, "10.00", date(2026, 2, 20), "R4")
    again = browser.post(at("post_file", file.number), {"seen": shown.context["mark"]})
    assert again.status_code == 422 and line("S1").status == "open", "another payment came meanwhile: the entries are others"
    assert browser.post(at("post_file", file.number), {"seen": again.context["mark"]}).status_code == 302
    page = text_of(browser.get(at("file", file.number)))
    assert "已入账" in page and "附言中没有贷款编号" in page
    pile = worklist.PILES["servicing.parked"]
    assert pile.count(bank.fang) == 1 and pile.first(bank.fang, 5)[0].url == at("match", "S3") and not pile.count(WU)
    assert browser.post(at("match", "S3"), {"loan_number": "L26-999999-9", "reason": "电话"}).status_code == 422
    claim = {"loan_number": loan.number, "reason": "电话"}
    tried = browser.post(at("match", "S3"), claim)
    assert tried.status_code == 200 and "将记的分录" in text_of(tried) and line("S3").status == "parked"
    pay(bank, loan, "5.00", date(2026, 2, 20), "R5")
    tried = browser.post(at("match", "S3"), {**claim, "seen": tried.context["mark"]})
    assert tried.status_code == 200 and line("S3").status == "parked", "the loan has changed: the new preview is shown"
    assert browser.post(at("match", "S3"), {**claim, "seen": tried.context["mark"]}).status_code == 302
    assert line("S3").status == "matched" and agrees(loan)


def test_the_day_moves_forward_by_page_and_the_overdue_pile_fills(browser: Any, bank: Bank, loan: Loan) -> None:
    clock.tick(31 * 86_400)
    browser.acts_as(bank.fang)
    pile = worklist.PILES["servicing.overdue"]
    with jobs.in_line():
        assert browser.post(at("day"), {"until": "2026-01-14"}).status_code == 422
        assert browser.post(at("day"), {"until": "2026-02-14"}).status_code == 302
        the_worker_works()
        assert business_date.current() == date(2026, 2, 15) and pile.count(bank.fang) == 0
        browser.post(at("day"), {"until": "2026-02-15"})
        the_worker_works()
    assert pile.count(bank.fang) == 1 and "逾期 1 天" in pile.first(bank.fang, 5)[0].detail and not pile.count(bank.cast.mei)


def test_the_api_lives_a_loan(browser: Any, bank: Bank, loan: Loan) -> None:
    clock.tick(31 * 86_400)
    browser.acts_as(replace(bank.fang, stepped_up_at=clock.now()))
    home = f"servicing/loans/{loan.number}"
    assert browser.api("servicing/business-day", {"day": "2026-02-15"}).json() == {"day": "2026-02-15", "touched": 1}
    assert browser.api("servicing/business-day").json()["loans_due_next"] == 0
    slip = {"amount": "3000.00", "paid_on": "2026-02-15", "channel": "bank", "reference": "A1"}
    dry = browser.api(f"{home}/repayments/preview", slip).json()
    assert dry["due"] == "321.43" and [b["event"] for b in dry["bookings"]] == ["repayment"]
    paid = browser.api(f"{home}/repayments", slip)
    assert paid.status_code == 201 and paid.json()["entry"].startswith("J26-")
    assert browser.api(home).json()["due"] == "321.43" and browser.api("servicing/loans?is_overdue=true").json()["items"] == []
    assert browser.api("servicing/loans").json()["items"][0]["number"] == loan.number
    assert browser.api(f"{home}/repayments", {**slip, "paid_on": "2026-02-16", "reference": "A2"}).json()["field"] == "paid_on"
    assert browser.api(f"{home}/repayments", {**slip, "amount": 3000}).status_code == 422
    back = browser.api(f"{home}/events/{paid.json()['id']}/reverse", {"reason": "错"})
    assert back.status_code == 201 and [e["is_reversed"] for e in browser.api(f"{home}/events").json()["items"] if e["kind"] == "repaid"] == [True]
    assert browser.api(f"{home}/plan").json()[0]["total"] == "3321.43"
    assert browser.api(f"{home}/prepayments", {**slip, "mode": "shorten_term"} | {"paid_on": "x"}).status_code == 422
    said = browser.api(f"{home}/settlement-quote").json()
    assert browser.api(f"{home}/settlement-quote?on=2026-01-14").json()["code"] == "settlement_day_impossible"
    settled = browser.api(f"{home}/settlement", {"amount": said["to_pay"], "channel": "bank", "reference": "A3"})
    assert settled.status_code == 201 and browser.api(home).json()["status"] == "settled"
    assert browser.api(f"{home}/settlement-quote").status_code == 409
    assert browser.api("servicing/proof").json() == {"checked": 1, "differences": []}
    assert browser.acts_as(bank.cast.lin).api(f"{home}/repayments", slip).status_code == 403


def test_the_api_posts_a_bank_file_and_matches_a_line(browser: Any, bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 20))
    file = imported(bank, f"2026-02-20,100.00,S1,王小明,,{loan.number}", "2026-02-20,50.00,S3,李四,,房租")
    browser.acts_as(bank.fang)
    posted = browser.api(f"servicing/bank-files/{file.number}/post", {}).json()
    assert posted == {"number": file.number, "posted": 1, "parked": 1, "known": 0}
    done = browser.api("servicing/bank-lines/S3/match", {"loan_number": loan.number, "reason": "电话核实"})
    assert done.status_code == 201 and done.json()["amount"] == "50.00" and agrees(loan)


def test_pages_of_a_settled_loan_offer_nothing_more(browser: Any, bank: Bank, loan: Loan) -> None:
    settle(bank, loan, str(queries.settlement_quote(loan, date(2026, 1, 15)).to_pay))
    browser.acts_as(bank.fang)
    page = text_of(browser.get(at("loan", loan.number)))
    assert at("repay", loan.number) not in page and "¥0.00" in page
    refused = browser.post(at("repay", loan.number), {**SLIP, "paid_on": "2026-01-15"})
    assert refused.status_code == 422 and "已结清" in text_of(refused)


def test_the_pages_ask_a_bounded_number_of_questions(browser: Any, bank: Bank, loan: Loan, django_assert_max_num_queries: Any) -> None:
    pay_instalments(bank, loan, 2)
    browser.acts_as(bank.fang)
    for url, most in ((at("loans"), 12), (at("loan", loan.number), 20), (at("plan") + f"?subject={loan.subject}", 12)):
        with django_assert_max_num_queries(most):
            assert browser.get(url).status_code == 200
