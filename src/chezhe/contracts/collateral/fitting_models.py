"""The tables of what is fitted and insured: orders to installers, devices with their first fix, policies."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.collateral.states import GPS_ORDER
from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, MoneyField, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet

GPS_PREFIX = numbers.register("AZ", "gps order")
SOURCES = [("vendor", _("设备商回传")), ("clerk", _("人工登记"))]


class GpsOrder(models.Model):
    """An installer is to fit what the decision asks for, on a day."""

    number = Code(unique=True)
    status = models.CharField(max_length=9, choices=GPS_ORDER.choices(), default="ordered")
    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="gps_orders")
    installer = Text(privacy=PUBLIC, max_length=60)
    appointed_on = models.DateField()
    ordered_at = models.DateTimeField()
    ordered_by_name = Text(privacy=C2, max_length=80)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "contract__branch_id", "contract__owner_id"

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["contract"], name="gps_order_one_open", condition=Q(status__in=["ordered", "installed"])),
        ]

    @property
    def subject(self) -> str:
        return f"gps_order:{self.number}"


class GpsDevice(models.Model):
    """A device in a car. It counts once it has told where it is; one that never did is replaced."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="devices")
    device_number = Code(privacy=C1)
    installer = Text(privacy=PUBLIC, max_length=60, blank=True, default="")
    installed_on = models.DateField()
    installed_by_name = Text(privacy=C2, max_length=80)
    first_fix_at = models.DateTimeField(null=True)
    first_fix_source = models.CharField(max_length=6, choices=SOURCES, blank=True, default="")
    first_fix_by_name = Text(privacy=C2, max_length=80, blank=True, default="")
    removed_at = models.DateTimeField(null=True)
    removed_reason = Text(privacy=C1, max_length=200, blank=True, default="")

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_number = "contract__branch_id", "contract__owner_id", "device_number"

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "device_number"], name="gps_device_once", condition=Q(removed_at__isnull=True)),
        ]
        indexes = [models.Index(fields=["device_number"], name="gps_device_number")]

    @property
    def subject(self) -> str:
        return f"gps_device:{self.device_number}"


class InsurancePolicy(models.Model):
    """A policy on a mortgaged car as its paper says; `valid_to` is its last day."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="policies")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, related_name="+")
    insurer = Text(privacy=PUBLIC, max_length=60)
    policy_number = Code(privacy=C1)
    beneficiary = Text(privacy=C1, max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField()
    amount = MoneyField()
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    recorded_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "vehicle", "policy_number"], name="insurance_policy_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="insurance_policy_positive"),
            models.CheckConstraint(condition=Q(valid_to__gte=models.F("valid_from")), name="insurance_policy_days"),
        ]

    @property
    def subject(self) -> str:
        return f"contract:{self.contract.number}"

    def covers(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.valid_from <= on <= self.valid_to
