"""Classes that people decided, and the monthly provision with what it was worked out from, loan by loan."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.ageing import FiveClass
from chezhe.kernel import numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.fields import Code, Json, LongText, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.servicing.states import DOWNGRADE, PROVISION

DOWNGRADE_PREFIX = numbers.register("DG", "class downgrade")
RUN_PREFIX = numbers.register("PV", "provision run")
ASSET_CLASSES = [
    (FiveClass.NORMAL.value, _("正常")), (FiveClass.SPECIAL_MENTION.value, _("关注")), (FiveClass.SUBSTANDARD.value, _("次级")),
    (FiveClass.DOUBTFUL.value, _("可疑")), (FiveClass.LOSS.value, _("损失")),
]
STAGES = [(1, _("第一阶段")), (2, _("第二阶段")), (3, _("第三阶段"))]


class WholeHouse(ScopedQuerySet[models.Model]):
    """Rows about every branch at once: only who reaches all of them may see them."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.sees_whole_house else self.none()


class ClassDowngrade(models.Model):
    """Somebody holds a loan in a class, for a reason, from `downgraded_on` until others agree to lift it.

    The loan stands in this class or a worse one; it never looks better than its arrears.
    """

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=DOWNGRADE.choices(), default="standing")
    loan = models.ForeignKey("servicing.Loan", on_delete=models.PROTECT, related_name="downgrades")
    asset_class = models.CharField(max_length=15, choices=ASSET_CLASSES)
    reason = LongText(privacy=C2)
    downgraded_on = models.DateField()
    downgraded_at = models.DateTimeField()
    downgraded_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    downgraded_by_name = Text(privacy=C2, max_length=80)
    lift_reason = LongText(privacy=C2, blank=True)
    lift_asked_by_name = Text(privacy=C2, max_length=80, blank=True)
    approval_number = Code(blank=True)
    lifted_on = models.DateField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "loan__branch_id", "loan__owner_id"

    class Meta:
        constraints = [
            models.CheckConstraint(name="downgrade_lifted_when_over", condition=models.Q(status="lifted") ^ models.Q(lifted_on=None)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"downgrade:{self.number}"


class ProvisionRun(models.Model):
    """The provision of a month: computed for the evening of `as_of` by one person, posted by another.

    `figures` are all dated figures that it used, `summary` and `movement` its results (`quality.results`). `previous` is the
    posted run that it moved on from.
    """

    number = Code(unique=True)
    status = models.CharField(max_length=9, choices=PROVISION.choices(), default="computing")
    as_of = models.DateField()
    previous = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    figures = Json(privacy=C1, default=dict)
    summary = Json(privacy=C1, default=dict)
    movement = Json(privacy=C1, default=dict)
    loans = models.PositiveIntegerField(default=0)
    exposure = MoneyField(default=0)
    expected_loss = MoneyField(default=0)
    regulatory = MoneyField(default=0)
    allowance = MoneyField(default=0)
    started_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    started_by_name = Text(privacy=C2, max_length=80)
    started_at = models.DateTimeField()
    computed_at = models.DateTimeField(null=True)
    posted_by_name = Text(privacy=C2, max_length=80, blank=True)
    posted_on = models.DateField(null=True)
    posted_at = models.DateTimeField(null=True)
    # The last entry of the books when it had been posted.
    entry_last = models.BigIntegerField(default=0)

    objects = WholeHouse.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["as_of"], name="provision_once_a_month", condition=models.Q(status__in=["computing", "computed", "posted"])
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"provision:{self.number}"


class ProvisionProgress(models.Model):
    """How far the worker is with a run (`quality.progress`); gone when it is done. No foreign key: it is written beside the
    transaction that computes."""

    run_id = models.BigIntegerField(primary_key=True)
    stage = Code(max_length=10)
    done = models.PositiveIntegerField(default=0)
    loans = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    told_at = models.DateTimeField()


class ProvisionLine(models.Model):
    """What a run found of one loan. Never changed.

    `grades` are the places (0 best) of the class that each reason gives, in the order of `rules.REASONS`. The expected loss is
    exposure × `loss_share` (PD × LGD over the scenarios) × `discount`.
    """

    run = models.ForeignKey(ProvisionRun, on_delete=models.PROTECT, related_name="lines", db_index=False)
    loan = models.ForeignKey("servicing.Loan", on_delete=models.PROTECT, related_name="provision_lines")
    product = models.ForeignKey("products.Product", on_delete=models.PROTECT, related_name="+", db_index=False)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+", db_index=False)
    days_past_due = models.PositiveIntegerField()
    grades = ArrayField(models.PositiveSmallIntegerField())
    asset_class = models.CharField(max_length=15, choices=ASSET_CLASSES)
    stage = models.PositiveSmallIntegerField(choices=STAGES)
    exposure = MoneyField()
    loss_share = RateField()
    discount = RateField()
    expected_loss = MoneyField()
    regulatory = MoneyField()
    allowance = MoneyField()

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", "loan__owner_id"
    grades.privacy = C1

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "loan"], name="provision_line_once")]
        # The few loans of a class below normal, for the list of loans.
        indexes = [
            models.Index(fields=["run", "asset_class", "loan"], name="provision_line_class", condition=~models.Q(asset_class="normal")),
        ]
