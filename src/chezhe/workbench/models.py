"""Saved views of lists: whose they are, with which role they are shared, and which one opens by itself."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.fields import Code, Json, Text
from chezhe.kernel.privacy import C1, PUBLIC

NAME_MAX = 40
QUERY_MAX = 2000


class SavedViews(models.QuerySet["SavedView"]):
    """Views belong to the person at the keyboard, never to the one who is acted for."""

    def visible_to(self, actor: Actor) -> Self:
        """The actor's own, and those shared with a role of the actor in the sharer's branches."""
        if actor.is_outsider:
            return self.none()
        shared = Q(role__in=actor.roles) & (Q(branch_ids=[]) | Q(branch_ids__contains=[actor.branch_id]))
        return self.filter(Q(owner_id=actor.user_id) | shared)

    def fetch_own(self, key: str, actor: Actor) -> SavedView:
        """One's own view; raises NotFound (404) for anybody else's."""
        found = self.filter(key=key, owner_id=actor.user_id).first()
        if found is None:
            raise NotFound(what=key)
        return found


class SavedView(models.Model):
    """A list under a name. `query` holds what the address held, without what was searched for."""

    key = Code(max_length=12, unique=True)
    owner = models.ForeignKey("staff.User", on_delete=models.CASCADE, related_name="+")
    list_key = Code(max_length=80)
    path = Text(privacy=PUBLIC, max_length=200)
    name = Text(privacy=C1, max_length=NAME_MAX)
    query = Text(privacy=C1, max_length=QUERY_MAX, blank=True)
    role = models.CharField(max_length=24, choices=list(roles.LABELS.items()), blank=True)
    branch_ids = Json(privacy=C1, default=list)
    changed_at = models.DateTimeField()

    objects = SavedViews.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["list_key", "role"])]
        constraints = [models.UniqueConstraint(fields=["owner", "list_key", "name"], name="view_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def subject(self) -> str:
        return f"view:{self.key}"


class DefaultView(models.Model):
    """Which view a person's list opens with."""

    user = models.ForeignKey("staff.User", on_delete=models.CASCADE, related_name="+")
    list_key = Code(max_length=80)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "list_key"], name="default_view_once")]


class Subscription(models.Model):
    """A view whose rows are counted for one person every morning; `rows_before` is the count of the time before. Both are None
    until it was counted, and `rows` again when the list is no longer open to the person."""

    user = models.ForeignKey("staff.User", on_delete=models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="subscriptions")
    counted_on = models.DateField(null=True, db_index=True)
    rows = models.PositiveIntegerField(null=True)
    rows_before = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["view__name", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "view"], name="subscription_once")]

    @property
    def change(self) -> int | None:
        """How many more (or fewer) than the time before."""
        return None if self.rows is None or self.rows_before is None else self.rows - self.rows_before

    @property
    def fewer(self) -> int:
        return -(self.change or 0)
