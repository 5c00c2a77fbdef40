"""Tables of direct debit."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from chezhe.kernel import numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.fields import Code, Json, MoneyField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.payments.debits.states import DEBIT, MANDATE, SETTLEMENT, STANDING

MANDATE_PREFIX = numbers.register("DM", "mandate")
SETTLEMENT_PREFIX = numbers.register("CS", "channel settlement")


class Mandate(models.Model):
    """A customer's leave to collect from one account, within limits, until it is ended. `evidence` is our number of the signed
    paper or recording; the consent ledger holds the agreement itself. `stop_code` says why it is suspended."""

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=MANDATE.choices(), default="active")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="mandates")
    account = models.ForeignKey("customers.BankAccount", on_delete=models.PROTECT, related_name="mandates")
    signed_on = models.DateField()
    evidence = Code(max_length=80)
    debit_max = MoneyField()
    day_max = MoneyField()
    stop_code = Code(blank=True)
    ended_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField()
    signed_by_name = Text(privacy=C2, max_length=80)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "customer__branch_id", "customer__owner_id"
    scope_customer = "customer_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer"], name="mandate_stands_once", condition=models.Q(status__in=STANDING)),
            models.CheckConstraint(condition=models.Q(debit_max__gt=0, day_max__gte=models.F("debit_max")), name="mandate_limits"),
        ]

    @property
    def subject(self) -> str:
        return f"mandate:{self.number}"


class Debit(models.Model):
    """One order to the channel. `claim` is what the asking room collects for, by one order or several; `reference` is unique at
    the channel, so that an order that leaves twice is carried out once."""

    reference = Code(unique=True, max_length=60)
    claim = Code(max_length=50, db_index=True)
    status = models.CharField(max_length=10, choices=DEBIT.choices(), default="requested")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="debits")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    amount = MoneyField()
    collected = MoneyField(default=0)
    fee = MoneyField(default=0)
    memo = Text(privacy=C1, max_length=60)
    channel_serial = Code(blank=True, max_length=64)
    failure_code = Code(blank=True)
    requested_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # The channel's own days.
    collected_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_number = "branch_id", None, "reference"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0, collected__gte=0, collected__lte=models.F("amount")), name="debit_amounts"
            )
        ]
        indexes = [
            models.Index(fields=["status", "sent_at"], name="debit_open", condition=models.Q(status__in=["requested", "sent"])),
            models.Index(fields=["collected_on"], name="debit_collected", condition=models.Q(collected_on__isnull=False)),
            models.Index(fields=["returned_on"], name="debit_returned", condition=models.Q(returned_on__isnull=False)),
        ]

    @property
    def subject(self) -> str:
        return f"debit:{self.reference}"

    @property
    def waits_since(self) -> datetime | None:
        return (self.sent_at or self.requested_at) if self.status in ("requested", "sent") else None


class WholeHouseQuerySet(ScopedQuerySet["ChannelSettlement"]):
    """What the channel settles is for all branches in one sum: whoever sees only some of them sees none of it."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.sees_whole_house else self.none()


class ChannelSettlement(models.Model):
    """A day on which the channel collected or took back, and what it paid us for it. `differences` are the lines on which it and
    we do not agree: nothing is booked before there are none."""

    number = Code(unique=True)
    day = models.DateField(unique=True)
    status = models.CharField(max_length=10, choices=SETTLEMENT.choices(), default="open")
    lines = models.PositiveIntegerField(default=0)
    gross = MoneyField(default=0)
    fee = MoneyField(default=0)
    net = MoneyField(default=0)
    differences = Json(privacy=C1, default=list)
    settled_at = models.DateTimeField(null=True)

    objects = WholeHouseQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]

    @property
    def subject(self) -> str:
        return f"channel_settlement:{self.number}"
