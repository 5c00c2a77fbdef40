"""Templates, messages and the vendors' receipts."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import get_language

from chezhe.compliance import labels as compliance_labels
from chezhe.identifiers import masks
from chezhe.kernel import numbers
from chezhe.kernel.fields import BlindIndex, Code, Encrypted, Json, LongText, Text
from chezhe.kernel.privacy import C1, C2, C3, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.messaging import labels, rules
from chezhe.messaging.states import MESSAGE

PREFIX = numbers.register("M", "message")


class Template(models.Model):
    """One version of a text. `fields` names the facts it may hold and their kinds; rows are added, never changed.

    `consent_kind` is the consent it rests on; empty where the contract itself is the ground (collection).
    """

    code = Code()
    version = models.PositiveIntegerField()
    channel = models.CharField(max_length=8, choices=labels.CHANNELS)
    purpose = models.CharField(max_length=12, choices=labels.PURPOSES)
    consent_kind = models.CharField(max_length=20, choices=compliance_labels.CONSENT_KINDS, blank=True)
    name = Text(privacy=PUBLIC, max_length=60)
    english_name = Text(privacy=PUBLIC, max_length=60)
    title = Text(privacy=PUBLIC, max_length=80, blank=True)
    english_title = Text(privacy=PUBLIC, max_length=80, blank=True)
    body = LongText(privacy=PUBLIC)
    english = LongText(privacy=PUBLIC)
    fields = Json(privacy=PUBLIC, default=dict)
    # What it says is over after so long: then it is not sent any more.
    lasts_seconds = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="template_once")]

    @property
    def is_secret(self) -> bool:
        """Whether it carries what only its reader may know: then only the system sends it."""
        return not set(rules.SECRETS).isdisjoint(self.fields.values())

    def text(self, facts: dict[str, str], language: str) -> str:
        """The message as the customer reads it."""
        return rules.render(self.english if language == "en" else self.body, facts)

    @property
    def label(self) -> str:
        """The template's name in the reader's language."""
        return self.english_name if (get_language() or "").startswith("en") else self.name

    def heading(self, language: str) -> str:
        return self.english_title if language == "en" else self.title


class Message(models.Model):
    """One message to one person: what it says is the template and its facts."""

    number = Code(unique=True)
    reference = Code(max_length=120, null=True, unique=True)
    status = models.CharField(max_length=10, choices=MESSAGE.choices(), default="queued")
    template = models.ForeignKey(Template, on_delete=models.PROTECT)
    channel = models.CharField(max_length=8, choices=labels.CHANNELS)
    purpose = models.CharField(max_length=12, choices=labels.PURPOSES)
    language = models.CharField(max_length=8, choices=labels.LANGUAGES, default="zh-hans")
    recipient = Code(max_length=80, db_index=True)
    recipient_label = Text(privacy=C2, max_length=80, blank=True)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, null=True)
    owner_id = models.BigIntegerField(null=True)
    address = Encrypted()
    address_index = BlindIndex(of="address")
    facts = Json(privacy=C2, default=dict)
    # The facts that nobody of the house may read, until it has left us or never will.
    sealed = Encrypted(privacy=C3, blank=True, default="")
    contact_number = Code(blank=True)
    reason = Code(blank=True)
    vendor_reference = Code(max_length=80, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    requested_by_name = Text(privacy=C2, max_length=80)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", "owner_id"

    class Meta:
        indexes = [models.Index(fields=["status", "id"])]

    @property
    def subject(self) -> str:
        return f"message:{self.number}"

    @property
    def masked_address(self) -> str:
        if self.channel == "sms":
            return masks.mask_mobile(self.address)
        return masks.mask_email(self.address) if self.channel == "email" else f"***{self.address[-4:]}"

    @property
    def text(self) -> str:
        """As the house may read it."""
        return self.template.text(self.facts, self.language)

    @property
    def outgoing_text(self) -> str:
        """As it leaves."""
        return self.template.text({**self.facts, **(json.loads(self.sealed) if self.sealed else {})}, self.language)

    def is_over(self, at: datetime) -> bool:
        """Whether what it says has ceased to be true before it left."""
        lasts = self.template.lasts_seconds
        return lasts is not None and at - self.created_at >= timedelta(seconds=lasts)


class MessageReceipt(models.Model):
    """A vendor's callback, kept once however often it comes. Append-only."""

    channel = models.CharField(max_length=8, choices=labels.CHANNELS)
    receipt_id = Code(max_length=80)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="receipts")
    is_delivered = models.BooleanField()
    code = Code(privacy=C1, blank=True)
    received_at = models.DateTimeField()
    was_late = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "receipt_id"], name="receipt_once")]
