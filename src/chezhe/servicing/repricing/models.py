"""Loans whose rate floats, and the batches in which they are repriced."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.repricing import Cadence
from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, LongText, RateField
from chezhe.kernel.privacy import C1
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.servicing.quality.models import WholeHouse
from chezhe.servicing.states import REPRICING

BATCH_PREFIX = numbers.register("RP", "repricing")
CADENCES = [
    (Cadence.YEAR_START.value, _("每年 1 月 1 日")), (Cadence.ANNIVERSARY.value, _("每年放款对应日")),
    (Cadence.MONTHLY.value, _("每月 1 日")),
]
LINE_STATUSES = [
    ("waiting", _("待生效")), ("applied", _("已生效")), ("failed", _("未能生效")), ("taken_back", _("已冲正")), ("stuck", _("未能冲正")),
]


class FloatingRate(models.Model):
    """What the contract says of a rate that floats, and the next day on which it is looked at."""

    loan = models.OneToOneField("servicing.Loan", on_delete=models.PROTECT, related_name="floating")
    base = Code(max_length=10)
    spread_rate = RateField()
    cadence = models.CharField(max_length=12, choices=CADENCES)
    next_on = models.DateField(db_index=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_number = "loan__branch_id", "loan__owner_id", "loan__number"


class Repricing(models.Model):
    """The loans whose rate changes on repricing day `day`: proposed by the house itself, agreed to once, applied loan by loan."""

    number = Code(unique=True)
    status = models.CharField(max_length=14, choices=REPRICING.choices(), default="proposed")
    day = models.DateField()
    loans = models.PositiveIntegerField(default=0)
    approval_number = Code(blank=True)
    proposed_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    reverse_reason = LongText(privacy=C1, blank=True)
    reverse_approval_number = Code(blank=True)

    objects = WholeHouse.as_manager()

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"repricing:{self.number}"


class RepricingLine(models.Model):
    """One loan of a batch: from which rate to which, by which reference rate; `event` once it is applied."""

    batch = models.ForeignKey(Repricing, on_delete=models.PROTECT, related_name="lines", db_index=False)
    loan = models.ForeignKey("servicing.Loan", on_delete=models.PROTECT, related_name="repricings")
    status = models.CharField(max_length=10, choices=LINE_STATUSES, default="waiting")
    base = Code(max_length=10)
    base_rate = RateField()
    rate_before = RateField()
    rate_after = RateField()
    failure_code = Code(max_length=60, blank=True)
    failure_reason = LongText(privacy=C1, blank=True)
    event = models.OneToOneField("servicing.LoanEvent", on_delete=models.PROTECT, null=True, related_name="+")

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_number = "loan__branch_id", "loan__owner_id", "loan__number"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "loan"], name="repricing_line_once")]
