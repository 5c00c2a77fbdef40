"""Backtests: what was tried against what, over which applications, and what came of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Json, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.risk.deciding.models import OUTCOMES, ROUTES
from chezhe.risk.lab.states import BACKTEST

PREFIX = numbers.register("BT", "backtest")
PAST, INVENTED = "past", "invented"
BOOKS = [(PAST, _("过去的申请")), (INVENTED, _("虚构的申请"))]
ENGINES = [("duckdb", "DuckDB"), ("spark", "Spark")]


class Backtest(models.Model):
    """Past applications decided again by the strategy in force and by a draft.

    `champion` and `challenger` name the version and hash of every table and the hash of the model; a draft that changes before the worker
    comes to it makes the backtest fail. `attempts` counts how often a worker has begun it. `result` is what `comparing.compared` says.
    The period is `[from_on, to_on)`.
    """

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=BACKTEST.choices(), default="queued")
    title = Text(privacy=C1, max_length=80)
    branch = models.ForeignKey("staff.Branch", null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    asked_by_name = Text(privacy=C2, max_length=80)
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    business_date = models.DateField()
    book = models.CharField(max_length=8, choices=BOOKS)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    engine = models.CharField(max_length=8, choices=ENGINES)
    champion = Json(privacy=C1)
    challenger = Json(privacy=C1)
    parameters = Json(privacy=C1)
    progress = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    applications = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    result = Json(privacy=C1, default=dict)
    trouble = Code(max_length=40, blank=True)

    scope_branch, scope_owner = "branch_id", "owner_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["branch", "-id"], name="backtest_branch")]
        constraints = [
            models.CheckConstraint(condition=Q(book=INVENTED) | Q(from_on__lt=models.F("to_on")), name="backtest_period"),
            models.CheckConstraint(condition=~Q(status="failed") | ~Q(trouble=""), name="backtest_fails_for_a_reason"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"backtest:{self.number}"

    @property
    def is_over(self) -> bool:
        return self.status in ("done", "failed", "cancelled")


class ChangedDecision(models.Model):
    """One application that the draft would have decided otherwise. Append-only; `reasons` are codes."""

    backtest = models.ForeignKey(Backtest, on_delete=models.PROTECT, related_name="changes")
    place = models.PositiveIntegerField()
    decision = models.ForeignKey("risk.Decision", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    outcome_new = models.CharField(max_length=10, choices=OUTCOMES)
    route = models.CharField(max_length=16, choices=ROUTES)
    route_new = models.CharField(max_length=16, choices=ROUTES)
    tier = Code(privacy=C1, max_length=1, blank=True)
    tier_new = Code(privacy=C1, max_length=1, blank=True)
    score = models.SmallIntegerField(null=True)
    score_new = models.SmallIntegerField(null=True)
    reasons = Json(privacy=C1, default=list)
    reasons_new = Json(privacy=C1, default=list)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["backtest", "place"], name="backtest_change_once")]

    def __str__(self) -> str:
        return f"{self.backtest_id} {self.place}"
