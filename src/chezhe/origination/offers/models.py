"""What was offered to the customer, each time anew, and on what conditions people agreed."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from chezhe.kernel import roles
from chezhe.kernel.fields import Code, MoneyField, RateField, Text
from chezhe.kernel.privacy import C2
from chezhe.origination import choices
from chezhe.origination.states import CONDITION, OFFER


class Offer(models.Model):
    """The terms of one approval, as the customer is told them. A later one takes the place of an earlier one."""

    application = models.ForeignKey("origination.Application", on_delete=models.CASCADE, related_name="offers")
    place = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=OFFER.choices(), default="open")
    amount = MoneyField()
    periods = models.PositiveSmallIntegerField()
    annual_rate = RateField()
    instalment = MoneyField()
    total = MoneyField()
    all_in_simple = RateField(null=True)
    is_as_asked = models.BooleanField()
    decision_number = Code(blank=True, default="")
    valid_until = models.DateField()
    made_at = models.DateTimeField()
    made_by_name = Text(privacy=C2, max_length=80)
    answered_at = models.DateTimeField(null=True)
    answer = Text(privacy=C2, max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "place"], name="offer_once"),
            models.UniqueConstraint(fields=["application"], name="offer_open_once", condition=Q(status="open")),
            models.CheckConstraint(condition=Q(amount__gt=0, periods__gt=0), name="offer_of_something"),
        ]

    @property
    def subject(self) -> str:
        return f"offer:{self.application.number}/{self.place}"

    @property
    def status_label(self) -> str:
        return OFFER.label(self.status)


class ApprovalCondition(models.Model):
    """Something that has to be done before the contract is made, or before money leaves, because whoever agreed said so."""

    application = models.ForeignKey("origination.Application", on_delete=models.CASCADE, related_name="conditions")
    status = models.CharField(max_length=8, choices=CONDITION.choices(), default="open")
    words = Text(privacy=C2, max_length=120)
    due = models.CharField(max_length=8, choices=choices.CONDITION_DUE)
    owner_role = models.CharField(max_length=24, choices=list(roles.LABELS.items()))
    set_at = models.DateTimeField()
    set_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    set_by_name = Text(privacy=C2, max_length=80)
    settled_at = models.DateTimeField(null=True)
    settled_by_name = Text(privacy=C2, max_length=80, blank=True, default="")
    settled_words = Text(privacy=C2, max_length=200, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(status="open") ^ Q(settled_at__isnull=False), name="condition_settled_once"),
        ]

    @property
    def subject(self) -> str:
        return f"condition:{self.application.number}/{self.pk}"

    @property
    def due_label(self) -> Any:
        return dict(choices.CONDITION_DUE)[self.due]

    @property
    def owner_label(self) -> Any:
        return roles.LABELS.get(self.owner_role, self.owner_role)
