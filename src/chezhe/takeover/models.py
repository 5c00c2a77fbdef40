"""A book that comes from another system: its files, what was wrong with them, its loans one by one, and how far it has come."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel import numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.fields import Code, Encrypted, Json, MoneyField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.takeover.states import TAKEOVER

PREFIX = numbers.register("TK", "takeover")
STATED = ("principal", "interest", "fee", "penalty", "unapplied", "deposit")
LOAN_STATUSES = [("ready", _("待迁入")), ("taken", _("已迁入")), ("failed", _("未迁入"))]


class WholeHouse(ScopedQuerySet[models.Model]):
    """A book concerns every branch at once: only who reaches all of them may see it."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.sees_whole_house else self.none()


class Takeover(models.Model):
    """One book as it stood on the evening of `as_of`. `found` and `stated` are totals by branch and product, in fen: ours from
    the files, and what a person typed in from the old system."""

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=TAKEOVER.choices(), default="collecting")
    as_of = models.DateField()
    title = Text(privacy=C1, max_length=60)
    begun_by = models.ForeignKey("staff.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    begun_by_name = Text(privacy=C2, max_length=80)
    begun_at = models.DateTimeField()
    # Everybody who prepared it: none of them may let it go.
    maker_ids = Json(privacy=C1, default=list)
    tried_at = models.DateTimeField(null=True)
    customers = models.PositiveIntegerField(default=0)
    vehicles = models.PositiveIntegerField(default=0)
    loans = models.PositiveIntegerField(default=0)
    faults_found = models.PositiveIntegerField(default=0)
    found = Json(privacy=C1, default=dict)
    stated = Json(privacy=C1, default=dict)
    chunks = models.PositiveIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=1)
    approved_by_name = Text(privacy=C2, max_length=80, blank=True)
    approved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = WholeHouse.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        return f"takeover:{self.number}"

    @property
    def reference(self) -> str:
        """What its journal entries are named by."""
        return f"takeover/{self.number}"


class TakeoverFile(models.Model):
    """A file of the book; one that was replaced stays and is not read any more."""

    takeover = models.ForeignKey(Takeover, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField(null=True)


class TakeoverFault(models.Model):
    """What the trial found wrong with a row. `given` holds nothing about people."""

    takeover = models.ForeignKey(Takeover, on_delete=models.CASCADE, related_name="faults")
    sheet = Code()
    row = models.PositiveIntegerField()
    column = Code(blank=True)
    code = Code(max_length=60)
    given = Text(privacy=C1, max_length=60, blank=True)
    facts = Json(privacy=C1, default=dict)

    class Meta:
        ordering = ["id"]


class TakenLoan(models.Model):
    """A loan of the book: what its rows said, what the old books stated, and what it became with us, or why it did not."""

    takeover = models.ForeignKey(Takeover, on_delete=models.CASCADE, related_name="rows")
    old_number = Text(privacy=C1, max_length=40)
    row = models.PositiveIntegerField()
    chunk = models.PositiveIntegerField()
    branch_code = Code()
    product_code = Code()
    status = models.CharField(max_length=6, choices=LOAN_STATUSES, default="ready")
    content = Encrypted()
    principal_stated = MoneyField()
    interest_stated = MoneyField()
    fee_stated = MoneyField()
    penalty_stated = MoneyField()
    unapplied_stated = MoneyField()
    deposit_stated = MoneyField()
    principal_ours = MoneyField(null=True)
    interest_ours = MoneyField(null=True)
    fee_ours = MoneyField(null=True)
    penalty_ours = MoneyField(null=True)
    unapplied_ours = MoneyField(null=True)
    deposit_ours = MoneyField(null=True)
    loan = models.OneToOneField("servicing.Loan", on_delete=models.PROTECT, null=True, related_name="taken")
    code = Code(max_length=60, blank=True)
    facts = Json(privacy=C1, default=dict)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_number = "loan__branch_id", "old_number"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["takeover", "old_number"], name="taken_loan_once"),
            models.UniqueConstraint(fields=["old_number"], name="taken_loan_once_in_house", condition=models.Q(status="taken")),
            models.CheckConstraint(
                name="taken_loan_is_there",
                condition=models.Q(status="taken", loan__isnull=False) | ~models.Q(status="taken") & models.Q(loan=None),
            ),
        ]
        indexes = [models.Index(fields=["takeover", "chunk", "id"], name="taken_loan_chunk")]

    @property
    def differences(self) -> list[Money]:
        """Ours less theirs, item by item; empty before it is taken."""
        if self.status != "taken":
            return []
        return [getattr(self, f"{name}_ours") - getattr(self, f"{name}_stated") for name in STATED]

    @property
    def difference(self) -> Money | None:
        """The sum of what differs, whatever its sign; None before it is taken."""
        return Money(sum(abs(one.fen) for one in self.differences)) if self.status == "taken" else None


class TakeoverChunk(models.Model):
    """The mark that a chunk is done: written first in the transaction that does it, so that it is done once."""

    takeover = models.ForeignKey(Takeover, on_delete=models.PROTECT, related_name="done")
    attempt = models.PositiveSmallIntegerField()
    chunk = models.PositiveIntegerField()
    taken = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    seconds = models.DecimalField(max_digits=9, decimal_places=3, default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["takeover", "attempt", "chunk"], name="takeover_chunk_once")]
