"""Rows of a bank's statement: receipts, or faults that name row and column."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.payments.rules import RawRow, contradicting, read_rows

TODAY = date(2026, 3, 15)


def row(**changes: object) -> RawRow:
    said = {
        "number": 2, "value_on": "2026-03-14", "amount": "3,174.39", "bank_serial": "20260314000017", "payer_name": "甲",
        "payer_account": "6217000000000000004", "memo": "还款 l26-000123-7", **changes,
    }
    return RawRow(**said)  # type: ignore[arg-type]


def test_it_reads_a_receipt_and_the_loan_named_in_its_memo() -> None:
    (receipt,), faults = read_rows([row()], not_after=TODAY)
    assert (receipt.amount.fen, receipt.value_on, receipt.loan_number, faults) == (317_439, date(2026, 3, 14), "L26-000123-7", [])


@pytest.mark.parametrize("written", ["2026-03-14", "2026/3/14", "20260314", "2026年3月14日", "2026.03.14"])
def test_banks_write_dates_in_many_ways(written: str) -> None:
    receipts, _ = read_rows([row(value_on=written)], not_after=TODAY)
    assert [receipt.value_on for receipt in receipts] == [date(2026, 3, 14)]


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"value_on": "2026-02-30"}, "value_on", "date_invalid"),
        ({"value_on": "2026-03-16"}, "value_on", "date_in_future"),
        ({"amount": "31.745"}, "amount", "amount_invalid"),
        ({"amount": "0.00"}, "amount", "amount_not_positive"),
        ({"amount": "-5.00"}, "amount", "amount_not_positive"),
        ({"bank_serial": ""}, "bank_serial", "serial_missing"),
        ({"bank_serial": "202603140000170000", "is_serial_number": True}, "bank_serial", "number_rounded"),
        ({"payer_account": "6217000000000000000", "is_account_number": True}, "payer_account", "number_rounded"),
    ],
)
def test_a_bad_row_names_its_column(changes: dict[str, object], column: str, code: str) -> None:
    receipts, faults = read_rows([row(**changes)], not_after=TODAY)
    assert not receipts and [(fault.column, fault.code) for fault in faults] == [(column, code)]


def test_one_serial_counts_once_in_a_file() -> None:
    receipts, faults = read_rows([row(), row(number=3)], not_after=TODAY)
    assert len(receipts) == 1 and [(fault.row_number, fault.code) for fault in faults] == [(3, "serial_twice")]


@given(st.text(), st.text(), st.text())
def test_any_text_is_a_receipt_or_a_fault(day: str, amount: str, serial: str) -> None:
    receipts, faults = read_rows([row(value_on=day, amount=amount, bank_serial=serial)], not_after=TODAY)
    assert len(receipts) + len(faults) == 1


def test_a_serial_that_came_before_with_another_amount_contradicts() -> None:
    receipts, faults = read_rows([row(), row(number=3, bank_serial="S2")], not_after=TODAY)
    first, second = receipts
    assert not faults and contradicting(receipts, {first.bank_serial: first.amount}) == []
    (fault,) = contradicting(receipts, {"S2": second.amount + second.amount})
    assert (fault.row_number, fault.column, fault.code) == (3, "amount", "amount_contradicts")
