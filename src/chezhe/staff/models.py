"""People, branches, roles with reach and dates, and how they prove who they are."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.fields import Code, Encrypted, Json, Text
from chezhe.kernel.privacy import C1, C2, C3, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.staff import rules
from chezhe.staff.states import ACCESS_CHANGE

ROLE_CHOICES = list(roles.LABELS.items())
REACH_LABELS = {
    Reach.OWN: _("本人"), Reach.BRANCH: pgettext_lazy("reach", "本店"), Reach.REGION: pgettext_lazy("reach", "本区"), Reach.ALL: _("全部"),
}
REACH_CHOICES = [(reach.value, label) for reach, label in REACH_LABELS.items()]


class Region(models.Model):
    """A group of branches (区域)."""

    code = Code(unique=True, max_length=12)
    name = Text(privacy=PUBLIC, max_length=40)

    scope_branch = "branches"
    scope_number = "code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"region:{self.code}"


class Branch(models.Model):
    """A store of the lender (门店)."""

    code = Code(unique=True, max_length=12)
    name = Text(privacy=PUBLIC, max_length=40)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="branches")
    city = Text(privacy=PUBLIC, max_length=40, blank=True)
    is_open = models.BooleanField(default=True)

    scope_branch = "id"
    scope_number = "code"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"branch:{self.code}"


class UserManager(BaseUserManager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> User:
        """Names are compared without regard to case, so that two accounts never look alike."""
        return self.get(username=(username or "").strip().lower())


class User(AbstractBaseUser):
    """One person of the staff. Rights come from dated role grants, never from this row."""

    username = Text(privacy=C1, max_length=40, unique=True)
    password = Text(privacy=C3, max_length=128)
    name = Text(privacy=C2, max_length=40)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="people")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    must_change_password = models.BooleanField(default=False)
    password_set_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    disabled_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    scope_branch, scope_owner, scope_number = "branch_id", "id", "username"
    objects = UserManager()

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"staff:{self.username}"


class PasswordHistory(models.Model):
    """Earlier passwords (hashes), so that the last ones are not used again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="old_passwords")
    password = Text(privacy=C3, max_length=128)
    set_at = models.DateTimeField()


class SignInFailure(models.Model):
    """Failed attempts under one digest of who and from where; shared by every process."""

    key = Code(privacy=C1, max_length=32, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_failed_at = models.DateTimeField()


class SecondFactor(models.Model):
    """The authenticator app of one person. `counter_used` makes every code count once."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    secret = Encrypted(privacy=C3)
    counter_used = models.BigIntegerField(default=0)
    enrolled_at = models.DateTimeField()


class RecoveryCode(models.Model):
    """A code for the day the phone is lost; works once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = Code(privacy=C3, max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]


class RoleGrant(models.Model):
    """A person holds a role from a day until a day (the last day is not in it), as far as `reach` says."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    reach = models.CharField(max_length=8, choices=REACH_CHOICES)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    granted_at = models.DateTimeField()
    change_number = Code(blank=True)

    scope_branch, scope_owner = "user__branch_id", "user_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["user_id", "role", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reach="branch") | Q(branch__isnull=False), name="grant_has_branch"),
            models.CheckConstraint(condition=~Q(reach="region") | Q(region__isnull=False), name="grant_has_region"),
            models.CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")), name="grant_dates"),
        ]

    def is_in_force(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)

    @property
    def role_label(self) -> Any:
        return roles.LABELS.get(self.role, self.role)

    @property
    def place(self) -> str:
        """Where the reach applies, for people: the branch, the region, or empty."""
        return str(self.branch or self.region or "")


class RolePermission(models.Model):
    """A role may do something: the permission matrix, as data."""

    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    permission = Code(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="role_permission_once")]


class PermissionSeen(models.Model):
    """Permissions whose default roles have been seeded: what an administrator removed later stays removed."""

    permission = Code(max_length=80, unique=True)


class Delegation(models.Model):
    """From a day until a day (the last day is not in it) one person may act for another, in some of their roles."""

    delegator = models.ForeignKey(User, on_delete=models.CASCADE, related_name="delegations_given")
    delegate = models.ForeignKey(User, on_delete=models.CASCADE, related_name="delegations_taken")
    roles = Json(privacy=C1, default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = Text(privacy=C1, max_length=200)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    scope_branch, scope_owner = "delegator__branch_id", "delegator_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(delegator=models.F("delegate")), name="delegation_two_people"),
            models.CheckConstraint(condition=Q(ends_on__gt=models.F("starts_on")), name="delegation_dates"),
        ]

    def is_in_force(self, on: date) -> bool:
        return self.ended_at is None and self.starts_on <= on < self.ends_on

    @property
    def subject(self) -> str:
        return f"delegation:{self.pk}"

    @property
    def role_labels(self) -> str:
        return gettext("、").join(str(roles.LABELS.get(role, role)) for role in self.roles)


class StaffSession(models.Model):
    """One sign-in: its row is read on every request, so ending it works at once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    signed_in_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    stepped_up_at = models.DateTimeField(null=True)
    acting_for = models.ForeignKey(Delegation, on_delete=models.SET_NULL, null=True)
    as_grant = models.ForeignKey(RoleGrant, on_delete=models.SET_NULL, null=True)
    looking = Json(privacy=C1, default=dict)
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = Text(privacy=C2, max_length=200, blank=True)

    ip_address.privacy = C2

    class Meta:
        ordering = ["-last_seen_at"]
        indexes = [models.Index(fields=["user", "ended_at"]), models.Index(fields=["-last_seen_at"], name="session_last_seen")]

    @property
    def subject(self) -> str:
        return f"session:{self.pk}"

    @property
    def device(self) -> str:
        """`Chrome · Windows`, as far as the browser says."""
        return rules.device_of(self.user_agent)


class ApiToken(models.Model):
    """A key for a program: acts as its owner, only within `scopes` (permission codes), until it expires."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    label = Text(privacy=C1, max_length=60)
    hint = Code(max_length=12)
    digest = Code(privacy=C3, max_length=64, unique=True)
    scopes = Json(privacy=PUBLIC, default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    stepped_up_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    scope_branch, scope_owner = "user__branch_id", "user_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    @property
    def subject(self) -> str:
        return f"token:{self.pk}"


CHANGE_KINDS = [("grant", _("授予角色")), ("permissions", _("调整角色权限")), ("reset", _("重置登录凭证"))]


class AccessChange(models.Model):
    """A proposed role grant or change of a role's rights; a second person must agree before it counts."""

    number = Code(unique=True)
    kind = models.CharField(max_length=16, choices=CHANGE_KINDS)
    status = models.CharField(max_length=12, choices=ACCESS_CHANGE.choices(), default="proposed")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="access_changes")
    role = models.CharField(max_length=24, choices=ROLE_CHOICES)
    content = Json(privacy=C1, default=dict)
    reason = Text(privacy=C1, max_length=200)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    request_number = Code(blank=True)

    scope_branch, scope_owner = "user__branch_id", "proposed_by_id"
    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    @property
    def subject(self) -> str:
        return f"access_change:{self.number}"
