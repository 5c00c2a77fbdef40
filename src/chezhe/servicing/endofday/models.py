"""What the nights prove about the days that were closed, what went wrong with whole parts of a close, and closes computed again."""

from __future__ import annotations

from django.db import models

from chezhe.kernel.fields import Code, Json, LongText, Text
from chezhe.kernel.privacy import C1, C2


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


class EndOfDayFault(models.Model):
    """The last thing that stopped a part of a close as a whole: a shard (`shard` says which), the finish or the snapshot. Written
    beside the transaction that was undone; it stands while that part is not done."""

    run = models.ForeignKey("servicing.EndOfDay", on_delete=models.PROTECT, related_name="faults")
    part = Code(max_length=8)
    shard = models.PositiveIntegerField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    code = Code(max_length=60)
    reason = LongText(privacy=C1)
    failed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "part", "shard"], name="end_of_day_fault_once", nulls_distinct=False)]


class Recomputation(models.Model):
    """A closed day folded again on somebody's wish, of one loan where there is a `number`: `wrong` are differences that nothing explains,
    `news` what was learnt since, both as the JSON of `recomputing.Difference` and not more than can be read; `fault` says why it could
    not be done."""

    run = models.ForeignKey("servicing.EndOfDay", on_delete=models.PROTECT, related_name="recomputations")
    asked_at = models.DateTimeField()
    asked_by_name = Text(privacy=C2, max_length=80)
    done_at = models.DateTimeField(null=True)
    number = Code(max_length=20, blank=True)
    loans = models.PositiveIntegerField(default=0)
    wrong_count = models.PositiveIntegerField(default=0)
    news_count = models.PositiveIntegerField(default=0)
    wrong = Json(privacy=C1, default=list)
    news = Json(privacy=C1, default=list)
    fault = LongText(privacy=C1, blank=True)

    class Meta:
        ordering = ["-id"]

    @property
    def subject(self) -> str:
        return self.run.subject
