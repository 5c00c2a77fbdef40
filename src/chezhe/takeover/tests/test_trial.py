"""The trial names everything that is wrong, row by row, and writes nothing of the business; then totals and two people."""

from __future__ import annotations

import io
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from openpyxl import Workbook

from chezhe.customers.models import Customer
from chezhe.documents.tests.people import hire
from chezhe.finmath import schedule
from chezhe.finmath.money import Money
from chezhe.kernel import jobs, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.errors import NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.scope import WholeHouseOnly
from chezhe.kernel.testing import WU
from chezhe.ledger.models import JournalEntry
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank
from chezhe.takeover import blanks, judging, pages, planning, reading, trying
from chezhe.takeover.actions.add_book_file import add_book_file
from chezhe.takeover.actions.approve_book import approve_book
from chezhe.takeover.actions.begin_book import begin_book
from chezhe.takeover.actions.discard_book import discard_book
from chezhe.takeover.actions.drop_book_file import drop_book_file
from chezhe.takeover.actions.fund_book import fund_book
from chezhe.takeover.actions.return_book import return_book
from chezhe.takeover.actions.start_trial import start_trial
from chezhe.takeover.actions.state_totals import state_totals
from chezhe.takeover.actions.submit_book import submit_book
from chezhe.takeover.actions.try_book import try_book
from chezhe.takeover.arranging import House, terms_of
from chezhe.takeover.books import DayNotPossible, NoFiles, TotalsDiffer
from chezhe.takeover.cells import day_of, fen_of, rate_of
from chezhe.takeover.layout import SHEETS
from chezhe.takeover.models import TakenLoan, Takeover
from chezhe.takeover.tests.bringing import submitted, tried, uploaded, work
from chezhe.takeover.tests.old_books import AS_OF, OldBook, add_loan, many, with_plan
from chezhe.takeover.totals import Stated
from chezhe.vehicles.models import Vehicle

pytestmark = pytest.mark.django_db


def one(**asked: Any) -> OldBook:
    book = OldBook()
    add_loan(book, 1, Random(1), **asked)
    return book


def test_a_trial_writes_nothing_of_the_business(bank: Bank) -> None:
    before = (Customer.objects.count(), Vehicle.objects.count(), JournalEntry.objects.count())
    done = tried(many(5, as_of=AS_OF), bank.fang)
    assert (done.status, done.loans, done.customers, done.faults_found) == ("tried", 5, 5, 0)
    assert (Customer.objects.count(), Vehicle.objects.count(), JournalEntry.objects.count()) == before and not Loan.objects.exists()
    try_book(takeover_number=done.number, trial=trying.read(done), by=SYSTEM)
    assert done.rows.count() == 5


def test_what_was_read_of_other_files_is_not_kept(bank: Bank) -> None:
    done = tried(many(3, as_of=AS_OF), bank.fang)
    trial = trying.read(done)
    Takeover.objects.filter(pk=done.pk).update(status="trying")
    again = try_book(takeover_number=done.number, trial=replace(trial, files=(0,), loans=7), by=SYSTEM)
    assert (again.status, again.loans, again.rows.count()) == ("trying", 3, 3)
    assert try_book(takeover_number=done.number, trial=trial, by=SYSTEM).status == "tried" and done.rows.count() == 3


@pytest.mark.parametrize(("sheet", "column", "given", "code"), [
    ("customers", "paper", "11010119900307081", "id_card.form"), ("customers", "paper", "", "required"),
    ("customers", "card", "6222020200012345671", "card.check_digit"), ("customers", "mobile", "12345", "mobile.form"),
    ("customers", "kind", "神仙", "choice_unknown"), ("vehicles", "vin", "LSVAA49J13204737", "vin.form"),
    ("vehicles", "plate", "京1", "plate.form"), ("vehicles", "first_registered_on", "2021-02-30", "day_invalid"),
    ("loans", "branch", "NOPE", "branch_unknown"), ("loans", "product", "P99", "product_unknown"),
    ("loans", "principal", "12.345", "amount_invalid"), ("loans", "principal_left", "-3", "amount_negative"),
    ("loans", "periods", "3.5", "whole_invalid"), ("loans", "annual_rate", "12", "rate_invalid"),
    ("loans", "method", "随便还", "choice_unknown"), ("loans", "paid_out_on", "2026-02-01", "after_takeover"),
    ("loans", "owner", "nobody", "colleague_unknown"), ("loans", "customer", "KH9", "no_such_customer"),
    ("loans", "vin", "LSVAA49J132047371", "no_such_vehicle"), ("loans", "principal_left", "73148.40", "arrears_differ"),
    ("loans", "mortgage_receipt", "D1", "mortgage_incomplete"), ("loans", "first_due_on", "2025-01-15", "due_before_payout"),
])
def test_it_names_row_column_and_reason(bank: Bank, sheet: str, column: str, given: str, code: str) -> None:
    book = one()
    getattr(book, sheet)[0][column] = given
    done = tried(book, bank.fang)
    found = {(fault.sheet, fault.column): fault for fault in done.faults.all()}
    assert done.status == "faulty" and not TakenLoan.objects.exists()
    fault = found[sheet, column]
    assert fault.row == 2 and (fault.code == code or code.startswith(fault.code.partition(".")[0]))
    with translation.override("zh-hans"):
        assert "第 2 行" in pages.sentence_of(fault)
    with translation.override("en"):
        said = pages.sentence_of(fault)
        assert "row 2" in said and not any("\u4e00" <= c <= "\u9fff" for c in said.replace(given, "").partition("possible")[0])


def test_what_a_person_is_called_stands_in_no_list_of_faults(bank: Bank) -> None:
    book = one()
    book.customers[0]["paper"] = "110101199003070813"
    assert tried(book, bank.fang).faults.first().given == ""


def test_a_number_that_excel_rounded_is_named(bank: Bank) -> None:
    book, sheets = one(), Workbook()
    for name in ("customers", "vehicles", "loans"):
        page = sheets.create_sheet(name)
        page.append([str(column.label) for column in SHEETS[name].columns])
        page.append([getattr(book, name)[0].get(column.name, "") for column in SHEETS[name].columns])
    place = [column.name for column in SHEETS["customers"].columns].index("paper") + 1
    sheets["customers"].cell(2, place).value = 110101199003070000
    out = io.BytesIO()
    sheets.save(out)
    begun = begin_book(as_of=AS_OF, title="老系统", by=bank.fang)
    add_book_file(takeover_number=begun.number, upload=SimpleUploadedFile("旧账.xlsx", out.getvalue()), by=bank.fang)
    with jobs.in_line():
        start_trial(takeover_number=begun.number, by=bank.fang)
        work()
    assert [(f.sheet, f.row, f.column) for f in begun.faults.all() if f.code.startswith("excel.")] == [("customers", 2, "paper")]


def test_what_stands_twice_names_the_first_row(bank: Bank) -> None:
    book = many(2, as_of=AS_OF)
    book.customers[1]["paper"] = book.customers[0]["paper"]
    fault = tried(book, bank.fang).faults.get(code="twice")
    assert (fault.sheet, fault.row, fault.column, fault.facts) == ("customers", 3, "paper", {"first": "2"})


def test_a_plan_must_add_up_to_the_principal(bank: Bank) -> None:
    book = one()
    with_plan(book, book.loans[0])
    book.plans[0]["principal"] = "2321.42"
    fault = tried(book, bank.fang).faults.get()
    assert (fault.code, fault.facts) == ("plan_not_principal", {"plan": "99,999.99", "stated": "100,000.00"})


def test_arrears_may_not_be_more_than_the_instalment(bank: Bank) -> None:
    book = one(unpaid=1)
    book.arrears[0]["principal"] = "99999.00"
    assert tried(book, bank.fang).faults.get().code == "more_than_instalment"


def test_a_book_without_loans_or_with_a_foreign_table_says_so(bank: Bank) -> None:
    begun = begin_book(as_of=AS_OF, title="老系统", by=bank.fang)
    with pytest.raises(NoFiles):
        start_trial(takeover_number=begun.number, by=bank.fang)
    upload = SimpleUploadedFile("x.csv", "甲,乙,丙\n1,2,3\n".encode())
    kept = add_book_file(takeover_number=begun.number, upload=upload, by=bank.fang)
    with jobs.in_line():
        start_trial(takeover_number=begun.number, by=bank.fang)
        work()
    assert {fault.code for fault in begun.faults.all()} == {"table_unknown", "file_without_table", "no_loans"}
    drop_book_file(takeover_number=begun.number, key=str(kept.file.key), by=bank.fang)
    begun.refresh_from_db()
    assert begun.status == "collecting"


def test_the_cut_over_day_has_come(bank: Bank) -> None:
    with pytest.raises(DayNotPossible):
        begin_book(as_of=AS_OF.replace(day=16), title="老系统", by=bank.fang)


def test_the_template_is_read_again_in_both_languages(bank: Bank) -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            body = blanks.workbook()
            tables = {name: blanks.table(name) for name in SHEETS}
        begun = begin_book(as_of=AS_OF, title="模板", by=bank.fang)
        add_book_file(takeover_number=begun.number, upload=SimpleUploadedFile("t.xlsx", body), by=bank.fang)
        with jobs.in_line():
            start_trial(takeover_number=begun.number, by=bank.fang)
            work()
        begun.refresh_from_db()
        codes = {fault.code for fault in begun.faults.all()}
        assert not codes & {"column_missing", "table_unknown", "file_without_table"} and len(tables) == 7


def test_totals_agree_to_the_fen_before_anybody_else_looks(bank: Bank, jin: Actor) -> None:
    book = many(4, as_of=AS_OF)
    begun = tried(book, bank.fang)
    with pytest.raises(TotalsDiffer):
        submit_book(takeover_number=begun.number, by=bank.fang)
    stated = book.totals()
    stated["T01|T01"]["principal"] += 1
    state_totals(takeover_number=begun.number, stated=Stated(stated), by=bank.fang)
    begun.refresh_from_db()
    differing = pages.differences_of(begun)
    assert [(str(row.figure), str(row.difference)) for row in differing] == [("剩余本金", "-0.01")]
    with pytest.raises(TotalsDiffer):
        submit_book(takeover_number=begun.number, by=bank.fang)


def test_who_prepared_it_does_not_let_it_go(bank: Bank, jin: Actor) -> None:
    waiting = submitted(one(), bank.fang)
    for verb in (lambda: approve_book(takeover_number=waiting.number, by=bank.fang),
                 lambda: return_book(takeover_number=waiting.number, reason="不行", by=bank.fang)):
        with pytest.raises(SamePerson):
            verb()
    with pytest.raises(ReasonRequired):
        return_book(takeover_number=waiting.number, reason=" ", by=jin)
    assert return_book(takeover_number=waiting.number, reason="再核对一次", by=jin).status == "tried"
    with pytest.raises(ReasonRequired):
        discard_book(takeover_number=waiting.number, reason="", by=bank.fang)
    assert discard_book(takeover_number=waiting.number, reason="换文件", by=bank.fang).status == "discarded"
    assert not TakenLoan.objects.exists()
    with pytest.raises(WrongState):
        submit_book(takeover_number=waiting.number, by=bank.fang)


def test_only_finance_of_the_whole_house_takes_a_book_over(bank: Bank) -> None:
    with pytest.raises(NotPermitted):
        begin_book(as_of=AS_OF, title="老系统", by=WU)
    with pytest.raises(NotPermitted):
        begin_book(as_of=AS_OF, title="老系统", by=bank.cast.lin)
    clerk = hire("店", bank.cast.east, roles.FINANCE, reach=Reach.BRANCH)
    with pytest.raises(WholeHouseOnly):
        begin_book(as_of=AS_OF, title="老系统", by=clerk)
    begun = uploaded(one(), bank.fang)
    with pytest.raises(WholeHouseOnly):
        fund_book(takeover_number=begun.number, account="4001", amount=Money(1), by=clerk)


def test_compiled_plans_are_those_of_one_loan(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "FEW", 5)
    book = many(120, as_of=AS_OF, seed=5)
    for place, loan in enumerate(book.loans):
        loan["method"] = ("equal_instalment", "equal_principal", "interest_only_bullet", "flat_equal")[place % 4]
    faults: list[Any] = []
    lines = (line for name, content in book.files().items() for line in reading.lines_of(content, name, faults))
    olds = judging.assemble(judging.read(lines, AS_OF, faults), faults)
    around = judging.surroundings(AS_OF, AS_OF.replace(day=15))
    pairs = [(old, around.house("T01")) for old in olds if old.loan.method in around.house("T01").terms.methods]
    made = planning.rows_of(pairs)
    assert sum(rows is not None for rows in made) >= 30
    for (old, house), rows in zip(pairs, made, strict=True):
        assert rows is None or rows == schedule.build(terms_of(old, House(house.terms, AS_OF, 90)).plan)


def test_cells_read_what_people_write() -> None:
    assert [str(day_of(text)) for text in ("2026-03-14", "2026/3/14", "20260314", "2026年3月14日")] == ["2026-03-14"] * 4
    assert day_of("2026-02-30") is None
    assert [fen_of(text) for text in ("1,234.50", "¥3", "2321.4300000000003", "1.234", "x")] == [123_450, 300, 232_143, None, None]
    assert [rate_of(text) for text in ("12%", "0.12", "十二")] == [rate_of("0.12"), rate_of("12%"), None]
