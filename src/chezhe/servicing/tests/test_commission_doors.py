"""Commission by page and by API."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from chezhe.channels.models import CommissionPlan
from chezhe.kernel import roles
from chezhe.kernel.testing import WU
from chezhe.servicing.commission.models import CommissionLine, CommissionStatement
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.commissioning import AFTER, JANUARY, account_of, approved, brought, planned, second
from chezhe.servicing.tests.deciding import someone
from chezhe.servicing.tests.lending import Bank, days_pass
from chezhe.ui import navigation, panels

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(bank: Bank) -> CommissionPlan:
    return planned(bank)


@pytest.fixture
def sold(bank: Bank, plan: CommissionPlan) -> Loan:
    made = brought(bank, plan.dealer)
    days_pass(bank, AFTER)
    return made


def at(name: str, *words: object) -> str:
    return reverse(f"servicing:{name}", args=words)


def text_of(page: Any) -> str:
    return page.content.decode()


def test_a_month_goes_through_the_pages(browser: Any, bank: Bank, sold: Loan, plan: CommissionPlan) -> None:
    browser.acts_as(bank.fang)
    shown = browser.post(at("commission_draw"), {"as_of": JANUARY.isoformat()})
    assert shown.status_code == 200 and "8,750.00" in text_of(shown) and not CommissionStatement.objects.exists()
    assert browser.post(at("commission_draw"), {"as_of": JANUARY.isoformat(), "seen": JANUARY.isoformat()}).status_code == 302
    row = CommissionStatement.objects.get()
    page = text_of(browser.get(at("commission_statement", row.number)))
    assert sold.number in page and "8,750.00" in page and "没有分录要记" in page
    assert browser.post(at("commission_approve", row.number), {}).status_code == 422, "who drew it up"
    browser.acts_as(second(bank))
    assert browser.post(at("commission_approve", row.number), {"invoice_number": "25317"}).status_code == 302
    account_of(plan.dealer, bank)
    browser.acts_as(someone(bank, "付", roles.FUNDING))
    assert "****2233" in text_of(browser.get(at("commission_statement", row.number)))
    assert browser.post(at("commission_pay", row.number), {"payee_number": "PA26-000001-X"}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.invoice_number) == ("ordered", "25317")


def test_every_page_opens_for_who_may_see_it_and_for_nobody_else(browser: Any, bank: Bank, sold: Loan, plan: CommissionPlan) -> None:
    row = approved(bank)
    seen = {
        at("commissions"): sold.number, at("commission_statements"): row.number, at("commission_statement", row.number): "8,750.00",
        at("commission_of") + f"?subject={sold.subject}": "8,750.00", at("commission_of_dealer") + f"?subject={plan.dealer.subject}": row.number,
        at("car_return", sold.number): "退车日期", at("commission_draw"): "2026-01-31",
    }
    for url, words in seen.items():
        page = browser.acts_as(bank.fang).get(url)
        assert page.status_code == 200 and words in text_of(page), url
        assert browser.acts_as(WU).get(url).status_code in (403, 404), url
    assert browser.acts_as(bank.fang).post(at("commission_reverse", row.number), {"reason": "核对有误"}).status_code == 302
    assert browser.post(at("commission_discard", row.number), {"reason": "核对有误"}).status_code == 422
    assert not [name for name in (*navigation.broken(), *panels.broken()) if "commission" in name]


def test_a_returned_car_is_shown_before_it_is_booked(browser: Any, bank: Bank, sold: Loan) -> None:
    browser.acts_as(bank.fang)
    form = {"returned_on": AFTER.isoformat(), "reason": "质量问题，退车"}
    assert browser.post(at("car_return", sold.number), {**form, "returned_on": "2026-01-01"}).context["form"].errors["returned_on"]
    tried = browser.post(at("car_return", sold.number), form)
    assert tried.status_code == 200 and "8,750.00" in text_of(tried) and CommissionLine.objects.count() == 1
    assert browser.post(at("car_return", sold.number), {**form, "seen": tried.context["mark"]}).status_code == 302
    assert CommissionLine.objects.get(kind="car_returned").on == AFTER


def test_a_month_goes_through_the_api(browser: Any, bank: Bank, sold: Loan, plan: CommissionPlan) -> None:
    browser.acts_as(bank.fang)
    number = browser.api("servicing/commission-statements", {"as_of": JANUARY.isoformat()}).json()["numbers"][0]
    assert browser.api(f"servicing/commission-lines?loan={sold.number}").json()["items"][0]["amount"] == "8750.00"
    discarded = browser.api(f"servicing/commission-statements/{number}/discard", {"reason": "核对有误"})
    assert discarded.json()["status"] == "discarded"
    number = browser.api("servicing/commission-statements", {"as_of": JANUARY.isoformat()}).json()["numbers"][0]
    browser.acts_as(second(bank))
    done = browser.api(f"servicing/commission-statements/{number}/approve", {"invoice_number": ""})
    assert done.json()["payable"] == "8750.00" and done.json()["status"] == "approved"
    account_of(plan.dealer, bank)
    browser.acts_as(someone(bank, "付", roles.FUNDING))
    assert browser.api(f"servicing/commission-statements/{number}/pay", {}).json()["status"] == "ordered"
    assert browser.api(f"servicing/commission-statements?dealer={plan.dealer.number}").json()["items"][0]["number"]
    assert browser.api(f"servicing/commission-statements/{number}").json()["payout"] and date(2026, 2, 3) == AFTER
