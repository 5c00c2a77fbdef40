"""The books: accounts, append-only journal entries made of transfers, months that close."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer as TransferValue
from chezhe.identifiers.numbers import format_number
from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Json, LongText, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.ledger.chart import Kind, Side
from chezhe.ledger.states import MANUAL_ENTRY, PERIOD

ENTRY_PREFIX = numbers.register("J", "journal entry")
MANUAL_PREFIX = numbers.register("JV", "manual entry")
REFERENCE_MAX = 120
MANUAL = "manual_entry"
MANUAL_KIND = "ledger.manual_entry"

KIND_LABELS = {
    Kind.ASSET: _("资产"), Kind.LIABILITY: _("负债"), Kind.EQUITY: _("所有者权益"), Kind.INCOME: _("收入"),
    Kind.EXPENSE: _("支出"), Kind.MEMO: _("表外"),
}
SIDE_LABELS = {Side.DEBIT: _("借"), Side.CREDIT: _("贷")}


class Account(models.Model):
    """An account of the general ledger; shipped ones come from `chart.CHART`."""

    code = Code(max_length=20, unique=True)
    name = Text(privacy=PUBLIC, max_length=60)
    english = Text(privacy=PUBLIC, max_length=60)
    kind = models.CharField(max_length=10, choices=[(k.value, label) for k, label in KIND_LABELS.items()])
    side = models.CharField(max_length=6, choices=[(s.value, label) for s, label in SIDE_LABELS.items()])
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

    @property
    def label(self) -> str:
        """The account's name in the reader's language, as a heading or a cell shows it."""
        return f"{self.english[:1].upper()}{self.english[1:]}" if (get_language() or "").startswith("en") else self.name

    @property
    def subject(self) -> str:
        return f"account:{self.code}"

    def on_normal_side(self, debit_fen: int, credit_fen: int) -> Money:
        """A balance that is positive on the side on which the account grows."""
        return Money(debit_fen - credit_fen if self.side == Side.DEBIT else credit_fen - debit_fen)


class Period(models.Model):
    """A month of the books. Months without a row are open; a row appears when the month is closed."""

    month = models.DateField(unique=True)
    status = models.CharField(max_length=8, choices=PERIOD.choices(), default="open")
    closed_at = models.DateTimeField(null=True)
    closed_by = Text(privacy=C2, max_length=80, blank=True)

    class Meta:
        ordering = ["-month"]
        constraints = [models.CheckConstraint(condition=models.Q(month__day=1), name="period_month_first")]

    scope_number = "month"

    @property
    def subject(self) -> str:
        return f"period:{self.month:%Y-%m}"


class JournalEntry(models.Model):
    """One event in the books: what happened on which business date, written once and never changed."""

    posted_on = models.DateField(db_index=True)
    recorded_at = models.DateTimeField()
    event = Code(max_length=40)
    reference = Code(max_length=REFERENCE_MAX, unique=True)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversal")
    branch = models.ForeignKey("staff.Branch", null=True, on_delete=models.PROTECT, related_name="+")
    memo = LongText(privacy=C1, blank=True)
    actor_key = Code(privacy=C1)
    actor_name = Text(privacy=C2, max_length=80)
    digest = Code(max_length=64)
    # The database transaction that wrote it, set by a trigger: nobody can add a transfer to it afterwards.
    written_in = models.BigIntegerField(editable=False, default=0)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "journal entries"
        indexes = [models.Index(fields=["event", "posted_on"])]

    @property
    def number(self) -> str:
        """What people call it, made from the id: `J26-000123-7`."""
        return format_number(ENTRY_PREFIX, self.posted_on.year, self.pk)

    @property
    def subject(self) -> str:
        return f"entry:{self.number}"


class Transfer(models.Model):
    """A sum moved from one account to another: debit and credit in one row, so it cannot be out of balance.

    That entry and accounts are there is asked by `guards` once a statement instead of once a row.
    """

    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="transfers", db_constraint=False)
    debit_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    credit_account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    amount_fen = models.BigIntegerField()
    owner = Code(max_length=80, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="transfer_moves_something"),
            models.CheckConstraint(
                condition=~models.Q(debit_account=models.F("credit_account")), name="transfer_between_two_accounts"
            ),
        ]
        indexes = [models.Index(fields=["owner", "entry"], name="transfer_owner")]

    @property
    def value(self) -> TransferValue:
        """The row as the value that postings are made of; fetch both accounts with it."""
        return TransferValue(self.debit_account.code, self.credit_account.code, self.amount_fen, self.owner)


class PeriodBalance(models.Model):
    """What stood on an account of a branch when a month closed: all debits and credits up to its last day."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="balances")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey("staff.Branch", null=True, on_delete=models.PROTECT, related_name="+")
    debit_fen = models.BigIntegerField()
    credit_fen = models.BigIntegerField()


class Line(models.Model):
    """A debit or a credit as accountants read them: the view `ledger_line` over the transfers."""

    id = Code(primary_key=True)
    transfer = models.ForeignKey(Transfer, on_delete=models.DO_NOTHING, related_name="lines")
    entry = models.ForeignKey(JournalEntry, on_delete=models.DO_NOTHING, related_name="lines")
    account = models.ForeignKey(Account, on_delete=models.DO_NOTHING, related_name="lines")
    side = models.CharField(max_length=6, choices=[(s.value, label) for s, label in SIDE_LABELS.items()])
    debit_fen = models.BigIntegerField()
    credit_fen = models.BigIntegerField()
    owner = Code(max_length=80)
    branch = models.ForeignKey("staff.Branch", null=True, on_delete=models.DO_NOTHING, related_name="+")
    posted_on = models.DateField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        managed = False
        db_table = "ledger_line"


class ManualEntry(models.Model):
    """An entry that one person proposes and another approves; only then is it written into the books.

    `rows` are `[{"debit", "credit", "fen", "owner"}]`; the mirror of an entry that is to be taken back names it in `reverses`.
    """

    number = Code(max_length=20, unique=True)
    status = models.CharField(max_length=10, choices=MANUAL_ENTRY.choices(), default="proposed")
    posted_on = models.DateField()
    memo = LongText(privacy=C1)
    branch = models.ForeignKey("staff.Branch", null=True, on_delete=models.PROTECT, related_name="+")
    rows = Json(privacy=C1)
    proposed_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+")
    proposed_by_name = Text(privacy=C2, max_length=80)
    proposed_at = models.DateTimeField()
    approval_number = Code(max_length=40, blank=True)
    entry = models.OneToOneField(JournalEntry, null=True, on_delete=models.PROTECT, related_name="manual")
    reverses = models.ForeignKey(JournalEntry, null=True, on_delete=models.PROTECT, related_name="reversals_proposed")

    objects = ScopedQuerySet.as_manager()

    scope_owner = "proposed_by_id"

    class Meta:
        verbose_name_plural = "manual entries"

    @property
    def subject(self) -> str:
        return f"manual_entry:{self.number}"

    @property
    def transfers(self) -> tuple[TransferValue, ...]:
        return tuple(TransferValue(row["debit"], row["credit"], row["fen"], row["owner"]) for row in self.rows)


def month_of(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)
