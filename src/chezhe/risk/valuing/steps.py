"""Valuing a car, for our own actions and for the rooms above: ask, and confirm."""

from __future__ import annotations

from datetime import date

from chezhe.kernel import clock, events, jobs, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason
from chezhe.risk.valuing import errors, recording
from chezhe.risk.valuing.models import VALUING_PREFIX, Valuing
from chezhe.risk.valuing.states import OPEN, VALUING
from chezhe.vehicles.models import Vehicle


def ask(vehicle: Vehicle, *, on: date, by: Actor, asked_for: str = "") -> Valuing:
    """Begin a valuation; the worker asks the sources. The vehicle is locked by the caller. When it ends well, the coverage of the
    application it was `asked_for` ("application:A26-…") is measured.

    Raises AlreadyAsked (409) while answers are waited for.
    """
    waiting = vehicle.valuings.filter(status="gathering").first()
    if waiting is not None:
        raise errors.AlreadyAsked(number=waiting.number)
    valuing = Valuing.objects.create(
        number=numbers.next_number(VALUING_PREFIX, on), vehicle=vehicle, valued_on=on, asked_by_id=by.user_id, asked_by_name=by.name,
        asked_at=clock.now(), asked_for=asked_for,
    )
    moves.record(valuing.subject, "ask", "", "gathering", by=by)
    jobs.enqueue("risk.gather_estimates", number=valuing.number)
    return valuing


def confirm(valuing: Valuing, *, reason: str, by: Actor) -> Valuing:
    """Stand by a value whose sources differ. The row is locked by the caller.

    Raises ReasonRequired (422), WrongState (409), or SameAppraiser (409) for who asked for it or wrote its report.
    """
    kept = require_reason(reason, most=300)
    VALUING.require(valuing.status, "confirm")
    hands = {valuing.asked_by_id, *valuing.estimates.exclude(report=None).values_list("report__appraiser_id", flat=True)} - {None}
    if hands & set(by.user_ids):
        raise errors.SameAppraiser(name=by.name)
    valuing.confirmed_by_name, valuing.reason = by.name, kept
    valuing.save(update_fields=["confirmed_by_name", "reason"])
    moves.move(valuing, VALUING, "confirm", by=by, reason=kept)
    recording.take_effect(valuing, by=by)
    announce(valuing)
    return valuing


def overtake(valuing: Valuing, *, by: Actor) -> None:
    """Earlier valuations of the car count no more."""
    for earlier in valuing.vehicle.valuings.filter(status__in=OPEN).exclude(pk=valuing.pk).select_for_update(no_key=True):
        moves.move(earlier, VALUING, "overtake", by=by)


def announce(valuing: Valuing) -> None:
    """Tell the rooms above how it ended."""
    events.publish("vehicle.appraised", valuing.vehicle.subject, {
        "valuing": valuing.number, "outcome": valuing.status, "value_fen": valuing.value.fen if valuing.value else None,
        "asked_for": valuing.asked_for,
    })
