"""What dealers earned and owe back, line by line, and the statements that net and pay it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Json, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.servicing.commission.states import CLAWBACKS, KINDS, STANDING, STATEMENT

STATEMENT_PREFIX = numbers.register("CM", "commission statement")


class CommissionStatement(models.Model):
    """A dealer's commission up to the month end `as_of`: what was earned, taken back, brought from before, and what is paid.

    Its sums are fixed when it is drawn up. `attempt` counts orders to the bank.
    """

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=STATEMENT.choices(), default="drawn")
    dealer = models.ForeignKey("channels.Dealer", on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    accrued = MoneyField()
    clawed = MoneyField()
    brought = MoneyField()
    netted = MoneyField()
    payable = MoneyField()
    left = MoneyField()
    payee = models.ForeignKey("contracts.PayeeAccount", on_delete=models.PROTECT, null=True, related_name="+")
    attempt = models.PositiveSmallIntegerField(default=0)
    payout_number = Code(blank=True)
    failure_code = Code(blank=True)
    invoice_number = Code(blank=True, max_length=60)
    paid_on = models.DateField(null=True)
    drawn_at = models.DateTimeField()
    drawn_by_ids = Json(privacy=C1, default=list)
    drawn_by_name = Text(privacy=C2, max_length=80)
    approved_at = models.DateTimeField(null=True)
    approved_on = models.DateField(null=True)
    approved_by_ids = Json(privacy=C1, default=list)
    approved_by_name = Text(privacy=C2, max_length=80, blank=True, default="")

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_dealer = "dealer__branch_id", "dealer__owner_id", "dealer_id"

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["dealer", "as_of"], name="commission_statement_once", condition=Q(status__in=STANDING)),
            models.CheckConstraint(
                name="commission_statement_adds_up",
                condition=Q(payable=models.F("accrued") - models.F("netted"))
                & Q(left=models.F("clawed") + models.F("brought") - models.F("netted")),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"commission_statement:{self.number}"

    @property
    def reference(self) -> str:
        """What payments knows this order by."""
        return f"commission:{self.number}.{self.attempt}"

    @property
    def netting_reference(self) -> str:
        return f"commission/{self.number}/netting"

    @property
    def payment_reference(self) -> str:
        return f"commission/{self.number}/paid/{self.attempt}"


class CommissionLine(models.Model):
    """Something a dealer earned by a loan (positive) or owes back (negative), on the day it came about. Never changed: what is given again
    is a line of its own that names what it `undoes`."""

    loan = models.ForeignKey("servicing.Loan", on_delete=models.PROTECT, related_name="commission_lines")
    dealer = models.ForeignKey("channels.Dealer", on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey("channels.CommissionPlan", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=20, choices=KINDS)
    amount = MoneyField()
    # By which fraction, and of what.
    rate = RateField(null=True)
    base = MoneyField(null=True)
    held_months = models.PositiveSmallIntegerField(null=True)
    on = models.DateField()
    posted_on = models.DateField()
    reason = Text(privacy=C1, max_length=200, blank=True, default="")
    entry = models.ForeignKey("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="undone_by")
    statement = models.ForeignKey(CommissionStatement, on_delete=models.PROTECT, null=True, related_name="lines")

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_dealer = "dealer__branch_id", "dealer__owner_id", "dealer_id"

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["loan"], name="commission_accrued_once", condition=Q(kind="accrued")),
            models.CheckConstraint(
                name="commission_sign", condition=Q(kind__in=CLAWBACKS, amount__lt=0) | ~Q(kind__in=CLAWBACKS) & Q(amount__gt=0)),
        ]
        indexes = [models.Index(fields=["dealer", "on"], name="commission_open", condition=Q(statement__isnull=True))]

    @property
    def subject(self) -> str:
        return self.loan.subject
