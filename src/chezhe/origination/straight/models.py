"""How far a case went by itself, and why it did not go on."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from chezhe.kernel.fields import Code, Text
from chezhe.kernel.privacy import C1
from chezhe.origination.straight import words


class StraightRun(models.Model):
    """The way of one approved application to its signature without anybody of the house. `left` has its reason."""

    application = models.OneToOneField("origination.Application", on_delete=models.CASCADE, related_name="straight_run")
    status = models.CharField(max_length=8, choices=words.STATUSES, default=words.RUNNING)
    reason_code = Code(max_length=40, blank=True, default="")
    reason = Text(privacy=C1, max_length=300, blank=True, default="")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(status="running") ^ Q(ended_at__isnull=False), name="straight_run_ends"),
            models.CheckConstraint(condition=~Q(status="left") | ~Q(reason_code=""), name="straight_run_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.status}"

    @property
    def subject(self) -> str:
        return self.application.subject

    @property
    def said(self) -> Any:
        """Why it stopped: as it was refused, else by its code."""
        return self.reason or words.REASONS.get(self.reason_code, "")
