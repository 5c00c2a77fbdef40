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
from chezhe.kernel.composed import Composed, Question
from chezhe.kernel.models import StatusMove
from chezhe.kernel.subjects import Subject
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.payments import rules
from chezhe.payments.models import BankFile, BankLine, BankNotice, ChannelFile, Payout, PayoutBatch, StatementLine, Tally
from chezhe.payments.reconciliation import rules as reconciliation
from chezhe.payments.reconciliation.accounts import account_of
from chezhe.payments.states import TROUBLING
from chezhe.payments.vendors.bank import camt
from chezhe.payments.vendors.bank.statement import COLUMNS, REQUIRED

FORGOTTEN_AFTER, FORGOTTEN_MAX = timedelta(minutes=15), 200
SETTLEMENT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Preview:
    """A dry run: which receipts would be booked, what else moved, what is wrong, and what an earlier file brought already.

    `others` are not booked here: money that left, receipts the bank has taken back, and all lines of the payout account.
    """

    account: str
    receipts: list[rules.Receipt]
    others: list[rules.Receipt]
    faults: list[rules.RowFault]
    known_serials: set[str]
    known_others: set[tuple[str, bool]]
    rows: dict[int, rules.RawRow]
    balances: list[rules.DayBalance]

    @property
    def fresh(self) -> list[rules.Receipt]:
        """The receipts that no file has brought yet."""
        return [receipt for receipt in self.receipts if receipt.bank_serial not in self.known_serials]

    @property
    def fresh_others(self) -> list[rules.Receipt]:
        """What else moved and no file has told yet."""
        return [row for row in self.others if (row.bank_serial, row.is_out) not in self.known_others]

    @property
    def taken_back(self) -> list[rules.Receipt]:
        """Receipts of before that the bank has reversed: somebody reverses the repayment."""
        return [row for row in self.others if row.takes_back]

    @property
    def amount(self) -> Money:
        return Money(sum(receipt.amount.fen for receipt in self.receipts))

    @property
    def fresh_amount(self) -> Money:
        return Money(sum(receipt.amount.fen for receipt in self.fresh))

    @property
    def fresh_out(self) -> Money:
        return Money(sum(row.amount.fen for row in self.fresh_others if row.is_out))

    @property
    def has_news(self) -> bool:
        return bool(self.fresh or self.fresh_others)


def preview(content: bytes, *, name: str, on: date, account: str = "") -> Preview:
    """Read a statement without writing anything; `account` is the ledger account, empty for what the file says itself.

    A table without the account's number is taken for the receiving account. Raises a FileRefused for a file that is no plain table
    or message, else TableUnreadable, TableTooLarge, ColumnsMissing, NotAStatement, StatementDoesNotAddUp or AccountNotOurs (422).
    """
    kind = inspection.inspect(content, name, kinds.STATEMENTS).kind
    said = camt.read(content) if kind is kinds.XML else None
    account = account_of(said.account, on, chosen=account) if said else account or chart.BANK
    rows = said.rows if said else [_raw(row) for row in tables.read(content, COLUMNS, REQUIRED)]
    read, faults = rules.read_rows(rows, not_after=on)
    receipts = [row for row in read if account == chart.BANK and not row.is_out]
    others = [row for row in read if account != chart.BANK or row.is_out]
    serials = [row.bank_serial for row in receipts]
    known = dict(BankLine.objects.filter(bank_serial__in=serials).values_list("bank_serial", "amount"))
    told = _told(account, others)
    faults += rules.contradicting(receipts, known)
    for is_out in (False, True):
        side = {serial: amount for (serial, out), amount in told.items() if out == is_out}
        faults += rules.contradicting([row for row in others if row.is_out == is_out], side)
    balances = said.balances if said else rules.day_balances(read)
    return Preview(account, receipts, others, faults, set(known), set(told), {row.number: row for row in rows}, balances)


def _told(account: str, rows: list[rules.Receipt]) -> dict[tuple[str, bool], Money]:
    """What earlier statements have told of these, by serial and side."""
    if not rows:
        return {}
    found = StatementLine.objects.filter(account=account, bank_serial__in=[row.bank_serial for row in rows])
    return {(serial, amount.fen < 0): Money(abs(amount.fen)) for serial, amount in found.values_list("bank_serial", "amount")}


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


_ON_STATEMENT = Composed(lambda mark: BankLine.objects.filter(bank_serial=mark).values_list("pk")[:1], "?")


def on_statement(serial: str) -> Question[bool]:
    """Whether a statement has brought this receipt."""
    return Question(_ON_STATEMENT, (serial,), bool)


def waiting_for_bank(number: str, attempt: int) -> Payout | None:
    """The payout while this attempt of it waits for the bank's final word; of one in a file the bank tells by file."""
    return Payout.objects.filter(way="api", number=number, attempt=attempt, status="sent").first()


def forgotten_payouts(now: datetime) -> list[Payout]:
    """Orders that have waited so long at `now` that the job which should have moved them may be lost; none that go by file."""
    before = now - FORGOTTEN_AFTER
    waiting = Q(status="requested", requested_at__lt=before) | Q(status="sent", sent_at__lt=before)
    return list(Payout.objects.filter(waiting, way="api").order_by("id")[:FORGOTTEN_MAX])


def days_without_settlement(on: date) -> list[date]:
    """The last days before `on` whose settlement file is not here, though something went through the channel on them."""
    days = [on - timedelta(days=back) for back in range(1, SETTLEMENT_DAYS + 1)]
    here = set(ChannelFile.objects.filter(day__in=days).values_list("day", flat=True))
    moved = Payout.objects.filter(settled_at__date__in=days, status__in=["paid", "returned"])
    return sorted(set(moved.values_list("settled_at__date", flat=True)) - here)


def unanswered_payouts(actor: Actor, now: datetime) -> QuerySet[Payout]:
    """Orders that the bank took and has not answered for so long that somebody should look."""
    return Payout.objects.visible_to(actor).filter(way="api", status="sent", sent_at__lt=now - FORGOTTEN_AFTER)


def troubling_notices(actor: Actor) -> QuerySet[BankNotice]:
    """Callbacks that cannot be true and wait for somebody; those of no payout are seen by whoever sees all."""
    return BankNotice.objects.visible_to(actor).filter(verdict__in=TROUBLING, resolved_at__isnull=True)


def failed_payouts(actor: Actor) -> QuerySet[Payout]:
    return Payout.objects.visible_to(actor).filter(status="failed")


def waiting_lines(actor: Actor) -> QuerySet[BankLine]:
    """Receipts whose loan nobody knows yet."""
    return BankLine.objects.visible_to(actor).filter(status__in=["open", "parked"])


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


def open_tally(actor: Actor, number: str) -> Subject:
    """For panels and documents of other rooms."""
    found = Tally.objects.visible_to(actor).fetch(number)
    return Subject(found.subject, found.number, reverse("payments:tally", args=[found.number]))


def open_payout(actor: Actor, number: str) -> Subject:
    """For panels and documents of other rooms."""
    payout = Payout.objects.visible_to(actor).fetch(number)
    label, url = f"{payout.masked_name} {number}", reverse("payments:payout", args=[number])
    return Subject(payout.subject, label, url, payout.branch_id)


def open_batch(actor: Actor, number: str) -> Subject:
    """For panels and documents of other rooms."""
    batch = PayoutBatch.objects.visible_to(actor).fetch(number)
    return Subject(batch.subject, batch.number, reverse("payments:batch", args=[number]), batch.branch_id, batch.made_by_id)


def open_file(actor: Actor, number: str) -> Subject:
    """For panels and documents of other rooms."""
    file = BankFile.objects.visible_to(actor).fetch(number)
    return Subject(file.subject, file.name, reverse("payments:file", args=[number]), file.branch_id, file.imported_by_id)


def line_counts(file: BankFile) -> dict[str, Any]:
    """How many lines of a file stand where, by status."""
    return dict(file.lines.values_list("status").annotate(Count("id")))


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What is open on the list of exceptions at the end of a day, by age: bucket, how many, and the sum of sizes."""

    by_age: list[tuple[str, int, Money]]

    @property
    def count(self) -> int:
        return sum(row[1] for row in self.by_age)


def open_tallies(actor: Actor) -> QuerySet[Tally]:
    """Exceptions that nobody has explained."""
    return Tally.objects.visible_to(actor).filter(status="open").exclude(kind="")


def exceptions(on: date) -> Exceptions:
    """The whole house, as it stands now, of movements that began up to `on`."""
    sizes: dict[str, list[int]] = {name: [] for name, _low, _high in reconciliation.BUCKETS}
    rows = Tally.objects.filter(status="open", first_on__lte=on).exclude(kind="").values_list("first_on", "difference")
    for first_on, difference in rows:
        sizes[reconciliation.bucket_of((on - first_on).days)].append(abs(difference.fen))
    return Exceptions([(name, len(found), Money(sum(found))) for name, found in sizes.items()])
