"""A borrower with a mandate is debited on the due day at eight, at noon and at six, and not once more than that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from chezhe.compliance.actions.grant_consent import grant_consent
from chezhe.compliance.actions.withdraw_consent import withdraw_consent
from chezhe.customers.actions.edit_customer import edit_customer
from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.models import Event, Parameter
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.messaging.labels import LANGUAGES
from chezhe.messaging.models import Message
from chezhe.messaging.rules import check_facts
from chezhe.payments.actions.resume_mandate import resume_mandate
from chezhe.payments.actions.revoke_mandate import revoke_mandate
from chezhe.payments.debits.models import Debit, Mandate
from chezhe.payments.debits.states import FAILURES
from chezhe.servicing.actions.cancel_debit import cancel_debit
from chezhe.servicing.actions.debit_now import debit_now
from chezhe.servicing.actions.follow_debit import follow_debit
from chezhe.servicing.actions.order_debits import order_debits
from chezhe.servicing.actions.plan_debits import plan_debits
from chezhe.servicing.debits.asking import AboveLimit, DebitInFlight, MoreThanOwed, NoMandate
from chezhe.servicing.debits.telling import plain_words
from chezhe.servicing.models import Loan, LoanDebit, LoanEvent
from chezhe.servicing.tests.debiting import DUE, mandate, morning, now_proved, tries, until, work
from chezhe.servicing.tests.lending import START, Bank, pay
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db


def test_the_instalment_is_collected_at_eight_and_booked_from_what_the_channel_holds(bank: Bank, loan: Loan) -> None:
    mandate(bank)
    with morning(bank) as world:
        assert tries() == [("15 08", "planned"), ("15 12", "planned"), ("15 18", "planned")]
        until(world, 20)
    assert tries() == [("15 08", "collected"), ("15 12", "skipped NOT_OWED"), ("15 18", "skipped NOT_OWED")]
    assert journal(loan).endswith(
        "2026-02-15 repayment\n"
        "  Dr collected debits     3,321.43\n"
        "  Cr interest receivable  1,000.00\n"
        "  Cr principal            2,321.43"
    )
    assert agrees(loan) and ledger_queries.balance(chart.CHANNEL_CLEARING) == Money(332_143)
    assert not ledger_queries.balance(chart.DEBITS_COLLECTED)
    assert loan.events.get(kind="repaid").facts["transaction"] == "direct_debit", "it settles in the product's order for debits"


def test_without_a_mandate_nothing_is_planned(bank: Bank, loan: Loan) -> None:
    with morning(bank):
        assert tries() == []


def test_too_little_money_is_tried_again_at_noon(bank: Bank, loan: Loan) -> None:
    mandate(bank, "802")
    with morning(bank) as world:
        until(world, 20)
    assert tries() == [("15 08", "failed INSUFFICIENT_FUNDS"), ("15 12", "collected"), ("15 18", "skipped NOT_OWED")]
    assert Debit.objects.count() == 2 and agrees(loan)


@pytest.mark.parametrize(("fate", "code"), [
    ("803", "CARD_CLOSED"), ("804", "ACCOUNT_FROZEN"), ("805", "NAME_MISMATCH"), ("806", "MANDATE_REVOKED"),
])
def test_what_time_does_not_cure_stops_the_mandate_and_the_rest_of_the_plan(bank: Bank, loan: Loan, fate: str, code: str) -> None:
    signed = mandate(bank, fate)
    with morning(bank) as world:
        until(world, 20)
    assert tries() == [("15 08", f"failed {code}"), ("15 12", "cancelled"), ("15 18", "cancelled")]
    signed.refresh_from_db()
    assert (signed.status, signed.stop_code) == ("suspended", code)
    with morning(bank, date(2026, 2, 16)):
        assert len(tries()) == 3, "nothing is planned before somebody has spoken with the customer"


def test_after_the_due_day_the_calendar_goes_on_and_penalties_are_collected_too(bank: Bank, loan: Loan) -> None:
    mandate(bank, "801")
    with morning(bank) as world:
        until(world, 20)
    mandate(bank)
    for day, planned in ((16, 2), (17, 2), (18, 2)):
        with morning(bank, date(2026, 2, day)) as world:
            assert LoanDebit.objects.filter(day=date(2026, 2, day)).count() == planned
            if day == 18:
                until(world, 10)
    last = LoanDebit.objects.get(day=date(2026, 2, 18), turn=1)
    assert last.status == "collected" and last.amount.fen == 332_143 + 348 + 150, "three days: 2,321.43 at 18 %, 1,000.00 compound"
    assert LoanDebit.objects.filter(reason_code="MISSED").count() == 4 and agrees(loan)


def test_a_limit_of_the_bank_is_met_by_smaller_orders_at_the_next_hour(bank: Bank, loan: Loan) -> None:
    mandate(bank, "807")
    with morning(bank) as world:
        until(world, 20)
    assert tries()[:2] == [("15 08", "failed LIMIT_EXCEEDED"), ("15 12", "collected")]
    parts = Debit.objects.filter(status="collected").order_by("pk").values_list("amount", flat=True)
    assert [part.fen for part in parts] == [166_072, 166_071] and agrees(loan)


def test_orders_stay_below_the_mandates_own_limits(bank: Bank, loan: Loan) -> None:
    mandate(bank, debit_max=100_000, day_max=250_000)
    with morning(bank) as world:
        until(world, 20)
    assert [debit.amount.fen for debit in Debit.objects.order_by("pk")] == [83_334, 83_333, 83_333]
    assert tries()[1:] == [("15 12", "skipped MANDATE_LIMIT"), ("15 18", "skipped MANDATE_LIMIT")]
    loan.refresh_from_db()
    assert loan.principal_due.fen + loan.interest_due.fen == 332_143 - 250_000


def test_half_of_the_sum_is_booked_and_the_rest_is_asked_for_at_noon(bank: Bank, loan: Loan) -> None:
    mandate(bank, "808")
    with morning(bank) as world:
        until(world, 11)
        assert tries()[0] == ("15 08", "partly INSUFFICIENT_FUNDS")
        until(world, 13)
    first, second = LoanDebit.objects.order_by("turn")[:2]
    assert (first.collected.fen, first.booked.fen, second.amount.fen) == (166_071, 166_071, 166_072)
    assert agrees(loan)


def test_a_day_limit_of_the_bank_waits_for_tomorrow(bank: Bank, loan: Loan) -> None:
    mandate(bank, "814")
    with morning(bank) as world:
        until(world, 20)
    assert tries() == [("15 08", "failed DAY_LIMIT_EXCEEDED"), ("15 12", "cancelled"), ("15 18", "cancelled")]
    with morning(bank, date(2026, 2, 16)):
        assert len(tries()) == 5


def test_what_was_paid_at_the_counter_meanwhile_is_not_collected(bank: Bank, loan: Loan) -> None:
    mandate(bank)
    with morning(bank) as world:
        until(world, 7, 59)
        pay(replace(bank, fang=now_proved(bank.fang)), loan, "3000.00", DUE)
        until(world, 20)
    assert [debit.amount.fen for debit in Debit.objects.all()] == [32_143] and agrees(loan)


def test_the_sum_is_read_once_more_between_the_order_and_its_sending(bank: Bank, loan: Loan) -> None:
    mandate(bank)
    with morning(bank) as world:
        clock.tick(600)
        order_debits(after=0, by=SYSTEM)
        pay(replace(bank, fang=now_proved(bank.fang)), loan, "3321.43", DUE)
        work(world)
    debit = Debit.objects.get()
    assert (debit.status, debit.failure_code, debit.sent_at) == ("dropped", "NOT_OWED", None)
    assert tries()[0] == ("15 08", "skipped NOT_OWED") and agrees(loan)


def test_a_mandate_that_ends_between_the_plan_and_eight_is_not_used(bank: Bank, loan: Loan) -> None:
    signed = mandate(bank)
    with morning(bank) as world:
        revoke_mandate(mandate_number=signed.number, reason="客户来电终止", by=bank.cast.lin)
        until(world, 20)
    assert tries()[0] == ("15 08", "skipped NO_MANDATE") and not Debit.objects.exists()


def test_a_consent_that_is_withdrawn_ends_the_mandate(bank: Bank, loan: Loan) -> None:
    signed = mandate(bank)
    with morning(bank) as world:
        withdraw_consent(subject=bank.wang.subject, kind="deduction", channel="paper", evidence="CH-1", business_date=DUE, by=bank.cast.lin)
        work(world)
        until(world, 20)
    signed.refresh_from_db()
    assert signed.status == "revoked" and not Debit.objects.exists()


def test_while_the_channel_is_silent_nothing_more_is_asked_of_the_borrower(bank: Bank, loan: Loan) -> None:
    mandate(bank, "811")
    with morning(bank) as world:
        until(world, 20)
    assert tries() == [("15 08", "ordered"), ("15 12", "skipped IN_FLIGHT"), ("15 18", "skipped IN_FLIGHT")]
    assert Debit.objects.count() == 1


def test_a_debit_that_the_bank_takes_back_is_reversed_and_stops_the_mandate(bank: Bank, loan: Loan) -> None:
    signed = mandate(bank, "812")
    with morning(bank) as world:
        until(world, 20)
        clock.tick(12 * 3600)
        work(world)
        clock.tick(2 * 3600)
        work(world)
    one = LoanDebit.objects.get(turn=1)
    assert (one.status, one.booked.fen, one.reason_code) == ("returned", 0, "RETURNED")
    assert "reversal\n  Dr interest receivable  1,000.00\n  Dr principal            2,321.43\n  Cr collected debits     3,321.43" in journal(loan)
    signed.refresh_from_db()
    assert signed.status == "suspended" and agrees(loan) and loan.oldest_due_on == DUE
    assert not ledger_queries.balance(chart.DEBITS_COLLECTED)
    again = Debit.objects.get()
    follow_debit(reference=again.reference, by=SYSTEM)
    assert LoanEvent.objects.filter(kind="reversed").count() == 1 and agrees(loan)


def test_planning_a_day_twice_and_ordering_an_hour_twice_change_nothing(bank: Bank, loan: Loan) -> None:
    mandate(bank)
    with morning(bank) as world:
        assert plan_debits(day=DUE, by=SYSTEM).tries == 3 and LoanDebit.objects.count() == 3
        clock.tick(600)
        order_debits(after=0, by=SYSTEM)
        order_debits(after=0, by=SYSTEM)
        assert Debit.objects.count() == 1
        work(world)
    assert plan_debits(day=date(2026, 1, 1), by=SYSTEM).tries == 0, "a day that is over is not planned"


def test_a_day_that_opens_late_makes_up_for_the_last_hour_only(bank: Bank, loan: Loan) -> None:
    mandate(bank)
    with morning(bank, at=time(13)):
        assert [hour for hour, _status in tries()] == ["15 12", "15 18"]


def test_a_product_may_have_a_calendar_of_its_own(bank: Bank, loan: Loan) -> None:
    mandate(bank)
    Parameter.objects.create(code="DEBIT_HOURS", product="T01", value="10", unit="text", effective_from=START, source="测试")
    with morning(bank):
        assert tries() == [("15 10", "planned")]


def test_so_many_tries_and_no_more_for_one_due_date(bank: Bank, loan: Loan) -> None:
    mandate(bank, "801")
    Parameter.objects.create(code="DEBIT_TRIES_MAX", product="T01", value="4", unit="count", effective_from=START, source="测试")
    with morning(bank) as world:
        until(world, 20)
    with morning(bank, date(2026, 2, 16)):
        assert LoanDebit.objects.filter(day=date(2026, 2, 16)).count() == 1


def test_a_planned_debit_is_cancelled_with_a_reason_and_a_sent_one_is_not(bank: Bank, loan: Loan) -> None:
    mandate(bank)
    with morning(bank) as world:
        number = LoanDebit.objects.get(turn=1).number
        with pytest.raises(ReasonRequired):
            cancel_debit(debit_number=number, reason=" ", by=bank.fang)
        with pytest.raises(NotPermitted):
            cancel_debit(debit_number=number, reason="客户要求", by=bank.cast.lin)
        assert cancel_debit(debit_number=number, reason="客户下午来柜台还款", by=bank.fang).status == "cancelled"
        until(world, 13)
        with pytest.raises(WrongState):
            cancel_debit(debit_number=LoanDebit.objects.get(turn=2).number, reason="太晚", by=bank.fang)
    assert [status for _hour, status in tries()] == ["cancelled", "collected", "planned"]


def test_a_clerk_collects_now_what_is_due_and_no_more(bank: Bank, loan: Loan) -> None:
    with morning(bank) as world:
        with pytest.raises(NoMandate):
            debit_now(loan_number=loan.number, amount=Money(100_000), by=now_proved(bank.fang))
        mandate(bank, debit_max=150_000, day_max=300_000)
        with pytest.raises(MoreThanOwed):
            debit_now(loan_number=loan.number, amount=Money(332_144), by=now_proved(bank.fang))
        with pytest.raises(AboveLimit):
            debit_now(loan_number=loan.number, amount=Money(300_001), by=now_proved(bank.fang))
        made = debit_now(loan_number=loan.number, amount=Money(200_000), by=now_proved(bank.fang))
        assert made.number == f"{loan.number}.260215.51" and made.is_manual
        with pytest.raises(DebitInFlight):
            debit_now(loan_number=loan.number, amount=Money(1), by=now_proved(bank.fang))
        until(world, 7, 55)
    made.refresh_from_db()
    assert (made.status, made.booked.fen) == ("collected", 200_000) and agrees(loan)


def test_the_borrower_hears_once_a_day_why_a_debit_failed(bank: Bank, loan: Loan) -> None:
    mandate(bank, "801")
    grant_consent(subject=bank.wang.subject, kind="personal_info", channel="paper", evidence="SQ-1", business_date=START, by=bank.cast.lin)
    with morning(bank) as world:
        until(world, 20)
    said = Message.objects.filter(template__code="debit_failed")
    assert [message.facts for message in said] == [
        {"name": "王*明", "loan": loan.number, "amount": "3,321.43", "reason": "账户余额不足"}
    ]
    told = Event.objects.filter(name="loan.debit_failed").order_by("pk")
    assert [(event.payload["code"], event.payload["meaning"]) for event in told] == [("INSUFFICIENT_FUNDS", "retry")] * 3


def test_a_borrower_who_reads_english_hears_the_reason_in_english(bank: Bank, loan: Loan) -> None:
    mandate(bank, "801")
    grant_consent(subject=bank.wang.subject, kind="personal_info", channel="paper", evidence="SQ-1", business_date=START, by=bank.cast.lin)
    edit_customer(customer_number=bank.wang.number, version=1, changes={"language": "en"}, business_date=START, by=bank.cast.lin)
    with morning(bank) as world:
        until(world, 9)
    said = Message.objects.get(template__code="debit_failed")
    assert (said.language, said.facts["reason"]) == ("en", "Not enough money in the account")
    assert said.text == (
        f"[Chezhe] 王*明, 3,321.43 yuan of loan {loan.number} could not be collected: Not enough money in the account. "
        "Please provide the funds or ask your branch to change the account, to avoid penalties."
    )


@pytest.mark.parametrize("code", [*FAILURES, "SOMETHING_NEW"])
def test_every_reason_can_be_said_in_both_languages(code: str) -> None:
    fields, said = {"reason": "word"}, {language: plain_words(code, language) for language, _label in LANGUAGES}
    for words in said.values():
        check_facts({"reason": words}, fields)
    assert said["en"].isascii() and not said["zh-hans"].isascii()


def test_money_for_a_loan_that_was_settled_meanwhile_is_the_borrowers_to_get_back(bank: Bank, loan: Loan) -> None:
    from chezhe.servicing import queries
    from chezhe.servicing.tests.lending import settle

    mandate(bank, "810")
    with morning(bank) as world:
        until(world, 8, 1)
        settle(replace(bank, fang=now_proved(bank.fang)), loan, str(queries.settlement_quote(loan, DUE).to_pay))
        until(world, 20)
    loan.refresh_from_db()
    assert (loan.status, loan.unapplied.fen) == ("settled", 332_143) and agrees(loan)


def test_a_mandate_that_was_stopped_is_resumed_with_a_reason(bank: Bank, loan: Loan) -> None:
    signed = mandate(bank, "804")
    with morning(bank) as world:
        until(world, 9)
        resumed = resume_mandate(mandate_number=signed.number, reason="客户已解冻账户", by=SYSTEM)
        assert (resumed.status, resumed.stop_code) == ("active", "")
        with pytest.raises(WrongState):
            resume_mandate(mandate_number=signed.number, reason="再来", by=SYSTEM)
    assert Mandate.objects.get().status == "active"


def test_the_plan_of_many_loans_takes_no_more_statements_than_that_of_one(bank: Bank, loan: Loan, django_assert_max_num_queries) -> None:
    mandate(bank)
    with morning(bank), jobs.in_line():
        LoanDebit.objects.all().delete()
        with django_assert_max_num_queries(14):
            assert plan_debits(day=DUE, by=SYSTEM).tries == 3


def test_the_evening_plans_the_next_day(bank: Bank, loan: Loan) -> None:
    mandate(bank)
    with morning(bank, DUE - timedelta(days=1), at=time(20)) as world:
        from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day

        begin_end_of_day(until=DUE - timedelta(days=1), calendar_day=DUE - timedelta(days=1), by=bank.fang)
        work(world)
        assert tries() == [("15 08", "planned"), ("15 12", "planned"), ("15 18", "planned")]
        clock.tick((datetime.combine(DUE, time(8), clock.SHANGHAI) - clock.now()).total_seconds())
        work(world)
        clock.tick(5)
        work(world)
    assert tries()[0] == ("15 08", "collected")
