"""Due diligence, holdings, lists and their versions, rounds of screening and what they found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from chezhe.customers.models import Customer
from chezhe.identifiers import masks
from chezhe.kernel import numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.fields import Code, Json, LongText, RateField, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.risk.screening import labels
from chezhe.risk.screening.states import HIT

REVIEW_PREFIX = numbers.register("DD", "due diligence")
VERSION_PREFIX = numbers.register("WL", "watch list version")
HIT_PREFIX = numbers.register("WH", "watch list hit")
# Of these lists a likeness freezes the relationship until somebody has judged it (Anti-Money-Laundering Law, Art. 40).
FREEZING = ("sanction", "terror")


class Diligence(models.Model):
    """One review of who a customer is: answers, grade with its factors, the owners found, and when to look again. The newest counts.

    Append-only: what was known at a moment is the newest review before it.
    """

    number = Code(unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    occupation = models.CharField(max_length=24, choices=labels.OCCUPATIONS)
    region = models.CharField(max_length=16, choices=labels.REGIONS)
    purpose = models.CharField(max_length=20, choices=labels.PURPOSES)
    is_pep = models.BooleanField()
    has_agent = models.BooleanField()
    is_remote = models.BooleanField()
    watch_hit = models.BooleanField()
    owners = Json(privacy=C2, default=list)
    owners_known_rate = RateField(null=True)
    owners_unknown = models.BooleanField(null=True)
    grade = models.CharField(max_length=8, choices=labels.GRADES)
    points = models.PositiveSmallIntegerField()
    factors = Json(privacy=C1, default=list)
    note = LongText(privacy=C2, blank=True)
    next_review_on = models.DateField()
    reviewed_on = models.DateField()
    recorded_at = models.DateTimeField()
    recorded_by_name = Text(privacy=C2, max_length=80)

    scope_branch, scope_owner = "customer__branch_id", "customer__owner_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["customer", "-id"], name="risk_diligence_newest")]

    @property
    def subject(self) -> str:
        return self.customer.subject


class Holding(models.Model):
    """Who holds how much of a company customer: a customer of ours, or somebody named. Ended, never deleted."""

    company = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+", null=True)
    holder_name = Text(privacy=C2, max_length=100, blank=True)
    holder_kind = models.CharField(max_length=8, choices=labels.ENTRY_KINDS)
    # A company that is no customer of ours may itself be held: its holders name it.
    of_name = Text(privacy=C2, max_length=100, blank=True)
    share_rate = RateField()
    evidence = Code(privacy=C1, max_length=80, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by_name = Text(privacy=C2, max_length=80)
    ended_at = models.DateTimeField(null=True)

    scope_branch, scope_owner = "company__branch_id", "company__owner_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(share_rate__gt=0, share_rate__lte=1), name="risk_holding_share"),
            models.CheckConstraint(
                condition=Q(holder__isnull=False, holder_name="") | Q(holder__isnull=True) & ~Q(holder_name=""), name="risk_holding_holder",
            ),
            models.UniqueConstraint(
                fields=["company", "of_name", "holder", "holder_name"], name="risk_holding_once", condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
            ),
        ]

    @property
    def subject(self) -> str:
        return self.company.subject

    def shown_holder(self, by: Actor) -> str:
        """A person's name with stars; nothing of a customer who is out of reach."""
        if self.holder is not None:
            is_seen = Customer.objects.visible_to(by).filter(pk=self.holder.pk).exists()
            return self.holder.masked_name if is_seen else _("范围外客户")
        return masks.mask_name(self.holder_name) if self.holder_kind == "person" else self.holder_name


class ListVersion(models.Model):
    """One version of one list as it came. `status`: loaded, then every customer is screened in chunks until it is done."""

    number = Code(unique=True)
    code = Code()
    kind = models.CharField(max_length=10, choices=labels.LIST_KINDS)
    title = Text(privacy=PUBLIC, max_length=120)
    version = Code(max_length=40)
    source = Text(privacy=PUBLIC, max_length=120)
    sha256 = Code(max_length=64)
    entries = models.PositiveIntegerField()
    is_current = models.BooleanField(default=True)
    imported_at = models.DateTimeField()
    imported_by_name = Text(privacy=C2, max_length=80)
    customers = models.PositiveIntegerField()
    chunks = models.PositiveIntegerField()
    screened_at = models.DateTimeField(null=True)

    scope_number = "number"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="risk_list_version_once"),
            models.UniqueConstraint(fields=["code"], name="risk_list_current_once", condition=Q(is_current=True)),
        ]

    @property
    def subject(self) -> str:
        return f"watchlist:{self.number}"


class ListEntry(models.Model):
    """One entry of one version: names and aliases as they came, of numbers only digests and the last four."""

    version = models.ForeignKey(ListVersion, on_delete=models.CASCADE, related_name="rows")
    code = Code(max_length=60)
    kind = models.CharField(max_length=8, choices=labels.ENTRY_KINDS)
    names = ArrayField(models.CharField(max_length=200))
    aliases = ArrayField(models.CharField(max_length=200), default=list)
    birth = Code(privacy=C2, max_length=10, blank=True)
    id_tails = ArrayField(models.CharField(max_length=4), default=list)
    number_digests = ArrayField(models.CharField(max_length=32), default=list)
    programme = Text(privacy=PUBLIC, max_length=200, blank=True)
    content = Code(max_length=64)

    names.privacy = C2
    aliases.privacy = C2
    id_tails.privacy = C2
    number_digests.privacy = C1

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="risk_list_entry_once")]


class ListKey(models.Model):
    """One way to look an entry up."""

    version = models.ForeignKey(ListVersion, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(ListEntry, on_delete=models.CASCADE, related_name="+")
    key = Text(privacy=C2, max_length=200)

    class Meta:
        indexes = [models.Index(fields=["version", "key"], name="risk_list_key")]


class ScreenedChunk(models.Model):
    """Customers from one id to another were held against one version: written in the transaction that did it, once."""

    version = models.ForeignKey(ListVersion, on_delete=models.CASCADE, related_name="done")
    chunk = models.PositiveIntegerField()
    customers = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    screened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "chunk"], name="risk_screened_chunk_once")]


class Screened(models.Model):
    """A customer was held against every list then in force. Append-only."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    versions = ArrayField(models.CharField(max_length=40))
    screened_at = models.DateTimeField()

    versions.privacy = PUBLIC

    class Meta:
        indexes = [models.Index(fields=["customer", "-screened_at"], name="risk_screened_newest")]


class Hit(models.Model):
    """A customer, or who stands behind one, and a listed entry that may be the same; one row for both as long as the house knows them."""

    number = Code(unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=24, choices=labels.ROLES)
    list_code = Code()
    list_kind = models.CharField(max_length=10, choices=labels.LIST_KINDS)
    entry_code = Code(max_length=60)
    entry = models.ForeignKey(ListEntry, on_delete=models.PROTECT, related_name="+")
    content = Code(max_length=64)
    matched = Text(privacy=C2, max_length=100)
    score = models.PositiveSmallIntegerField()
    reasons = Json(privacy=C1, default=list)
    status = models.CharField(max_length=16, choices=HIT.choices(), default="open")
    request_number = Code(blank=True)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = Text(privacy=C2, max_length=80, blank=True)
    reason = LongText(privacy=C2, blank=True)

    scope_branch, scope_owner = "customer__branch_id", "customer__owner_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "role", "matched", "list_code", "entry_code"], name="risk_hit_once")]

    @property
    def subject(self) -> str:
        return f"screening:{self.number}"

    @property
    def is_of_person(self) -> bool:
        """Whether what matched is a person's name."""
        return self.entry.kind == "person"

    @property
    def freezes(self) -> bool:
        """Whether the relationship stands still because of it."""
        return self.list_kind in FREEZING and self.status in ("open", "confirmed", "release_proposed")

    @property
    def reason_words(self) -> list[tuple[Any, int]]:
        """Why the names are held to be the same, with the points of each."""
        return [(labels.REASONS[code], points) for code, points in self.reasons]


class HitTurn(models.Model):
    """From when on a hit stood for a customer (`counts`) or no longer did: what a past moment is answered from. Append-only."""

    hit = models.ForeignKey(Hit, on_delete=models.PROTECT, related_name="turns")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    counts = models.BooleanField()
    turned_at: datetime = models.DateTimeField()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["customer", "turned_at"], name="risk_hit_turn")]
