"""An application for a loan, and who else stands for it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import numbers
from chezhe.kernel.editing import Versioned
from chezhe.kernel.fields import Code, Json, LongText, MoneyField, RateField
from chezhe.kernel.privacy import C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.origination.states import APPLICATION

PREFIX = numbers.register("A", "application")

PURPOSES = [
    ("purchase", _("购车")), ("consumption", _("个人消费")), ("business", _("个体经营")), ("working_capital", _("企业流动资金")),
]


class Application(Versioned):
    """What a customer asks for, and what was approved. Figures stay empty until their step is filled."""

    number = Code(unique=True)
    status = models.CharField(max_length=16, choices=APPLICATION.choices(), default="draft")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="applications")
    vehicle = models.ForeignKey("vehicles.Vehicle", on_delete=models.PROTECT, null=True, related_name="applications")
    product_version = models.ForeignKey("products.ProductVersion", on_delete=models.PROTECT, null=True)
    lead = models.ForeignKey("leads.Lead", on_delete=models.PROTECT, null=True)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT)
    owner = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    approval = models.ForeignKey("approvals.ApprovalRequest", on_delete=models.PROTECT, null=True)

    purpose = models.CharField(max_length=16, choices=PURPOSES, blank=True)
    price = MoneyField(null=True, blank=True)
    amount = MoneyField(null=True, blank=True)
    periods = models.PositiveSmallIntegerField(null=True, blank=True)
    annual_rate = RateField(null=True, blank=True)
    due_day = models.PositiveSmallIntegerField(null=True, blank=True)
    monthly_income = MoneyField(null=True, blank=True)
    monthly_debt = MoneyField(null=True, blank=True)
    draft = Json(privacy=C2, default=dict, help_text="half-filled steps as they were typed, until they are valid")

    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    approval_expires_on = models.DateField(null=True)
    snapshot = Json(privacy=C2, default=dict, help_text="every figure the decision was made on")
    opinion = LongText(privacy=C2, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", "owner_id"

    class Meta:
        indexes = [models.Index(fields=["branch", "status", "-id"]), models.Index(fields=["owner", "status", "-id"])]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0), name="application_amount_positive"),
            # One car cannot carry two applications that are still alive.
            models.UniqueConstraint(
                fields=["vehicle"], name="application_vehicle_once",
                condition=models.Q(status__in=["first_review", "final_review", "approved"]),
            ),
        ]

    @property
    def subject(self) -> str:
        return f"application:{self.number}"


class ApplicationParty(models.Model):
    """A co-borrower or guarantor; a customer of ours in their own right."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="parties")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=[("co_borrower", _("共借人")), ("guarantor", _("担保人")), ("spouse", _("配偶"))])

    class Meta:
        constraints = [models.UniqueConstraint(fields=["application", "customer"], name="application_party_once")]
