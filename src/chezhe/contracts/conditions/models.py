"""What people did about the conditions of a contract."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chezhe.kernel.fields import Code, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet


class ContractCondition(models.Model):
    """One condition of one contract: asked for by hand (`label` is then its wording), met with its proof, or waived. One that was put
    off (`put_off_until`) lets the money go now and is to be met by that day."""

    contract = models.ForeignKey("contracts.Contract", on_delete=models.PROTECT, related_name="own_conditions")
    code = Code()
    label = Text(privacy=C1, max_length=100, blank=True, default="")
    owner_role = Code(blank=True, default="")
    due_on = models.DateField(null=True)
    asked_at = models.DateTimeField()
    asked_by_name = Text(privacy=C2, max_length=80)
    met_at = models.DateTimeField(null=True)
    met_by_name = Text(privacy=C2, max_length=80, blank=True, default="")
    proof = Text(privacy=C1, max_length=200, blank=True, default="")
    evidence = models.ForeignKey("documents.StoredFile", on_delete=models.PROTECT, null=True, related_name="+")
    waiver = models.ForeignKey("approvals.ApprovalRequest", on_delete=models.PROTECT, null=True, related_name="+")
    waiver_reason = Text(privacy=C1, max_length=200, blank=True, default="")
    waived_at = models.DateTimeField(null=True)
    put_off_until = models.DateField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_number = "contract__branch_id", "contract__owner_id", "id"

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["contract", "code"], name="contract_condition_once")]
        indexes = [
            models.Index(fields=["due_on"], name="contract_condition_open", condition=Q(met_at__isnull=True, due_on__isnull=False)),
        ]

    @property
    def subject(self) -> str:
        return f"condition:{self.contract.number}.{self.code}"

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody worded it, and somebody says that it is met."""
        return bool(self.label)

    @property
    def lets_go(self) -> bool:
        """Whether it does not stand in the money's way any more."""
        return self.met_at is not None or self.waived_at is not None
