"""Valuations of cars: every source's figure, what they come to together, and the reports and deals they rest on."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from chezhe.documents import catalogue
from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Json, LongText, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.risk.valuing import choices
from chezhe.risk.valuing.states import REPORT, VALUING
from chezhe.vehicles import choices as vehicle_choices
from chezhe.vehicles.models import Vehicle

VALUING_PREFIX = numbers.register("VV", "valuing")
REPORT_PREFIX = numbers.register("VR", "appraiser report")


class Valuing(models.Model):
    """What all sources together say a car is worth on a business date. Figures are empty until the answers are in; `path` holds
    what it will be worth after 0, 1 … months, in fen; `voices` who was heard and who was set aside, with the distance."""

    number = Code(unique=True)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="valuings")
    status = models.CharField(max_length=12, choices=VALUING.choices(), default="gathering")
    valued_on = models.DateField()
    age_months = models.PositiveIntegerField(null=True)
    mileage_km = models.PositiveIntegerField(null=True)
    value = MoneyField(null=True)
    low = MoneyField(null=True)
    high = MoneyField(null=True)
    spread_rate = RateField(null=True)
    lending_value = MoneyField(null=True)
    basis = MoneyField(null=True)
    bound_by = models.CharField(max_length=8, choices=list(choices.BOUND_BY.items()), blank=True, default="")
    haircut = Json(privacy=C1, default=dict)
    voices = Json(privacy=C1, default=list)
    path = Json(privacy=C1, default=list)
    selling = Json(privacy=C1, default=dict)
    checked = Json(privacy=C1, default=dict)
    # The application that waits for it, if one does ("application:A26-…").
    asked_for = Code(max_length=60, blank=True)
    asked_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    asked_by_name = Text(privacy=C2, max_length=80)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    confirmed_by_name = Text(privacy=C2, max_length=80, blank=True, default="")
    reason = Text(privacy=C1, max_length=300, blank=True, default="")

    scope_branch, scope_owner = "vehicle__owner__branch_id", "vehicle__owner__owner_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["vehicle"], name="valuing_once_at_a_time", condition=Q(status="gathering")),
            models.CheckConstraint(
                condition=Q(lending_value__isnull=True) | Q(lending_value__lte=models.F("basis")), name="valuing_lends_less"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"valuing:{self.number}"


class Estimate(models.Model):
    """One source's figure for one valuation, or why it has none. `told` is what the source said before a correction."""

    valuing = models.ForeignKey(Valuing, on_delete=models.CASCADE, related_name="estimates")
    source = models.CharField(max_length=12, choices=choices.SOURCES)
    amount = MoneyField(null=True)
    low = MoneyField(null=True)
    high = MoneyField(null=True)
    told = MoneyField(null=True)
    failure = models.CharField(max_length=12, choices=list(choices.FAILURES.items()), blank=True, default="")
    valued_on = models.DateField()
    inputs = Json(privacy=C1, default=dict)
    evidence = Json(privacy=C1, default=dict)
    report = models.ForeignKey("risk.AppraiserReport", null=True, on_delete=models.PROTECT, related_name="estimates")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["valuing", "source"], name="estimate_once"),
            models.CheckConstraint(condition=Q(amount__gt=0) | (Q(amount__isnull=True) & ~Q(failure="")), name="estimate_or_reason"),
        ]

    @property
    def source_label(self) -> Any:
        return dict(choices.SOURCES)[self.source]


class AppraiserReport(models.Model):
    """What an appraiser found in the yard. It counts once it is submitted with every photo."""

    number = Code(unique=True)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="reports")
    status = models.CharField(max_length=12, choices=REPORT.choices(), default="draft")
    appraiser = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    appraiser_name = Text(privacy=C2, max_length=80)
    begun_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    valued_on = models.DateField()
    amount = MoneyField(null=True)
    mileage_km = models.PositiveIntegerField(null=True)
    grades = Json(privacy=C1, default=dict)
    findings = Json(privacy=C1, default=dict)
    note = LongText(privacy=C1, blank=True, default="")
    repeats = Json(privacy=C1, default=list)

    scope_branch, scope_owner = "vehicle__owner__branch_id", "vehicle__owner__owner_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["vehicle", "appraiser"], name="report_one_draft", condition=Q(status="draft")),
            models.CheckConstraint(condition=~Q(status="submitted") | (Q(amount__gt=0) & Q(mileage_km__isnull=False)), name="report_whole"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"appraisal:{self.number}"


class ReportPhoto(models.Model):
    """One photo of the checklist. `look` is a hash of what is on it: the same picture saved anew has nearly the same."""

    report = models.ForeignKey(AppraiserReport, on_delete=models.CASCADE, related_name="photos")
    category = models.CharField(max_length=40, choices=catalogue.CHOICES)
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    sha256 = Code(privacy=C1, max_length=64, db_index=True)
    look = Code(privacy=C1, max_length=16)
    # The four quarters of `look`: pictures that differ in three bits at most share one of them.
    look_1 = Code(privacy=C1, max_length=4, db_index=True)
    look_2 = Code(privacy=C1, max_length=4, db_index=True)
    look_3 = Code(privacy=C1, max_length=4, db_index=True)
    look_4 = Code(privacy=C1, max_length=4, db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["report", "category"], name="report_photo_once")]


class AppraiserRatio(models.Model):
    """How an appraiser's figure compared with what the others agreed on, or with the price that was paid in the end."""

    report = models.ForeignKey(AppraiserReport, on_delete=models.CASCADE, related_name="ratios")
    appraiser = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    against = models.CharField(max_length=8, choices=choices.AGAINST)
    truth = MoneyField()
    ratio = RateField()
    measured_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "against"], name="ratio_once")]
        indexes = [models.Index(fields=["appraiser", "measured_on"], name="ratio_of_appraiser")]


class MarketDeal(models.Model):
    """A car of known state that was sold, or is still on offer: comparable deals, and how long cars need to sell."""

    vehicle = models.ForeignKey(Vehicle, null=True, on_delete=models.PROTECT, related_name="deals")
    brand = Text(privacy=PUBLIC, max_length=40)
    series = Text(privacy=PUBLIC, max_length=40, blank=True, default="")
    model = Text(privacy=PUBLIC, max_length=80)
    energy_type = models.CharField(max_length=16, choices=vehicle_choices.ENERGY_TYPES)
    usage_nature = models.CharField(max_length=24, choices=vehicle_choices.USAGE_NATURES, default="non_commercial")
    first_registered_on = models.DateField()
    mileage_km = models.PositiveIntegerField()
    transfers = models.PositiveSmallIntegerField(default=0)
    condition = models.CharField(max_length=1, choices=choices.GRADES, default="B")
    region = Text(privacy=PUBLIC, max_length=20, blank=True, default="")
    price = MoneyField()
    market_value = MoneyField(null=True)
    listed_on = models.DateField()
    sold_on = models.DateField(null=True)
    source = Text(privacy=C1, max_length=60)
    recorded_at = models.DateTimeField()
    recorded_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["brand", "series", "sold_on"], name="deal_of_series")]
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="deal_positive"),
            models.CheckConstraint(
                condition=Q(sold_on__isnull=True) | Q(sold_on__gte=models.F("listed_on")), name="deal_sold_after_listing"),
        ]
