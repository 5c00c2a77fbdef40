"""Live trials: what is tried on which share of the applications, the tables as they were handed in, and the loans that came of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q

from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Json, LongText, MoneyField, RateField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.risk.deciding.models import ARMS, Decision
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.trials import labels
from chezhe.risk.trials.rules import SHARE_MAX, Guards
from chezhe.risk.trials.states import LIVE_TRIAL, RUNNING

PREFIX = numbers.register("LT", "live trial")


class LiveTrial(models.Model):
    """A challenger beside the strategy in force, on a share of the applications from `begins_on` until before `ends_on`.

    `versions` names the version of every table that is to be another one (`{"tier": "tier-v3"}`), `model` another model. What they held
    is copied when the trial is handed in (`TrialTable` of the same `submission`); from then on a trigger keeps all of it as it is.
    `champion` names what was in force then. An application belongs to it whose first decision was made in it. `began_at` is when two people
    had agreed; on business dates before `begins_on` it judges nobody yet.
    """

    number = Code(unique=True)
    title = Text(privacy=C1, max_length=80)
    hypothesis = LongText(privacy=C1)
    status = models.CharField(max_length=10, choices=LIVE_TRIAL.choices(), default="draft")
    purpose = models.CharField(max_length=12, choices=labels.PURPOSES)
    versions = Json(privacy=C1, default=dict)
    model = models.ForeignKey(ScoringModel, null=True, on_delete=models.PROTECT, related_name="+")
    share = RateField(privacy=C1)
    begins_on = models.DateField()
    ends_on = models.DateField()
    applications_max = models.PositiveIntegerField(null=True)
    approval_gap_max = RateField(privacy=C1, null=True)
    applications_min = models.PositiveIntegerField(default=50)
    bad_rate_max = RateField(privacy=C1, null=True)
    loans_min = models.PositiveIntegerField(default=30)
    submission = models.PositiveSmallIntegerField(default=0)
    champion = Json(privacy=C1, default=dict)
    request_number = Code(blank=True)
    maker_ids = Json(privacy=C1, default=list)
    drafted_by_name = Text(privacy=C2, max_length=80)
    drafted_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    over_at = models.DateTimeField(null=True)
    over_why = models.CharField(max_length=12, choices=labels.WHYS, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["status"], name="risk_live_trial_runs_alone", condition=Q(status=RUNNING)),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=SHARE_MAX), name="risk_live_trial_share"),
            models.CheckConstraint(condition=Q(begins_on__lt=F("ends_on")), name="risk_live_trial_period"),
            models.CheckConstraint(condition=~Q(status=RUNNING) | Q(began_at__isnull=False), name="risk_live_trial_began"),
            models.CheckConstraint(
                condition=Q(status__in=["stopped", "ended"], over_at__isnull=False) & ~Q(over_why="")
                | ~Q(status__in=["stopped", "ended"]) & Q(over_at__isnull=True, over_why=""), name="risk_live_trial_over"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def subject(self) -> str:
        return f"live_trial:{self.number}"

    @property
    def agreed_share(self) -> Decimal:
        """The challenger's share with the four decimals that it is kept to."""
        return self.share.quantize(Decimal("0.0001"))

    @property
    def guards(self) -> Guards:
        return Guards(
            approval_gap=self.approval_gap_max, applications=self.applications_min, bad_rate=self.bad_rate_max, loans=self.loans_min)

    @property
    def model_hash(self) -> str:
        return self.model.content_hash if self.model is not None else ""


class TrialTable(models.Model):
    """A decision table as it was when a trial was handed in. Append-only: what is tried and what was decided by it never changes."""

    trial = models.ForeignKey(LiveTrial, on_delete=models.PROTECT, related_name="tables")
    submission = models.PositiveSmallIntegerField()
    table = Code(max_length=24)
    number = Code(max_length=40)
    version = models.PositiveIntegerField()
    content = Json(privacy=C1)
    content_hash = Code(max_length=64, db_index=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["trial", "submission", "table"], name="risk_trial_table_once")]

    def __str__(self) -> str:
        return self.number


class TrialLoan(models.Model):
    """A loan that was paid out on an application of a trial; `decision` is the application's first one in it. Append-only."""

    trial = models.ForeignKey(LiveTrial, on_delete=models.PROTECT, related_name="loans")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    arm = models.CharField(max_length=10, choices=ARMS)
    loan = Code(max_length=60, unique=True)
    amount = MoneyField(privacy=C1)
    paid_on = models.DateField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["trial", "arm"], name="risk_trial_loan_arm")]

    def __str__(self) -> str:
        return self.loan

    @property
    def subject(self) -> Any:
        return self.loan
