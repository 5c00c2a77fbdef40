"""An application for a loan, and who else stands for it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from chezhe.finmath.terms import Method
from chezhe.identifiers import masks
from chezhe.kernel import numbers
from chezhe.kernel.editing import Versioned
from chezhe.kernel.fields import Code, Json, LongText, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet, Through
from chezhe.origination import choices, rules
from chezhe.origination.interviewing.models import Interview, InterviewPhoto, InterviewSignature
from chezhe.origination.offers.models import ApprovalCondition, Offer
from chezhe.origination.revising.models import ApplicationChange, Submission, Wanted
from chezhe.origination.states import APPLICATION, EDITABLE, IN_REVIEW, UNDER_DECISION, until_paid
from chezhe.origination.straight.models import StraightRun
from chezhe.products import labels
from chezhe.products.rules import SOLE_TRADER

__all__ = [
    "PREFIX", "Application", "ApplicationChange", "ApplicationParty", "ApplicationVehicle", "ApprovalCondition", "Interview",
    "InterviewPhoto", "InterviewSignature", "Offer", "StraightRun", "Submission", "Wanted",
]

PREFIX = numbers.register("A", "application")


class Application(Versioned):
    """What a customer asks for, and what was approved. Figures stay empty until their step is filled."""

    number = Code(unique=True)
    status = models.CharField(max_length=16, choices=APPLICATION.choices(), default="draft")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="applications")
    # The trade for which a sole trader borrows, fixed at the start; whoever borrows as a person or a company has none.
    trade = models.ForeignKey("customers.Trade", on_delete=models.PROTECT, null=True, related_name="applications")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, null=True, related_name="applications")
    product_version = models.ForeignKey("products.ProductVersion", on_delete=models.PROTECT, null=True, related_name="+")
    lead = models.ForeignKey("leads.Lead", on_delete=models.PROTECT, null=True, related_name="applications")
    # Who brought it; a case that came from an enquiry has the enquiry's.
    dealer = models.ForeignKey("channels.Dealer", on_delete=models.PROTECT, null=True, related_name="applications")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    approval = models.ForeignKey("approvals.ApprovalRequest", on_delete=models.PROTECT, null=True, related_name="+")

    # Over the counter a clerk's machine is used; on-line the customer's own device, by the mark that its programme gives it.
    filed_through = models.CharField(max_length=8, choices=choices.FILED_THROUGH, default="counter")
    device = Text(privacy=C2, max_length=120, blank=True, default="")

    # Whether the customer wants to be asked again, or agreed beforehand to what is approved as it was asked for.
    acceptance = models.CharField(max_length=8, choices=choices.ACCEPTANCES, default="asked", db_default="asked")

    purpose = models.CharField(max_length=16, choices=choices.PURPOSES, blank=True, default="")
    price = MoneyField(null=True, blank=True)
    amount = MoneyField(null=True, blank=True)
    periods = models.PositiveSmallIntegerField(null=True, blank=True)
    annual_rate = RateField(null=True, blank=True)
    # The contract whose loan this one is to pay off (借新还旧).
    refinances = Code(blank=True)
    method = models.CharField(max_length=24, choices=choices.METHODS, blank=True, default="")
    due_day = models.PositiveSmallIntegerField(null=True, blank=True)
    monthly_income = MoneyField(privacy=C2, null=True, blank=True)
    monthly_debt = MoneyField(privacy=C2, null=True, blank=True)
    draft = Json(privacy=C2, default=dict, help_text="step → field → text as it was typed, until it is valid")
    maker_ids = Json(privacy=C1, default=list, help_text="everybody who wrote in it: they may not decide it")

    copied_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    bound = models.CharField(max_length=4, choices=choices.BOUND, blank=True, default="", db_default="")

    # What lists show of the figures and of the machine's answer: written with them, never by themselves.
    ltv = RateField(null=True)
    dti = RateField(null=True)
    tier = Code(privacy=C1, max_length=1, blank=True, default="", db_default="")
    score = models.SmallIntegerField(null=True)
    exceptions = models.PositiveSmallIntegerField(null=True)
    is_prime = models.BooleanField(default=False, db_default=False)

    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    approval_expires_on = models.DateField(null=True)
    snapshot = Json(privacy=C2, default=dict, help_text="every figure the decision was made on")
    opinion = LongText(privacy=C2, blank=True, default="")

    scope_branch, scope_owner = "branch_id", "owner_id"
    scope_customer = ("customer_id", Through("parties__customer_id", Q(parties__role="co_borrower")))
    scope_dealer = "dealer_id"
    objects = ScopedQuerySet.as_manager()
    change_labels = choices.FIELDS

    class Meta:
        indexes = [
            models.Index(fields=["branch", "status", "is_prime"], name="application_prime"),
            models.Index(fields=["branch", "status", "-id"], name="application_branch"),
            models.Index(fields=["owner", "status", "-id"], name="application_owner"),
            # The list begins with what was written last.
            models.Index(fields=["-created_at", "-id"], name="application_newest"),
            models.Index(fields=["owner", "-created_at", "-id"], name="application_owner_newest"),
            models.Index(fields=["dealer", "-id"], name="application_dealer", condition=Q(dealer__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gt=0), name="application_amount_positive"),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "accepted"]) | Q(approval_expires_on__isnull=False),
                name="application_offer_has_an_end",
            ),
            # One car cannot carry two applications that are being decided, offered or waiting for their money.
            models.UniqueConstraint(
                fields=["vehicle"], name="application_vehicle_once",
                condition=until_paid(UNDER_DECISION),
            ),
            models.CheckConstraint(condition=Q(bound="") | Q(status="accepted"), name="application_bound_when_accepted"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"application:{self.number}"

    @property
    def borrower_kind(self) -> str:
        """As what the customer borrows: a person, a sole trader, or a company."""
        return SOLE_TRADER if self.trade_id else str(self.customer.kind)

    @property
    def borrower_label(self) -> str:
        return str(labels.BORROWERS[self.borrower_kind])

    @property
    def is_editable(self) -> bool:
        return self.status in EDITABLE

    @property
    def is_in_review(self) -> bool:
        return self.status in IN_REVIEW

    @property
    def repayment_method(self) -> Method | None:
        """The method chosen, else the product's usual one."""
        if self.method:
            return Method(self.method)
        return self.product_version.terms.methods[0] if self.product_version else None

    @property
    def purpose_label(self) -> Any:
        return dict(choices.PURPOSES).get(self.purpose, "")

    @property
    def method_label(self) -> Any:
        return dict(choices.METHODS).get(self.method, "")

    @property
    def masked_device(self) -> str:
        """Only the last four of the mark."""
        return f"{masks.HIDDEN}{self.device[-4:]}" if self.device else ""

    def has_lapsed(self, on: date) -> bool:
        """Whether the offer waits for an acceptance, or for a contract, that can no longer come."""
        return self.status in ("approved", "accepted") and not self.bound and rules.has_lapsed(self.approval_expires_on, on)


class ApplicationParty(models.Model):
    """A co-borrower, guarantor or spouse; a customer of ours in their own right."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="parties")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=choices.PARTY_ROLES)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "customer"], name="application_party_once")]

    @property
    def subject(self) -> str:
        return self.application.subject

    @property
    def role_label(self) -> Any:
        return dict(choices.PARTY_ROLES)[self.role]


class ApplicationVehicle(models.Model):
    """A further car that stands for the loan beside the application's own; of the borrower, or of whoever stands beside them."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="further_vehicles")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["application", "vehicle"], name="application_further_vehicle_once")]

    @property
    def subject(self) -> str:
        return self.application.subject
