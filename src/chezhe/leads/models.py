"""Enquiries: who asked, what for, who follows up, and every time somebody got in touch."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from chezhe.channels import choices as channel_choices
from chezhe.channels.models import Dealer
from chezhe.customers.models import Customer
from chezhe.identifiers import masks
from chezhe.kernel import numbers
from chezhe.kernel.editing import Versioned
from chezhe.kernel.fields import BlindIndex, Code, Encrypted, LongText, MoneyField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.leads import choices, rules
from chezhe.leads.states import LEAD, OPEN

PREFIX = numbers.register("LD", "lead")


class Lead(Versioned):
    """One enquiry. A mobile number has at most one open lead in the whole house."""

    number = Code(unique=True)
    name = Text(privacy=C2, max_length=100)
    is_company = models.BooleanField(default=False)
    mobile = Encrypted()
    mobile_hash = BlindIndex(of="mobile")
    mobile_tail = Text(privacy=C2, max_length=4, db_index=True)
    source = models.CharField(max_length=12, choices=channel_choices.SOURCES)
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, null=True, blank=True, related_name="leads")
    product_interest = models.CharField(max_length=3, choices=choices.PRODUCTS, blank=True, default="")
    amount_wanted = MoneyField(null=True, blank=True)
    city = Text(privacy=C1, max_length=40, blank=True, default="")
    note = LongText(privacy=C2, blank=True, default="")
    status = models.CharField(max_length=10, choices=LEAD.choices(), default="new")
    lost_reason = models.CharField(max_length=16, choices=choices.LOST_REASONS, blank=True, default="")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="leads")
    created_on = models.DateField()
    created_at = models.DateTimeField()
    assigned_on = models.DateField(null=True)
    touched_on = models.DateField(null=True)
    touch_next_on = models.DateField(null=True)

    scope_branch, scope_owner = "branch_id", "owner_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["branch", "status", "owner"], name="lead_board"),
            models.Index(fields=["owner", "touch_next_on"], name="lead_due", condition=Q(status__in=OPEN)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["mobile_hash"], name="lead_open_once", condition=Q(status__in=OPEN)),
            models.CheckConstraint(condition=~Q(status="converted") | Q(customer__isnull=False), name="lead_converted_has_customer"),
            models.CheckConstraint(condition=~Q(status="lost") | ~Q(lost_reason=""), name="lead_lost_has_reason"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"lead:{self.number}"

    @property
    def masked_name(self) -> str:
        return self.name if self.is_company else masks.mask_name(self.name)

    @property
    def masked_mobile(self) -> str:
        return masks.mask_mobile(self.mobile)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def protected_until(self) -> date | None:
        """The last day on which it belongs to its owner alone."""
        return rules.protected_until(self.assigned_on, self.touched_on) if self.is_open else None

    def is_in_pool(self, on: date) -> bool:
        """Whether anybody of the branch may take it on a day."""
        return self.is_open and not rules.is_protected(self.assigned_on, self.touched_on, on)

    @property
    def product_label(self) -> Any:
        return dict(choices.PRODUCTS).get(self.product_interest, "")

    @property
    def source_label(self) -> Any:
        return dict(channel_choices.SOURCES)[self.source]


class LeadTouch(models.Model):
    """One contact with somebody who asked, and what came of it. Append-only."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="touches")
    channel = models.CharField(max_length=8, choices=choices.TOUCH_CHANNELS)
    outcome = models.CharField(max_length=12, choices=choices.OUTCOMES)
    note = LongText(privacy=C2, blank=True, default="")
    touched_at = models.DateTimeField()
    touched_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    touched_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["-id"]

    @property
    def subject(self) -> str:
        return self.lead.subject

    @property
    def channel_label(self) -> Any:
        return dict(choices.TOUCH_CHANNELS)[self.channel]

    @property
    def outcome_label(self) -> Any:
        return dict(choices.OUTCOMES)[self.outcome]
