"""Tables of payouts that go to the bank in a file."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Json, MoneyField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.payments.batches.states import BATCH

BATCH_PREFIX = numbers.register("PB", "payout batch")


class PayoutBatch(models.Model):
    """Payouts in one file. `digest` is the file's, which is composed anew from the rows whenever it is asked for; one that goes
    `by_hand` is taken to the bank by a person, the others by the worker."""

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=BATCH.choices(), default="made")
    digest = Code(max_length=64)
    count = models.PositiveIntegerField()
    amount = MoneyField()
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    made_by_ids = Json(privacy=C1, default=list)
    made_by_name = Text(privacy=C2, max_length=80)
    by_hand = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    sent_by_name = Text(privacy=C2, max_length=80, blank=True, default="")
    acknowledged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", "made_by_id"

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "id"], name="payout_batch_open", condition=Q(status__in=["made", "sent"]))]

    @property
    def subject(self) -> str:
        return f"payout_batch:{self.number}"


class BatchLine(models.Model):
    """One attempt of one payout in a batch; `outcome` is the bank's last word in its answers. An attempt stands in one batch only,
    unless that was discarded."""

    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="lines")
    place = models.PositiveIntegerField()
    payout = models.ForeignKey("payments.Payout", on_delete=models.PROTECT, related_name="batch_lines")
    attempt = models.PositiveIntegerField()
    is_dropped = models.BooleanField(default=False)
    outcome = Code(blank=True, default="")

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "place"], name="batch_line_place"),
            models.UniqueConstraint(fields=["payout", "attempt"], name="batch_line_once", condition=Q(is_dropped=False)),
        ]

    @property
    def bank_reference(self) -> str:
        return f"{self.payout.number}.{self.attempt}"


class BatchAnswer(models.Model):
    """A file in which the bank answered; the digest makes taking it in twice harmless."""

    batch = models.ForeignKey(PayoutBatch, on_delete=models.PROTECT, related_name="answers")
    digest = Code(max_length=64)
    name = Text(privacy=C1, max_length=120)
    applied = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    troubling = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    taken_by_name = Text(privacy=C2, max_length=80)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["batch", "digest"], name="batch_answer_once")]
