"""Bank files: certain lines are posted, the others wait with a reason, and nothing is booked twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum

from chezhe.customers.tests.filing import CARD
from chezhe.finmath.money import Money
from chezhe.kernel.errors import Invalid, NotFound, WrongState
from chezhe.kernel.models import Event, StatusMove
from chezhe.kernel.testing import WU
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.payments import queries as payment_queries
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.payments.models import BankFile, BankLine
from chezhe.servicing import bank_lines, queries
from chezhe.servicing.actions.match_receipt import match_receipt
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.models import AccrualChange, Loan
from chezhe.servicing.tests.lending import Bank, days_pass, lend
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db

DAY = date(2026, 2, 16)
HEAD = "交易日期,金额,流水号,付款人,付款账号,附言\n"


def imported(bank: Bank, *rows: str) -> BankFile:
    return import_bank_file(content=(HEAD + "\n".join(rows) + "\n").encode(), name="二月.csv", by=bank.fang).file


def line(serial: str) -> BankLine:
    return BankLine.objects.get(bank_serial=serial)


@pytest.fixture
def file(bank: Bank, loan: Loan) -> BankFile:
    days_pass(bank, DAY)
    return imported(
        bank, f"2026-02-15,3321.43,S1,王小明,,还款 {loan.number.lower()}", f"2026-02-16,100.00,S2,王小明,{CARD},",
        "2026-02-16,50.00,S3,李四,6217000000000000004,房租", "2026-02-16,60.00,S4,李四,,还 L26-999999-9",
    )


def test_lines_with_a_number_or_a_known_card_are_posted_and_the_others_wait(bank: Bank, loan: Loan, file: BankFile) -> None:
    done = post_bank_file(file_number=file.number, by=bank.fang)
    assert (done.posted, done.parked) == (2, 2)
    assert [(line(s).status, line(s).matched_subject) for s in ("S1", "S2", "S3")] == [
        ("matched", loan.subject), ("matched", loan.subject), ("parked", "")]
    assert "没有贷款编号" in line("S3").outcome and "L26-999999-9" in line("S4").outcome
    assert journal(loan).endswith(
        "2026-02-16 repayment\n"
        "  Dr suspense             3,321.43\n"
        "  Cr interest receivable  1,000.00\n"
        "  Cr principal            2,321.43\n"
        "\n"
        "2026-02-16 repayment\n"
        "  Dr suspense        100.00\n"
        "  Cr unapplied cash  100.00"
    )
    assert agrees(loan) and loan.unapplied + Money(10_000_000) - loan.principal_left == Money(232_143 + 10_000)
    assert ledger_queries.balance(chart.SUSPENSE) == Money(11_000) and not payment_queries.clearing().difference
    again = post_bank_file(file_number=file.number, by=bank.fang)
    assert (again.posted, again.parked) == (0, 2) and loan.events.filter(kind="repaid").count() == 2


def left_by(loans: list[Loan]) -> Any:
    """Everything that a posted file leaves: rows, lives, journals, shares, lines and their moves, news."""
    rows = [{name: value for name, value in vars(Loan.objects.get(pk=one.pk)).items() if not name.startswith("_")} for one in loans]
    told = ("kind", "value_on", "posted_on", "amount", "source", "reference", "payer", "memo", "facts", "entry__reference", "actor_name")
    shares = AccrualChange.objects.values("product_version", "branch", "basis", "denominator").annotate(Sum("weight"), Sum("origin"))
    return (
        rows, [list(one.events.order_by("pk").values_list(*told)) for one in loans], [journal(one) for one in loans],
        sorted(map(str, shares)), list(BankLine.objects.order_by("bank_serial").values_list("status", "matched_subject", "outcome")),
        sorted(StatusMove.objects.values_list("subject", "verb", "status_from", "status_to", "reason")),
        sorted(map(str, Event.objects.values_list("name", "subject", "payload"))),
    )


def test_lines_taken_together_leave_what_each_alone_leaves(bank: Bank, loan: Loan, monkeypatch: pytest.MonkeyPatch) -> None:
    loans = [loan, lend(bank, vin="LRWYGCEK2RC000004", plate="沪B23456"), lend(bank, vin="LBVHY1103MM000005", plate="沪B34567")]
    days_pass(bank, date(2026, 2, 15))
    paid = ("3321.43", "500.00", "4000.00")
    file = imported(bank, *(f"2026-02-15,{yuan},S{at},王小明,,还款 {one.number}" for at, (one, yuan) in enumerate(zip(loans, paid, strict=True))))
    with transaction.atomic():
        monkeypatch.setattr(bank_lines, "apply_together", lambda *_, **__: set())
        assert post_bank_file(file_number=file.number, by=bank.fang).posted == 3
        alone = left_by(loans)
        transaction.set_rollback(True)
    monkeypatch.undo()
    monkeypatch.setattr(bank_lines, "apply", lambda *_, **__: pytest.fail("a plain line goes with the others"))
    assert post_bank_file(file_number=file.number, by=bank.fang).posted == 3
    for one, other in zip(left_by(loans), alone, strict=True):
        assert one == other
    assert all(agrees(one) for one in loans) and ledger_queries.prove(thorough=True).is_sound


def test_two_lines_of_one_loan_and_one_found_late_go_one_by_one(bank: Bank, loan: Loan) -> None:
    other = lend(bank, vin="LRWYGCEK2RC000004", plate="沪B23456")
    days_pass(bank, date(2026, 3, 2))
    file = imported(
        bank, f"2026-03-02,100.00,S1,王小明,,还款 {loan.number}", f"2026-03-02,200.00,S2,王小明,,还款 {loan.number}",
        f"2026-02-10,300.00,S3,王小明,,还款 {other.number}",
    )
    assert bank_lines.apply_together([(loan.number, line("S1")), (loan.number, line("S2")), (other.number, line("S3"))], by=bank.fang) == set()
    assert post_bank_file(file_number=file.number, by=bank.fang).posted == 3
    assert agrees(loan) and agrees(other) and other.events.get(kind="repaid").value_on == date(2026, 2, 10)


def test_a_card_with_two_loans_is_not_guessed(bank: Bank, loan: Loan, file: BankFile) -> None:
    assert queries.loan_for(line("S2"), bank.fang) == loan.number
    lend(bank, vin="LRWYGCEK2RC000004", plate="沪B23456")
    assert queries.loan_for(line("S2"), bank.fang) == ""
    assert queries.loan_for(line("S2"), WU) == ""


def test_a_waiting_line_is_claimed_for_a_reason_and_only_once(bank: Bank, loan: Loan, file: BankFile) -> None:
    post_bank_file(file_number=file.number, by=bank.fang)
    asked = {"bank_serial_number": "S3", "loan_number": loan.number, "by": bank.fang}
    with pytest.raises(Invalid):
        match_receipt(reason=" ", **asked)
    with pytest.raises(NotFound):
        match_receipt(reason="x", **{**asked, "loan_number": "L26-999999-9"})
    assert match_receipt(reason="电话核实为妻子代还", **asked).amount == Money(5_000)
    assert line("S3").status == "matched" and agrees(loan)
    with pytest.raises(WrongState):
        match_receipt(reason="再来一次", **asked)


def test_reversing_a_bank_receipt_puts_it_back_into_suspense_ready_for_another_loan(bank: Bank, loan: Loan, file: BankFile) -> None:
    post_bank_file(file_number=file.number, by=bank.fang)
    event = loan.events.get(reference="bank-line/S1")
    reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="不是这笔贷款", by=bank.fang)
    assert line("S1").status == "open" and not payment_queries.clearing().difference and agrees(loan)
    other = lend(bank, vin="LRWYGCEK2RC000004", plate="沪B23456")
    match_receipt(bank_serial_number="S1", loan_number=other.number, reason="改到这笔", by=bank.fang)
    assert agrees(other) and agrees(loan) and not payment_queries.clearing().difference


def test_a_settled_loan_takes_no_more_money(bank: Bank, loan: Loan, file: BankFile) -> None:
    from chezhe.servicing.tests.lending import settle

    settle(bank, loan, str(queries.settlement_quote(loan, DAY).to_pay))
    assert post_bank_file(file_number=file.number, by=bank.fang).posted == 0
    assert "已结清" in line("S1").outcome and queries.files_to_post(bank.fang).get() == file
