"""Money on its way through banks."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from chezhe.identifiers import masks
from chezhe.kernel import numbers
from chezhe.kernel.fields import BlindIndex, Code, Encrypted, MoneyField, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.ledger import chart
from chezhe.payments.states import BANK_LINE, PAYOUT, TROUBLING, VERDICTS, WAITING, WAYS
from chezhe.payments.vendors.bank.statement import COMPANY

PAYOUT_PREFIX = numbers.register("Y", "payout")
FILE_PREFIX = numbers.register("F", "bank file")


class Payout(models.Model):
    """One sum to one payee. `reference` is the caller's own and makes asking twice harmless."""

    number = Code(unique=True)
    reference = Code(unique=True, max_length=80)
    status = models.CharField(max_length=12, choices=PAYOUT.choices(), default="requested")
    # By the bank's own line, or in a file that somebody takes to the bank.
    way = models.CharField(max_length=4, choices=WAYS, default="api")
    amount = MoneyField()
    payee_name = Text(privacy=C2, max_length=100)
    payee_account = Encrypted()
    payee_tail = Code(privacy=C1, max_length=4)
    memo = Text(privacy=C1, max_length=60)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    bank_serial = Code(blank=True, max_length=64)
    failure_code = Code(blank=True)
    attempt = models.PositiveIntegerField(default=1)
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", None

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="payout_positive")]
        indexes = [models.Index(fields=["status", "id"], name="payout_status")]

    @property
    def subject(self) -> str:
        return f"payout:{self.number}"

    @property
    def bank_reference(self) -> str:
        """What the bank knows this attempt by: a retried payout is a new order to the bank."""
        return f"{self.number}.{self.attempt}"

    @property
    def waits_since(self) -> datetime | None:
        """Since when the bank owes us its word on this attempt; None when it does not."""
        return (self.sent_at or self.requested_at) if self.status in WAITING else None

    @property
    def masked_name(self) -> str:
        return mask_payee(self.payee_name)


class BankNotice(models.Model):
    """A callback of the bank, kept once however often the bank repeats it. `verdict` says what we made of it;
    the bad ones wait until somebody has spoken with the bank (`resolved_at`)."""

    notice_id = Code(unique=True, max_length=80)
    bank_reference = Code(max_length=60)
    outcome = Code()
    amount = MoneyField()
    bank_serial = Code(blank=True, max_length=64)
    failure_code = Code(blank=True)
    verdict = models.CharField(max_length=12, choices=list(VERDICTS.items()))
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, null=True, related_name="notices")
    debit = models.ForeignKey("payments.Debit", on_delete=models.PROTECT, null=True, related_name="notices")
    received_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    resolved_by_name = Text(privacy=C2, max_length=80, blank=True)
    resolution = Text(privacy=C1, max_length=200, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_number = "payout__branch_id", None, "notice_id"

    class Meta:
        indexes = [
            models.Index(
                fields=["-id"], name="notice_troubling",
                condition=models.Q(resolved_at__isnull=True, verdict__in=TROUBLING),
            )
        ]

    @property
    def subject(self) -> str:
        return f"bank_notice:{self.notice_id}"

    @property
    def is_troubling(self) -> bool:
        return self.verdict in TROUBLING and self.resolved_at is None


class BankFile(models.Model):
    """An imported statement of one of our accounts. The digest makes a second import of the same file harmless.

    `amount` is what came in as receipts to be cleared; what else moved lies in `reconciliation.StatementLine`.
    """

    number = Code(unique=True)
    digest = Code(unique=True, max_length=64)
    name = Text(privacy=C1, max_length=120)
    account = Code(max_length=20, default=chart.BANK)
    line_count = models.PositiveIntegerField()
    amount = MoneyField()
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", "imported_by_id"

    @property
    def subject(self) -> str:
        return f"bank_file:{self.number}"


class BankLine(models.Model):
    """One receipt on the bank's statement. `bank_serial` is the bank's own and comes only once in all files."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="lines")
    row_number = models.PositiveIntegerField()
    bank_serial = Code(unique=True, max_length=64)
    value_on = models.DateField()
    amount = MoneyField()
    payer_name = Text(privacy=C2, max_length=100, blank=True)
    payer_account = Encrypted(blank=True)
    payer_account_index = BlindIndex(of="payer_account")
    payer_tail = Code(privacy=C1, max_length=4, blank=True)
    memo = Text(privacy=C2, max_length=200, blank=True)
    status = models.CharField(max_length=8, choices=BANK_LINE.choices(), default="open")
    matched_subject = Code(max_length=80, blank=True)
    outcome = Text(privacy=PUBLIC, max_length=200, blank=True, verbose_name=_("结果"))

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_number = "file__branch_id", "file__imported_by_id", "bank_serial"

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="bank_line_positive")]
        indexes = [
            models.Index(fields=["status", "value_on"], name="bank_line_status"),
            models.Index(fields=["file", "row_number"], name="bank_line_row"),
        ]

    @property
    def subject(self) -> str:
        return f"bank_line:{self.bank_serial}"

    @property
    def masked_payer(self) -> str:
        return mask_payee(self.payer_name)

    @property
    def masked_account(self) -> str:
        return f"****{self.payer_tail}" if self.payer_tail else ""


def mask_payee(name: str) -> str:
    """A person's name with stars; what ends like a company is public."""
    return name if COMPANY.search(name) else masks.mask_name(name)


# The tables of payouts in files stand in their own file.
from chezhe.payments.batches.models import BatchAnswer, BatchLine, PayoutBatch  # noqa: E402

# The tables of direct debit stand in their own file.
from chezhe.payments.debits.models import ChannelSettlement, Debit, Mandate  # noqa: E402

# The tables of reconciliation stand in their own file; they are read at the end since their rows point to lines and files.
from chezhe.payments.reconciliation.models import (  # noqa: E402
    ChannelFile,
    ChannelLine,
    StatementBalance,
    StatementLine,
    Tally,
    TallyItem,
    TallyRefusal,
)

__all__ = [
    "FILE_PREFIX", "PAYOUT_PREFIX", "BankFile", "BankLine", "BankNotice", "BatchAnswer", "BatchLine", "ChannelFile", "ChannelLine",
    "ChannelSettlement", "Debit", "Mandate", "Payout", "PayoutBatch", "StatementBalance", "StatementLine", "Tally", "TallyItem",
    "TallyRefusal", "mask_payee",
]
