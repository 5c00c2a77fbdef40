"""Social insurance and housing fund of a person (社保、公积金), by one inquiry.

    POST /person {…,"name","id_number"}
"""

from __future__ import annotations

from datetime import date

from chezhe.risk.vendors.asking import Question, WrongAnswer, ask
from chezhe.risk.vendors.social_insurance.answers import RUNNING_MONTHS, HousingFund, InsuranceAnswer, SocialInsurance

SERVICE = "social_insurance"
TIMEOUT_SECONDS = 5


def insured(question: Question, *, name: str, id_number: str) -> InsuranceAnswer | None:
    """Who pays in, on which base and since when; None when nobody of this number was ever insured. Raises as `asking.ask` does."""
    found = ask(SERVICE, "/person", question, InsuranceAnswer, timeout_seconds=TIMEOUT_SECONDS, name=name, id_number=id_number)
    if found is not None and not _is_sound(found):
        raise WrongAnswer("social_insurance: an account against itself")
    return found


def months_since(month: str, on: date) -> int:
    """Whole months from a month (`2026-02`) to that of a day; below 0 for one that has not come."""
    year, number = month.split("-")
    return (on.year - int(year)) * 12 + on.month - int(number)


def _is_sound(found: InsuranceAnswer) -> bool:
    return (found.insurance is None or _fits(found.insurance, found.as_of)) and (found.fund is None or _runs(found.fund, found.as_of))


def _fits(one: SocialInsurance, on: date) -> bool:
    """A base within its bounds, an employer where there must be one and nowhere else, and months that have come."""
    is_paid = one.months_unbroken > 0 and 0 <= months_since(one.last_month, on)
    is_within = 0 < one.floor_fen <= one.base_fen <= one.ceiling_fen
    has_payer = bool(one.employer.strip()) == (one.kind == "employee")
    return is_paid and is_within and has_payer and (one.status == "paying") == (months_since(one.last_month, on) <= RUNNING_MONTHS)


def _runs(one: HousingFund, on: date) -> bool:
    since = months_since(one.last_month, on)
    return since >= 0 and one.base_fen > 0 and (one.status == "normal") == (since <= RUNNING_MONTHS)
