"""What the kernel keeps: audit, outbox, idempotency, status moves, parameters, calendar, business date."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.fields import Code, Json, LongText, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC


class AuditEntry(models.Model):
    """Who did what to which subject. Append-only: a trigger refuses UPDATE and DELETE."""

    recorded_at = models.DateTimeField()
    actor_key = Code(privacy=C1)
    actor_name = Text(privacy=C2, max_length=80)
    roles = Text(privacy=C1, max_length=1000, blank=True)
    on_behalf_of = Code(privacy=C1, blank=True)
    verb = Code(max_length=80)
    subject = Code(max_length=80, blank=True, db_index=True)
    outcome = models.CharField(max_length=8, choices=[("done", _("完成")), ("refused", pgettext_lazy("outcome", "拒绝"))], default="done")
    facts = Json(privacy=C1, default=dict)
    reason = LongText(privacy=C2, blank=True)
    request_id = Code(blank=True)
    ip_address = models.GenericIPAddressField(null=True)
    row_hash = Code(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["actor_key", "-id"]), models.Index(fields=["verb", "-id"])]


class AuditSeal(models.Model):
    """The chain: one link per audit entry, in the order in which the sealer saw them."""

    entry_id = models.BigIntegerField(unique=True)
    row_hash = Code(max_length=64)
    chain_hash = Code(max_length=64)


class AuditRoot(models.Model):
    """The signed head of the chain at the end of a day; a copy lies outside the database."""

    day = models.DateField(unique=True)
    last_seal_id = models.BigIntegerField()
    entries = models.BigIntegerField()
    chain_hash = Code(max_length=64)
    signature = Code(max_length=64)


class Event(models.Model):
    """The outbox: news written in the transaction that made it, delivered by the worker afterwards."""

    name = Code(max_length=80)
    subject = Code(max_length=80, blank=True)
    payload = Json(privacy=C1, default=dict)
    recorded_at = models.DateTimeField()
    is_delivered = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["id"], name="event_waiting", condition=models.Q(is_delivered=False))]


class Delivery(models.Model):
    """One handler has taken one event: the unique pair is what makes it exactly once."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    handler = Code(max_length=120)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    failure = LongText(privacy=C1, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "handler"], name="delivery_once")]


class IdempotencyKey(models.Model):
    """The first answer given under a key, bound to who asked what of which address with which body."""

    key = Code(max_length=255, unique=True)
    fingerprint = Code(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = Code(max_length=80, blank=True)
    location = LongText(privacy=C1, blank=True)
    body = models.BinaryField(null=True)
    recorded_at = models.DateTimeField()

    body.privacy = C2


class StatusMove(models.Model):
    """Every move of every machine: from, to, who, when, why. Append-only."""

    subject = Code(max_length=80, db_index=True)
    verb = Code()
    status_from = Code(blank=True)
    status_to = Code()
    actor_key = Code(privacy=C1)
    actor_name = Text(privacy=C2, max_length=80)
    reason = LongText(privacy=C2, blank=True)
    moved_at = models.DateTimeField()


class Parameter(models.Model):
    """A dated figure with its source; empty scope fields mean 'for all'."""

    code = Code(db_index=True)
    licence_type = Code(blank=True)
    region = Code(blank=True)
    product = Code(blank=True)
    value = Code(max_length=80)
    unit = models.CharField(
        max_length=8,
        choices=[("rate", _("比率")), ("yuan", _("元")), ("days", _("天")), ("months", _("月")), ("count", _("次")),
                 ("flag", _("是否")), ("text", _("文本")), ("seconds", _("秒")), ("points", _("分"))],
    )
    effective_from = models.DateField()
    effective_to = models.DateField(null=True, blank=True)
    source = Text(privacy=PUBLIC, max_length=200)
    note = Text(privacy=PUBLIC, max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "licence_type", "region", "product", "effective_from"], name="parameter_once"
            )
        ]


class Holiday(models.Model):
    """A day that differs from the plain week: a holiday on a weekday, or a working weekend day (调休)."""

    day = models.DateField(unique=True)
    is_working = models.BooleanField()
    name = Text(privacy=PUBLIC, max_length=40)
    is_provisional = models.BooleanField(default=False)
    source = Text(privacy=PUBLIC, max_length=120)


class BusinessDay(models.Model):
    """The one row that says which day the books are in."""

    current = models.DateField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="business_day_single")]
