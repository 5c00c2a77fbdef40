"""What we keep of every file: never its bytes, never under the name a client gave it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q

from chezhe.documents import catalogue, kinds
from chezhe.documents.reading.models import PaperReading, ReadField
from chezhe.kernel.fields import Code, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet

__all__ = ["PaperReading", "ReadField", "StoredFile"]


class StoredFile(models.Model):
    """One paper of one subject. `key` is its public id and its name in the vault; a removed one leaves a tombstone."""

    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    subject = Code(max_length=80)
    category = models.CharField(max_length=40, choices=catalogue.CHOICES)
    original_name = Text(privacy=C2, max_length=120)
    kind = models.CharField(max_length=8, choices=kinds.CHOICES)
    size = models.BigIntegerField()
    sha256 = Code(privacy=C1, max_length=64)
    source_sha256 = Code(privacy=C1, max_length=64, db_index=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    retention = models.CharField(max_length=16, choices=list(catalogue.RETENTION.items()))
    is_of_record = models.BooleanField(default=False)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_by_name = Text(privacy=C2, max_length=80)
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    removed_by_name = Text(privacy=C2, max_length=80, blank=True)
    removed_reason = Text(privacy=C2, max_length=200, blank=True)

    scope_branch, scope_owner, scope_number = "branch_id", "uploaded_by_id", "key"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject", "category"], name="document_subject", condition=Q(removed_at__isnull=True))]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "category", "source_sha256"], name="document_once", condition=Q(removed_at__isnull=True)
            ),
            models.CheckConstraint(condition=~Q(is_of_record=True) | Q(removed_at__isnull=True), name="document_of_record_stays"),
            models.CheckConstraint(condition=Q(size__gt=0), name="document_not_empty"),
        ]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def category_label(self) -> Any:
        return catalogue.BY_CODE[self.category].label

    @property
    def is_image(self) -> bool:
        return self.kind in kinds.IMAGES

    @property
    def content_type(self) -> str:
        return kinds.BY_CODE[self.kind].content_type

    @property
    def kind_name(self) -> str:
        return kinds.BY_CODE[self.kind].name

    @property
    def download_name(self) -> str:
        """What a browser saves it as: the category, so that no name of a person travels in a header."""
        return f"{self.category}-{str(self.key)[:8]}.{kinds.BY_CODE[self.kind].extensions[0]}"
