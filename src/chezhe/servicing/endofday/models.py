"""What the nights prove about the days that were closed."""

from __future__ import annotations

from django.db import models

from chezhe.kernel.fields import Json, LongText
from chezhe.kernel.privacy import C1


class NightProof(models.Model):
    """Row, fold and ledger compared in the night after the close of a day: the loans of one shard, or (`shard` None) the books
    as a whole. `loan_ids` are those that differ; they are asked again every night until they agree."""

    run = models.ForeignKey("servicing.EndOfDay", on_delete=models.PROTECT, related_name="proofs")
    shard = models.PositiveIntegerField(null=True)
    checked = models.PositiveIntegerField()
    differing = models.PositiveIntegerField()
    first_difference = LongText(privacy=C1, blank=True)
    loan_ids = Json(privacy=C1, default=list)
    proved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "shard"], name="night_proof_once", nulls_distinct=False)]
