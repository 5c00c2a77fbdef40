"""Vehicles, what their papers say, and what they are worth."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q

from chezhe.customers.models import Customer
from chezhe.identifiers import masks
from chezhe.kernel import numbers
from chezhe.kernel.editing import Versioned
from chezhe.kernel.fields import Code, Encrypted, LongText, MoneyField, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.vehicles import choices
from chezhe.vehicles.values import VehicleFacts

PREFIX = numbers.register("V", "vehicle")


class Vehicle(Versioned):
    """One car. Its VIN is unique in the whole house, and so is its plate while it has one."""

    number = Code(unique=True)
    owner = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="vehicles")
    vin = Text(privacy=C2, max_length=17, unique=True)
    vin_tail = Text(privacy=C2, max_length=6, db_index=True)
    plate = Text(privacy=C2, max_length=8, blank=True, default="")
    engine_no = Text(privacy=C2, max_length=30, blank=True, default="")
    brand = Text(privacy=PUBLIC, max_length=40)
    series = Text(privacy=PUBLIC, max_length=40, blank=True, default="")
    model = Text(privacy=PUBLIC, max_length=80)
    energy_type = models.CharField(max_length=16, choices=choices.ENERGY_TYPES)
    usage_nature = models.CharField(max_length=24, choices=choices.USAGE_NATURES, default="non_commercial")
    condition = models.CharField(max_length=4, choices=choices.CONDITIONS)
    first_registered_on = models.DateField(null=True, blank=True)
    mileage_km = models.PositiveIntegerField(null=True, blank=True)
    colour = Text(privacy=PUBLIC, max_length=20, blank=True, default="")
    invoice_price = MoneyField(null=True, blank=True)
    guide_price = MoneyField(null=True, blank=True)
    created_at = models.DateTimeField()

    scope_branch, scope_owner = "owner__branch_id", "owner__owner_id"
    scope_customer, scope_dealer = "owner_id", ("applications__dealer_id",)
    objects = ScopedQuerySet.as_manager()
    change_labels = choices.FIELD_LABELS

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plate"], name="vehicle_plate_once", condition=~Q(plate=""))]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"vehicle:{self.number}"

    @property
    def masked_vin(self) -> str:
        return masks.mask_vin(self.vin)

    @property
    def masked_plate(self) -> str:
        return masks.mask_plate(self.plate)

    @property
    def title(self) -> str:
        """Brand, series and model in one line."""
        return " ".join(filter(None, [self.brand, self.series, self.model]))

    @property
    def facts(self) -> VehicleFacts:
        """The row as values, for the rules."""
        return VehicleFacts(
            vin=self.vin, brand=self.brand, model=self.model, condition=self.condition, energy_type=self.energy_type,
            usage_nature=self.usage_nature, plate=self.plate, engine_no=self.engine_no, series=self.series,
            first_registered_on=self.first_registered_on, mileage_km=self.mileage_km, colour=self.colour,
            invoice_price=self.invoice_price, guide_price=self.guide_price,
        )


class VehiclePaper(models.Model):
    """What one paper says, field by field; the newest of a kind counts. Its content holds names and numbers: encrypted."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=12, choices=choices.PAPER_KINDS)
    content_text = Encrypted()
    recorded_at = models.DateTimeField()
    recorded_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["-id"]

    @property
    def subject(self) -> str:
        return self.vehicle.subject

    @property
    def content(self) -> dict[str, Any]:
        """Field → value as stored: days are ISO text."""
        return dict(json.loads(self.content_text))


class Valuation(models.Model):
    """What somebody says the car is worth on a day. Append-only; the latest one counts."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="valuations")
    source = models.CharField(max_length=16, choices=choices.VALUATION_SOURCES)
    amount = MoneyField()
    valued_on = models.DateField()
    mileage_km = models.PositiveIntegerField(null=True, blank=True)
    note = LongText(privacy=C1, blank=True, default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["-valued_on", "-id"]
        constraints = [models.CheckConstraint(condition=Q(amount__gt=0), name="valuation_positive")]

    @property
    def subject(self) -> str:
        return self.vehicle.subject

    @property
    def source_label(self) -> Any:
        return dict(choices.VALUATION_SOURCES)[self.source]


class VehicleChange(models.Model):
    """One field of one edit; both values encrypted. Append-only."""

    vehicle = models.ForeignKey(Vehicle, on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    field = Code()
    before = Encrypted(blank=True)
    after = Encrypted(blank=True)
    changed_at = models.DateTimeField()
    changed_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["-id"]

    @property
    def label(self) -> Any:
        return choices.FIELD_LABELS.get(self.field, self.field)
