"""The bank answers twice, backwards, wrongly, or never: money leaves once, and what is not known yet is seen as such."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client

from chezhe.finmath.money import Money
from chezhe.kernel import clock, events, jobs, signing, worklist
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.models import Event
from chezhe.kernel.simulators import World
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.models import JournalEntry
from chezhe.payments import guards
from chezhe.payments.models import BankNotice, Payout
from chezhe.payments.steps import Payee, request_payout
from chezhe.payments.vendors.bank.simulator import account_with_fate
from chezhe.staff import steps as staff_steps
from tests.bad_input.doors import CHINESE, api_refuses
from tests.bad_input.watch import nothing_written
from tests.journeys.house import TODAY, Team, live
from tests.journeys.walk import said

pytestmark = pytest.mark.django_db
CALLBACK = "/payments/callbacks/bank/"
AMOUNT = Money(60_000_00)


@pytest.fixture(autouse=True)
def ordering(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room above that orders payouts and lets every one go."""
    monkeypatch.setitem(guards._guards, "disbursement", lambda rest, by: None)


@pytest.fixture
def sent(team: Team) -> Payout:
    """An order that the bank has and has not answered."""
    payout = order(team)
    Payout.objects.filter(pk=payout.pk).update(status="sent", sent_at=clock.now())
    return Payout.objects.get()


def order(team: Team, fate: str = "111") -> Payout:
    payee = Payee("王小明", account_with_fate(fate))
    return request_payout(reference="disbursement:D1", amount=AMOUNT, payee=payee, memo="K26-000001-5", branch_id=team.east.pk, by=SYSTEM)


def calls(payout: Payout, outcome: str, **changes: Any) -> int:
    """The bank's signed word; the HTTP status of our answer."""
    word = {"notice_id": f"BN-{outcome}", "reference": payout.bank_reference, "status": outcome, "amount": str(AMOUNT), "serial": "B1", "code": "", **changes}
    body = json.dumps(word).encode()
    headers = signing.sign(signing.secret_of("bank"), body, at=clock.now())
    return int(Client(raise_request_exception=False).post(CALLBACK, body, content_type="application/json", headers=headers).status_code)


def booked() -> list[str]:
    assert ledger_queries.trial_balance(TODAY).difference.fen == 0
    return list(JournalEntry.objects.order_by("id").values_list("event", flat=True))


def status() -> str:
    return Payout.objects.get().status


def test_a_payment_said_many_times_is_booked_once(sent: Payout) -> None:
    assert [calls(sent, "paid") for _ in range(5)] == [200] * 5
    assert calls(sent, "paid", notice_id="BN-again") == 200, "the same news as another notice is old news"
    assert (status(), booked()) == ("paid", ["payout_paid"]) and BankNotice.objects.filter(verdict="applied").count() == 1


@pytest.mark.parametrize(
    ("news", "answers", "end", "entries"),
    [(["paid", "failed"], [200, 409], "paid", ["payout_paid"]), (["failed", "paid"], [200, 409], "failed", []),
     (["paid", "processing"], [200, 200], "paid", ["payout_paid"]), (["processing", "paid"], [200, 200], "paid", ["payout_paid"]),
     (["returned", "paid"], [200, 200], "returned", ["payout_paid", "payout_returned"]),
     (["paid", "returned", "paid"], [200, 200, 200], "returned", ["payout_paid", "payout_returned"]), (["failed", "failed"], [200, 200], "failed", [])],
)
def test_news_in_any_order_ends_in_the_truth_and_a_contradiction_waits_for_people(
    team: Team, sent: Payout, news: list[str], answers: list[int], end: str, entries: list[str]
) -> None:
    assert [calls(sent, word) for word in news] == answers
    assert (status(), booked()) == (end, entries)
    troubling = BankNotice.objects.filter(verdict="contradicts")
    assert troubling.count() == answers.count(409)
    if troubling:
        text = team.browser("cai").get("/payments/notices/").content.decode()
        assert "与已登记结果矛盾" in text and sent.bank_reference in text
        assert Event.objects.filter(name="payment.notice_troubling").count() == 1


@pytest.mark.parametrize(
    ("changes", "answer", "verdict"),
    [({"reference": "Y26-999999-9.1"}, 404, "unknown"), ({"reference": "nonsense"}, 404, "unknown"), ({"amount": "60000.01"}, 422, "wrong_amount"),
     ({"amount": "0.01"}, 422, "wrong_amount"), ({"amount": "-60000.00"}, 422, "wrong_amount"), ({"amount": "60000.001"}, 422, ""), ({"amount": "NaN"}, 422, ""),
     ({"amount": 60000}, 422, ""), ({"status": "melted"}, 422, ""), ({"notice_id": ""}, 422, ""), ({"notice_id": "x" * 81}, 422, "")],
)
def test_what_cannot_be_true_books_nothing(team: Team, sent: Payout, changes: dict[str, Any], answer: int, verdict: str) -> None:
    assert calls(sent, "paid", **changes) == answer
    assert (status(), booked()) == ("sent", [])
    assert list(BankNotice.objects.values_list("verdict", flat=True)) == ([verdict] if verdict else [])
    assert calls(sent, "paid", notice_id="BN-true") == 200 and booked() == ["payout_paid"], "the truth is still heard"


def test_a_bank_that_never_answers_is_asked_and_asked_and_nothing_is_paid_twice(team: Team, bank: World) -> None:
    """It stays what it is, with its age, on the list, on its page, on the pile of those who can act, and over the API."""
    payout = order(team, "907")
    live(bank, hours=4)
    assert (status(), booked(), len(bank.simulators["bank"].state)) == ("sent", [], 1)
    assert Event.objects.filter(name="payment.bank_silent").count() == 1
    fang = team.browser("fang")
    page = fang.get(f"/payments/payouts/{payout.number}/").content.decode()
    assert "等待银行答复" in page and "银行处理中" in page and re.search(r"已等待 [34]\s小时", page) and "请不要另行付款" in page
    english = fang.get(f"/payments/payouts/{payout.number}/", headers={"Accept-Language": "en"}).content.decode()
    assert re.search(r"Waiting for [34]\shours", english) and "nothing is paid twice" in english
    assert re.search(r"[34]\s小时", fang.get("/payments/payouts/").content.decode())
    actor = staff_steps.actor_for(team.people["fang"], clock.now())
    pile = next(pile for pile in worklist.piles_for(actor) if pile.key == "payments.unanswered")
    assert pile.count(actor) == 1 and pile.first(actor, 5)[0].since_at == Payout.objects.get().sent_at
    assert "银行久未答复的付款" in fang.get("/").content.decode()
    assert not [pile for pile in worklist.piles_for(staff_steps.actor_for(team.people["lin"], clock.now())) if pile.key.startswith("payments.unan")]
    program = team.program("fang")
    shown = said(program.get(f"payments/payouts/{payout.number}"))
    assert shown["status"] == "sent" and shown["sent_at"] and shown["settled_at"] is None
    said(program.step_up())
    with nothing_written():
        api_refuses(program.post(f"payments/payouts/{payout.number}/retry", {"reason": "等太久"}), "", "wrong_state", 409)
        refused = fang.post(f"/payments/payouts/{payout.number}/retry/", {"reason": "等太久"})
    assert refused.status_code in (409, 422) and CHINESE.search(refused.content.decode()) and "银行处理中" in refused.content.decode()


@pytest.mark.parametrize("fault", ["timeout", "error_before", "error_after"])
def test_an_order_whose_answer_was_lost_is_paid_once(team: Team, bank: World, fault: str) -> None:
    order(team)
    bank.force("bank", fault)
    live(bank, hours=3)
    assert (status(), booked(), len(bank.simulators["bank"].state)) == ("paid", ["payout_paid"], 1)


def test_a_lost_callback_is_found_by_asking(team: Team, bank: World) -> None:
    order(team, "906")
    jobs.run_due()
    assert status() == "sent"
    for _ in range(3):
        clock.tick(300)
        jobs.run_due()
        events.deliver_all()
    assert (status(), booked()) == ("paid", ["payout_paid"]) and not BankNotice.objects.exists()
