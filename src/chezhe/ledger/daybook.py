"""The journal of a period line by line (序时账), and every account's statement, as workbooks of any length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from chezhe.identifiers.numbers import format_number
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger import queries
from chezhe.ledger.models import ENTRY_PREFIX, Account, Line
from chezhe.ledger.vocabulary import event_label
from chezhe.ui import big_sheets
from chezhe.ui.big_sheets import DAY, MONEY, TEXT, Sheet

_ROWS_AT_ONCE = 5_000


class DaybookTooLong(BusinessError):
    code = "daybook_too_long"
    http_status = 422
    field = "last"
    sentence = gettext_lazy("这段时间有 %(lines)s 行，一个工作簿最多 %(most)s 行；请缩短期间。")


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file to be read from its beginning, and how many lines of the journal stand in it."""

    file: IO[bytes]
    lines: int


def daybook(first: date, last: date, by: Actor) -> Workbook:
    """Every debit and credit of the branches that `by` may see, from `first` to `last` (both included), in posting order; the last row
    adds up both sides. Raises Invalid or DaybookTooLong (422)."""
    lines = _lines(first, last, by)
    return Workbook(big_sheets.write([Sheet(_("序时账"), _heads(with_balance=False), _journal(lines))]), lines.count())


def statements(first: date, last: date, by: Actor) -> Workbook:
    """A sheet for each account that moved in the period: opening, every line with the running balance, closing.

    Raises Invalid or DaybookTooLong (422).
    """
    lines = _lines(first, last, by)
    before = queries.trial_balance(last, by, since=first).rows
    openings = {row.account.code: row.opening_debit.fen - row.opening_credit.fen for row in before}
    accounts = {account.code: account for account in Account.objects.all()}
    rows = _read(lines.order_by("account__code", "posted_on", "entry_id", "transfer_id", "-side"))
    sheets = (
        Sheet(f"{code} {accounts[code].label}", _heads(with_balance=True), _statement(accounts[code], openings.get(code, 0), group))
        for code, group in groupby(rows, key=lambda row: row[5])
    )
    return Workbook(big_sheets.write(_at_least_one(sheets)), lines.count())


def _at_least_one(sheets: Iterator[Sheet]) -> Iterator[Sheet]:
    """A workbook without sheets cannot be opened."""
    first = next(sheets, None)
    yield first or Sheet(_("没有发生额"), _heads(with_balance=True), ())
    yield from sheets


def _lines(first: date, last: date, by: Actor) -> QuerySet[Line]:
    if first > last:
        raise Invalid(field="last", code="period_backwards", sentence=_("结束日期不能早于开始日期。"))
    lines = Line.objects.visible_to(by).filter(posted_on__gte=first, posted_on__lte=last)
    found = lines.count()
    if found > big_sheets.ROWS_MAX:
        raise DaybookTooLong(lines=found, most=big_sheets.ROWS_MAX)
    return lines


def _heads(*, with_balance: bool) -> list[tuple[str, str]]:
    heads = [
        (_("记账日期"), DAY), (pgettext("entry", "凭证号"), TEXT), (pgettext("event", "事项"), TEXT), (_("摘要"), TEXT),
        (_("科目编号"), TEXT), (_("科目"), TEXT), (_("归属"), TEXT), (_("借方"), MONEY), (_("贷方"), MONEY),
    ]
    return [*heads, (_("余额"), MONEY)] if with_balance else heads


def _read(lines: QuerySet[Line]) -> Iterator[tuple[Any, ...]]:
    columns = ("posted_on", "entry_id", "entry__event", "entry__memo", "owner", "account__code", "debit_fen", "credit_fen")
    return lines.values_list(*columns).iterator(chunk_size=_ROWS_AT_ONCE)


def _journal(lines: QuerySet[Line]) -> Iterator[Sequence[Any]]:
    names, labels = {account.code: account.label for account in Account.objects.all()}, _Labels()
    debits = credits = 0
    for row in _read(lines.order_by("posted_on", "entry_id", "transfer_id", "-side")):
        debits, credits = debits + row[6], credits + row[7]
        yield _cells(row, names[row[5]], labels)
    yield (None, _("合计"), None, None, None, None, None, debits, credits)


def _statement(account: Account, opening_fen: int, rows: Iterator[tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    """Positive on the side on which the account grows."""
    sign = -1 if account.side == "credit" else 1
    running, debits, credits, labels = sign * opening_fen, 0, 0, _Labels()
    yield (None, _("期初余额"), None, None, None, None, None, None, None, running)
    for row in rows:
        debits, credits = debits + row[6], credits + row[7]
        running += sign * (row[6] - row[7])
        yield (*_cells(row, account.label, labels), running)
    yield (None, _("期末余额"), None, None, None, None, None, debits, credits, running)


class _Labels(dict[str, str]):
    """The words for an event, looked up once."""

    def __missing__(self, event: str) -> str:
        self[event] = str(event_label(event))
        return self[event]


def _cells(row: tuple[Any, ...], account: str, labels: _Labels) -> tuple[Any, ...]:
    day, entry, event, memo, owner, code, debit, credit = row
    number = format_number(ENTRY_PREFIX, day.year, entry)
    return (day, number, labels[event], memo or None, code, str(account), owner or None, debit or None, credit or None)
