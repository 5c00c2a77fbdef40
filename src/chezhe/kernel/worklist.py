"""待办: each room says what waits for an actor; the home page, the task list and the bell only add it up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from chezhe.kernel import composed
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import ByReach

# A stand-in for moments.
LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to do: what, where, by when, since when."""

    title: str
    url: str
    due_at: datetime | None = None
    detail: str = ""
    amount: Any = None
    since_at: datetime | None = None


class Counted:
    """How many rows wait for an actor: `rows(by)` builds them for the reach, the people and the roles of `by`.

    What the rows depend on besides is asked when counting: `given()`, in the place of the stand-in `mark` (`rows(by, mark)`).
    """

    def __init__(self, rows: Callable[..., QuerySet[Any]], *, mark: Any = None, given: Callable[[], Any] | None = None) -> None:
        self._given = given
        marks = [] if given is None else [mark]
        self._rows = ByReach(lambda by, *marks: rows(by, *marks).order_by().values_list("pk"), *marks, with_roles=True)

    def __call__(self, actor: Actor) -> int:
        return composed.counts([self.asked(actor)])[0]

    def asked(self, actor: Actor) -> tuple[str, list[Any]]:
        """For `composed.counts`."""
        return self._rows.counting(actor, *([] if self._given is None else [self._given()]))


@dataclass(frozen=True, slots=True)
class Pile:
    """A kind of waiting work. `count(actor)` is cheap, a `Counted` is asked together with others; `first(actor, n)` gives the most
    urgent ones.

    `verb` is what to do with one of them, as a button says it. `query` narrows the list behind `url_name` to this pile.
    `roles` name whose work it is where more people may look than should act; empty for everybody with the permission.
    `late(actor, at)` counts what should have been done before `at`; None for work without a time limit.
    """

    key: str
    label: Any
    url_name: str
    permission: str
    count: Callable[[Actor], int]
    first: Callable[[Actor, int], list[Waiting]]
    icon: str = "inbox"
    order: int = 100
    verb: Any = ""
    query: str = ""
    roles: tuple[str, ...] = ()
    late: Callable[[Actor, datetime], int] | None = None

    def is_work_of(self, actor: Actor) -> bool:
        return actor.can(self.permission) and (not self.roles or bool(actor.roles & set(self.roles)))


PILES: dict[str, Pile] = {}


def register(pile: Pile) -> None:
    """Called by a room's AppConfig.ready()."""
    PILES[pile.key] = pile


def piles_for(actor: Actor) -> list[Pile]:
    """The piles this actor may work on, in order."""
    return sorted((pile for pile in PILES.values() if pile.is_work_of(actor)), key=lambda pile: (pile.order, pile.key))


def counts_of(piles: Iterable[Pile], actor: Actor) -> dict[str, int]:
    """How much of each kind waits for the actor at this moment, by key: one question for all that are `Counted`."""
    mine = list(piles)
    together = [pile for pile in mine if isinstance(pile.count, Counted)]
    found = composed.counts([pile.count.asked(actor) for pile in together if isinstance(pile.count, Counted)])
    known = dict(zip((pile.key for pile in together), found, strict=True))
    return known | {pile.key: pile.count(actor) for pile in mine if pile.key not in known}
