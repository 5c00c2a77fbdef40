"""Scores of existing customers over time, how each customer stands now, and whose behaviour is to be told again."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from chezhe.kernel.fields import Code, Json, LongText, RateField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.risk.profiles.choices import LEVELS, MEASURES


class BehaviourScore(models.Model):
    """What the two models said of a customer on a day. Append-only.

    `score` is of the B-card (more is better), `probability` of being thirty days late within ninety days; 1 for who is so already.
    `parts` are (fact, points) of the card above `base`, `reasons` (fact, points lost) of the warning. `digest` is of all that went in;
    `facts` are the figures of behaviour that were known, as the catalogue stores them: what a score is made again from.
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="behaviour_scores")
    on = models.DateField()
    scored_at = models.DateTimeField()
    score = models.SmallIntegerField()
    base = models.SmallIntegerField()
    probability = RateField()
    level = models.CharField(max_length=5, choices=LEVELS)
    parts = Json(privacy=C1, default=list)
    reasons = Json(privacy=C1, default=list)
    card_hash = Code(max_length=64)
    warning_hash = Code(max_length=64)
    digest = Code(max_length=64)
    facts = Json(privacy=C1, default=dict)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "customer__branch_id", "customer__owner_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "on", "digest"], name="behaviour_score_once"),
            models.CheckConstraint(name="behaviour_probability", condition=Q(probability__gte=0, probability__lte=1)),
        ]
        indexes = [models.Index(fields=["customer", "-id"], name="behaviour_score_newest")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.on}"


class Profile(models.Model):
    """How a customer with a running loan stands now: the newest score, since when the level is what it is, and when somebody dealt with
    the warning; when the level rises they are to do so again."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.PROTECT, related_name="profile")
    newest = models.ForeignKey(BehaviourScore, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    score = models.SmallIntegerField()
    probability = RateField()
    level = models.CharField(max_length=5, choices=LEVELS)
    level_since = models.DateField()
    reviewed_on = models.DateField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_number = "customer__branch_id", "customer__owner_id", "customer__number"

    class Meta:
        indexes = [
            models.Index(F("probability").desc(), "id", name="profile_most_likely_first"),
            # The few that people look at.
            models.Index(fields=["level", "id"], name="profile_warned", condition=Q(level__in=["high", "late"], reviewed_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.level}"

    @property
    def level_label(self) -> Any:
        return dict(LEVELS)[self.level]


class ProfileDue(models.Model):
    """Something happened to a loan of this customer: how they pay is to be told again after the next close."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, primary_key=True, related_name="+")
    since_at = models.DateTimeField()


class WarningReview(models.Model):
    """What somebody did about the warning of a customer. Append-only."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="warning_reviews")
    level = models.CharField(max_length=5, choices=LEVELS)
    probability = RateField()
    measure = models.CharField(max_length=10, choices=MEASURES)
    note = LongText(privacy=C2)
    reviewed_on = models.DateField()
    reviewed_at = models.DateTimeField()
    reviewed_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        indexes = [models.Index(fields=["customer", "-id"], name="warning_review_newest")]

    @property
    def subject(self) -> str:
        return self.customer.subject
