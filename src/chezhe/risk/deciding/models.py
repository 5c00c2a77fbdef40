"""Decisions and what they were asked by. A decision is written once: what is decided later stands beside it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Encrypted, Json, LongText, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.risk.deciding.states import ROUND

PREFIX = numbers.register("DC", "decision")
KINDS = [("live", pgettext_lazy("decision", "首次")), ("appeal", pgettext_lazy("decision", "申诉")), ("shadow", _("影子"))]
OUTCOMES = [("approved", _("自动批准")), ("referred", _("转人工")), ("declined", _("自动拒绝"))]
ROUTES = [
    ("auto_approve", _("自动批准")), ("review", _("人工审批")), ("double_review", _("从严双审")), ("committee", _("贷审会")),
    ("decline", pgettext_lazy("route", "拒绝")),
]
ARMS = [("champion", pgettext_lazy("trial", "冠军组")), ("challenger", pgettext_lazy("trial", "挑战组"))]
WISHES = [("review", _("人工复核")), ("appeal", _("申诉"))]


class DecisionRound(models.Model):
    """One time that an application was handed to the machine: whose facts are asked for, until when, and the decision it came to.

    `asked` holds the subjects of the facts in the order in which they count, and what the lender's figures depend on.
    """

    subject = Code(max_length=80)
    kind = models.CharField(max_length=8, choices=KINDS)
    status = models.CharField(max_length=10, choices=ROUND.choices(), default="gathering")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    asked = Json(privacy=C1, default=dict)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    earlier = models.ForeignKey("risk.Decision", null=True, on_delete=models.PROTECT, related_name="+")
    # The last coverage check of the subject when this was asked; what is measured for it comes after.
    check_before = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject"], name="decision_round_waits_once", condition=Q(status="gathering")),
            models.CheckConstraint(condition=Q(status="gathering") ^ Q(decided_at__isnull=False), name="decision_round_over"),
        ]
        indexes = [models.Index(fields=["subject", "-id"], name="decision_round_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.kind}"


class Decision(models.Model):
    """An answer with everything it stands on. `record` holds the bytes of `deciding.record`, `digest` their SHA-256; the other columns
    say the same once more, for lists."""

    number = Code(unique=True)
    subject = Code(max_length=80)
    kind = models.CharField(max_length=8, choices=KINDS)
    round = models.ForeignKey(DecisionRound, null=True, on_delete=models.PROTECT, related_name="decisions")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="decisions")
    earlier = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="later")
    decided_at = models.DateTimeField()
    business_date = models.DateField()
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    route = models.CharField(max_length=16, choices=ROUTES)
    tier = Code(privacy=C1, max_length=1, blank=True)
    score = models.SmallIntegerField(null=True)
    amount = MoneyField(null=True)
    amount_max = MoneyField(null=True)
    annual_rate = RateField(null=True)
    ltv = RateField(null=True)
    dti = RateField(null=True)
    periods = models.PositiveSmallIntegerField(null=True)
    reasons = Json(privacy=C1, default=list)
    unknown = Json(privacy=C1, default=list)
    trial = Code(blank=True, db_default="")
    arm = models.CharField(max_length=10, choices=ARMS, blank=True, db_default="")
    record = Encrypted(privacy=C2)
    digest = Code(max_length=64)

    scope_branch, scope_owner = "branch_id", "owner_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject", "-id"], name="decision_of_subject"),
            models.Index(fields=["branch", "-id"], name="decision_branch"),
            models.Index(fields=["business_date"], name="decision_day"),
            models.Index(fields=["trial", "subject", "id"], name="decision_of_trial", condition=~Q(trial="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["round"], name="decision_once_a_round", condition=~Q(kind="shadow")),
            models.CheckConstraint(
                condition=~Q(outcome="approved") | Q(route="auto_approve", unknown=[]), name="decision_approves_the_known"),
            models.CheckConstraint(condition=~Q(outcome="declined") | Q(route="decline"), name="decision_declines"),
            models.CheckConstraint(condition=Q(trial="", arm="") | ~Q(trial="") & ~Q(arm=""), name="decision_arm_of_a_trial"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def outcome_label(self) -> Any:
        return dict(OUTCOMES)[self.outcome]

    @property
    def route_label(self) -> Any:
        return dict(ROUTES)[self.route]


class Wish(models.Model):
    """Somebody asked that a person looks at a decision, or that it is decided again (个人信息保护法 §24)."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="wishes")
    kind = models.CharField(max_length=8, choices=WISHES)
    words = LongText(privacy=C2)
    asked_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["decision", "kind"], name="decision_wish_once")]

    def __str__(self) -> str:
        return f"{self.decision} {self.kind}"

    @property
    def subject(self) -> str:
        return self.decision.subject
