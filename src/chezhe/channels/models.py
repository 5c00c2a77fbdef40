"""Dealers and service providers who bring business."""

from __future__ import annotations

from typing import Any

from django.db import models

from chezhe.channels import choices
from chezhe.channels.states import COMMISSION_PLAN, DEALER
from chezhe.identifiers import masks
from chezhe.kernel import numbers
from chezhe.kernel.editing import Versioned
from chezhe.kernel.fields import BlindIndex, Code, Encrypted, Json, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet

PREFIX = numbers.register("D", "dealer")
PLAN_PREFIX = numbers.register("CP", "commission plan")


class Dealer(Versioned):
    """A company that sells cars or files applications for us; its tier is a judgement, its status a decision."""

    number = Code(unique=True)
    kind = models.CharField(max_length=20, choices=choices.DEALER_KINDS)
    name = Text(privacy=PUBLIC, max_length=100)
    uscc = Code(max_length=18, unique=True)
    tier = models.CharField(max_length=1, choices=choices.TIERS)
    city = Text(privacy=PUBLIC, max_length=40)
    address = Text(privacy=C1, max_length=200, blank=True, default="")
    contact_name = Text(privacy=C2, max_length=20, blank=True, default="")
    contact_mobile = Encrypted(blank=True, default="")
    status = models.CharField(max_length=10, choices=DEALER.choices(), default="active")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    scope_branch, scope_owner = "branch_id", "owner_id"
    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"dealer:{self.number}"

    @property
    def kind_label(self) -> Any:
        return dict(choices.DEALER_KINDS)[self.kind]

    @property
    def masked_contact(self) -> str:
        return " ".join(filter(None, [masks.mask_name(self.contact_name), masks.mask_mobile(self.contact_mobile)]))


class DealerPerson(models.Model):
    """Somebody of a dealer who may sign in at the dealers' portal, by a mobile number that is nobody else's there; never deleted."""

    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="people")
    name = Text(privacy=C2, max_length=20)
    mobile = Encrypted()
    mobile_hash = BlindIndex(of="mobile")
    added_at = models.DateTimeField()
    added_by_name = Text(privacy=C2, max_length=80)
    disabled_at = models.DateTimeField(null=True)
    disabled_by_name = Text(privacy=C2, max_length=80, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["mobile_hash"], name="dealer_person_once", condition=models.Q(disabled_at__isnull=True)),
        ]

    @property
    def subject(self) -> str:
        return self.dealer.subject

    @property
    def masked_name(self) -> str:
        return masks.mask_name(self.name)

    @property
    def masked_mobile(self) -> str:
        return masks.mask_mobile(self.mobile)


class CommissionPlan(models.Model):
    """What a dealer earns from a day on for loans of a product (`product_code`; empty: of every product without a plan of its own).

    `rate` is a fraction of the money lent; there is nothing here that could hang on the rate the customer pays. `amount_max` is the
    most for one loan. Who does not keep the loan for `hold_months` takes the missing part back. Once agreed it can only be ended.
    """

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=COMMISSION_PLAN.choices(), default="proposed")
    dealer = models.ForeignKey(Dealer, on_delete=models.PROTECT, related_name="commission_plans")
    product_code = Code(max_length=20, blank=True, default="")
    rate = RateField()
    amount_max = MoneyField(null=True)
    hold_months = models.PositiveSmallIntegerField()
    effective_from = models.DateField()
    # The last day on which it counts.
    effective_to = models.DateField(null=True)
    reason = Text(privacy=C1, max_length=200)
    proposed_at = models.DateTimeField()
    proposed_by_ids = Json(privacy=C1, default=list)
    proposed_by_name = Text(privacy=C2, max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = Text(privacy=C2, max_length=80, blank=True, default="")
    opinion = Text(privacy=C1, max_length=200, blank=True, default="")

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_dealer = "dealer__branch_id", "dealer__owner_id", "dealer_id"

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(rate__gt=0, rate__lt=1), name="commission_plan_rate"),
            models.CheckConstraint(condition=models.Q(amount_max__isnull=True) | models.Q(amount_max__gt=0), name="commission_plan_most"),
        ]
        indexes = [models.Index(fields=["dealer", "-effective_from"], name="commission_plan_dealer")]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"commission_plan:{self.number}"
