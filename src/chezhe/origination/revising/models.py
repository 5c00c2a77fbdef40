"""What an application was at each submission, what was changed in it since, and what its reviewer still wants."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from chezhe.kernel.fields import Code, Encrypted, Json, Text
from chezhe.kernel.privacy import C2
from chezhe.origination import choices


class ApplicationChange(models.Model):
    """One field of one edit, as text of the store: what stood there before and what after. Append-only."""

    application = models.ForeignKey("origination.Application", on_delete=models.CASCADE, related_name="changes")
    version = models.PositiveIntegerField()
    field = Code()
    before = Encrypted(blank=True)
    after = Encrypted(blank=True)
    changed_at = models.DateTimeField()
    changed_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["-id"]

    @property
    def label(self) -> Any:
        return choices.FIELDS.get(self.field, self.field)


class Submission(models.Model):
    """The figures and papers with which an application was handed in, once for each time. Append-only."""

    application = models.ForeignKey("origination.Application", on_delete=models.CASCADE, related_name="submissions")
    place = models.PositiveSmallIntegerField()
    snapshot = Json(privacy=C2)
    submitted_at = models.DateTimeField()
    submitted_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["application", "place"], name="submission_once")]


class Wanted(models.Model):
    """One thing that a reviewer wants before it is looked at again. A paper counts as brought once it is filed; the rest is answered."""

    application = models.ForeignKey("origination.Application", on_delete=models.CASCADE, related_name="wanted")
    request = models.ForeignKey("approvals.ApprovalRequest", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=choices.WANTED)
    code = Code(blank=True)
    words = Text(privacy=C2, max_length=120)
    asked_at = models.DateTimeField()
    asked_by_name = Text(privacy=C2, max_length=80)
    answer = Text(privacy=C2, max_length=200, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by_name = Text(privacy=C2, max_length=80, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "kind", "code", "words"], name="wanted_once"),
            models.CheckConstraint(condition=Q(answered_at__isnull=True) | ~Q(answer=""), name="wanted_answered_in_words"),
        ]

    @property
    def subject(self) -> str:
        return self.application.subject
