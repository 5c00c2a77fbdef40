"""Asking for papers, and what was done to them: runs of the press, seals and their uses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.printing.states import PRINT_RUN, SEAL_USE
from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, Encrypted, Json, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet

SEAL_PREFIX = numbers.register("YY", "seal use")
SEAL_KINDS = [("contract", _("合同专用章")), ("company", _("公章")), ("legal", _("法定代表人章"))]


class PrintRun(models.Model):
    """Papers asked for together. `papers` is what they say (`planning.Planned` as JSON), emptied once they are printed."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="print_runs")
    status = models.CharField(max_length=8, choices=PRINT_RUN.choices(), default="asked")
    papers = Encrypted()
    count = models.PositiveSmallIntegerField()
    reason = Text(privacy=C1, max_length=200, blank=True)
    replaces = models.ForeignKey("contracts.ContractPaper", on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    asked_by_name = Text(privacy=C2, max_length=80)
    finished_at = models.DateTimeField(null=True)
    millis = models.PositiveIntegerField(null=True)
    failure = Text(privacy=C2, max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["contract"], name="print_run_one_asked", condition=Q(status="asked"))]

    @property
    def subject(self) -> str:
        return self.contract.subject


class Seal(models.Model):
    """A seal of the lender, and the branch that keeps it."""

    code = Code(max_length=20, unique=True)
    kind = models.CharField(max_length=8, choices=SEAL_KINDS)
    name = Text(privacy=PUBLIC, max_length=60)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, related_name="+")
    is_kept = models.BooleanField(default=True)
    registered_at = models.DateTimeField()
    registered_by_name = Text(privacy=C2, max_length=80)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_number = "branch_id", None, "code"

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"seal:{self.code}"


class SealUse(models.Model):
    """One paper to be stamped: somebody asks, the keeper of the seal stamps it, and both stand in the register."""

    number = Code(unique=True)
    status = models.CharField(max_length=8, choices=SEAL_USE.choices(), default="asked")
    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="uses")
    paper = models.ForeignKey("contracts.ContractPaper", on_delete=models.PROTECT, related_name="seal_uses")
    copies = models.PositiveSmallIntegerField()
    is_across_pages = models.BooleanField(default=True)
    reason = Text(privacy=C1, max_length=200)
    asked_at = models.DateTimeField()
    asked_by_ids = Json(privacy=C1, default=list)
    asked_by_name = Text(privacy=C2, max_length=80)
    stamped_at = models.DateTimeField(null=True)
    stamped_by_name = Text(privacy=C2, max_length=80, blank=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner = "paper__contract__branch_id", "paper__contract__owner_id"

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(copies__gt=0), name="seal_use_copies"),
            models.UniqueConstraint(fields=["seal", "paper"], name="seal_use_one_asked", condition=Q(status="asked")),
        ]

    @property
    def subject(self) -> str:
        return f"seal_use:{self.number}"
