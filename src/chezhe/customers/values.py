"""What a new customer is made of, and what a search answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from chezhe.finmath.money import Money


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A natural person as the papers say."""

    name: str
    id_number: str
    mobile: str
    address: str = ""
    marital_status: str = "unknown"
    employer: str = ""
    monthly_income: Money | None = None
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class CompanyFacts:
    """A company as its licence says; `mobile` is the contact's."""

    name: str
    uscc: str
    legal_representative: str
    mobile: str
    actual_controller: str = ""
    registered_capital: Money | None = None
    established_on: date | None = None
    industry: str = ""
    address: str = ""
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class TradeFacts:
    """The trade of a sole trader (个体工商户) as its licence says; one without a name of its own leaves `name` empty."""

    uscc: str
    registered_on: date
    name: str = ""
    premises: str = ""
    scope: str = ""
    industry: str = ""
    status: str = "active"


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of a search: everything on it is masked."""

    kind: str
    number: str
    title: str
    detail: Any
    url: str
