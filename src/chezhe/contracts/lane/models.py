"""The clock of an application from its submission to the money sent, stage by stage, and when it stood."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chezhe.contracts.lane.choices import OPEN, REASONS, STAGES, STATUSES
from chezhe.kernel.fields import LongText, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet


class LaneRun(models.Model):
    """One way of an application to its money. What is due moves while the clock stands; `promised_seconds` is of the day it began."""

    application = models.ForeignKey("origination.Application", on_delete=models.PROTECT, related_name="lane_runs")
    status = models.CharField(max_length=8, choices=STATUSES, default="running")
    stage = models.CharField(max_length=8, choices=STAGES, default="machine")
    is_prime = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    promised_seconds = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    stage_due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    paused_seconds = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "application__branch_id", "application__owner_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application"], condition=Q(status__in=OPEN), name="lane_run_open_once"),
            models.CheckConstraint(name="lane_run_ends", condition=Q(ended_at__isnull=True) | ~Q(status__in=OPEN)),
            models.CheckConstraint(name="lane_run_stands", condition=Q(paused_at__isnull=False) | ~Q(status="paused")),
        ]
        indexes = [
            models.Index(fields=["status", "is_prime", "due_at"], name="lane_run_due"),
            models.Index(fields=["ended_at"], name="lane_run_ended"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.stage}"

    @property
    def subject(self) -> str:
        return self.application.subject


class LaneSpan(models.Model):
    """How long a run stood in a stage, and what the stage was given when it began."""

    run = models.ForeignKey(LaneRun, on_delete=models.PROTECT, related_name="spans")
    stage = models.CharField(max_length=8, choices=STAGES)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    budget_seconds = models.PositiveIntegerField()
    paused_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run"], condition=Q(ended_at__isnull=True), name="lane_span_open_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.stage}"


class LanePause(models.Model):
    """A reason of the customer's for which the clock stood."""

    run = models.ForeignKey(LaneRun, on_delete=models.PROTECT, related_name="pauses")
    reason = models.CharField(max_length=20, choices=REASONS)
    words = LongText(privacy=C2, max_length=200, blank=True, default="")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    by_name = Text(privacy=C1, max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run"], condition=Q(ended_at__isnull=True), name="lane_pause_open_once")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.reason}"
