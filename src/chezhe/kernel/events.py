"""News that travels upward: an outbox row in the same transaction, handlers in the worker, exactly once each."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction

from chezhe.kernel import appending, bell, bulk, clock, locks, prepared
from chezhe.kernel.models import Delivery, Event

Handler = Callable[[Event], None]
HANDLERS: dict[str, dict[str, Handler]] = {}
ATTEMPTS_MAX = 8
# What became of one attempt: taken now, taken or given up before, or not yet.
NOW, BEFORE, WAITS = "now", "before", "waits"
_HELD = "%s WHERE pg_try_advisory_xact_lock(hashtextextended(%%s, 0)) ON CONFLICT DO NOTHING RETURNING id"
_OVER = "UPDATE kernel_event SET is_delivered = TRUE WHERE id = %%s AND EXISTS (SELECT FROM marked)"
_MARKING = {False: _HELD, True: f"WITH marked AS ({_HELD}), over AS ({_OVER}) SELECT id FROM marked"}  # noqa: S608 - our own words


def publish(name: str, subject: str, payload: Mapping[str, Any] | None = None) -> None:
    """Announce `name` ("loan.repaid") about `subject` ("loan:L26-…"). `payload` is JSON: numbers and codes, no personal data."""
    appending.append(Event(name=name, subject=subject, payload=dict(payload or {}), recorded_at=clock.now()))
    bell.ring_after_commit()


def handles(name: str) -> Callable[[Handler], Handler]:
    """Register a handler; it runs in a transaction of its own together with its delivery mark."""

    def wrap(handler: Handler) -> Handler:
        HANDLERS.setdefault(name, {})[f"{handler.__module__}.{handler.__qualname__}"] = handler
        return handler

    return wrap


def deliver_pending(limit: int = 500) -> int:
    """Deliver waiting events in order; returns how many handler runs succeeded. Safe in many workers at once.

    A handler hears of a subject in the order in which things happened: what it has not taken yet holds up what is later.
    """
    waiting = list(Event.objects.filter(is_delivered=False).order_by("id")[:limit])
    unheard = [event.pk for event in waiting if not HANDLERS.get(event.name)]
    if unheard:
        Event.objects.filter(pk__in=unheard).update(is_delivered=True)
    held_up: set[str] = set()
    return sum(_deliver(event, held_up) for event in waiting if HANDLERS.get(event.name))


def deliver_all() -> int:
    """Deliver until nothing more waits, following events that handlers publish themselves."""
    total = 0
    while done := deliver_pending():
        total += done
    return total


def _deliver(event: Event, held_up: set[str]) -> int:
    """How many handlers took it now. `held_up` names the lines in which something earlier waits."""
    names = list(HANDLERS[event.name])
    outcomes: list[str] = []
    for name in names:
        line = _line(event, name)
        is_last = len(outcomes) == len(names) - 1 and WAITS not in outcomes
        outcomes.append(_run(event, name, is_last) if line not in held_up else WAITS)
        if outcomes[-1] == WAITS:
            held_up.add(line)
    if outcomes[-1] == BEFORE and WAITS not in outcomes:
        event.is_delivered = True
        bulk.update([event], ["is_delivered"])
    return outcomes.count(NOW)


def _line(event: Event, name: str) -> str:
    """What a handler hears one by one: the news of one subject; news without a subject stands in no line."""
    return f"news:{event.subject or event.pk}:{name}"


def _run(event: Event, name: str, is_last: bool) -> str:
    """One attempt: the delivery row is the mark, written in the handler's transaction; a failure undoes both and backs off."""
    try:
        with transaction.atomic(), appending.together():
            outcome = _mark(event, name, is_last)
            if outcome == NOW:
                HANDLERS[event.name][name](event)
            return outcome
    except Exception:
        _back_off(event, name, traceback.format_exc(limit=6))
        return WAITS


def _mark(event: Event, name: str, is_last: bool) -> str:
    """Mark the delivery as made, if the line is ours: with the last one the event itself is over."""
    line = _line(event, name)
    mark, values = appending.choice(Delivery(event=event, handler=name, delivered_at=clock.now()))
    if prepared.ask(_MARKING[is_last] % mark, [*values, line, *([event.pk] if is_last else [])]):
        return NOW
    delivery = Delivery.objects.filter(event=event, handler=name).first() if locks.try_hold(line) else None
    if delivery is None:
        return WAITS
    if delivery.delivered_at or delivery.attempts >= ATTEMPTS_MAX:
        return BEFORE
    if not _is_due(delivery):
        return WAITS
    delivery.delivered_at, delivery.failure = clock.now(), ""
    delivery.save()
    if is_last:
        event.is_delivered = True
        bulk.update([event], ["is_delivered"])
    return NOW


def _is_due(delivery: Delivery) -> bool:
    return delivery.retry_at is None or delivery.retry_at <= clock.now()


def _back_off(event: Event, name: str, failure: str) -> None:
    with transaction.atomic():
        delivery, _ = Delivery.objects.select_for_update().get_or_create(event=event, handler=name)
        delivery.attempts += 1
        delivery.retry_at = clock.now() + timedelta(seconds=2**delivery.attempts)
        delivery.failure = failure
        delivery.save()
