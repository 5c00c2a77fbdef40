"""What office and fund tell of a life on a day."""

from __future__ import annotations

from datetime import date

from chezhe.invented.insured import Insured, insured_on
from chezhe.invented.months import first_day, index
from chezhe.invented.people import PersonLife
from chezhe.risk.vendors.social_insurance.answers import RUNNING_MONTHS, HousingFund, InsuranceAnswer, SocialInsurance


def insurance_of(life: PersonLife, on: date, *, contradicts: bool = False) -> InsuranceAnswer | None:
    """The accounts as they stand; None for somebody who has none. A contradiction is a base above the highest that there is."""
    found = insured_on(life, on)
    if contradicts:
        return InsuranceAnswer(as_of=on, insurance=_impossible(on), fund=None)
    if found is None:
        return None
    return InsuranceAnswer(as_of=on, insurance=_insurance(found, on), fund=_fund(found, on))


def _insurance(found: Insured, on: date) -> SocialInsurance:
    return SocialInsurance(
        kind=found.kind, employer=found.employer, base_fen=found.base_fen,  # type: ignore[arg-type]
        floor_fen=found.bounds.floor_fen, ceiling_fen=found.bounds.ceiling_fen, last_month=_month(found.last_month),
        months_unbroken=found.months, status="paying" if _runs(found, on) else "stopped")


def _fund(found: Insured, on: date) -> HousingFund | None:
    if found.fund_base_fen is None:
        return None
    return HousingFund(
        employer=found.employer, base_fen=found.fund_base_fen, last_month=_month(found.last_month),
        status="normal" if _runs(found, on) else "sealed")


def _impossible(on: date) -> SocialInsurance:
    return SocialInsurance(
        kind="employee", employer="示例公司", base_fen=9_000_000, floor_fen=481_200, ceiling_fen=2_493_000,
        last_month=_month(index(on) - 1), months_unbroken=12, status="paying")


def _runs(found: Insured, on: date) -> bool:
    return index(on) - found.last_month <= RUNNING_MONTHS


def _month(number: int) -> str:
    return f"{first_day(number):%Y-%m}"
