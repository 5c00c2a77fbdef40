"""The VAT of a month with what it was worked out from, loan by loan."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Json, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.servicing.quality.models import WholeHouse
from chezhe.servicing.states import COMPUTED_OPEN
from chezhe.servicing.tax.states import VAT

VAT_PREFIX = numbers.register("VT", "vat run")
TAXPAYERS = [("general", _("一般纳税人")), ("small", _("小规模纳税人"))]


class VatRun(models.Model):
    """The VAT of the month that ends with `as_of`: prepared by one person, posted by another.

    VAT began the day after `since`; `previous` is the posted run that it goes on from. `books` are `rules.Books` as they stood.
    `base` and `tax` are the sums of its lines, `deferred` what the books shall hold as tax to come.
    """

    number = Code(unique=True)
    status = models.CharField(max_length=9, choices=VAT.choices(), default="computing")
    as_of = models.DateField()
    since = models.DateField()
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    taxpayer = models.CharField(max_length=7, choices=TAXPAYERS)
    rate = RateField()
    source = Text(privacy=C1, max_length=200, blank=True)
    books = Json(privacy=C1, default=dict)
    loans = models.PositiveIntegerField(default=0)
    base = MoneyField(default=0)
    tax = MoneyField(default=0)
    deferred = MoneyField(default=0)
    started_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    started_by_name = Text(privacy=C2, max_length=80)
    started_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True)
    posted_by_name = Text(privacy=C2, max_length=80, blank=True)
    posted_on = models.DateField(null=True)
    posted_at = models.DateTimeField(null=True)

    objects = WholeHouse.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["as_of"], name="vat_once_a_month", condition=models.Q(status__in=COMPUTED_OPEN)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"vat:{self.number}"


class VatLine(models.Model):
    """What a run taxes of one loan, in the order of `rules.ITEMS`, tax included in the base. Never changed."""

    run = models.ForeignKey(VatRun, on_delete=models.PROTECT, related_name="lines", db_index=False)
    loan = models.ForeignKey("servicing.Loan", on_delete=models.PROTECT, related_name="vat_lines")
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False)
    bases = ArrayField(models.BigIntegerField())
    taxes = ArrayField(models.BigIntegerField())
    base = MoneyField()
    tax = MoneyField()

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", "loan__owner_id"
    bases.privacy = taxes.privacy = C1

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "loan"], name="vat_line_once")]
