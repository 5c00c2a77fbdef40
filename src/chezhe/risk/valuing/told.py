"""What outside services told of a car, as values: their quotes, and what the vehicle register says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from chezhe.finmath.money import Money
from chezhe.risk.valuing.flags import Reading, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A car as services are asked about it: `reference` is our own number of the question, `consent` that of the owner's consent (empty:
    nobody may be asked), `city` where it is to be sold, `condition` a grade A to D."""

    reference: str
    consent: str
    vin: str
    plate: str
    owner_number: str
    first_registered_on: date | None
    mileage_km: int | None
    condition: str
    new_price: Money | None
    city: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A source's figure, or the code of why there is none (`choices.FAILURES`)."""

    source: str
    amount: Money | None = None
    low: Money | None = None
    high: Money | None = None
    failure: str = ""
    reference: str = ""
    milliseconds: int = 0


@dataclass(frozen=True, slots=True)
class Registered:
    """What the vehicle register says; `failure` when it did not answer."""

    words: tuple[Word, ...] = ()
    readings: tuple[Reading, ...] = ()
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything that came back for one valuation."""

    quotes: tuple[Quote, ...] = ()
    registered: Registered = field(default_factory=lambda: Registered(failure="unreachable"))

    @property
    def audit_facts(self) -> Mapping[str, str]:
        """Who answered, for the trail."""
        return {f"{quote.source}_answer": quote.failure or "quoted" for quote in self.quotes}
