"""Row scope: `visible_to(actor)` is the only way to fetch what belongs to a branch or a person."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import NotFound

M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """A model that uses it names `scope_branch` and `scope_owner`: lookups that end in an id
    (`"branch_id"`, `"owner_id"`, `"loan__branch_id"`); `scope_owner` may be None. `scope_number`
    is the field that people name a row by."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows inside the actor's reach; none for whoever belongs nowhere."""
        if actor.kind == "system" or actor.reach == Reach.ALL:
            return self.all()
        if actor.reach in (Reach.BRANCH, Reach.REGION):
            return self.filter(Q((f"{self._scope('branch')}__in", actor.branch_ids)))
        owner = self._scope("owner")
        if actor.reach == Reach.OWN and owner:
            return self.filter(Q((f"{owner}__in", actor.user_ids)))
        return self.none()

    def fetch(self, number: str) -> M:
        """The one row called `number`; raises NotFound (404) also when it is out of scope."""
        found = self.filter(Q((getattr(self.model, "scope_number", "number"), number))).first()
        if found is None:
            raise NotFound(what=number)
        return found

    def lock(self, number: str) -> M:
        """`fetch`, with the row locked until the transaction ends."""
        return self.select_for_update(of=("self",)).fetch(number)

    def _scope(self, side: str) -> Any:
        return getattr(self.model, f"scope_{side}", "branch_id" if side == "branch" else None)
