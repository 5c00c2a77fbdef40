"""What waits for an actor: the cards, the task list and the bell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse

from chezhe.kernel import clock, worklist
from chezhe.kernel.actor import Actor
from chezhe.staff import steps as staff_steps
from chezhe.ui import navigation
from chezhe.workbench.models import SavedView, Subscription
from chezhe.workbench.values import Card, Line, TaskList, ToCount

URGENT_MAX = 3
TODAY_MAX = 8
TASKS_MAX = 100
_NO_LIMIT = datetime.max.replace(tzinfo=clock.SHANGHAI)


def cards(actor: Actor, at: datetime, lines_max: int = URGENT_MAX) -> list[Card]:
    """Every kind of work the actor may do, the ones with something waiting first; a few small questions for each of these."""
    piles = _piles(actor)
    counts = worklist.counts_of(piles, actor)
    made = [_card(pile, counts[pile.key], actor, at, lines_max) for pile in piles]
    return sorted(made, key=lambda card: card.count == 0)


def _piles(actor: Actor) -> list[worklist.Pile]:
    """As in the rail, work whose page is not part of this installation is left out."""
    return [pile for pile in worklist.piles_for(actor) if navigation.url_or_none(pile.url_name)]


def _card(pile: worklist.Pile, count: int, actor: Actor, at: datetime, lines_max: int) -> Card:
    lines = [Line(waiting, at, pile.label, pile.verb) for waiting in (pile.first(actor, lines_max) if count else [])]
    late = pile.late(actor, at) if pile.late and count else 0
    url = reverse(pile.url_name) + (f"?{pile.query}" if pile.query else "")
    return Card(pile.key, pile.label, pile.verb, pile.icon, count, late, url, lines)


def count_waiting(actor: Actor) -> int:
    """The number beside the bell, which is the length of the task list."""
    return sum(worklist.counts_of(_piles(actor), actor).values())


def tasks(actor: Actor, at: datetime, kind: str = "", *, only_late: bool = False) -> TaskList:
    """One list of all that waits, the latest first: past its time, then by time limit, then by how long it waits."""
    found = [card for card in cards(actor, at, TASKS_MAX) if card.count]
    chosen = [card for card in found if kind in ("", card.key)]
    lines = [line for card in chosen for line in card.lines if line.is_late or not only_late]
    lines.sort(key=lambda line: (line.waiting.due_at or _NO_LIMIT, line.waiting.since_at or _NO_LIMIT))
    hidden = sum(card.count - len(card.lines) for card in chosen)
    return TaskList(found, lines, sum(card.count for card in found), sum(card.late for card in found), hidden)


def due_today(made: Iterable[Card], at: datetime) -> list[Line]:
    """What should be done before the day ends, across the cards."""
    evening = at.astimezone(clock.SHANGHAI).replace(hour=23, minute=59, second=59)
    lines = [line for card in made for line in card.lines if line.waiting.due_at is not None and line.waiting.due_at <= evening]
    return sorted(lines, key=lambda line: line.waiting.due_at or _NO_LIMIT)[:TODAY_MAX]


def subscriptions(actor: Actor) -> QuerySet[Subscription]:
    """The views the person at the keyboard has subscribed to and may still see, with the counts of their last morning."""
    return Subscription.objects.filter(user_id=actor.user_id, view__in=SavedView.objects.visible_to(actor)).select_related("view")


def uncounted(at: datetime) -> list[ToCount]:
    """What has not been counted on this day; without an actor where the person may no longer see the view or work here."""
    day = at.date()
    waiting = Subscription.objects.exclude(counted_on__gte=day) | Subscription.objects.filter(counted_on__isnull=True)
    return [_to_count(row, at) for row in waiting.select_related("view", "user").order_by("id")]


def _to_count(row: Subscription, at: datetime) -> ToCount:
    actor = staff_steps.actor_for(row.user, at) if row.user.is_active else None
    if actor is not None and not SavedView.objects.visible_to(actor).filter(pk=row.view_id).exists():
        actor = None
    return ToCount(row.pk, row.view.path, row.view.query, actor)
