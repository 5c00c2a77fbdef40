"""Payouts against the simulated bank: each is booked exactly once, whatever the bank does."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, WrongState
from chezhe.kernel.models import Event, StatusMove
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.models import JournalEntry
from chezhe.payments import tasks
from chezhe.payments.actions.mark_payout_sent import mark_payout_sent
from chezhe.payments.actions.report_silence import report_silence
from chezhe.payments.actions.resend_payout import resend_payout
from chezhe.payments.actions.resolve_notice import NoticeResolved, resolve_notice
from chezhe.payments.actions.retry_payout import retry_payout
from chezhe.payments.actions.settle_payout import settle_payout
from chezhe.payments.guards import NobodyAnswers
from chezhe.payments.models import BankNotice, Payout
from chezhe.payments.steps import BankAnswer, Payee, PayoutDiffers, abandon_payout, request_payout
from chezhe.payments.tests.conftest import live
from chezhe.payments.vendors.bank.simulator import account_with_fate

pytestmark = pytest.mark.django_db

GOOD = "6217000000000000004"
AMOUNT = Money(10_000_000)
JOURNAL = """
2026-03-16 payout_paid {number}
  Dr funds in transit  100,000.00
  Cr payout bank       100,000.00
"""


def ask(branch, reference: str = "disbursement:D1", account: str = GOOD, amount: Money = AMOUNT, name: str = "张三") -> Payout:
    return request_payout(
        reference=reference, amount=amount, payee=Payee(name, account), memo="K26-000001-5", branch_id=branch.pk, by=SYSTEM
    )


def fresh(payout: Payout) -> Payout:
    return Payout.objects.get(pk=payout.pk)


def test_a_payout_is_ordered_paid_and_booked(branch, bank) -> None:
    payout = ask(branch)
    live(bank, 10)
    assert fresh(payout).status == "paid" and fresh(payout).bank_serial.startswith("B20260316")
    assert ledger_queries.journal_text(payout.subject).strip() == JOURNAL.format(number=payout.number).strip()
    assert [m.verb for m in StatusMove.objects.filter(subject=payout.subject).order_by("id")] == ["request", "send", "settle"]
    event = Event.objects.get(name="payout.paid")
    assert (event.payload["reference"], event.payload["amount_fen"], event.payload["on"]) == ("disbursement:D1", 10_000_000, "2026-03-16")


def test_asking_twice_gives_the_same_payout_and_another_sum_or_payee_is_refused(branch, bank) -> None:
    assert ask(branch).pk == ask(branch).pk and Payout.objects.count() == 1
    for other in ({"amount": Money(1)}, {"account": "6217850000000000005"}, {"name": "李四"}):
        with pytest.raises(PayoutDiffers):
            ask(branch, **other)


@pytest.mark.parametrize(
    ("fate", "code"), [("901", "ACCOUNT_CLOSED"), ("902", "NAME_MISMATCH"), ("903", "INSUFFICIENT_FUNDS"), ("904", "ACCOUNT_INVALID")]
)
def test_a_failed_payout_books_nothing_and_says_why(branch, bank, fate: str, code: str) -> None:
    payout = ask(branch, account=account_with_fate(fate))
    live(bank, 10)
    assert (fresh(payout).status, fresh(payout).failure_code) == ("failed", code)
    assert not JournalEntry.objects.exists()
    assert Event.objects.get(name="payout.failed").payload["failure_code"] == code


def test_money_that_comes_back_is_booked_back_whichever_callback_comes_first(branch, bank) -> None:
    payout = ask(branch, account=account_with_fate("905"))
    bank.set_faults("bank", delay_seconds=(1, 60))
    live(bank, 120)
    assert fresh(payout).status == "returned"
    assert ledger_queries.balances_of(payout.subject) == {"1002.02": Money(0), "1012": Money(0)}
    assert set(Event.objects.values_list("name", flat=True)) >= {"payout.paid", "payout.returned"}


def test_a_lost_callback_is_found_by_asking_within_fifteen_minutes(branch, bank) -> None:
    payout = ask(branch, account=account_with_fate("906"))
    live(bank, 15 * 60, step=30)
    assert fresh(payout).status == "paid" and not BankNotice.objects.exists()


def test_a_bank_that_never_finishes_is_asked_again_and_again_and_people_are_told(branch, bank) -> None:
    payout = ask(branch, account=account_with_fate("907"))
    live(bank, 4 * 3600, step=300)
    assert fresh(payout).status == "sent" and not JournalEntry.objects.exists()
    assert Event.objects.filter(name="payment.bank_silent").count() == 1


@pytest.mark.parametrize("fault", ["error_before", "error_after", "timeout"])
def test_an_order_whose_answer_is_lost_is_paid_once(branch, bank, fault: str) -> None:
    bank.force("bank", fault)
    payout = ask(branch)
    live(bank, 15 * 60, step=30)
    assert fresh(payout).status == "paid"
    assert len(bank.simulators["bank"].state) == 1 and JournalEntry.objects.count() == 1


def test_an_order_the_bank_never_got_leaves_again_under_the_same_reference(branch, bank) -> None:
    payout = ask(branch)
    mark_payout_sent(payout_number=payout.number, by=SYSTEM)  # and then the worker died, before it called
    jobs._line.get().clear()
    resend_payout(payout_number=payout.number, attempt=1, by=SYSTEM)
    live(bank, 10)
    assert fresh(payout).status == "paid" and list(bank.simulators["bank"].state) == [payout.bank_reference]
    resend_payout(payout_number=payout.number, attempt=1, by=SYSTEM)
    live(bank, 10)
    assert JournalEntry.objects.count() == 1


def test_orders_whose_job_was_lost_are_taken_up(branch, bank) -> None:
    never_sent, silent = ask(branch), ask(branch, "disbursement:D2", account_with_fate("906"))
    tasks.send_payout(silent.number)
    jobs._line.get().clear()
    clock.tick(16 * 60)
    assert tasks.query_open_payouts() == 2
    live(bank, 10)
    assert {fresh(never_sent).status, fresh(silent).status} == {"paid"}


def test_a_payout_that_no_room_answers_for_is_not_sent_again(branch, bank, funding: Actor) -> None:
    payout = ask(branch, account=account_with_fate("903"))
    live(bank, 10)
    Payout.objects.update(reference="gift:D1")
    with pytest.raises(NobodyAnswers):
        retry_payout(payout_number=payout.number, reason="余额已补足", by=funding)


def test_a_failed_payout_is_sent_again_under_a_new_reference_with_a_reason(branch, bank, funding: Actor, finance: Actor) -> None:
    payout = ask(branch, account=account_with_fate("903"))
    live(bank, 10)
    with pytest.raises(NotPermitted):
        retry_payout(payout_number=payout.number, reason="余额已补足", by=finance)
    with pytest.raises(Invalid):
        retry_payout(payout_number=payout.number, reason="  ", by=funding)
    retried = retry_payout(payout_number=payout.number, reason="余额已补足", by=funding)
    assert retried.bank_reference.endswith(".2")
    with pytest.raises(WrongState):
        retry_payout(payout_number=payout.number, reason="再来", by=funding)
    live(bank, 10)
    assert (fresh(payout).status, len(bank.simulators["bank"].state)) == ("failed", 2)


def test_an_abandoned_payout_can_never_be_sent_again(branch, bank, funding: Actor) -> None:
    payout = ask(branch, account=account_with_fate("901"))
    with pytest.raises(WrongState):
        abandon_payout(reference="disbursement:D1", reason="换账户", by=SYSTEM)
    live(bank, 10)
    assert abandon_payout(reference="disbursement:D1", reason="换账户", by=SYSTEM).status == "abandoned"
    with pytest.raises(WrongState):
        retry_payout(payout_number=payout.number, reason="再试", by=funding)
    with pytest.raises(NotFound):
        abandon_payout(reference="nobody's", reason="x", by=SYSTEM)


def test_late_news_of_an_attempt_that_is_over_changes_nothing_but_money_that_left_is_not_ignored(branch, bank, funding, finance) -> None:
    payout = ask(branch, account=account_with_fate("903"))
    live(bank, 10)
    retry_payout(payout_number=payout.number, reason="余额已补足", by=funding)
    settle_payout(payout_number=payout.number, answer=BankAnswer(1, "failed", "", "X"), by=SYSTEM)
    assert fresh(payout).status == "requested" and not BankNotice.objects.filter(verdict="contradicts").exists()
    settle_payout(payout_number=payout.number, answer=BankAnswer(1, "paid", "B1"), by=SYSTEM)
    trouble = BankNotice.objects.get(verdict="contradicts")
    assert fresh(payout).status == "requested" and not JournalEntry.objects.exists()
    assert Event.objects.filter(name="payment.notice_troubling").count() == 1
    with pytest.raises(Invalid):
        resolve_notice(notice_number=trouble.notice_id, resolution=" ", by=finance)
    resolve_notice(notice_number=trouble.notice_id, resolution="银行误发，已书面撤回", by=finance)
    with pytest.raises(NoticeResolved):
        resolve_notice(notice_number=trouble.notice_id, resolution="再一次", by=finance)


def test_the_silence_of_the_bank_is_told(branch, bank) -> None:
    payout = ask(branch)
    assert report_silence(payout_number=payout.number, by=SYSTEM).number == payout.number
    assert Event.objects.get(name="payment.bank_silent").payload == {"number": payout.number, "attempt": 1}


@pytest.mark.django_db(transaction=True)
def test_two_askers_at_once_get_one_payout(branch) -> None:
    barrier, numbers = threading.Barrier(6), []

    def run() -> None:
        from django.db import transaction

        barrier.wait()
        try:
            with transaction.atomic():
                numbers.append(ask(branch).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 6 and len(set(numbers)) == 1 and Payout.objects.count() == 1


@pytest.mark.parametrize("fate", ["", "902"])
def test_a_notice_that_comes_before_the_answer_to_the_order_is_booked_once(branch, bank, monkeypatch, fate: str) -> None:
    """The bank is so quick that its notice is here while we still wait for the answer to the order."""
    service, early = bank.simulators["bank"], []

    def answered(call):
        said = type(service).answer(service, call)
        if call.path == "/payouts" and said.status == 202:
            clock.tick(2)
            early.append((bank.pump(), fresh(payout).status))
        return said

    monkeypatch.setattr(service, "answer", answered)
    payout = ask(branch, account=account_with_fate(fate) if fate else GOOD)
    live(bank, 15 * 60, step=30)
    outcome = "failed" if fate else "paid"
    assert early == [(1, outcome)], "the notice was taken before there was an answer"
    done = fresh(payout)
    assert (done.status, done.attempt, JournalEntry.objects.count()) == (outcome, 1, 0 if fate else 1)
    assert [m.verb for m in StatusMove.objects.filter(subject=payout.subject).order_by("id")][:2] == ["request", "send"]
    assert Event.objects.filter(name=f"payout.{outcome}").count() == 1 and not Event.objects.filter(name="payment.notice_troubling").exists()
