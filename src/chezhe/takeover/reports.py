"""The reconciliation as files: a workbook for the folder, and every loan as CSV however many there are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from chezhe.compliance import queries as compliance_queries
from chezhe.documents.papers import press
from chezhe.finmath.money import Money
from chezhe.servicing.papers import SHEET
from chezhe.takeover import pages, reconciling, totals
from chezhe.takeover.models import STATED, TakenLoan, Takeover
from chezhe.takeover.papers import reconciliation
from chezhe.takeover.vocabulary import FIGURES, LOAN_STATUSES
from chezhe.ui import formats
from chezhe.ui.exports import harmless

LOANS_MAX = 20_000
AMOUNT, COUNT = "#,##0.00", "#,##0"


def workbook(book: Takeover) -> bytes:
    """By item, by branch and product, what was not taken, and (of a book that is not too large) loan by loan."""
    made = Workbook(write_only=True)
    _by_item(made, book)
    _by_branch(made, book)
    failed = _rows(book).exclude(status="taken")
    _table(made, _("未迁入"), [_("原贷款号"), _("状态"), _("未迁入原因")],
           ([row.old_number, str(LOAN_STATUSES[row.status].label), pages.reason_of(row)] for row in failed.iterator(chunk_size=1000)))
    if book.loans <= LOANS_MAX:
        _table(made, _("逐笔对账"), headings(), (_cells(row) for row in _rows(book).iterator(chunk_size=1000)))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def paper(book: Takeover, made_on: date) -> bytes:
    """The reconciliation as PDF/A: by item, by branch and product, the sources of money, and what was not taken. Raises GlyphMissing
    (422) or FontsMissing (503)."""
    with override("zh-hans"):
        failed = [(row.old_number, pages.reason_of(row)) for row in _rows(book).exclude(status="taken").iterator(chunk_size=1000)]
    funded = [
        (transfer.entry.posted_on.isoformat(), f"{transfer.credit_account.code} {transfer.credit_account.name}", transfer.amount_fen)
        for transfer in reconciling.funding_of(book)
    ]
    return press.print_paper(SHEET, reconciliation.report(reconciliation.Reconciliation(
        number=book.number, title=book.title, lender=compliance_queries.lender().name, as_of=book.as_of, made_on=made_on,
        begun_by=book.begun_by_name, approved_by=book.approved_by_name, taken=book.rows.filter(status="taken").count(),
        compared=reconciling.compared(book), totals=book.found, failed=failed, clearing_fen=reconciling.clearing_of(book).fen,
        funded=funded,
    )))


def lines(book: Takeover) -> Iterator[str]:
    """Every loan as a line of CSV, with a byte-order mark for spreadsheets."""
    yield "\ufeff" + _line(headings())
    for row in _rows(book).iterator(chunk_size=2000):
        yield _line([formats.yuan(cell) if isinstance(cell, Money) else cell for cell in _cells(row)])


def headings() -> list[str]:
    """Of the rows loan by loan."""
    sides = [_("%(figure)s（原系统）"), _("%(figure)s（本系统）")]
    figures = [side % {"figure": FIGURES[name]} for name in STATED for side in sides]
    return [_("原贷款号"), _("贷款"), _("状态"), _("门店代码"), _("产品代码"), *figures, _("差额"), _("未迁入原因")]


def _rows(book: Takeover) -> Any:
    return TakenLoan.objects.filter(takeover=book).select_related("loan").defer("content").order_by("old_number")


def _cells(row: TakenLoan) -> list[Any]:
    figures = [getattr(row, f"{name}_{side}") for name in STATED for side in ("stated", "ours")]
    number = row.loan.number if row.loan else ""
    status = str(LOAN_STATUSES[row.status].label)
    return [row.old_number, number, status, row.branch_code, row.product_code, *figures, row.difference, pages.reason_of(row)]


def _line(cells: Iterable[Any]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(["" if cell is None else harmless(str(cell)) for cell in cells])
    return out.getvalue()


def _by_item(made: Any, book: Takeover) -> None:
    head = [_("项目"), _("原系统"), _("本系统"), _("差额"), _("总账期初分录"), _("差额")]
    rows = (
        [str(FIGURES[one.item]), Money(one.stated), Money(one.ours), Money(one.difference),
         None if one.ledger is None else Money(one.ledger), None if one.ledger is None else Money(one.ledger_difference)]
        for one in reconciling.compared(book)
    )
    about = [
        [_("迁入来源"), book.title], [_("编号"), book.number], [_("截至日"), book.as_of.isoformat()], [_("发起人"), book.begun_by_name],
        [_("复核人"), book.approved_by_name], [_("迁入清算余额"), reconciling.clearing_of(book)], [],
    ]
    _table(made, _("对账"), head, rows, above=about)


def _by_branch(made: Any, book: Takeover) -> None:
    head = [_("门店代码"), _("产品代码"), *(str(FIGURES[name]) for name in totals.FIGURES)]
    rows = ([branch, product, count, *amounts] for branch, product, count, amounts in pages.totals_of(book))
    _table(made, _("控制总数"), head, rows)


def _table(made: Any, title: str, head: list[str], rows: Iterable[list[Any]], above: Iterable[list[Any]] = ()) -> None:
    page = made.create_sheet(title)
    for place in range(1, len(head) + 1):
        page.column_dimensions[get_column_letter(place)].width = 20
    for line in above:
        page.append([_cell(page, value) for value in line])
    page.append([_cell(page, heading, is_bold=True) for heading in head])
    for line in rows:
        page.append([_cell(page, value) for value in line])


def _cell(page: Any, value: Any, *, is_bold: bool = False) -> Any:
    if value is None:
        return None
    if isinstance(value, Money | int):
        cell = WriteOnlyCell(page, value=Decimal(formats.yuan(value)) if isinstance(value, Money) else value)
        cell.number_format = AMOUNT if isinstance(value, Money) else COUNT
        return cell
    cell = WriteOnlyCell(page, value=harmless(str(value)))
    cell.data_type, cell.number_format, cell.font = "s", "@", Font(bold=is_bold)
    return cell
