"""What the bank's files and payouts look like to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse

from chezhe.documents import inspection, kinds
from chezhe.finmath.money import ZERO, Money
from chezhe.kernel import moves, tables
from chezhe.kernel.actor import Actor
from chezhe.kernel.models import StatusMove
from chezhe.kernel.subjects import Subject
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.payments import rules
from chezhe.payments.models import BankFile, BankLine, BankNotice, Payout
from chezhe.payments.states import TROUBLING
from chezhe.payments.vendors.bank import camt
from chezhe.payments.vendors.bank.statement import COLUMNS, REQUIRED

FORGOTTEN_AFTER, FORGOTTEN_MAX = timedelta(minutes=15), 200


@dataclass(frozen=True, slots=True)
class Preview:
    """A dry run: what would be booked, what is wrong, what an earlier file brought already, and which receipts of before the bank
    has taken back: those are not booked, somebody reverses the repayment."""

    receipts: list[rules.Receipt]
    faults: list[rules.RowFault]
    known_serials: set[str]
    rows: dict[int, rules.RawRow]
    taken_back: list[rules.RawRow]

    @property
    def fresh(self) -> list[rules.Receipt]:
        """The receipts that no file has brought yet."""
        return [receipt for receipt in self.receipts if receipt.bank_serial not in self.known_serials]

    @property
    def amount(self) -> Money:
        return Money(sum(receipt.amount.fen for receipt in self.receipts))

    @property
    def fresh_amount(self) -> Money:
        return Money(sum(receipt.amount.fen for receipt in self.fresh))


def preview(content: bytes, *, name: str, on: date) -> Preview:
    """Read a statement without writing anything.

    Raises a FileRefused for a file that is no plain table or message, else TableUnreadable, TableTooLarge, ColumnsMissing,
    NotAStatement or StatementDoesNotAddUp (422).
    """
    kind = inspection.inspect(content, name, kinds.STATEMENTS).kind
    said = camt.read(content) if kind is kinds.XML else None
    rows = said.rows if said else [_raw(row) for row in tables.read(content, COLUMNS, REQUIRED)]
    receipts, faults = rules.read_rows(rows, not_after=on)
    serials = [receipt.bank_serial for receipt in receipts]
    known = dict(BankLine.objects.filter(bank_serial__in=serials).values_list("bank_serial", "amount"))
    faults += rules.contradicting(receipts, known)
    return Preview(receipts, faults, set(known), {row.number: row for row in rows}, said.taken_back if said else [])


def _raw(row: tables.Row) -> rules.RawRow:
    def is_number(column: str) -> bool:
        return column in row.cells and row.cells[column].is_number

    return rules.RawRow(
        number=row.number, is_serial_number=is_number("bank_serial"), is_account_number=is_number("payer_account"),
        **{column: _plain(row.text(column)) for column in COLUMNS},
    )


def _plain(text: str) -> str:
    """Without invisible characters, which no bank writes and no search finds."""
    return text if text.isprintable() else "".join(c for c in text if c.isprintable())


def waiting_for_bank(number: str, attempt: int) -> Payout | None:
    """The payout while this attempt of it waits for the bank's final word."""
    return Payout.objects.filter(number=number, attempt=attempt, status="sent").first()


def forgotten_payouts(now: datetime) -> list[Payout]:
    """Orders that have waited so long at `now` that the job which should have moved them may be lost."""
    before = now - FORGOTTEN_AFTER
    waiting = Q(status="requested", requested_at__lt=before) | Q(status="sent", sent_at__lt=before)
    return list(Payout.objects.filter(waiting).order_by("id")[:FORGOTTEN_MAX])


def unanswered_payouts(actor: Actor, now: datetime) -> QuerySet[Payout]:
    """Orders that the bank took and has not answered for so long that somebody should look."""
    return Payout.objects.visible_to(actor).filter(status="sent", sent_at__lt=now - FORGOTTEN_AFTER)


def troubling_notices(actor: Actor) -> QuerySet[BankNotice]:
    """Callbacks that cannot be true and wait for somebody; those of no payout are seen by whoever sees all."""
    return BankNotice.objects.visible_to(actor).filter(verdict__in=TROUBLING, resolved_at__isnull=True)


def failed_payouts(actor: Actor) -> QuerySet[Payout]:
    return Payout.objects.visible_to(actor).filter(status="failed")


def waiting_lines(actor: Actor) -> QuerySet[BankLine]:
    """Receipts whose loan nobody knows yet."""
    return BankLine.objects.visible_to(actor).exclude(status="matched")


@dataclass(frozen=True, slots=True)
class Clearing:
    """Where every fen of the statements is: booked, waiting, parked; and what the books say is in suspense."""

    counts: dict[str, int]
    amounts: dict[str, Money]
    in_suspense: Money

    @property
    def waiting(self) -> Money:
        return self.amounts.get("open", ZERO) + self.amounts.get("parked", ZERO)

    @property
    def difference(self) -> Money:
        """Zero when the lines and the ledger agree."""
        return self.in_suspense - self.waiting


def clearing() -> Clearing:
    """The whole house, since the suspense account is one for all branches."""
    rows = list(BankLine.objects.values("status").annotate(lines=Count("id"), fen=Sum("amount")))
    counts = {row["status"]: row["lines"] for row in rows}
    amounts = {row["status"]: row["fen"] if isinstance(row["fen"], Money) else Money(int(row["fen"])) for row in rows}
    return Clearing(counts, amounts, ledger_queries.balance(chart.SUSPENSE))


def track_of(payout: Payout) -> tuple[list[StatusMove], list[BankNotice]]:
    """Every move of a payout and every word of the bank about it."""
    return moves.history(payout.subject), list(payout.notices.order_by("id"))


def open_payout(actor: Actor, number: str) -> Subject:
    """For panels and documents of other rooms."""
    payout = Payout.objects.visible_to(actor).fetch(number)
    label, url = f"{payout.masked_name} {number}", reverse("payments:payout", args=[number])
    return Subject(payout.subject, label, url, payout.branch_id)


def open_file(actor: Actor, number: str) -> Subject:
    """For panels and documents of other rooms."""
    file = BankFile.objects.visible_to(actor).fetch(number)
    return Subject(file.subject, file.name, reverse("payments:file", args=[number]), file.branch_id, file.imported_by_id)


def line_counts(file: BankFile) -> dict[str, Any]:
    """How many lines of a file stand where, by status."""
    return dict(file.lines.values_list("status").annotate(Count("id")))
