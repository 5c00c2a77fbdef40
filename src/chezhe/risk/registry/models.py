"""Models that score borrowers and customers and value cars: the artefact itself, when which was in force, what challengers would have said,
and how far each drifted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext

from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Json, LongText, RateField, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.risk.deciding.models import OUTCOMES, Decision
from chezhe.risk.registry import labels
from chezhe.risk.registry.states import ALERT, MODEL

PREFIX = numbers.register("MD", "scoring model")


class ScoringModel(models.Model):
    """One version of one model for good: `content` is the packed artefact, `content_hash` the SHA-256 of its manifest.

    Content, hashes and who brought it in never change (a trigger sees to it): an old decision finds the model it was scored by.
    """

    number = Code(unique=True)
    name = Text(privacy=PUBLIC, max_length=60)
    purpose = models.CharField(max_length=12, choices=labels.PURPOSES)
    kind = models.CharField(max_length=12, choices=labels.KINDS)
    content_hash = Code(max_length=64, unique=True)
    data_hash = Code(max_length=64, blank=True)
    content = models.BinaryField()
    inputs = Json(privacy=PUBLIC)
    metrics = Json(privacy=PUBLIC)
    card = Json(privacy=PUBLIC)
    note = LongText(privacy=C1, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    is_shipped = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=MODEL.choices(), default="draft")
    wish = models.CharField(max_length=8, choices=labels.WISHES, blank=True)
    request_number = Code(blank=True)
    maker_ids = Json(privacy=C1, default=list)
    uploaded_by_name = Text(privacy=C2, max_length=80)
    uploaded_at = models.DateTimeField()

    content.privacy = C1

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["purpose"], name="risk_model_active_once", condition=Q(status="active")),
            models.UniqueConstraint(
                fields=["purpose"], name="risk_model_challenger_once", condition=Q(status__in=["shadow", "promoting"])),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def title(self) -> str:
        """What people call it; of the shipped one in the reader's language."""
        return gettext(self.name) if self.is_shipped else self.name

    @property
    def subject(self) -> str:
        return f"scoring_model:{self.number}"


class ModelTurn(models.Model):
    """From when on a model stood in a role; without a model nobody does. What a past moment is answered from. Append-only.

    `verb` says how it came: a roll-back takes the newest activation away, so that another goes one further back.
    """

    purpose = models.CharField(max_length=12, choices=labels.PURPOSES)
    role = models.CharField(max_length=8, choices=labels.ROLES)
    model = models.ForeignKey(ScoringModel, null=True, on_delete=models.PROTECT, related_name="turns")
    verb = Code()
    turned_at: datetime = models.DateTimeField()  # type: ignore[assignment]
    by_name = Text(privacy=C2, max_length=80)

    class Meta:
        indexes = [models.Index(fields=["purpose", "role", "turned_at"], name="risk_model_turn")]


class ModelScore(models.Model):
    """What a challenger would have said where the model in force decided: `shadow` is the whole decision, replayable. Append-only."""

    model = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="scores")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    shadow = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="+")
    live_hash = Code(max_length=64, blank=True)
    live_score = models.SmallIntegerField(null=True)
    live_tier = Code(privacy=C1, max_length=1, blank=True)
    live_outcome = models.CharField(max_length=10, choices=OUTCOMES)
    score = models.SmallIntegerField(null=True)
    tier = Code(privacy=C1, max_length=1, blank=True)
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    scored_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "decision"], name="risk_model_score_once")]


class ShadowAnswer(models.Model):
    """What a challenger said of a customer's behaviour or a car where the model in force was asked: points, a probability or yuan.
    `subject` is the record that the model in force stands in (`behaviour_score:…`, `valuing:…`). Append-only."""

    model = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="answers")
    subject = Code(max_length=60)
    live_hash = Code(max_length=64)
    live = models.DecimalField(max_digits=18, decimal_places=6)
    said = models.DecimalField(max_digits=18, decimal_places=6)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "subject"], name="risk_shadow_answer_once")]

    def __str__(self) -> str:
        return f"{self.model_id} {self.subject}"


class ModelWatch(models.Model):
    """One look at one model: who applied from `first_on` to `last_on` against the training rows, and whether the probabilities of those
    decided from `cohort_first_on` to `cohort_last_on` came true. `level` is the worst of it; an alert is `open` until somebody answers.

    Of a price model `outcome_rows` are deals, `bads` those outside its interval, `mape` the mean error, `coverage` the share inside."""

    model = models.ForeignKey(ScoringModel, on_delete=models.PROTECT, related_name="watches")
    on = models.DateField()
    first_on = models.DateField()
    last_on = models.DateField()
    rows = models.PositiveIntegerField()
    psi = RateField(privacy=PUBLIC, null=True)
    csi = Json(privacy=PUBLIC, default=dict)
    cohort_first_on = models.DateField()
    cohort_last_on = models.DateField()
    outcome_rows = models.PositiveIntegerField()
    bads = models.PositiveIntegerField()
    expected_bads = RateField(privacy=PUBLIC, null=True)
    ece = RateField(privacy=PUBLIC, null=True)
    auc = RateField(privacy=PUBLIC, null=True)
    mape = RateField(privacy=PUBLIC, null=True)
    coverage = RateField(privacy=PUBLIC, null=True)
    population = models.CharField(max_length=10, choices=labels.LEVELS)
    outcome = models.CharField(max_length=10, choices=labels.LEVELS)
    level = models.CharField(max_length=10, choices=labels.LEVELS)
    findings = Json(privacy=PUBLIC, default=list)
    status = models.CharField(max_length=10, choices=[("quiet", ALERT.labels["quiet"]), *ALERT.choices()], default="quiet")
    watched_at = models.DateTimeField()
    asked_by_name = Text(privacy=C2, max_length=80)
    answer = LongText(privacy=C1, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_name = Text(privacy=C2, max_length=80, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["model"], name="risk_model_alert_once", condition=Q(status="open")),
            models.CheckConstraint(condition=~Q(status="open") | Q(level__in=["watch", "moved"]), name="risk_model_alert_level"),
        ]

    @property
    def subject(self) -> str:
        return f"model_watch:{self.model.number}/{self.pk}"

    @property
    def level_status(self) -> Any:
        return labels.LEVEL_STATUSES[self.level]
