"""Who acts: for every verb some person of the team who may do it, in the right place."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from random import Random

from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.permission import Permission
from chezhe.staff import steps
from chezhe.staff.models import Branch, User


class Cast:
    """The team. Its own rights do not change in a story, so actors are made once; everybody has just entered a code."""

    def __init__(self, at: datetime) -> None:
        people = User.objects.filter(is_demo=True, is_active=True).order_by("pk")
        self.actors = {user.username: steps.actor_for(user, at) for user in people}
        self.branches = {branch.code: branch.pk for branch in Branch.objects.all()}
        self.now = at

    def called(self, username: str) -> Actor:
        """One person by user name."""
        return self.actors[username].stepping_up(self.now)

    def who(self, right: Permission, branch_code: str, rng: Random, *, apart_from: Collection[int] = (), role: str = "") -> Actor:
        """Somebody who holds `right` (and `role`), reaches the branch and is none of `apart_from` (user ids).

        People of the branch come first. Raises LookupError when the team has nobody: the team is then wrong.
        """
        branch_id = self.branches[branch_code]
        able = [actor for actor in self.actors.values() if actor.can(right.code) and (not role or role in actor.roles)]
        fit = [actor for actor in able if not actor.user_ids & set(apart_from) and _reaches(actor, branch_id)]
        near = [actor for actor in fit if actor.branch_id == branch_id]
        if not fit:
            raise LookupError(f"nobody of {branch_code} may {right.code}")
        return rng.choice(near or fit).stepping_up(self.now)

    def username_of(self, actor: Actor) -> str:
        """The user name of one of the team."""
        return next(name for name, known in self.actors.items() if known.user_id == actor.user_id)


def _reaches(actor: Actor, branch_id: int) -> bool:
    if actor.reach == Reach.OWN:
        return actor.branch_id == branch_id
    return actor.reach == Reach.ALL or branch_id in actor.branch_ids
