"""Pages and API of direct debit: who may open them, what they show, and that each does what it says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chezhe.documents.tests.people import hire
from chezhe.kernel import clock, roles, worklist
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.testing import WU
from chezhe.payments.debits.models import ChannelSettlement, Mandate
from chezhe.payments.tasks import debits as channel_tasks
from chezhe.servicing.models import Loan, LoanDebit
from chezhe.servicing.tests.debiting import DUE, mandate, morning, now_proved, until
from chezhe.servicing.tests.lending import START, Bank
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.ui import navigation, panels
from tests.pages.bounds import BOUNDS

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(bank: Bank) -> Actor:
    return hire("柯", bank.cast.east, roles.SERVICING, reach=Reach.ALL)


def test_every_page_opens_for_who_may_see_it_within_its_bound_and_for_nobody_else(browser: Any, bank: Bank, loan: Loan, keeper: Actor) -> None:
    mandate(bank, "802")
    with morning(bank) as world:
        until(world, 13)
        number, settlement = LoanDebit.objects.get(turn=2).number, ChannelSettlement.objects.get().number
        signed, subject = Mandate.objects.get(), f"?subject={loan.subject}"
        seen = {
            "servicing:debits": (at("debits") + "?when=today", "账户余额不足", bank.fang),
            "servicing:debit": (at("debit", number), "3,321.43", bank.fang),
            "servicing:debit_loan": (at("debit_loan", loan.number), "没有到期未还的款项", now_proved(bank.fang)),
            "servicing:debits_of": (at("debits_of") + subject, signed.number, bank.fang),
            "payments:mandates": (reverse("payments:mandates"), signed.number, keeper),
            "payments:mandate": (reverse("payments:mandate", args=[signed.number]), "DK-1", keeper),
            "payments:sign_mandate": (reverse("payments:sign_mandate", args=[bank.wang.number]), "扣款金额以还款计划和合同约定为限", keeper),
            "payments:mandates_of": (reverse("payments:mandates_of") + f"?subject={bank.wang.subject}", signed.number, keeper),
            "payments:settlements": (reverse("payments:settlements"), settlement, bank.fang),
            "payments:settlement": (reverse("payments:settlement", args=[settlement]), "渠道首次扣款", bank.fang),
        }
        for name, (url, words, who) in seen.items():
            browser.acts_as(who).get(url)
            with CaptureQueriesContext(connection) as asked:
                page = browser.get(url)
            assert page.status_code == 200 and words in text_of(page), url
            assert len(asked) <= BOUNDS[name], (name, len(asked))
            assert "王小明" not in text_of(page), url
            assert browser.acts_as(WU).get(url).status_code in (403, 404), url
        assert browser.acts_as(bank.cast.mei).get(at("debit", number)).status_code == 404
    assert not [name for name in (*navigation.broken(), *panels.broken()) if name.startswith(("servicing:", "payments:"))]


def test_a_mandate_is_signed_stopped_and_ended_by_page(browser: Any, bank: Bank, loan: Loan, keeper: Actor) -> None:
    address = reverse("payments:sign_mandate", args=[bank.wang.number])
    form = {"account_tail": "0018", "debit_max": "5000", "day_max": "1000", "signed_on": START.isoformat(), "channel": "paper", "evidence": "DK-7"}
    refused = browser.acts_as(keeper).post(address, form)
    assert refused.status_code == 422 and "单日限额不能小于单笔限额" in text_of(refused)
    assert browser.post(address, {**form, "day_max": "8000"}).status_code == 302
    made = Mandate.objects.get()
    assert (made.account.tail, made.debit_max.fen, made.evidence) == ("0018", 500_000, "DK-7")
    assert browser.post(reverse("payments:revoke_mandate", args=[made.number]), {"reason": " "}).status_code == 422
    assert browser.post(reverse("payments:resume_mandate", args=[made.number]), {"reason": "误操作"}).status_code == 422
    assert browser.post(reverse("payments:revoke_mandate", args=[made.number]), {"reason": "客户来电终止"}).status_code == 302
    made.refresh_from_db()
    assert made.status == "revoked" and "客户来电终止" in text_of(browser.get(reverse("payments:mandate", args=[made.number])))


def test_a_debit_by_hand_is_seen_before_it_is_made(browser: Any, bank: Bank, loan: Loan) -> None:
    mandate(bank)
    with morning(bank) as world:
        browser.acts_as(now_proved(bank.fang))
        refused = browser.post(at("debit_loan", loan.number), {"amount": "5000"})
        assert refused.status_code == 422 and "3321.43" in text_of(refused)
        shown = text_of(browser.post(at("debit_loan", loan.number), {"amount": "3321.43"}))
        assert "应收代扣渠道款" in shown and "代扣待入账款" in shown and "2,321.43" in shown and not LoanDebit.objects.filter(turn=51).exists()
        seen = re.search(r'name="seen" value="(\w+)"', shown)
        assert seen and browser.post(at("debit_loan", loan.number), {"amount": "3321.43", "seen": seen[1]}).status_code == 302
        until(world, 7, 55)
        planned = LoanDebit.objects.get(turn=1)
        assert browser.post(at("cancel_debit", planned.number), {"reason": ""}).status_code == 422
        assert browser.post(at("cancel_debit", planned.number), {"reason": "客户已付"}).status_code == 302
    assert LoanDebit.objects.get(turn=51).status == "collected"


def test_programs_do_the_same(browser: Any, bank: Bank, loan: Loan, keeper: Actor) -> None:
    signed = {"customer_number": bank.wang.number, "debit_max": "5000.00", "day_max": "9000.00", "signed_on": "2026-01-15", "evidence": "DK-1"}
    made = browser.acts_as(keeper).api("payments/mandates", signed)
    assert made.status_code == 201 and made.json()["account_tail"] == "0018"
    number = made.json()["number"]
    assert browser.api(f"payments/mandates?customer_number={bank.wang.number}").json()["items"][0]["number"] == number
    assert browser.api(f"payments/mandates/{number}").json()["debit_max"] == "5000.00"
    assert browser.api(f"payments/mandates/{number}/resume", {"reason": "重来"}).status_code == 409
    with morning(bank) as world:
        browser.acts_as(now_proved(bank.fang))
        dry = browser.api(f"servicing/loans/{loan.number}/debits/preview", {"amount": "3321.43"}).json()
        assert [one["event"] for one in dry["bookings"]] == ["debit_collected", "repayment"] and dry["due"] == "0.00"
        assert browser.api(f"servicing/loans/{loan.number}/debits", {"amount": "3321.44"}).json()["code"] == "debit_above_due"
        done = browser.api(f"servicing/loans/{loan.number}/debits", {"amount": "1000.00"})
        assert done.status_code == 201 and done.json()["status"] == "ordered"
        assert browser.api(f"servicing/loans/{loan.number}/debits", {"amount": "1.00"}).json()["code"] == "debit_in_flight"
        until(world, 7, 55)
        first = browser.api(f"servicing/debits?loan_number={loan.number}&status=planned").json()["items"][-1]["number"]
        assert browser.api(f"servicing/debits/{first}/cancel", {"reason": "客户要求"}).json()["status"] == "cancelled"
        assert browser.api(f"servicing/debits/{done.json()['number']}").json()["booked"] == "1000.00"
        day = browser.api("servicing/debit-day").json()
        assert day["collected"] == "1000.00" and {one["status"]: one["count"] for one in day["tallies"]}["planned"] == 2
        assert browser.api("payments/debits?status=collected").json()["items"][0]["collected"] == "1000.00"
        assert browser.api("payments/channel-settlements").json()["items"][0]["status"] == "open"
        assert browser.acts_as(keeper).api(f"payments/mandates/{number}/revoke", {"reason": "客户来电"}).json()["status"] == "revoked"


def test_what_waits_for_people_is_on_their_task_lists(bank: Bank, loan: Loan, keeper: Actor) -> None:
    def waiting(key: str, who: Actor) -> int:
        return next(pile.count(who) for pile in worklist.PILES.values() if pile.key == key)

    mandate(bank, "803")
    with morning(bank) as world:
        until(world, 9)
    assert waiting("payments.mandates", keeper) == 1
    mandate(bank, "811")
    with morning(bank, DUE.replace(day=16)) as world:
        until(world, 10)
        assert waiting("servicing.debits_stuck", bank.fang) == 0
        until(world, 12)
        assert waiting("servicing.debits_stuck", bank.fang) == 1
        channel_tasks.query_open_debits()
    assert clock.today() == START


def test_the_pages_speak_english_too(browser: Any, bank: Bank, loan: Loan) -> None:
    mandate(bank, "801")
    with morning(bank) as world:
        until(world, 9)
        browser.cookies["django_language"] = "en"
        page = text_of(browser.acts_as(bank.fang).get(at("debits")))
        assert "Debit centre" in page and "Not enough money in the account" in page
