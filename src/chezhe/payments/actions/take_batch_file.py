"""Somebody takes the file of a batch to the bank, or looks into it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import permissions
from chezhe.payments.batches import queries
from chezhe.payments.batches.models import PayoutBatch


@dataclass(frozen=True, slots=True)
class BatchFile:
    """The bytes, and whose they are."""

    batch: PayoutBatch
    content: bytes

    @property
    def subject(self) -> str:
        return self.batch.subject


@action(permissions.MAKE_BATCH, label=_("下载批量付款文件"))
def take_batch_file(*, batch_number: str, by: Actor) -> BatchFile:
    """The file with names and whole account numbers; that somebody took it stays in the trail. Raises FileDiffers (409)."""
    batch = PayoutBatch.objects.visible_to(by).fetch(batch_number)
    return BatchFile(batch, queries.file_of(batch))
