"""Requests for approval and the votes on them. What is approved is known only as text."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chezhe.approvals.rules import Stage
from chezhe.approvals.states import REQUEST, VERDICTS
from chezhe.kernel import numbers, roles
from chezhe.kernel.fields import Code, Json, LongText, MoneyField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet

PREFIX = numbers.register("AP", "approval request")


class ApprovalRequest(models.Model):
    """Something waits for the agreement of others. `maker_ids` are the people who may not vote."""

    number = Code(unique=True)
    kind = Code()
    subject_text = Code(max_length=80, db_index=True)
    title = Text(privacy=C2, max_length=200)
    amount = MoneyField(null=True)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, null=True)
    opened_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="approval_requests")
    opened_by_name = Text(privacy=C2, max_length=80)
    maker_ids = Json(privacy=C1, default=list)
    stages = Json(privacy=C1, default=list)
    stage = models.PositiveSmallIntegerField(default=0)
    stage_role = models.CharField(max_length=24, choices=list(roles.LABELS.items()))
    stage_veto = models.CharField(max_length=24, choices=list(roles.LABELS.items()), blank=True)
    status = models.CharField(max_length=12, choices=REQUEST.choices(), default="open")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    scope_branch, scope_owner = "branch_id", "opened_by_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["stage_role", "due_at"], name="approval_waiting", condition=models.Q(status="open"))]

    @property
    def subject(self) -> str:
        """The request itself, for the audit trail; what it is about is `subject_text`."""
        return f"approval:{self.number}"

    @property
    def stage_list(self) -> list[Stage]:
        return [Stage.read(stored) for stored in self.stages]

    @property
    def current_stage(self) -> Stage:
        return self.stage_list[self.stage]

    @property
    def role_label(self) -> str:
        return str(roles.LABELS.get(self.stage_role, self.stage_role))


class Vote(models.Model):
    """One person's verdict at one stage; `on_behalf_of` counts as having voted, too."""

    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="votes")
    stage = models.PositiveSmallIntegerField()
    user = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    voter_name = Text(privacy=C2, max_length=80)
    role = models.CharField(max_length=24, choices=list(roles.LABELS.items()))
    verdict = models.CharField(max_length=8, choices=list(VERDICTS.items()))
    opinion = LongText(privacy=C2, blank=True)
    counts = models.BooleanField(default=True)
    is_veto = models.BooleanField(default=False)
    voted_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="vote_once", violation_error_message=_("已投过票"))]

    @property
    def people(self) -> frozenset[int]:
        return frozenset(i for i in (self.user_id, self.on_behalf_of_id) if i is not None)
