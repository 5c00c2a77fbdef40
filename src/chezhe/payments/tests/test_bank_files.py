"""Statements: every receipt has a place, once, however often and by however many people it is imported."""

from __future__ import annotations

import io
import threading
from datetime import date

import pytest
from django.db import connection
from openpyxl import Workbook

from chezhe.documents import errors as file_errors
from chezhe.documents import queries as document_queries
from chezhe.finmath.money import Money
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import NotPermitted
from chezhe.kernel.tables import ColumnsMissing
from chezhe.kernel.testing import WU
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.models import JournalEntry
from chezhe.payments import queries, sheets, steps
from chezhe.payments.actions.import_bank_file import FileEmptyOfReceipts, FileHasFaults, import_bank_file
from chezhe.payments.models import BankFile, BankLine

pytestmark = pytest.mark.django_db

HEAD = "交易日期,金额,流水号,付款人,付款账号,附言\n"
ROWS = "2026-03-14,\"3,174.39\",20260314000017,张三,6217000000000000004,还款 L26-000123-7\n2026/3/15,100.00,20260315000018,李四,,房租\n"


def csv(rows: str = ROWS, encoding: str = "utf-8-sig") -> bytes:
    return ("某银行对账单\n" + HEAD + rows).encode(encoding)


def xlsx(rows: list[list[object]]) -> bytes:
    book = Workbook()
    book.active.append(HEAD.strip().split(","))
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_statement_is_booked_into_suspense_line_by_line(finance: Actor, encoding: str) -> None:
    done = import_bank_file(content=csv(encoding=encoding), name="3月.csv", by=finance)
    assert (done.new_lines, done.known_lines, done.file.amount) == (2, 0, Money(327_439))
    assert ledger_queries.journal_text("bank_line:20260314000017").strip() == (
        "2026-03-16 bank_receipt 20260314000017\n  Dr bank      3,174.39\n  Cr suspense  3,174.39"
    )
    line = BankLine.objects.get(bank_serial="20260314000017")
    assert (line.masked_payer, line.masked_account, line.value_on) == ("张*", "****0004", date(2026, 3, 14))
    assert line.payer_account == "6217000000000000004" and line.payer_account_index
    assert [stored.category for stored in document_queries.of(done.file.subject)] == ["bank_file"]
    assert not queries.clearing().difference


def test_the_same_file_again_and_a_file_with_yesterdays_last_line_book_nothing_twice(finance: Actor) -> None:
    first = import_bank_file(content=csv(), name="a.csv", by=finance)
    again = import_bank_file(content=csv(), name="b.csv", by=finance)
    assert again.file == first.file and (again.new_lines, again.known_lines) == (0, 2)
    more = import_bank_file(content=csv(ROWS + "2026-03-16,5.00,20260316000001,王五,,\n"), name="c.csv", by=finance)
    assert (more.new_lines, more.known_lines) == (1, 2)
    assert ledger_queries.balance(chart.SUSPENSE) == Money(327_939) and JournalEntry.objects.count() == 2


def test_a_serial_that_excel_rounded_is_refused_with_row_and_column(finance: Actor) -> None:
    content = xlsx([["2026-03-14", 3174.39, 202603140000170000, "张三", "6217000000000000004", "x"]])
    tried = queries.preview(content, name="a.xlsx", on=date(2026, 3, 16))
    assert [(f.row_number, f.column, f.code) for f in tried.faults] == [(2, "bank_serial", "number_rounded")]
    with pytest.raises(FileHasFaults):
        import_bank_file(content=content, name="a.xlsx", by=finance)
    assert not BankFile.objects.exists() and not JournalEntry.objects.exists()


def test_one_bad_row_keeps_the_whole_file_out_and_comes_back_as_a_csv_that_can_be_corrected(finance: Actor) -> None:
    content = csv(ROWS + "2026-02-30,1.00,S3,=cmd|x,,\n")
    with pytest.raises(FileHasFaults) as refused:
        import_bank_file(content=content, name="a.csv", by=finance)
    assert refused.value.facts["count"] == 1 and not BankLine.objects.exists()
    wrong = sheets.error_rows(queries.preview(content, name="a.csv", on=date(2026, 3, 16))).decode("utf-8-sig")
    assert "第 5 行“交易日期”（2026-02-30）" in wrong and ",=cmd" not in wrong
    fixed = wrong.replace("2026-02-30,1.00", "2026-03-01,1.00").encode("utf-8-sig")
    assert import_bank_file(content=fixed, name="b.csv", by=finance).new_lines == 1


@pytest.mark.parametrize(
    ("content", "name", "error"),
    [(b"MZ\x90\x00", "a.xlsx", file_errors.FileKindForeign), (b"", "a.csv", file_errors.FileEmpty),
     (csv(), "a.xlsx", file_errors.FileKindUnknown), ("日期,金额\n2026-03-01,1\n".encode(), "a.csv", ColumnsMissing),
     (csv(rows=""), "a.csv", FileEmptyOfReceipts)],
)
def test_what_is_no_statement_is_refused_with_a_reason(finance: Actor, content: bytes, name: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        import_bank_file(content=content, name=name, by=finance)
    assert not BankFile.objects.exists()


def test_only_finance_imports(funding: Actor) -> None:
    for nobody in (funding, WU):
        with pytest.raises(NotPermitted):
            import_bank_file(content=csv(), name="a.csv", by=nobody)
    assert not BankFile.objects.visible_to(WU).exists()


def test_the_template_has_text_columns_and_can_be_filled_and_imported(finance: Actor) -> None:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(sheets.template()))
    sheet = book.active
    assert all(cell.number_format == "@" for row in sheet.iter_rows() for cell in row)
    for column, value in enumerate(["2026-03-14", "12.50", "202603140000170001", "张三", "6217000000000000004", "还款"], start=1):
        sheet.cell(row=2, column=column).value = value
    out = io.BytesIO()
    book.save(out)
    assert import_bank_file(content=out.getvalue(), name="模板.xlsx", by=finance).new_lines == 1
    assert BankLine.objects.get().bank_serial == "202603140000170001"


def test_a_line_is_matched_parked_and_opened_again(finance: Actor) -> None:
    import_bank_file(content=csv(), name="a.csv", by=finance)
    line = BankLine.objects.get(bank_serial="20260315000018")
    steps.park_line(line, outcome="附言中没有贷款编号", by=SYSTEM)
    steps.park_line(line, outcome="仍未找到", by=SYSTEM)
    assert (line.status, line.outcome) == ("parked", "仍未找到")
    steps.match_line(line, subject="loan:L26-000001-5", outcome="L26-000001-5", by=SYSTEM)
    assert BankLine.objects.get(pk=line.pk).status == "matched" and queries.waiting_lines(finance).count() == 1
    steps.reopen_line(line, reason="冲正", by=SYSTEM)
    assert BankLine.objects.get(pk=line.pk).status == "open" and not line.matched_subject


@pytest.mark.django_db(transaction=True)
def test_two_people_importing_overlapping_files_at_once_book_each_line_once(finance: Actor) -> None:
    files = [csv(), csv(), csv(ROWS + "2026-03-16,5.00,20260316000001,王五,,\n")]
    barrier, new = threading.Barrier(3), []

    def run(content: bytes) -> None:
        barrier.wait()
        try:
            new.append(import_bank_file(content=content, name="a.csv", by=finance).new_lines)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[content]) for content in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(new) == 3 and BankLine.objects.count() == 3
    assert ledger_queries.balance(chart.SUSPENSE) == Money(327_939)
