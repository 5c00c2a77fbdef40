"""The tables of collateral."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.collateral.states import OPEN, REGISTRATION
from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet

REGISTRATION_PREFIX = numbers.register("RG", "registration")
VEHICLE_OFFICE, UNIFIED = "vehicle_office", "unified"
REGISTRIES = [(VEHICLE_OFFICE, _("车管所")), (UNIFIED, _("中登网"))]


class RegistrationOrder(models.Model):
    """One mortgage to be noted in one registry, until its receipt is here. `due_on` is the last day on which it keeps its rank, or the
    day agreed to; `attempt` counts how often it was tried."""

    number = Code(unique=True)
    status = models.CharField(max_length=9, choices=REGISTRATION.choices(), default="made")
    registry = models.CharField(max_length=14, choices=REGISTRIES)
    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="registrations")
    mortgage = models.ForeignKey("contracts.Mortgage", on_delete=models.PROTECT, related_name="registrations")
    due_on = models.DateField(null=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    made_on = models.DateField()
    made_by_name = Text(privacy=C2, max_length=80)
    submitted_on = models.DateField(null=True)
    office = Text(privacy=PUBLIC, max_length=60, blank=True, default="")
    receipt_number = Code(privacy=C1, blank=True, default="")
    accepted_on = models.DateField(null=True)
    # A record in the unified registry stands for the term that was chosen, and lapses then.
    valid_until = models.DateField(null=True)
    # The last day of the term that was announced to end soon.
    told_until = models.DateField(null=True)
    receipt = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_on = models.DateField(null=True)
    cancel_receipt_number = Code(privacy=C1, blank=True, default="")
    refusal = Text(privacy=C1, max_length=200, blank=True, default="")

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "contract__branch_id", "contract__owner_id"

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["mortgage", "registry"], name="registration_once", condition=~Q(status="dropped")),
            models.CheckConstraint(
                name="registration_receipt", condition=~Q(status="accepted") | (~Q(receipt_number="") & Q(accepted_on__isnull=False))),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="registration_open", condition=Q(status__in=OPEN)),
            models.Index(fields=["valid_until"], name="registration_term", condition=Q(status="accepted")),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"registration:{self.number}"

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def days_left(self, on: date) -> int | None:
        """Until its last day; negative once that is over, None where there is none or nothing is left to do."""
        return (self.due_on - on).days if self.due_on is not None and self.is_open else None
