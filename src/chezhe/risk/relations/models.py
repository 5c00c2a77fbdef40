"""Traces that people leave, who was found alike, what became of them, and whom the lender does not deal with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Json, LongText, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.risk.relations import labels
from chezhe.risk.relations.states import BLACKLIST, CANDIDATE

CANDIDATE_PREFIX = numbers.register("RL", "relation candidate")
BLACKLIST_PREFIX = numbers.register("BL", "blacklist entry")


class Trace(models.Model):
    """One value that one party left somewhere. Append-only; the value itself is not kept, only its keyed digest and its masked form.

    `party` is whom it tells of (`customer:…`, `dealer:…`), `subject` where it was left (the same, or `application:…`). `digest` is of the
    family, so that an employer's phone meets a borrower's. `known_at` is since when the house knew; `recorded_at` when the row was written.
    """

    party = Code(max_length=80)
    subject = Code(max_length=80)
    kind = models.CharField(max_length=16, choices=labels.TRACE_KINDS)
    digest = Code(privacy=C1, max_length=32)
    masked = Text(privacy=C1, max_length=120)
    source = Code(max_length=40)
    known_at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "party", "kind", "digest"], name="risk_trace_once")]
        indexes = [
            models.Index(fields=["digest", "party", "known_at"], name="risk_trace_value"),
            models.Index(fields=["party", "known_at"], name="risk_trace_party"),
        ]


class Traced(models.Model):
    """When a customer's own file was last gone through; who changed afterwards is gone through again."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="+")
    traced_at = models.DateTimeField()


class Outcome(models.Model):
    """What became of one party's loan, as the rooms above report it. Append-only; counts from `known_at` on."""

    subject = Code(max_length=80)
    kind = models.CharField(max_length=8, choices=labels.OUTCOME_KINDS)
    reference = Code(max_length=80)
    # How often the same was told and taken back before.
    serial = models.PositiveSmallIntegerField(default=0, db_default=0)
    on = models.DateField()
    known_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "kind", "reference", "serial"], name="risk_outcome_once")]
        indexes = [models.Index(fields=["subject", "kind", "known_at"], name="risk_outcome_subject")]


class OutcomeRetraction(models.Model):
    """What was told turned out not to be so, as when the payment that settled a loan is reversed. Append-only; from `known_at` on the
    outcome counts no more."""

    outcome = models.OneToOneField(Outcome, on_delete=models.PROTECT, related_name="retraction")
    on = models.DateField()
    known_at = models.DateTimeField()


class Candidate(models.Model):
    """Two customers who look like one, a household, or one hand behind both; a person confirms or refuses.

    `first` is the smaller text of the two. A confirmed relation counts in rings from `decided_at` until `ended_at`.
    """

    number = Code(unique=True)
    first = Code(max_length=80, db_index=True)
    second = Code(max_length=80, db_index=True)
    first_customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    second_customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=CANDIDATE.choices(), default="open")
    score = models.PositiveSmallIntegerField()
    reasons = Json(privacy=C1, default=list)
    suggestion = models.CharField(max_length=16, choices=labels.RELATION_KINDS)
    kind = models.CharField(max_length=16, choices=labels.RELATION_KINDS, blank=True)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_name = Text(privacy=C2, max_length=80, blank=True)
    reason = LongText(privacy=C2, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="risk_candidate_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="risk_candidate_ordered"),
        ]

    @property
    def subject(self) -> str:
        return f"relation:{self.number}"

    @property
    def reason_words(self) -> list[tuple[Any, int]]:
        """Why they look alike, with the points of each."""
        return [(labels.REASONS[code], points) for code, points in self.reasons]


class BlacklistEntry(models.Model):
    """A value the lender does not deal with. `status` is what people decided; that it has run out is asked of the calendar.

    `in_force_at` and `lifted_at` keep since when and until when it was in force, so that a past day can be asked.
    """

    number = Code(unique=True)
    kind = models.CharField(max_length=10, choices=labels.BLACKLIST_KINDS)
    digest = Code(privacy=C1, max_length=32, db_index=True)
    masked = Text(privacy=C1, max_length=120)
    reason_code = models.CharField(max_length=24, choices=labels.BLACKLIST_REASONS)
    words = LongText(privacy=C2)
    evidence = Code(privacy=C1, max_length=80, blank=True)
    source = models.CharField(max_length=12, choices=labels.BLACKLIST_SOURCES)
    starts_on = models.DateField()
    expires_on = models.DateField(null=True)
    review_on = models.DateField()
    status = models.CharField(max_length=16, choices=BLACKLIST.choices(), default="proposed")
    request_number = Code(blank=True)
    proposed_by_id = models.BigIntegerField(null=True)
    proposed_by_name = Text(privacy=C2, max_length=80)
    proposed_at = models.DateTimeField()
    decided_by_name = Text(privacy=C2, max_length=80, blank=True)
    in_force_at = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by_name = Text(privacy=C2, max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "digest", "reason_code"], name="risk_blacklist_once",
                condition=Q(status__in=["proposed", "in_force", "lift_proposed"]),
            ),
        ]

    @property
    def subject(self) -> str:
        return f"blacklist:{self.number}"

    def counts_at(self, at: datetime, on: date) -> bool:
        """Whether it was in force at that moment, on that day."""
        was_decided = self.in_force_at is not None and self.in_force_at <= at and (self.lifted_at is None or self.lifted_at > at)
        return was_decided and self.starts_on <= on and (self.expires_on is None or on <= self.expires_on)
