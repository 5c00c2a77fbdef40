"""What a service read of a file. The values hold names and numbers: encrypted."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from chezhe.documents.reading import catalogue
from chezhe.kernel.fields import Code, Encrypted, Text
from chezhe.kernel.privacy import C2


class PaperReading(models.Model):
    """One file being read, or read; asking again writes over what could not be read."""

    file = models.OneToOneField("documents.StoredFile", on_delete=models.CASCADE, related_name="reading")
    kind = Code()
    status = models.CharField(max_length=12, choices=catalogue.STATUSES, default="waiting")
    why = Code(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    rounds = models.PositiveSmallIntegerField(default=1)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], name="reading_waiting", condition=Q(status="waiting"))]

    @property
    def subject(self) -> str:
        return self.file.subject

    @property
    def reference(self) -> str:
        """What the service is asked under; another round is another question."""
        return f"{self.file.key.hex}-{self.rounds}-{self.attempts}"

    @property
    def why_words(self) -> Any:
        return catalogue.WHYS.get(self.why, "")


class ReadField(models.Model):
    """One field of it, and what people made of it."""

    reading = models.ForeignKey(PaperReading, on_delete=models.CASCADE, related_name="read_fields")
    name = Code()
    value = Encrypted()
    confidence_percent = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=8, choices=catalogue.VERDICTS, default="", blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by_name = Text(privacy=C2, max_length=80, blank=True, default="")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "name"], name="read_field_once"),
            models.CheckConstraint(condition=Q(confidence_percent__lte=100), name="read_field_percent"),
            models.CheckConstraint(condition=Q(verdict="") | Q(judged_at__isnull=False), name="read_field_judged_at"),
        ]

    @property
    def subject(self) -> str:
        return self.reading.subject

    @property
    def kind(self) -> catalogue.FieldKind:
        return catalogue.FIELDS[self.reading.kind][self.name]

    @property
    def is_sure(self) -> bool:
        return self.confidence_percent >= catalogue.SURE_PERCENT
