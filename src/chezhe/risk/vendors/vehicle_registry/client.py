"""The vehicle registry and the car's history.

    POST /title   {…,"vin","plate","owner_id_number"}    plate and owner may be ""
    POST /history {…,"vin"}
"""

from __future__ import annotations

from chezhe.risk.vendors.asking import Question, WrongAnswer, ask
from chezhe.risk.vendors.shapes import not_after
from chezhe.risk.vendors.vehicle_registry.answers import History, Title

SERVICE = "vehicle_registry"
TIMEOUT_SECONDS = 8


def title(question: Question, *, vin: str, plate: str = "", owner_number: str = "") -> Title | None:
    """The car as registered; None when no such car is. Raises as `asking.ask` does, here and below."""
    found = ask(
        SERVICE, "/title", question, Title, timeout_seconds=TIMEOUT_SECONDS, vin=vin, plate=plate, owner_id_number=owner_number)
    if found is not None:
        _require_title(found, plate, owner_number)
    return found


def history(question: Question, *, vin: str) -> History | None:
    """Claims and mileage readings; None when nothing was ever told of this car."""
    found = ask(SERVICE, "/history", question, History, timeout_seconds=TIMEOUT_SECONDS, vin=vin)
    if found is not None:
        days = [claim.on for claim in found.claims] + [reading.on for reading in found.readings]
        if not not_after(found.as_of, *days):
            raise WrongAnswer("vehicle_registry: something lies in the future")
        if any(claim.kind in ("flood", "fire") and claim.severity == "minor" and claim.paid_fen > 5_000_000 for claim in found.claims):
            raise WrongAnswer("vehicle_registry: a small damage that cost a fortune")
    return found


def _require_title(found: Title, plate: str, owner_number: str) -> None:
    if (found.plate_matches is None) != (not plate) or (found.owner_matches is None) != (not owner_number):
        raise WrongAnswer("vehicle_registry: another question was answered")
    released = [mortgage.released_on for mortgage in found.mortgages]
    if not not_after(found.as_of, found.registered_on, *found.transferred_on, *(m.from_on for m in found.mortgages), *released):
        raise WrongAnswer("vehicle_registry: something lies in the future")
    if any(day < found.registered_on for day in found.transferred_on):
        raise WrongAnswer("vehicle_registry: sold before it was registered")
