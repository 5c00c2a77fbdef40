"""Requests for approval, the votes on them, and what else was done with them. What is approved is known only as text."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.approvals.choices import HANDLINGS, HELD, INTERESTS, PAUSES
from chezhe.approvals.rules import Stage
from chezhe.approvals.states import LIMIT, REQUEST, VERDICTS
from chezhe.kernel import numbers, roles
from chezhe.kernel.fields import Code, Json, LongText, MoneyField, Text
from chezhe.kernel.privacy import C1, C2
from chezhe.kernel.scope import ScopedQuerySet

PREFIX = numbers.register("AP", "approval request")
LIMIT_PREFIX = numbers.register("AL", "approval limit")
INTEREST_PREFIX = numbers.register("AI", "declared interest")
ROLE_CHOICES = list(roles.LABELS.items())


class ApprovalRequest(models.Model):
    """Something waits for the agreement of others. `maker_ids` are the people who may not vote.

    Whose turn it is now is kept beside the stages: `stage_roles` and `stage_members` (by name: `stage_names`). `spent_ids` are the
    people who have voted, stepped back or hold a verdict: nothing more waits for them here. `about` says what the routing and the
    limits read of the subject; `concerns` are the subjects by which somebody may be biased.
    """

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
    stage_role = models.CharField(max_length=24, choices=ROLE_CHOICES, blank=True)
    stage_veto = models.CharField(max_length=24, choices=ROLE_CHOICES, blank=True)
    stage_roles = Json(privacy=C1, default=list)
    stage_members = Json(privacy=C1, default=list)
    stage_names = Text(privacy=C2, max_length=200, blank=True)
    spent_ids = Json(privacy=C1, default=list)
    recused_ids = Json(privacy=C1, default=list)
    about = Json(privacy=C1, default=dict)
    concerns = Json(privacy=C1, default=list)
    assigned_to = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=12, choices=REQUEST.choices(), default="open")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=16, choices=list(PAUSES.items()), blank=True)
    urged_at = models.DateTimeField(null=True)
    urged_count = models.PositiveSmallIntegerField(default=0)
    stuck_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    scope_branch, scope_owner = "branch_id", "opened_by_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["stage_role", "due_at"], name="approval_waiting", condition=Q(status="open")),
            models.Index(fields=["assigned_to"], name="approval_assigned", condition=Q(status="open", assigned_to__isnull=False)),
            models.Index(fields=["branch"], name="approval_stuck", condition=Q(status="open", stuck_at__isnull=False)),
        ]

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
        """Who has to vote now: roles, and people by name."""
        mine = [role for role in self.stage_roles if role != self.stage_veto or role == self.stage_role]
        named = [str(roles.LABELS.get(role, role)) for role in mine]
        return "、".join([*named, *filter(None, [self.stage_names])])


class Vote(models.Model):
    """One person's verdict at one stage; `on_behalf_of` counts as having voted, too. Without a role somebody voted by name."""

    request = models.ForeignKey(ApprovalRequest, on_delete=models.CASCADE, related_name="votes")
    stage = models.PositiveSmallIntegerField()
    user = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    voter_name = Text(privacy=C2, max_length=80)
    role = models.CharField(max_length=24, choices=ROLE_CHOICES, blank=True)
    verdict = models.CharField(max_length=8, choices=list(VERDICTS.items()))
    opinion = LongText(privacy=C2, blank=True)
    counts = models.BooleanField(default=True)
    is_veto = models.BooleanField(default=False)
    is_chair = models.BooleanField(default=False)
    voted_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="vote_once", violation_error_message=_("已投过票"))]

    @property
    def people(self) -> frozenset[int]:
        return frozenset(i for i in (self.user_id, self.on_behalf_of_id) if i is not None)

    @property
    def seat_label(self) -> str:
        """As what somebody voted."""
        return str(roles.LABELS.get(self.role) or _("指定人员"))


class Handling(models.Model):
    """Something that was done with a request besides voting: the row is written once and stays."""

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="handlings")
    verb = models.CharField(max_length=16, choices=list(HANDLINGS.items()))
    stage = models.PositiveSmallIntegerField()
    user = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    user_name = Text(privacy=C2, max_length=80)
    other = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    other_name = Text(privacy=C2, max_length=80, blank=True)
    words = LongText(privacy=C2, blank=True)
    handled_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class Copy(models.Model):
    """A colleague who is to know of a request, and when they read it."""

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="copies")
    user = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    sent_by_name = Text(privacy=C2, max_length=80)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="copy_once")]
        indexes = [models.Index(fields=["user"], name="copy_unread", condition=Q(read_at__isnull=True))]


class HeldVerdict(models.Model):
    """A verdict that its giver may still take back: until `applies_at` nothing has happened."""

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="held")
    user = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(max_length=8, choices=list(VERDICTS.items()))
    opinion = LongText(privacy=C2, blank=True)
    # What else was said on the page of its kind, as it was typed there.
    more = Json(privacy=C2, default=dict)
    status = models.CharField(max_length=8, choices=list(HELD.items()), default="held")
    refusal = Text(privacy=C2, max_length=400, blank=True)
    held_at = models.DateTimeField()
    applies_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["request", "user"], name="held_once", condition=Q(status="held"))]

    @property
    def subject(self) -> str:
        return self.request.subject


class Limit(models.Model):
    """Up to what amount somebody may be the last to agree: a role, or one person, everywhere or in one branch, for all products or
    one. What a later row says of the same replaces it. It counts once a second person has agreed."""

    number = Code(unique=True)
    kind = Code()
    role = models.CharField(max_length=24, choices=ROLE_CHOICES, blank=True)
    user = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, null=True, related_name="+")
    product = Code(max_length=12, blank=True)
    amount_max = MoneyField()
    starts_on = models.DateField()
    reason = Text(privacy=C1, max_length=200)
    status = models.CharField(max_length=12, choices=LIMIT.choices(), default="proposed")
    proposed_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by_name = Text(privacy=C2, max_length=80)
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by_name = Text(privacy=C2, max_length=80, blank=True)
    request_number = Code(blank=True)

    scope_branch, scope_owner = "branch_id", "proposed_by_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_max__gte=0), name="limit_not_negative"),
            models.CheckConstraint(condition=Q(role="", user__isnull=False) | (~Q(role="") & Q(user__isnull=True)), name="limit_of_one"),
        ]
        indexes = [models.Index(fields=["kind", "starts_on"], name="limit_in_force", condition=Q(status="in_force"))]

    @property
    def subject(self) -> str:
        return f"approval_limit:{self.number}"

    @property
    def whose(self) -> str:
        """The role or the person."""
        return self.user.name if self.user else str(roles.LABELS.get(self.role, self.role))


class Interest(models.Model):
    """A colleague has an interest in a subject ("customer:C26-…"): from its first day until its last nobody counts them in there."""

    number = Code(unique=True)
    user = models.ForeignKey("staff.User", on_delete=models.PROTECT, related_name="+")
    subject_text = Code(max_length=80)
    subject_label = Text(privacy=C2, max_length=120)
    kind = models.CharField(max_length=12, choices=list(INTERESTS.items()))
    words = Text(privacy=C2, max_length=200, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    declared_by_name = Text(privacy=C2, max_length=80)
    declared_at = models.DateTimeField()
    ended_by_name = Text(privacy=C2, max_length=80, blank=True)
    end_reason = Text(privacy=C1, max_length=200, blank=True)

    scope_branch, scope_owner = "user__branch_id", "user_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_text"], name="interest_subject")]
        constraints = [
            models.UniqueConstraint(fields=["user", "subject_text", "kind"], name="interest_once", condition=Q(ends_on__isnull=True)),
        ]

    @property
    def subject(self) -> str:
        return f"interest:{self.number}"


class AgreedException(models.Model):
    """What somebody let pass by agreeing: one row for each exception of the case, written once."""

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="agreed_exceptions")
    subject_text = Code(max_length=80)
    kind = Code()
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey("staff.User", on_delete=models.PROTECT, null=True, related_name="+")
    amount = MoneyField(null=True)
    code = Code(max_length=40)
    words = Text(privacy=C1, max_length=200)
    agreed_by = Json(privacy=C1, default=list)
    agreed_by_names = Text(privacy=C2, max_length=400)
    reason = LongText(privacy=C2, blank=True)
    agreed_at = models.DateTimeField()

    scope_branch, scope_owner = "branch_id", "opened_by_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["-agreed_at"], name="exception_agreed")]
