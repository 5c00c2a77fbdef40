"""News that travels upward: an outbox row in the same transaction, handlers in the worker, exactly once each."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from chezhe.kernel import appending, bulk, clock, locks
from chezhe.kernel.models import Delivery, Event

Handler = Callable[[Event], None]
HANDLERS: dict[str, dict[str, Handler]] = {}
ATTEMPTS_MAX = 8


def publish(name: str, subject: str, payload: Mapping[str, Any] | None = None) -> None:
    """Announce `name` ("loan.repaid") about `subject` ("loan:L26-…"). `payload` is JSON: numbers and codes, no personal data."""
    appending.append(Event(name=name, subject=subject, payload=dict(payload or {}), recorded_at=clock.now()))


def handles(name: str) -> Callable[[Handler], Handler]:
    """Register a handler; it runs in a transaction of its own together with its delivery mark."""

    def wrap(handler: Handler) -> Handler:
        HANDLERS.setdefault(name, {})[f"{handler.__module__}.{handler.__qualname__}"] = handler
        return handler

    return wrap


def deliver_pending(limit: int = 500) -> int:
    """Deliver waiting events in order; returns how many handler runs succeeded. Safe in many workers at once."""
    waiting = list(Event.objects.filter(is_delivered=False).order_by("id")[:limit])
    unheard = [event.pk for event in waiting if not HANDLERS.get(event.name)]
    if unheard:
        Event.objects.filter(pk__in=unheard).update(is_delivered=True)
    return sum(_deliver(event) for event in waiting if HANDLERS.get(event.name))


def deliver_all() -> int:
    """Deliver until nothing more waits, following events that handlers publish themselves."""
    total = 0
    while done := deliver_pending():
        total += done
    return total


def _deliver(event: Event) -> int:
    handlers = HANDLERS[event.name]
    done = sum(_run(event, name, handler) for name, handler in handlers.items())
    if done < len(handlers):
        _settle(event, handlers)
    else:
        _is_over(event)
    return done


def _is_over(event: Event) -> None:
    event.is_delivered = True
    bulk.update([event], ["is_delivered"])


def _settle(event: Event, handlers: Mapping[str, Handler]) -> None:
    """Some runs were made before, elsewhere or in vain: delivered is what every handler has taken or given up."""
    taken = set(event.deliveries.filter(Q(delivered_at__isnull=False) | Q(attempts__gte=ATTEMPTS_MAX)).values_list("handler", flat=True))
    if taken >= set(handlers):
        _is_over(event)


def _run(event: Event, name: str, handler: Handler) -> int:
    """One attempt: the delivery row is the mark, written in the handler's transaction; a failure undoes both and backs off."""
    try:
        with transaction.atomic(), appending.together():
            if not locks.try_hold(f"delivery:{event.pk}:{name}") or not _mark(event, name):
                return 0
            handler(event)
            return 1
    except Exception:
        _back_off(event, name, traceback.format_exc(limit=6))
        return 0


def _mark(event: Event, name: str) -> bool:
    """Mark the delivery as made; False when it was made before, was given up, or waits for its next attempt."""
    if appending.append_once(Delivery(event=event, handler=name, delivered_at=clock.now())):
        return True
    delivery = Delivery.objects.get(event=event, handler=name)
    if delivery.delivered_at or not _is_due(delivery):
        return False
    delivery.delivered_at, delivery.failure = clock.now(), ""
    delivery.save()
    return True


def _is_due(delivery: Delivery) -> bool:
    if delivery.attempts >= ATTEMPTS_MAX:
        return False
    return delivery.retry_at is None or delivery.retry_at <= clock.now()


def _back_off(event: Event, name: str, failure: str) -> None:
    with transaction.atomic():
        delivery, _ = Delivery.objects.select_for_update().get_or_create(event=event, handler=name)
        delivery.attempts += 1
        delivery.retry_at = clock.now() + timedelta(seconds=2**delivery.attempts)
        delivery.failure = failure
        delivery.save()
