"""Invoices that borrowers asked for, line by line, and the platform's notices."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chezhe.identifiers import masks
from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, LongText, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.servicing.tax.invoices.rules import Paper, RedLetter
from chezhe.servicing.tax.invoices.states import INVOICE

INVOICE_PREFIX = numbers.register("IV", "invoice")
TITLE_KINDS = [("person", _("个人")), ("company", _("单位"))]
ITEM_LABELS = {
    "interest": _("利息"), "penalty": _("罚息"), "compound": _("复利"), "fee": _("费用"), "early_settlement": _("提前结清违约金"),
}


class Invoice(models.Model):
    """An ordinary invoice over paid items of one loan; `invoice_number` is the platform's, `red_number` that of its red letter."""

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=INVOICE.choices(), default="requested")
    loan = models.ForeignKey("servicing.Loan", on_delete=models.PROTECT, related_name="invoices")
    title_kind = models.CharField(max_length=7, choices=TITLE_KINDS)
    title = Text(privacy=C2, max_length=100)
    tax_number = Code(privacy=C1, max_length=18, blank=True)
    rate = RateField()
    amount = MoneyField()
    tax = MoneyField()
    invoice_number = Code(max_length=40, blank=True)
    issued_on = models.DateField(null=True)
    red_reason = LongText(privacy=C2, blank=True)
    # A red letter that was refused is asked for again under a reference of its own.
    red_turn = models.PositiveSmallIntegerField(default=0)
    red_number = Code(max_length=40, blank=True)
    red_on = models.DateField(null=True)
    failure_code = Code(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    requested_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    requested_by_name = Text(privacy=C2, max_length=80)
    requested_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "loan__branch_id", "loan__owner_id"

    class Meta:
        indexes = [models.Index(fields=["status", "id"], name="invoice_status")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"invoice:{self.number}"

    @property
    def masked_title(self) -> str:
        """A person's name as it may be shown; a company's as it is."""
        return masks.mask_name(self.title) if self.title_kind == "person" else self.title

    @property
    def paper(self) -> Paper:
        """What the platform is told."""
        lines = tuple((line.item, line.amount.fen, line.tax.fen) for line in self.lines.order_by("pk"))
        return Paper(self.number, self.title_kind, self.title, self.tax_number, self.amount.fen, self.tax.fen, lines)

    @property
    def red_letter(self) -> RedLetter:
        """What the platform is told to take it back."""
        return RedLetter(f"{self.number}/red-{self.red_turn}", self.invoice_number, self.red_reason)


class InvoiceLine(models.Model):
    """What one instalment's item adds to an invoice, tax included. Never changed."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines", db_index=False)
    period = models.SmallIntegerField()
    item = models.CharField(max_length=16, choices=list(ITEM_LABELS.items()))
    amount = MoneyField()
    tax = MoneyField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "period", "item"], name="invoice_line_once"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="invoice_line_positive"),
        ]


class InvoiceNotice(models.Model):
    """The platform's callback, kept once however often it comes. Append-only."""

    receipt_id = Code(max_length=80, unique=True)
    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="notices")
    outcome = Code(max_length=10)
    received_at = models.DateTimeField()
