"""Three sides of one movement of money, laid side by side: what the bank, the channel and the ledger say."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from chezhe.identifiers import numbers as written
from chezhe.kernel import numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.fields import Code, Json, LongText, MoneyField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.payments.reconciliation import rules
from chezhe.payments.states import TALLY

TALLY_PREFIX = numbers.register("T", "tally")
SIDES = [(rules.BANK, _("银行")), (rules.CHANNEL, _("渠道")), (rules.LEDGER, _("账务"))]
HOW = [("", _("未勾对")), ("exact", _("编号一致")), ("accepted", _("人工采纳")), ("by_hand", _("人工勾对"))]


class StatementLine(models.Model):
    """A line of a statement that is no receipt to be cleared: money that left, or anything on the payout account.

    Receipts on the receiving account are `payments.BankLine`. `amount` is signed, positive into the account.
    """

    file = models.ForeignKey("payments.BankFile", on_delete=models.PROTECT, related_name="other_lines")
    row_number = models.PositiveIntegerField()
    account = Code(max_length=20)
    bank_serial = Code(max_length=64)
    value_on = models.DateField()
    amount = MoneyField()
    party_name = Text(privacy=C2, max_length=100, blank=True)
    party_tail = Code(privacy=C1, max_length=4, blank=True)
    memo = Text(privacy=C2, max_length=200, blank=True)
    takes_back = models.BooleanField(default=False)

    class Meta:
        constraints = [
            # A receipt that the bank takes back may bear the number of the receipt: the side tells them apart.
            models.UniqueConstraint("account", "bank_serial", models.Case(
                models.When(amount__gt=0, then=1), default=-1, output_field=models.SmallIntegerField()), name="statement_line_once"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="statement_line_moves"),
        ]


class StatementBalance(models.Model):
    """What a statement says stood on an account before and after a day."""

    file = models.ForeignKey("payments.BankFile", on_delete=models.PROTECT, related_name="balances")
    account = Code(max_length=20)
    on = models.DateField()
    opening = MoneyField()
    closing = MoneyField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "account", "on"], name="statement_balance_once")]
        indexes = [models.Index(fields=["account", "on"], name="statement_balance_day")]


class ChannelFile(models.Model):
    """A channel's settlement file of one business day, as it was downloaded; a file sent anew is another row."""

    channel = Code(max_length=20, default="bank")
    day = models.DateField()
    name = Text(privacy=C1, max_length=120)
    digest = Code(unique=True, max_length=64)
    line_count = models.PositiveIntegerField()
    strangers = models.PositiveIntegerField(default=0)
    fetched_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["channel", "-day"], name="channel_file_day")]


class ChannelLine(models.Model):
    """One line of it. `amount` is signed as the file says it; `fee` is what the channel says it kept."""

    file = models.ForeignKey(ChannelFile, on_delete=models.PROTECT, related_name="lines")
    row_number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=[("payout", _("付款")), ("return", _("退回"))])
    reference = Code(max_length=60)
    serial = Code(max_length=64, blank=True)
    done_on = models.DateField()
    amount = MoneyField()
    fee = MoneyField()

    class Meta:
        indexes = [models.Index(fields=["file", "row_number"], name="channel_line_row")]


class TallyRows(ScopedQuerySet["Tally"]):
    """Our bank accounts serve every branch at once: only who reaches all of them may see what is reconciled."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.sees_whole_house else self.none()

    def fetch(self, number: str) -> Tally:
        """Numbers are made from the id, like a journal entry's."""
        judged = written.judge(written.normalise(number))
        found = self.filter(pk=judged.sequence).first() if judged.prefix == TALLY_PREFIX else None
        if found is None or found.number != written.normalise(number):
            raise NotFound(what=number)
        return found


class Tally(models.Model):
    """One movement of money on one of our accounts, with whatever the sides say of it. Every item lies in exactly one.

    `kind` says how the sides disagree (empty: they agree) and follows from the items; `status` is what somebody decided.
    """

    account = Code(max_length=20)
    made_on = models.DateField()
    first_on = models.DateField()
    last_on = models.DateField()
    kind = Code(max_length=20, blank=True)
    difference = MoneyField()
    status = models.CharField(max_length=10, choices=TALLY.choices(), default="open")
    how = models.CharField(max_length=10, choices=HOW, blank=True)
    confidence = models.PositiveSmallIntegerField(null=True)
    reasons = Json(privacy=C1, default=list)
    matched_by_name = Text(privacy=C2, max_length=80, blank=True)
    matched_at = models.DateTimeField(null=True)
    owner = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    note = LongText(privacy=C2, blank=True)

    objects = TallyRows.as_manager()
    scope_branch, scope_owner = None, "owner_id"

    class Meta:
        verbose_name_plural = "tallies"
        indexes = [
            models.Index(fields=["account", "first_on"], condition=~models.Q(kind=""), name="tally_differs"),
            models.Index(fields=["account", "last_on"], name="tally_day"),
        ]

    @property
    def number(self) -> str:
        return written.format_number(TALLY_PREFIX, self.made_on.year, self.pk)

    @property
    def subject(self) -> str:
        return f"tally:{self.number}"

    @property
    def is_exception(self) -> bool:
        return bool(self.kind) and self.status == "open"

    def age_on(self, on: date) -> int:
        return max(0, (on - self.first_on).days)


class TallyItem(models.Model):
    """What one side says once. It points to where that stands; `reference` is what the side itself calls it.

    `key` is the number by which sides know each other: items of an account with one key lie in one tally.
    """

    tally = models.ForeignKey(Tally, on_delete=models.PROTECT, related_name="items")
    side = models.CharField(max_length=8, choices=SIDES)
    account = Code(max_length=20)
    on = models.DateField()
    amount = MoneyField()
    fee = MoneyField()
    key = Code(max_length=90, blank=True)
    reference = Code(max_length=120, blank=True)
    subject = Code(max_length=80, blank=True)
    bank_line = models.OneToOneField("payments.BankLine", on_delete=models.PROTECT, null=True, related_name="+")
    statement_line = models.OneToOneField(StatementLine, on_delete=models.PROTECT, null=True, related_name="+")
    channel_line = models.OneToOneField(ChannelLine, on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "account", "subject"], name="tally_item_entry_once"),
            models.CheckConstraint(
                condition=models.Q(side="ledger", entry__isnull=False, bank_line=None, statement_line=None, channel_line=None)
                | models.Q(side="channel", channel_line__isnull=False, entry=None, bank_line=None, statement_line=None)
                | (models.Q(side="bank", entry=None, channel_line=None)
                   & (models.Q(bank_line__isnull=False, statement_line=None) | models.Q(bank_line=None, statement_line__isnull=False))),
                name="tally_item_one_origin",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "side", "on"], name="tally_item_day"),
            models.Index(fields=["account", "key"], condition=~models.Q(key=""), name="tally_item_key"),
        ]

    @property
    def piece(self) -> rules.Piece:
        return rules.Piece(self.side, self.on, self.amount.fen, self.fee.fen)


class TallyRefusal(models.Model):
    """Somebody said that two items are not the same money; they are not suggested for each other again."""

    first = models.ForeignKey(TallyItem, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(TallyItem, on_delete=models.PROTECT, related_name="+")
    refused_by_name = Text(privacy=C2, max_length=80)
    refused_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["first", "second"], name="tally_refusal_once")]
