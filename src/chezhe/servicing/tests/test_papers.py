"""What a borrower is given: figures to the fen, the same paper once, and nobody else's."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any, get_args

import pytest
from django.urls import reverse
from pypdf import PdfReader

from chezhe.documents import queries as document_queries
from chezhe.documents import vault
from chezhe.documents.models import StoredFile
from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.kernel.errors import NotFound, NotPermitted, WrongState
from chezhe.kernel.testing import WU
from chezhe.servicing import queries
from chezhe.servicing.actions.print_loan_paper import print_loan_paper
from chezhe.servicing.actions.request_waiver import request_waiver
from chezhe.servicing.models import Loan
from chezhe.servicing.papers import lines
from chezhe.servicing.papers.kinds import PaperKind
from chezhe.servicing.position import Effect
from chezhe.servicing.printing import Asked, CashLeft, NotSettledYet, PaperDaysImpossible, data_of
from chezhe.servicing.tests.deciding import agree
from chezhe.servicing.tests.lending import START, Bank, days_pass, lend, pay, pay_instalments, prepay, settle, with_plan

pytestmark = pytest.mark.django_db

JUNE = date(2026, 6, 20)


def printed(bank: Bank, loan: Loan, kind: PaperKind, first: date = START, last: date = JUNE) -> StoredFile:
    return print_loan_paper(loan_number=loan.number, kind=kind, first=first, last=last, by=bank.fang)


def text_of(file: StoredFile) -> str:
    pages = PdfReader(io.BytesIO(vault.read(file.key))).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


@pytest.fixture
def lived(bank: Bank, loan: Loan) -> Loan:
    """Four instalments on time; the fifth fell due on 15 June and is paid on the 20th, ten yuan too much."""
    pay_instalments(bank, loan, 4)
    days_pass(bank, JUNE)
    pay(bank, loan, "3340.00", JUNE, "R5")
    loan.refresh_from_db()
    return loan


def test_a_statement_tells_every_due_and_payment_and_both_ends(bank: Bank, lived: Loan) -> None:
    said = text_of(printed(bank, lived, PaperKind.STATEMENT, date(2026, 5, 1), JUNE))
    owed = queries.current_position(lived, JUNE)
    assert "对账期间2026年5月1日至2026年6月20日" in said and "王小明" in said and lived.contract.number in said
    assert "第4期应还3,321.43" in said and "第5期应还3,321.43" in said
    assert said.count("还款3,321.43") == 1 and "还款3,340.00" in said
    assert f"{owed.principal_fen / 100:,.2f}" in said and f"{owed.unapplied_fen / 100:,.2f}" in said
    assert "合计6,661.43" in said and "下次应还2026年7月15日" in said


def test_what_was_paid_adds_up_with_the_ledger(bank: Bank, lived: Loan) -> None:
    data = data_of(lived, Asked(kind=PaperKind.STATEMENT, first=START, last=JUNE), JUNE)
    rows = data["tables"][1]["rows"]
    *moved, sums = [[cell.replace(",", "") for cell in row] for row in rows]
    for column in range(2, 7):
        total = sum(round(float(row[column]) * 100) for row in moved if row[column] != "—")
        assert total == round(float(sums[column]) * 100)
    principal = lived.principal.fen - queries.current_position(lived, JUNE).principal_fen
    assert round(float(sums[3]) * 100) == principal


@pytest.mark.parametrize("first", [START, date(2026, 4, 15), date(2026, 4, 16), date(2026, 6, 20)])
def test_opening_and_what_is_listed_come_to_the_closing(bank: Bank, lived: Loan, first: date) -> None:
    data = data_of(lived, Asked(kind=PaperKind.STATEMENT, first=first, last=JUNE), JUNE)
    (_, opening, closing), *_ = data["tables"][0]["rows"]
    repaid = data["tables"][1]["rows"][-1][3]
    fen = [round(float(text.replace(",", "")) * 100) for text in (opening, repaid, closing)]
    assert fen[0] - fen[1] == fen[2]


def test_two_letters_of_one_day_bear_two_numbers(bank: Bank, lived: Loan) -> None:
    numbers = [data_of(lived, Asked(kind=PaperKind.PAYOFF, first=JUNE, last=day), JUNE)["number"] for day in (JUNE, date(2026, 6, 21))]
    assert len(set(numbers)) == 2 and all(re.fullmatch(r"L26-\d{6}-\d-JQ-20260620-[0-9A-F]{4}", number) for number in numbers)


def test_what_was_forgiven_is_not_printed_as_paid(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 20))
    waived = request_waiver(loan_number=loan.number, item=Item.INTEREST, amount=Money(50_000), reason="协商", by=bank.fang)
    agree(waived, bank.cast.gao)
    loan.refresh_from_db()
    row = data_of(loan, Asked(kind=PaperKind.PLAN, first=START, last=START), date(2026, 2, 20))["tables"][0]["rows"][0]
    assert row[6] == "0.00"


def test_no_certificate_while_we_hold_the_borrowers_cash(bank: Bank) -> None:
    loan = lend(bank, with_plan(periods=1))
    days_pass(bank, date(2026, 2, 15))
    pay(bank, loan, "101500.00", date(2026, 2, 15))
    with pytest.raises(CashLeft):
        print_loan_paper(loan_number=loan.number, kind=PaperKind.SETTLED, first=START, last=START, by=bank.fang)


def test_a_payoff_letter_says_exactly_what_settles_the_loan(bank: Bank, lived: Loan) -> None:
    last = date(2026, 6, 30)
    quoted = queries.require_quote(lived, last, JUNE)
    said = text_of(printed(bank, lived, PaperKind.PAYOFF, last=last))
    assert "本函仅在当日有效）2026年6月30日" in said and f"应付{quoted.to_pay.format(grouped=True)}" in said and "大写：" in said
    days_pass(bank, last)
    settle(bank, lived, str(quoted.to_pay))
    lived.refresh_from_db()
    assert lived.status == "settled"
    with pytest.raises(WrongState):
        printed(bank, lived, PaperKind.PAYOFF, last=last)


def test_the_plan_is_todays(bank: Bank, lived: Loan) -> None:
    prepay(bank, lived, "20000.00")
    said = text_of(printed(bank, lived, PaperKind.PLAN))
    after = queries.current_position(lived, JUNE)
    line = after.next_line
    assert line is not None and said.count("已还") >= 5 and said.count("未到期") == 31
    assert f"{(line.principal_fen + line.interest_fen) / 100:,.2f}" in said and "0.00未到期" in said


def test_interest_is_certified_month_by_month(bank: Bank, lived: Loan) -> None:
    said = text_of(printed(bank, lived, PaperKind.INTEREST))
    paid = sum(held.paid.interest_fen for held in queries.current_position(lived, JUNE).lines)
    assert "2026-02" in said and "2026-06" in said and f"合计{paid / 100:,.2f}" in said and "已付利息合计" in said


def test_only_a_settled_loan_has_its_certificate(bank: Bank, lived: Loan) -> None:
    with pytest.raises(NotSettledYet):
        printed(bank, lived, PaperKind.SETTLED)
    settle(bank, lived, str(queries.require_quote(lived, JUNE, JUNE).to_pay))
    lived.refresh_from_db()
    said = text_of(printed(bank, lived, PaperKind.SETTLED))
    assert "已于2026年6月20日全部结清" in said and "壹拾万元整" in said and "解除该合同项下的车辆抵押" in said


def test_the_same_paper_of_the_same_day_is_kept_once(bank: Bank, lived: Loan) -> None:
    first, again = (printed(bank, lived, PaperKind.PLAN) for _ in range(2))
    assert first == again and document_queries.of(lived.subject).filter(category="repayment_schedule").count() == 1


@pytest.mark.parametrize(("first", "last"), [
    (date(2026, 1, 14), JUNE), (date(2026, 6, 2), date(2026, 6, 1)), (START, date(2026, 6, 21)),
])
def test_days_that_cannot_be_are_refused(bank: Bank, lived: Loan, first: date, last: date) -> None:
    for kind in (PaperKind.STATEMENT, PaperKind.INTEREST):
        with pytest.raises(PaperDaysImpossible):
            printed(bank, lived, kind, first, last)
    assert not document_queries.of(lived.subject).exists()


def test_strangers_and_other_branches_print_nothing(bank: Bank, lived: Loan) -> None:
    with pytest.raises(NotPermitted):
        print_loan_paper(loan_number=lived.number, kind=PaperKind.PLAN, first=START, last=JUNE, by=WU)
    with pytest.raises(NotFound):
        print_loan_paper(loan_number=lived.number, kind=PaperKind.PLAN, first=START, last=JUNE, by=bank.cast.mei)


def test_a_statement_has_a_line_for_every_effect_that_moves_money() -> None:
    source = open(lines.__file__).read()
    silent = {kind.__name__ for kind in lines.SILENT}
    assert {kind.__name__ for kind in get_args(Effect)} - silent == set(re.findall(r"case (\w+)\(\)", source))


def test_by_page_and_by_api(browser: Any, bank: Bank, lived: Loan) -> None:
    fang, url = browser.acts_as(bank.fang), reverse("servicing:print_paper", args=[lived.number])
    assert "出具文件" in fang.get(reverse("servicing:loan", args=[lived.number])).content.decode()
    assert "利息证明" in fang.get(url).content.decode()
    done = fang.post(url, {"kind": "loan_statement", "first": "2026-05-01", "last": "2026-06-20"})
    assert done.status_code == 302 and done["Location"].endswith("?tab=papers")
    refused = fang.post(url, {"kind": "settlement_certificate"})
    assert refused.status_code == 422 and "尚未结清" in refused.content.decode()
    answer = fang.api(f"servicing/loans/{lived.number}/papers", {"kind": "payoff_letter", "last": "2026-06-20"})
    assert answer.status_code == 201 and answer.json()["name"].startswith("提前结清函-L26-")
    wrong = fang.api(f"servicing/loans/{lived.number}/papers", {"kind": "loan_statement", "first": "2026-07-01"})
    assert wrong.status_code == 422 and wrong.json()["code"] == "paper_days_impossible"
