"""An interview, its photos and its two signatures. Once signed nothing of it changes; a later record may correct it."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q

from chezhe.kernel.fields import Code, Encrypted, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.origination import choices
from chezhe.origination.states import INTERVIEW


class Interview(models.Model):
    """One talk with the borrower, or somebody beside him. `content_text`: the questions as they were asked, the answers, and a note."""

    number = Code(unique=True)
    application = models.ForeignKey("origination.Application", on_delete=models.PROTECT, related_name="interviews")
    place = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=12, choices=INTERVIEW.choices(), default="open")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    edition = Code()
    held_at = models.DateTimeField()
    where = Text(privacy=C2, max_length=120)
    channel = models.CharField(max_length=8, choices=choices.INTERVIEW_CHANNELS)
    content_text = Encrypted()
    video_reference = Text(privacy=C1, max_length=120, blank=True, default="")
    interviewer = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    interviewer_name = Text(privacy=C2, max_length=80)
    corrects = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="corrections")
    reason = Text(privacy=C2, max_length=200, blank=True, default="")
    content_sha256 = Code(privacy=C1, max_length=64, blank=True, default="")
    made_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "place"], name="interview_place_once"),
            models.UniqueConstraint(fields=["application", "customer"], name="interview_open_once", condition=Q(status="open")),
            models.UniqueConstraint(fields=["application", "customer"], name="interview_signed_once", condition=Q(status="signed")),
            models.CheckConstraint(
                condition=~Q(status__in=["signed", "superseded"]) | Q(signed_at__isnull=False) & ~Q(content_sha256=""),
                name="interview_signed_with_digest",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"interview:{self.number}"

    @property
    def content(self) -> dict[str, Any]:
        """`answers` (code, text, english, kind, expected, answer, remark) and `note`."""
        return dict(json.loads(self.content_text))

    @property
    def channel_label(self) -> Any:
        return dict(choices.INTERVIEW_CHANNELS)[self.channel]


class InterviewPhoto(models.Model):
    """A picture taken at the interview, kept with the application's papers."""

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="photos")
    file = models.OneToOneField("documents.StoredFile", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class InterviewSignature(models.Model):
    """Who signed, how, and the digest of what was signed. Append-only."""

    interview = models.ForeignKey(Interview, on_delete=models.PROTECT, related_name="signatures")
    signer = models.CharField(max_length=12, choices=choices.INTERVIEW_SIGNERS)
    name = Text(privacy=C2, max_length=100)
    way = models.CharField(max_length=8, choices=choices.INTERVIEW_WAYS)
    file = models.OneToOneField("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    reference = Text(privacy=C2, max_length=80, blank=True, default="")
    signature_sha256 = Code(privacy=C1, max_length=64)
    content_sha256 = Code(privacy=C1, max_length=64)
    signed_at = models.DateTimeField()
    recorded_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    recorded_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "signer"], name="interview_signer_once"),
            models.CheckConstraint(condition=Q(file__isnull=False) ^ ~Q(reference=""), name="interview_signature_shown"),
        ]

    @property
    def signer_label(self) -> Any:
        return dict(choices.INTERVIEW_SIGNERS)[self.signer]
