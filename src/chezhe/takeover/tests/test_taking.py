"""A book comes: balances, history, plans; the ledger begins with it, and its loans live on."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db import transaction

from chezhe.contracts.models import Contract
from chezhe.customers import steps as customer_steps
from chezhe.customers.models import Customer
from chezhe.customers.values import PersonFacts
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, jobs
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import lives, proof, rules
from chezhe.servicing import takeovers as loan_takeovers
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.run_vat import run_vat
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import Loan, LoanEvent, Schedule
from chezhe.servicing.queries import PaidBeforeTakeover, settlement_quote
from chezhe.servicing.tax import runs as tax_runs
from chezhe.servicing.tests.lending import Bank, pay, prepay, settle
from chezhe.takeover import judging, reconciling, taking, trying
from chezhe.takeover.actions.approve_book import approve_book
from chezhe.takeover.actions.finish_book import finish_book
from chezhe.takeover.actions.fund_book import fund_book
from chezhe.takeover.actions.resume_book import resume_book
from chezhe.takeover.actions.take_chunk import take_chunk
from chezhe.takeover.models import TakenLoan, Takeover, TakeoverChunk
from chezhe.takeover.reconciling import MoreThanCleared, NothingToClear
from chezhe.takeover.tests.bringing import submitted, taken, tried, work
from chezhe.takeover.tests.old_books import AS_OF, OldBook, add_loan, many, with_history, with_plan

pytestmark = pytest.mark.django_db


def only() -> Loan:
    return Loan.objects.select_related("product_version", "contract").get()


def is_proved() -> bool:
    return not list(proof.differences(Loan.objects.select_related("product_version", "contract")))


def one(**asked: Any) -> OldBook:
    book = OldBook()
    add_loan(book, 1, Random(1), **asked)
    return book


def test_a_loan_in_good_order_begins_with_its_balance_and_lives_on(bank: Bank, jin: Actor) -> None:
    done = taken(one(), bank.fang, jin)
    loan = only()
    assert done.status == "taken" and is_proved()
    assert ledger_queries.journal_text(loan.subject) == f"""\
2026-01-14 taken_over {loan.number}
  Dr principal           73,148.41
  Cr migration clearing  73,148.41

2026-01-15 due {loan.number}
  Dr interest receivable  731.48
  Cr accrued interest     731.48"""
    assert ledger_queries.journal_text("accrual:T01") == """\
2026-01-14 taken_over_accrued T01
  Dr accrued interest    731.48
  Cr migration clearing  731.48"""
    runs.close_whole(date(2026, 1, 15), by=SYSTEM)
    pay(bank, loan, "3321.43", date(2026, 1, 16))
    loan.refresh_from_db()
    assert (loan.principal_left, loan.oldest_due_on, loan.next_due_on) == (Money(7_055_846), None, date(2026, 2, 15))
    runs.close_whole(date(2026, 1, 16), by=SYSTEM)
    assert is_proved()
    quote = lives.position_of(only(), date(2026, 1, 17))
    assert quote.principal_fen == 7_055_846
    settle(bank, loan, _payoff(loan))
    assert only().status == "settled" and is_proved()


def _payoff(loan: Loan) -> str:
    return str(settlement_quote(only(), business_date.current()).to_pay).replace(",", "")


def test_arrears_keep_their_due_dates_and_their_penalties(bank: Bank, jin: Actor) -> None:
    taken(one(unpaid=2, penalty_fen=1250, compound_fen=410), bank.fang, jin)
    loan = only()
    position = lives.position_of(loan, AS_OF)
    assert loan.oldest_due_on == date(2025, 11, 15) and position.dpd == 60
    assert [(due.due_date, due.penalty_fen, due.compound_fen) for due in position.dues] == [
        (date(2025, 11, 15), 1250, 410), (date(2025, 12, 15), 0, 0)]
    later = lives.position_of(loan, AS_OF + timedelta(days=10))
    # Ten days at 1.5 × 12 % on the principal unpaid, on top of what was brought.
    assert later.dues[0].penalty_fen == 1250 + round(later.dues[0].principal_fen * 0.18 * 10 / 360)
    assert is_proved()


def test_a_loan_that_is_too_late_stands_outside_the_books(bank: Bank, jin: Actor) -> None:
    taken(one(unpaid=5), bank.fang, jin)
    loan = only()
    assert loan.is_off_book and is_proved()
    assert loan.events.get(kind="aged", value_on=AS_OF).facts == {"dpd": 151}
    assert "off-book interest" in ledger_queries.journal_text(loan.subject)
    assert lives.booked_balances(loan).get(chart.INTEREST_RECEIVABLE) is None


def test_cash_that_was_left_over_pays_the_next_instalment(bank: Bank, jin: Actor) -> None:
    taken(one(unapplied_fen=400_000), bank.fang, jin)
    loan = only()
    assert (loan.unapplied, loan.oldest_due_on) == (Money(400_000 - 332_143), None) and is_proved()


def test_history_is_replayed_through_the_same_fold(bank: Bank, jin: Actor) -> None:
    book, paid = one(), []
    for month in range(2, 13):
        paid.append((f"2025-{month:02d}-15", "3321.43"))
    with_history(book, book.loans[0], paid)
    taken(book, bank.fang, jin)
    loan = only()
    assert is_proved() and loan.principal_left == Money(7_314_841)
    assert LoanEvent.objects.filter(loan=loan, kind="paid_before").count() == 11
    assert Schedule.objects.get(loan=loan).brought["lines"] == []


def test_a_late_history_keeps_its_penalty_running(bank: Bank, jin: Actor) -> None:
    book = one()
    loan = book.loans[0]
    with_history(book, loan, [*((f"2025-{month:02d}-15", "3321.43") for month in range(2, 12)), ("2025-12-20", "3000.00")])
    loan |= {"principal_left": "73477.94", "interest_due": "0.00", "penalty_due": "0.00"}
    done = tried(book, bank.fang)
    facts = done.faults.get().facts
    assert done.status == "faulty" and done.faults.get().code == "history_differs" and facts["stated"] == "73,477.94"
    loan["principal_left"] = facts["found"].replace(",", "")
    done = tried(book, bank.fang)
    while done.faults_found:
        fault = done.faults.get()
        loan[fault.column] = fault.facts["found"].replace(",", "")
        done = tried(book, bank.fang)
    taken(book, bank.fang, jin)
    assert is_proved() and only().oldest_due_on == date(2025, 12, 15)


def test_a_plan_may_be_the_rest_of_one(bank: Bank, jin: Actor) -> None:
    book = one()
    with_plan(book, book.loans[0], first=12)
    taken(book, bank.fang, jin)
    loan = only()
    plan = loan.schedules.get()
    assert len(plan.due_dates) == 25 and plan.due_dates[0] == date(2026, 1, 15) and is_proved()
    assert loan.principal == Money(10_000_000) and loan.paid_out_on == date(2025, 1, 15)
    settle(bank, loan, _payoff(loan))
    assert only().status == "settled" and is_proved()


@pytest.mark.parametrize("first", [1, 9])
def test_a_plan_taken_over_is_changed_like_any_other(bank: Bank, jin: Actor, first: int) -> None:
    book = one()
    with_plan(book, book.loans[0], first=first)
    taken(book, bank.fang, jin)
    pay(bank, only(), "3321.43", date(2026, 1, 15))
    prepay(bank, only(), "20000.00")
    loan = only()
    assert is_proved() and loan.principal_left == Money(7_314_841 - 258_995 - 2_000_000)
    assert loan.schedules.count() == 2 and list(loan.schedules.get(version=2).due_dates)[-1] == date(2028, 1, 15)
    for back in range(3):
        runs.close_whole(date(2026, 1, 15) + timedelta(days=back), by=SYSTEM)
    assert is_proved() and not proof.accrual_differences()


def test_a_contract_taken_over_has_its_number_and_no_application(bank: Bank, jin: Actor) -> None:
    book = one(mortgage_office="车管所", mortgage_receipt="D123", mortgage_on="2025-01-14")
    done = taken(book, bank.fang, jin)
    contract = Contract.objects.get()
    assert (contract.old_number, contract.application, contract.taken_over_on) == ("HT-000001", None, AS_OF)
    assert contract.mortgage.status == "registered" and contract.parties.get().role == "borrower"
    assert done.rows.get().loan == only()


def test_money_of_the_old_books_is_not_ours(bank: Bank, jin: Actor) -> None:
    taken(one(), bank.fang, jin)
    with pytest.raises(PaidBeforeTakeover):
        pay(bank, only(), "100.00", AS_OF - timedelta(days=1))


def test_a_receipt_after_the_takeover_can_be_reversed(bank: Bank, jin: Actor) -> None:
    taken(one(), bank.fang, jin)
    event = pay(bank, only(), "3321.43", date(2026, 1, 15))
    reverse_repayment(loan_number=only().number, event_id=event.pk, reason="银行退回", by=bank.fang)
    assert is_proved() and only().oldest_due_on == date(2026, 1, 15)


def test_the_clearing_ends_at_nought(bank: Bank, jin: Actor) -> None:
    done = taken(one(), bank.fang, jin)
    assert reconciling.clearing_of(done) == Money(7_387_989)
    with pytest.raises(MoreThanCleared):
        fund_book(takeover_number=done.number, account=chart.CAPITAL, amount=Money(7_387_990), by=bank.fang)
    fund_book(takeover_number=done.number, account=chart.BORROWED_FUNDS, amount=Money(7_000_000), by=bank.fang)
    fund_book(takeover_number=done.number, account=chart.CAPITAL, amount=Money(387_989), by=bank.fang)
    assert reconciling.clearing_of(done) == Money(0)
    assert ledger_queries.balance(chart.MIGRATION_CLEARING) == Money(0)
    with pytest.raises(NothingToClear):
        fund_book(takeover_number=done.number, account=chart.CAPITAL, amount=Money(1), by=bank.fang)
    assert [(row.item, row.difference, row.ledger_difference) for row in reconciling.compared(done)] == [
        (name, 0, 0) for name in ("principal", "interest", "fee", "penalty", "unapplied", "deposit")]


def test_many_at_once_leave_what_one_by_one_leaves(bank: Bank, jin: Actor) -> None:
    book = many(30, as_of=AS_OF, seed=3, history_every=3)
    assert sum(loan["brings"] == "history" for loan in book.loans) > 5 and len(book.receipts) > 50
    done = submitted(book, bank.fang)
    together = _both_ways(done)
    assert together[0] == together[1] and len(together[0]) == 30


def _both_ways(done: Takeover) -> list[list[dict[str, Any]]]:
    """Loan rows and plans of every staged loan, taken together and then alone, each undone."""
    found = []
    for alone in (False, True):
        with transaction.atomic():
            shared, coming = coming_of(done)
            if alone:
                for each in coming:
                    taking._alone(each, shared, SYSTEM)
            else:
                taking._together(coming, shared, SYSTEM)
            found.append(what_stands())
            transaction.set_rollback(True)
    return found


def coming_of(done: Takeover) -> tuple[taking.Chunk, list[taking.Coming]]:
    today = business_date.current()
    shared = taking.Chunk(judging.surroundings(done.as_of, today), today, f"{done.reference}/x")
    return shared, taking._still_fine(list(done.rows.order_by("id")), shared)


def what_stands() -> list[dict[str, Any]]:
    """Every column of the loans but keys and numbers, their plans, and what the ledger holds of each."""
    assert is_proved()
    skipped = {"id", "number", "contract_id", "customer_id"}
    rows = []
    for loan in Loan.objects.order_by("contract__old_number").select_related("contract"):
        plan = loan.schedules.values("version", "due_dates", "principal_fen", "interest_fen", "fee_fen", "terms", "brought").get()
        columns = {name: value for name, value in Loan.objects.filter(pk=loan.pk).values().get().items() if name not in skipped}
        rows.append({**columns, "plan": plan, "ledger": lives.booked_balances(loan), "old": loan.contract.old_number})
    return rows


def test_a_chunk_is_done_once_whatever_the_queue_repeats(bank: Bank, jin: Actor) -> None:
    done = taken(one(), bank.fang, jin)
    take_chunk(takeover_number=done.number, attempt=1, chunk=0, by=SYSTEM)
    finish_book(takeover_number=done.number, by=SYSTEM)
    assert Loan.objects.count() == 1 and TakeoverChunk.objects.count() == 1


def test_a_worker_killed_in_a_chunk_leaves_nothing_of_it_and_the_rest_goes_on(
    bank: Bank, jin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "CHUNK_LOANS", 4)
    waiting = submitted(many(10, as_of=AS_OF), bank.fang)
    whole, fell = loan_takeovers.take_over_all, []

    def falls(*arguments: Any, **named: Any) -> Any:
        if len(fell) == 1:
            fell.append("again")
            whole(*arguments, **named)
            raise MemoryError("killed after everything was written")
        fell.append("first")
        return whole(*arguments, **named)

    monkeypatch.setattr(taking.loan_takeovers, "take_over_all", falls)
    with jobs.in_line():
        approve_book(takeover_number=waiting.number, by=jin)
        with pytest.raises(MemoryError):
            work()
    assert Loan.objects.count() == 4 and waiting.done.count() == 1
    waiting.refresh_from_db()
    assert waiting.status == "taking" and waiting.rows.filter(status="ready").count() == 6
    with jobs.in_line():
        resume_book(takeover_number=waiting.number, by=bank.fang)
        work()
    waiting.refresh_from_db()
    assert waiting.status == "taken" and Loan.objects.count() == 10 and waiting.done.count() == 3 and is_proved()
    assert Customer.objects.filter(source="takeover").count() == 10


def test_a_loan_refused_meanwhile_says_why_and_stops_no_other(bank: Bank, jin: Actor) -> None:
    book = many(3, as_of=AS_OF)
    waiting = submitted(book, bank.fang)
    refused = TakenLoan.objects.get(old_number="OLD-000002")
    same = next(row for row in book.customers if row["customer"] == "KH000002")
    customer_steps.create_person(
        PersonFacts("另一人", same["paper"], "15412345678"), branch_id=bank.cast.east.pk, owner_id=bank.fang.user_id,
        on=date(2026, 1, 15), by=bank.fang,
    )
    with jobs.in_line():
        approve_book(takeover_number=waiting.number, by=jin)
        work()
    waiting.refresh_from_db()
    refused.refresh_from_db()
    assert waiting.status == "taken" and Loan.objects.count() == 2 and is_proved()
    assert (refused.status, refused.code) == ("failed", "named_otherwise")
    twin = Customer.objects.exclude(source="takeover").get(name="另一人")
    Customer.objects.filter(pk=twin.pk).update(name=same["name"])
    with jobs.in_line():
        resume_book(takeover_number=waiting.number, by=bank.fang)
        work()
    waiting.refresh_from_db()
    assert waiting.status == "taken" and Loan.objects.count() == 3 and not waiting.rows.exclude(status="taken").exists() and is_proved()


def test_the_interest_of_the_old_books_is_not_earned_again(bank: Bank, jin: Actor) -> None:
    """The close of the first day posts a day's interest, not what had been earned before."""
    taken(many(20, as_of=AS_OF), bank.fang, jin)
    runs.close_whole(date(2026, 1, 15), by=SYSTEM)
    earned = ledger_queries.balance(chart.INTEREST_INCOME)
    weights = sum(loan.principal_left.fen * float(loan.annual_rate) / 360 for loan in Loan.objects.filter(is_off_book=False))
    assert abs(earned.fen - weights) < weights * 0.1


def test_the_fold_begins_where_the_row_says(bank: Bank, jin: Actor) -> None:
    taken(many(25, as_of=AS_OF, seed=11), bank.fang, jin)
    assert is_proved()
    for loan in Loan.objects.select_related("product_version"):
        cached = rules.cache(lives.life_of(loan)[0])
        assert (cached.principal_left, cached.as_of) == (loan.principal_left.fen, loan.as_of)


def test_the_vat_of_the_first_month_proves_with_what_the_old_books_had_earned(bank: Bank, jin: Actor) -> None:
    taken(many(6, as_of=AS_OF, seed=4), bank.fang, jin)
    for back in range(17, 0, -1):
        runs.close_whole(date(2026, 2, 1) - timedelta(days=back), by=SYSTEM)
    assert is_proved() and not proof.accrual_differences()
    with jobs.in_line():
        run = run_vat(as_of=date(2026, 1, 31), by=bank.fang)
        work()
    run.refresh_from_db()
    assert run.status == "computed" and tax_runs.proof_of(run)[1] == 0


def test_a_loan_two_instalments_late_comes_with_its_penalties_and_pays_them_first(bank: Bank, jin: Actor) -> None:
    """100,000.00 at 12 % over 36 months; November and December 2025 are unpaid, 16.60 of penalties and compound interest owed."""
    done = taken(one(unpaid=2, penalty_fen=1250, compound_fen=410, unapplied_fen=10_000), bank.fang, jin)
    fund_book(takeover_number=done.number, account=chart.BORROWED_FUNDS, amount=reconciling.clearing_of(done), by=bank.fang)
    loan = only()
    pay(bank, loan, "2000.00", date(2026, 1, 15))
    assert ledger_queries.journal_text(loan.subject) == f"""\
2026-01-14 taken_over {loan.number}
  Dr principal            78,251.62
  Dr interest receivable   1,539.65
  Dr migration clearing      100.00
  Cr migration clearing   79,791.27
  Cr unapplied cash          100.00

2026-01-15 due {loan.number}
  Dr interest receivable  731.48
  Cr accrued interest     731.48

2026-01-15 unapplied_used {loan.number}
  Dr unapplied cash       100.00
  Cr penalty income        13.77
  Cr compound income        4.49
  Cr interest receivable   81.74

2026-01-15 repayment {loan.number}
  Dr bank                 2,000.00
  Cr interest receivable    700.78
  Cr principal            1,299.22""", "one day of ours on top of 12.50 and 4.10, the oldest instalment first"
    assert ledger_queries.journal_text(done.subject) == f"""\
2026-01-14 taken_over_funding {done.number}
  Dr migration clearing  80,422.75
  Cr borrowed funds      80,422.75"""
    assert ledger_queries.balance(chart.MIGRATION_CLEARING) == Money(0) and is_proved()
