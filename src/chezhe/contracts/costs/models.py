"""Cost sheets as they were printed, who read and confirmed them, and the up-front fees that were paid."""

from __future__ import annotations

from functools import cached_property

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.costs.rules import Item
from chezhe.kernel import values
from chezhe.kernel.fields import Code, Json, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2

KINDS = [("person", _("综合融资成本明示表")), ("company", _("企业融资成本清单"))]
PAID_BY = [("bank", _("银行转账")), ("cash", _("现金"))]


class CostSheet(models.Model):
    """One sheet as it was printed: every item as a value, and the digest of the file. A newer version takes its place."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="cost_sheets")
    version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=7, choices=KINDS)
    items = Json(privacy=C1)
    cost = MoneyField(help_text="interest and counted fees over the whole term")
    all_in_simple = RateField(null=True)
    all_in_compound = RateField(null=True)
    paper = models.OneToOneField("contracts.ContractPaper", on_delete=models.PROTECT, related_name="cost_sheet")
    code = Code(max_length=19, db_index=True)
    pdf_sha256 = Code(max_length=64)
    issued_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["contract", "version"], name="cost_sheet_version_once")]

    @cached_property
    def listed(self) -> tuple[Item, ...]:
        """The items as values."""
        return tuple(values.from_json(Item, item) for item in self.items)


class CostReading(models.Model):
    """Somebody opened a sheet on a screen; how long it was open is counted by us, not by the screen."""

    sheet = models.ForeignKey(CostSheet, on_delete=models.PROTECT, related_name="readings")
    key = Code(max_length=32, unique=True)
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    device_mark = Text(privacy=C1, max_length=64, blank=True)
    opened_at = models.DateTimeField()
    opened_by_name = Text(privacy=C2, max_length=80)

    @property
    def subject(self) -> str:
        return self.sheet.contract.subject


class CostConfirmation(models.Model):
    """The borrower confirmed one sheet: after reading it on a screen, or by signing it. `digest` seals what was confirmed, and how."""

    sheet = models.OneToOneField(CostSheet, on_delete=models.PROTECT, related_name="confirmation")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    confirmed_on = models.DateField()
    confirmed_at = models.DateTimeField()
    channel = Code(max_length=8)
    reading = models.OneToOneField(CostReading, on_delete=models.PROTECT, null=True, related_name="confirmation")
    dwell_seconds = models.PositiveIntegerField(null=True)
    evidence = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by_name = Text(privacy=C2, max_length=80)
    digest = Code(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(name="cost_confirmation_proved", condition=Q(reading__isnull=False) | Q(evidence__isnull=False)),
        ]


class FeeReceipt(models.Model):
    """Up-front fees of the sheet that the borrower paid, each whole, with one transfer or one slip."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="fee_receipts")
    codes = Json(privacy=C1)
    amount = MoneyField()
    paid_on = models.DateField()
    channel = models.CharField(max_length=4, choices=PAID_BY)
    reference = Code(privacy=C1, max_length=60)
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    received_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="fee_receipt_positive")]

    @property
    def subject(self) -> str:
        return self.contract.subject


class FeeReturn(models.Model):
    """A receipt that was given back, or was none: its entry is reversed."""

    receipt = models.OneToOneField(FeeReceipt, on_delete=models.PROTECT, related_name="returned")
    returned_on = models.DateField()
    reason = Text(privacy=C1, max_length=200)
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    returned_by_name = Text(privacy=C2, max_length=80)

    @property
    def subject(self) -> str:
        return self.receipt.subject
