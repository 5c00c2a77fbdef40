"""What a book may bring beside plain loans: deposits, who signed beside the borrower, balloons, steps, interest alone; and its report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chezhe.contracts import queries as contract_queries
from chezhe.customers.models import Customer
from chezhe.finmath import schedule
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method, Row, Step
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.products.models import ProductVersion
from chezhe.servicing import lives, proof
from chezhe.servicing.actions.request_deposit_return import request_deposit_return
from chezhe.servicing.actions.request_extension import request_extension
from chezhe.servicing.consents import ConsentMissing
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, pay, prepay
from chezhe.takeover import reconciling, reports
from chezhe.takeover.actions.fund_book import fund_book
from chezhe.takeover.models import Takeover
from chezhe.takeover.tests.bringing import taken, tried
from chezhe.takeover.tests.old_books import AS_OF, Cells, OldBook, terms_of, yuan
from chezhe.takeover.tests.test_taking import is_proved, one, only

pytestmark = pytest.mark.django_db


def codes(done: Takeover) -> set[str]:
    return {fault.code for fault in done.faults.all()}


def agrees_with_the_old_books(done: Takeover) -> bool:
    return not any(row.difference or row.ledger_difference for row in reconciling.compared(done))


def closes(days: int) -> None:
    for back in range(days):
        runs.close_whole(date(2026, 1, 15) + timedelta(days=back), by=SYSTEM)


# ---- deposits -------------------------------------------------------------------------------------------------


def test_a_deposit_is_held_from_the_first_evening_and_the_clearing_ends_at_nought(bank: Bank, jin: Actor) -> None:
    done = taken(one(deposit_fen=500_000), bank.fang, jin)
    loan = only()
    assert is_proved() and loan.deposit == Money(500_000) and agrees_with_the_old_books(done)
    assert done.rows.get().deposit_ours == Money(500_000) and done.found["T01|T01"]["deposit"] == 500_000
    assert ledger_queries.journal_text(loan.subject).startswith(f"""\
2026-01-14 taken_over {loan.number}
  Dr principal           73,148.41
  Dr migration clearing   5,000.00
  Cr migration clearing  73,148.41
  Cr deposits held        5,000.00""")
    assert reconciling.clearing_of(done) == Money(7_387_989 - 500_000)
    fund_book(takeover_number=done.number, account=chart.CAPITAL, amount=Money(7_387_989 - 500_000), by=bank.fang)
    assert not reconciling.clearing_of(done) and not ledger_queries.balance(chart.MIGRATION_CLEARING)
    asked = request_deposit_return(loan_number=loan.number, amount=Money(500_000), reason="客户要求退还", by=bank.fang)
    assert asked.status == "proposed"


def test_a_loan_with_history_brings_its_deposit_too(bank: Bank, jin: Actor) -> None:
    book = one(deposit_fen=300_000)
    book.loans[0]["brings"] = "history"
    book.receipts += [
        {"loan": "OLD-000001", "paid_on": f"2025-{month:02d}-15", "amount": "3321.43", "reference": f"P{month}"} for month in range(2, 13)]
    done = taken(book, bank.fang, jin)
    assert only().deposit == Money(300_000) and is_proved() and agrees_with_the_old_books(done)


def test_the_deposits_are_one_of_the_control_totals(bank: Bank) -> None:
    done = tried(one(deposit_fen=500_000), bank.fang)
    assert {name: figures["deposit"] for name, figures in done.found.items()} == {"T01|T01": 500_000}


# ---- who signed beside the borrower ---------------------------------------------------------------------------


def with_party(book: OldBook, role: str = "guarantor", **cells: str) -> Cells:
    """Li, who signed beside the borrower and has no account with us."""
    person = {**book.customers[0], "customer": "KH900001", "name": "李担保", "paper": "110101199003070812", "card": "", "bank_name": "", **cells}
    book.customers.append(person)
    book.parties.append({"loan": book.loans[0]["loan"], "customer": person["customer"], "role": role})
    return person


@pytest.mark.parametrize("role", ["guarantor", "co_borrower"])
def test_who_signed_beside_the_borrower_is_on_the_contract(bank: Bank, jin: Actor, role: str) -> None:
    book = one()
    with_party(book, role)
    taken(book, bank.fang, jin)
    loan, other = only(), Customer.objects.get(name="李担保")
    assert set(loan.contract.parties.values_list("role", "customer__name")) == {("borrower", loan.customer.name), (role, "李担保")}
    assert not other.accounts.exists() and other.branch_id == loan.branch_id
    assert contract_queries.sureties(loan.contract) == ([other] if role == "guarantor" else []) and is_proved()


def test_the_guarantor_of_a_loan_taken_over_must_consent_to_its_extension(bank: Bank, jin: Actor) -> None:
    book = one()
    with_party(book)
    taken(book, bank.fang, jin)
    pay(bank, only(), "3321.43", date(2026, 1, 15))
    with pytest.raises(ConsentMissing, match="李"):
        request_extension(loan_number=only().number, months=6, annual_rate=None, reason="收入下降", by=bank.fang)


def test_a_party_must_be_known_another_and_named_once(bank: Bank) -> None:
    book = one()
    with_party(book)
    book.parties += [dict(book.parties[0]), {"loan": "OLD-000001", "customer": "KH000001", "role": "guarantor"},
                     {"loan": "OLD-000001", "customer": "KH777777", "role": "co_borrower"}, {"loan": "OLD-9", "customer": "KH900001", "role": "spouse"},
                     {"loan": "OLD-000001", "customer": "KH900001", "role": "朋友"}]
    assert {"twice", "party_is_borrower", "no_such_customer", "no_such_loan", "choice_unknown"} <= codes(tried(book, bank.fang))


def test_a_borrower_needs_an_account(bank: Bank) -> None:
    book = one()
    book.customers[0] |= {"card": "", "bank_name": ""}
    assert codes(tried(book, bank.fang)) == {"borrower_without_account"}
    book.customers[0]["bank_name"] = "某银行"
    assert "required" in codes(tried(book, bank.fang))


# ---- other plans ----------------------------------------------------------------------------------------------


def test_a_balloon_comes_with_its_last_line(bank: Bank, jin: Actor) -> None:
    book = one(method="balloon", balloon="30000.00")
    done = taken(book, bank.fang, jin)
    loan = only()
    plan = loan.schedules.get()
    assert plan.principal_fen[-1] >= 3_000_000 and sum(plan.principal_fen) == 10_000_000 and agrees_with_the_old_books(done)
    instalment = Money(plan.principal_fen[11] + plan.interest_fen[11])
    pay(bank, loan, str(instalment).replace(",", ""), date(2026, 1, 15))
    prepay(bank, loan, "20000.00")
    closes(3)
    assert is_proved() and not proof.accrual_differences()
    assert only().schedules.latest("version").principal_fen[-1] >= 3_000_000, "the balloon stays what it was"


def test_a_balloon_must_be_stated_and_belongs_to_a_balloon_loan(bank: Bank) -> None:
    book = one(method="balloon", balloon="30000.00")
    book.loans[0]["balloon"] = ""
    assert codes(tried(book, bank.fang)) == {"balloon_missing"}
    assert codes(tried(one_with(balloon="30000.00"), bank.fang)) == {"balloon_without_method"}
    assert codes(tried(one_with(method="balloon", balloon="300000.00"), bank.fang)) == {"more_than_principal"}


def one_with(**cells: str) -> OldBook:
    book = one()
    book.loans[0] |= cells
    return book


def test_interest_alone_and_the_principal_at_the_end(bank: Bank, jin: Actor) -> None:
    offer(Method.INTEREST_ONLY_BULLET)
    done = taken(one(method="interest_only_bullet"), bank.fang, jin)
    loan = only()
    assert loan.principal_left == Money(10_000_000) and loan.interest_due == Money(100_000) and agrees_with_the_old_books(done)
    pay(bank, loan, "1000.00", date(2026, 1, 15))
    closes(3)
    assert is_proved() and only().oldest_due_on is None


def offer(method: Method, *steps: Step) -> None:
    """The product's next version has this method, too."""
    before = ProductVersion.objects.get(number="T01-v1")
    price = replace(before.terms.prices[0], method=method, steps=steps)
    version = ProductVersion(
        product=before.product, version=2, number="T01-v2", status="published", effective_from=before.effective_from,
        drafted_at=before.drafted_at,
    )
    version.write(replace(before.terms, prices=(*before.terms.prices, price)))
    version.save()


STEPS = (Step(from_period=1, factor=Decimal(1)), Step(from_period=13, factor=Decimal("0.8")), Step(from_period=25, factor=Decimal("0.5")))


def stepped(first: int = 1) -> tuple[OldBook, list[Row]]:
    """A loan whose instalments become smaller each year, given line by line."""
    book = one()
    loan = book.loans[0]
    rows = list(schedule.build(replace(terms_of(loan), method=Method.STEPPED, steps=STEPS)))
    loan |= {"method": "stepped", "principal_left": yuan(sum(row.principal_fen for row in rows if row.due_date > AS_OF))}
    book.plans += [
        {"loan": loan["loan"], "period": str(row.period), "due_on": row.due_date.isoformat(), "principal": yuan(row.principal_fen),
         "interest": yuan(row.interest_fen), "fee": "0.00"} for row in rows[first - 1 :]]
    return book, rows


@pytest.mark.parametrize("first", [1, 12])
def test_steps_come_as_lines_and_can_be_planned_anew(bank: Bank, jin: Actor, first: int) -> None:
    offer(Method.STEPPED, *STEPS)
    book, rows = stepped(first)
    done = taken(book, bank.fang, jin)
    loan = only()
    kept = loan.schedules.get()
    assert [a + b for a, b in zip(kept.principal_fen, kept.interest_fen, strict=True)] == [row.total_fen for row in rows[first - 1 :]]
    assert agrees_with_the_old_books(done) and is_proved()
    found = [(step.from_period, round(step.factor, 2)) for step in loan.contract.agreed.plan.steps]
    assert found == [(step.from_period - first + 1 if at else 1, step.factor) for at, step in enumerate(STEPS)]
    pay(bank, loan, yuan(rows[11].total_fen), date(2026, 1, 15))
    prepay(bank, loan, "10000.00")
    closes(3)
    assert is_proved() and not proof.accrual_differences()


def test_steps_without_lines_are_refused(bank: Bank) -> None:
    offer(Method.STEPPED, *STEPS)
    book, _rows = stepped()
    book.plans.clear()
    assert codes(tried(book, bank.fang)) == {"steps_without_plan"}


# ---- the report -----------------------------------------------------------------------------------------------


def test_the_report_is_printed_as_the_house_prints(bank: Bank, jin: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    done = taken(one(deposit_fen=500_000, unpaid=1, penalty_fen=500), bank.fang, jin)
    fund_book(takeover_number=done.number, account=chart.CAPITAL, amount=reconciling.clearing_of(done), by=bank.fang)
    said: list[dict[str, Any]] = []
    printed = reports.press.print_paper
    monkeypatch.setattr(reports.press, "print_paper", lambda sheet, data: said.append(dict(data)) or printed(sheet, data))
    pdf = reports.paper(done, clock.today())
    assert pdf.startswith(b"%PDF") and pdf == reports.paper(done, clock.today()), "the same book gives the same bytes"
    items, branches, funded = said[0]["tables"]
    assert [row[0] for row in items["rows"]] == ["剩余本金", "到期未还利息", "到期未还费用", "罚息及复利", "暂收款", "保证金"]
    assert all(row[3] == "0.00" and row[5] in ("0.00", "—") for row in items["rows"]) and items["rows"][5][1] == "5,000.00"
    assert branches["rows"][0][:3] == ["T01", "T01", "1"] and len(funded["rows"]) == 1
    assert "逐项一致，迁入清算已为 0.00" in said[0]["sentences"][0] and said[0]["closing"] == [["迁入清算余额", "0.00 元"]]
    assert lives.booked_balances(Loan.objects.get())[chart.DEPOSITS_HELD] == -500_000
