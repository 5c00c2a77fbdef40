"""Asking everybody outside about a car at once: two providers of prices, the vehicle register and the car's history.

Called by the worker outside of any transaction. A source that is slow, down or talks nonsense costs its own answer and nobody
else's: the reason takes its place. Without the owner's consent nobody is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from chezhe.finmath.money import Money
from chezhe.kernel import outside
from chezhe.risk.valuing.flags import Reading, Word
from chezhe.risk.valuing.told import Answers, Question, Quote, Registered
from chezhe.risk.vendors import asking
from chezhe.risk.vendors.valuers import client as valuers
from chezhe.risk.vendors.valuers.client import CarAsked
from chezhe.risk.vendors.vehicle_registry import client as registry
from chezhe.risk.vendors.vehicle_registry import reading

# The register's own facts that are no points of ours: the file says how old a car is.
_NO_POINTS = ("car_age_months", "car_mileage_conflict")


def ask_all(question: Question) -> Answers:
    """Every answer or the reason why there is none; as long as the slowest of them."""
    if not question.consent:
        return Answers(tuple(Quote(source=name, failure="no_consent") for name in valuers.PROVIDERS), Registered(failure="no_consent"))
    with ThreadPoolExecutor(max_workers=len(valuers.PROVIDERS) + 2) as threads:
        quotes = {name: threads.submit(copy_context().run, _quote, name, question) for name in valuers.PROVIDERS}
        title = threads.submit(copy_context().run, _title, question)
        history = threads.submit(copy_context().run, _history, question)
        return Answers(tuple(one.result() for one in quotes.values()), _together(title.result(), history.result()))


def _quote(provider: str, question: Question) -> Quote:
    if question.first_registered_on is None or question.mileage_km is None:
        return Quote(source=provider, failure="no_age" if question.first_registered_on is None else "no_mileage")
    car = CarAsked(
        vin=question.vin, city=question.city, registered_on=question.first_registered_on, mileage_km=question.mileage_km,
        condition=question.condition,  # type: ignore[arg-type]
        new_price_fen=question.new_price.fen if question.new_price is not None else None,
    )
    begun = time.monotonic()
    found, failure = _tried(lambda: valuers.value(provider, _asked(question), car))
    took = round((time.monotonic() - begun) * 1000)
    if found is None:
        return Quote(source=provider, failure=failure or "no_quote", milliseconds=took)
    return Quote(source=provider, amount=Money(found.prices.b2b_fen), reference=found.number, milliseconds=took)


def _title(question: Question) -> Registered:
    found, failure = _tried(lambda: registry.title(_asked(question), vin=question.vin, plate=question.plate,
        owner_number=question.owner_number))
    if found is None:
        return Registered(failure=failure or "no_quote")
    return Registered(_words(reading.title_facts(found, question.on), "vehicle_registry", question))


def _history(question: Question) -> Registered:
    found, failure = _tried(lambda: registry.history(_asked(question), vin=question.vin))
    if found is None:
        return Registered(failure=failure)
    readings = tuple(Reading(one.on, one.mileage_km, "vehicle_history") for one in found.readings)
    return Registered(_words(reading.history_facts(found, question.on, None), "vehicle_history", question), readings)


def _together(title: Registered, history: Registered) -> Registered:
    return Registered((*title.words, *history.words), (*title.readings, *history.readings), title.failure or history.failure)


def _words(facts: Mapping[str, object], source: str, question: Question) -> tuple[Word, ...]:
    return tuple(Word(code, value, source, question.on) for code, value in facts.items() if code not in _NO_POINTS)


def _asked(question: Question) -> asking.Question:
    return asking.Question(reference=question.reference, consent=question.consent)


def _tried(ask: Callable[[], Any]) -> tuple[Any, str]:
    """The answer, or the code of why there is none; both empty when the source has no record."""
    try:
        return ask(), ""
    except asking.Refused:
        return None, "refused"
    except asking.WrongAnswer:
        return None, "unreadable"
    except outside.Unreachable as failure:
        return None, "timeout" if "Timeout" in str(failure) else "unreachable"
