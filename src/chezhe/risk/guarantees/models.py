"""What stands behind a loan besides its car, and what all of it came to when it was measured."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Json, LongText, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.risk.guarantees import choices
from chezhe.risk.guarantees.states import SECURITY

PREFIX = numbers.register("SE", "security")


class Security(models.Model):
    """One security for one subject (`application:A26-…`). A guarantor is a customer of ours; pledge, deposit and insurance say by
    what and with whom in `thing` and `holder`, and by which paper, which stands for one debt at a time."""

    number = Code(unique=True)
    subject_text = Code(max_length=60, db_index=True)
    kind = models.CharField(max_length=10, choices=choices.KINDS)
    status = models.CharField(max_length=10, choices=SECURITY.choices(), default="offered")
    amount = MoneyField()
    guarantor = models.ForeignKey("customers.Customer", null=True, on_delete=models.PROTECT, related_name="+")
    liability = models.CharField(max_length=8, choices=choices.LIABILITIES, blank=True, default="")
    agreed_until = models.DateField(null=True)
    income_monthly = MoneyField(privacy=C2, null=True)
    net_assets = MoneyField(privacy=C2, null=True)
    thing = Text(privacy=C1, max_length=120, blank=True, default="")
    holder = Text(privacy=C1, max_length=80, blank=True, default="")
    policy_number = Text(privacy=C2, max_length=40, blank=True, default="")
    proof_number = Text(privacy=C2, max_length=40, blank=True, default="")
    covered_share = RateField(null=True)
    valid_to = models.DateField(null=True)
    matures_on = models.DateField(null=True)
    claim_until = models.DateField(null=True)
    claimed_on = models.DateField(null=True)
    note = LongText(privacy=C1, blank=True, default="")
    # Where the subject belongs, taken down when the security was offered.
    branch = models.ForeignKey("staff.Branch", null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+")
    maker_ids = Json(privacy=C1, default=list)
    offered_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+")
    offered_by_name = Text(privacy=C2, max_length=80)
    offered_at = models.DateTimeField()
    decided_by_name = Text(privacy=C2, max_length=80, blank=True, default="")
    decided_at = models.DateTimeField(null=True)

    scope_branch, scope_owner = "branch_id", "owner_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["claim_until"], name="security_deadline", condition=Q(status="accepted", kind="guarantor"))]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="security_positive"),
            models.CheckConstraint(condition=~Q(kind="guarantor") | Q(guarantor__isnull=False), name="security_guarantor_named"),
            models.UniqueConstraint(
                fields=["subject_text", "guarantor"], name="security_guarantor_once",
                condition=Q(kind="guarantor", status__in=["offered", "accepted", "claimed"]),
            ),
            models.UniqueConstraint(
                fields=["kind", "proof_number", "policy_number"], name="security_paper_once",
                condition=Q(status__in=["offered", "accepted", "claimed"]) & ~Q(proof_number="", policy_number=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"security:{self.number}"

    @property
    def kind_label(self) -> Any:
        return dict(choices.KINDS)[self.kind]


class CoverageCheck(models.Model):
    """A coverage as it was measured. Append-only; the newest one counts."""

    subject_text = Code(max_length=60)
    measured_on = models.DateField()
    vehicle_value = MoneyField()
    principal = MoneyField()
    interest = MoneyField()
    value = MoneyField()
    missing = MoneyField()
    rate = RateField(null=True)
    least_rate = RateField()
    tier = Code(privacy=C1, max_length=1, blank=True, db_default="")
    ltv = RateField(null=True)
    forward_max = RateField(null=True)
    forward_month = models.PositiveSmallIntegerField(null=True)
    lines = Json(privacy=C1, default=list)
    measured_at = models.DateTimeField()
    measured_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_text", "-id"], name="coverage_of_subject")]

    @property
    def subject(self) -> str:
        return self.subject_text
