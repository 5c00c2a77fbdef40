"""The internal funding cost of a month with what it was worked out from, loan by loan."""

from __future__ import annotations

from django.db import models

from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, MoneyField, RateField, Text
from chezhe.kernel.privacy import C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.servicing.profit.states import FUNDING
from chezhe.servicing.quality.models import WholeHouse

FUNDING_PREFIX = numbers.register("FC", "funding run")


class FundingRun(models.Model):
    """The internal funding cost of the month that ends with `as_of`; it began the day after `since`."""

    number = Code(unique=True)
    status = models.CharField(max_length=8, choices=FUNDING.choices(), default="posted")
    as_of = models.DateField()
    since = models.DateField()
    basis = models.PositiveSmallIntegerField()
    loans = models.PositiveIntegerField(default=0)
    cost = MoneyField(default=0)
    posted_by_name = Text(privacy=C2, max_length=80)
    posted_on = models.DateField()
    posted_at = models.DateTimeField()

    objects = WholeHouse.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["as_of"], name="funding_once_a_month", condition=models.Q(status="posted")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"funding:{self.number}"


class FundingLine(models.Model):
    """What a loan's money cost in the run's month. `fen_days` is its principal × days to date, `to_date` what that costs. Never changed."""

    run = models.ForeignKey(FundingRun, on_delete=models.PROTECT, related_name="lines", db_index=False)
    loan = models.ForeignKey("servicing.Loan", on_delete=models.PROTECT, related_name="funding_lines")
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False)
    rate = RateField()
    fen_days = models.BigIntegerField()
    to_date = MoneyField()
    cost = MoneyField()

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", "loan__owner_id"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "loan"], name="funding_line_once")]
