"""Row scope: `visible_to(actor)` is the only way to fetch what belongs to a branch or a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.composed import Composed
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.kernel.fields import Encrypted, Json, LongText

M = TypeVar("M", bound=models.Model)
# No id is negative, let alone so much.
_STAND_IN = 1_000_000_000_000


class WholeHouseOnly(BusinessError):
    code = "whole_house_only"
    http_status = 403
    sentence = _("这项操作影响全公司，须由数据范围为“全部”的同事进行。")


def require_whole_house(actor: Actor) -> None:
    """Raises WholeHouseOnly (403): what concerns every branch is not done by somebody whose reach is one of them."""
    if not actor.sees_whole_house:
        raise WholeHouseOnly()


@dataclass(frozen=True, slots=True)
class Through:
    """A lookup through rows of which only some count: `Through("parties__customer_id", Q(parties__role="co_borrower"))`."""

    lookup: str
    where: Q


class ScopedQuerySet(models.QuerySet[M]):
    """A model that uses it names `scope_branch` and `scope_owner`: lookups that end in an id
    (`"branch_id"`, `"owner_id"`, `"loan__branch_id"`); `scope_owner` may be None. `scope_number`
    is the field that people name a row by. `scope_customer` and `scope_dealer` are lookups (one to a single row, or a tuple of which
    any will do, each a lookup or `Through`) that end in the id of the customer or the dealer whose row it is: without them no
    outsider sees any."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows inside the actor's reach; none for whoever belongs nowhere."""
        if actor.sees_whole_house:
            return self.all()
        if actor.reach in (Reach.BRANCH, Reach.REGION):
            return self.filter(Q((f"{self._scope('branch')}__in", actor.branch_ids)))
        owner = self._scope("owner")
        if actor.reach == Reach.OWN and owner:
            return self.filter(Q((f"{owner}__in", actor.user_ids)))
        side = _OUTSIDE.get(actor.reach)
        return self._of_parties(self._scope(side), actor.party_ids) if side else self.none()

    def _of_parties(self, lookups: str | tuple[str | Through, ...] | None, parties: frozenset[int]) -> Self:
        """The rows of which any lookup ends in one of these parties. A tuple is asked through ids: a row that two lead to is found
        once, and can be locked."""
        if not lookups or not parties:
            return self.none()
        if isinstance(lookups, str):
            return self.filter(Q((f"{lookups}__in", parties)))
        rows = self.model._base_manager
        each = [one if isinstance(one, Through) else Through(one, Q()) for one in lookups]
        first, *more = (rows.filter(Q((f"{one.lookup}__in", parties)) & one.where).order_by().values("pk") for one in each)
        return self.filter(pk__in=first.union(*more) if more else first)

    def naming(self, *relations: str) -> Self:
        """With `relations` joined to be named only: without their fields that are encrypted, structured or long.

        Nothing is deciphered for a name. Who shows more of a relation asks for it by `select_related`.
        """
        return self.select_related(*relations).defer(*_heavy_fields(self.model, relations))

    def listed(self, *relations: str) -> Self:
        """`naming`, and the rows themselves without such fields either: what a list shows."""
        return self.naming(*relations).defer(*_heavy_fields(self.model, ("",)))

    def fetch(self, number: str) -> M:
        """The one row called `number`; raises NotFound (404) also when it is out of scope."""
        found = self.filter(Q((getattr(self.model, "scope_number", "number"), number))).order_by()[:1]
        if not found:
            raise NotFound(what=number)
        return found[0]

    def lock(self, number: str) -> M:
        """`fetch`, with the row locked until the transaction ends. Rows that only name it are written meanwhile: its key stays."""
        return self.select_for_update(of=("self",), no_key=True).fetch(number)

    def _scope(self, side: str) -> Any:
        return getattr(self.model, f"scope_{side}", "branch_id" if side == "branch" else None)


# Whose rows a reach of outsiders is about.
_OUTSIDE = {Reach.CUSTOMER: "customer", Reach.DEALER: "dealer"}


class ByReach(Generic[M]):
    """A `Composed` inside the reach of whoever asks: `make(by, *marks)` builds the queryset inside the reach of `by`.

    It is composed once for each kind of reach, with stand-ins for the branches, the people and the parties of outsiders. `by` carries
    these and nothing else of the actor (with `with_roles` the roles, too), so that no statement can hold what belongs to somebody.
    """

    def __init__(self, make: Callable[..., models.QuerySet[M, Any]], *marks: Any, with_roles: bool = False) -> None:
        self._make, self._marks, self._with_roles = make, marks, with_roles
        self._composed: dict[tuple[Any, ...], Composed[M]] = {}

    def objects(self, actor: Actor, *values: Any) -> list[M]:
        """The objects found within the actor's reach."""
        composed, mine = self._of(actor)
        return composed.objects(*values, *mine)

    def rows(self, actor: Actor, *values: Any) -> list[Sequence[Any]]:
        """The columns found within the actor's reach."""
        composed, mine = self._of(actor)
        return composed.rows(*values, *mine)

    def counting(self, actor: Actor, *values: Any) -> tuple[str, list[Any]]:
        """See `Composed.counting`."""
        composed, mine = self._of(actor)
        return composed.counting(*values, *mine)

    def _of(self, actor: Actor) -> tuple[Composed[M], list[int]]:
        """The statement for this kind of reach, and the actor's own people, branches and parties to fill in."""
        people = [i for i in (actor.user_id, actor.on_behalf_of_id) if i is not None]
        branches = [] if actor.sees_whole_house else sorted(actor.branch_ids)
        roles = actor.roles if self._with_roles else frozenset[str]()
        reach = Reach.ALL if actor.sees_whole_house else actor.reach
        parties = sorted(actor.party_ids)
        key = (reach, len(people), len(branches), len(parties), roles)
        if key not in self._composed:
            self._composed[key] = self._compose(reach, len(people), len(branches), len(parties), roles)
        return self._composed[key], people + branches + parties

    def _compose(self, reach: Reach, people: int, branches: int, parties: int, roles: frozenset[str]) -> Composed[M]:
        somebody, somewhere, concerned = (
            [-place * _STAND_IN - number for number in range(count)] for place, count in enumerate((people, branches, parties), 1))
        by = Actor(
            key="reach", name="", reach=reach, branch_ids=frozenset(somewhere), roles=roles, party_ids=frozenset(concerned),
            user_id=somebody[0] if people else None, on_behalf_of_id=somebody[1] if people > 1 else None,
        )
        count = len(self._marks)
        return Composed(
            lambda *marks: self._make(by, *marks[:count]), *self._marks, *somebody, *somewhere, *concerned,
            optional=people + branches + parties,
        )


class Fetching(Generic[M]):
    """`visible_to(actor).fetch(number)` for a hot path: `make(by)` builds the rows inside the reach of `by`."""

    def __init__(self, make: Callable[[Actor], ScopedQuerySet[M]]) -> None:
        self._make = make
        self._rows = ByReach(self._named, "?")

    def fetch(self, number: str, actor: Actor) -> M:
        """The row called `number`; raises NotFound (404) also when it is out of scope."""
        found = self._rows.objects(actor, number)
        if not found:
            raise NotFound(what=number)
        return found[0]

    def _named(self, by: Actor, mark: str) -> ScopedQuerySet[M]:
        rows = self._make(by)
        return rows.filter(Q((getattr(rows.model, "scope_number", "number"), mark)))


class Locking(Fetching[M]):
    """`visible_to(actor).lock(number)` for a hot path."""

    def lock(self, number: str, actor: Actor) -> M:
        """`fetch`, with the row locked until the transaction ends."""
        return self.fetch(number, actor)

    def _named(self, by: Actor, mark: str) -> ScopedQuerySet[M]:
        return super()._named(by, mark).select_for_update(of=("self",), no_key=True)


@cache
def _heavy_fields(model: type[models.Model], relations: tuple[str, ...]) -> tuple[str, ...]:
    """The paths of those fields in everything on the way to the relations; the empty path is the model itself."""
    paths = {"__".join(relation.split("__")[: depth + 1]) for relation in relations for depth in range(relation.count("__") + 1)}
    return tuple(name for path in sorted(paths) for name in _heavy(model, path))


def _heavy(model: type[models.Model], path: str) -> Iterator[str]:
    for step in filter(None, path.split("__")):
        related = model._meta.get_field(step).related_model
        assert isinstance(related, type)
        model = related
    heavy = [field.name for field in model._meta.concrete_fields if isinstance(field, Encrypted | Json | LongText)]
    return (f"{path}__{name}" if path else name for name in heavy)
