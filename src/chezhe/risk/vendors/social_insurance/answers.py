"""What the social insurance office and the housing fund answer, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec

from chezhe.risk.vendors.shapes import Fen, Line

Month = Annotated[str, msgspec.Meta(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])\Z")]
Months = Annotated[int, msgspec.Meta(ge=0, le=720)]

# Who has not paid for so many months is said to have stopped.
RUNNING_MONTHS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialInsurance:
    """Paid in by an employer, or by the insured themselves (灵活就业: `flexible`, without an employer), on a base within the city's
    bounds. `months_unbroken` are those up to `last_month`."""

    kind: Literal["employee", "flexible"]
    employer: Line
    base_fen: Fen
    floor_fen: Fen
    ceiling_fen: Fen
    last_month: Month
    months_unbroken: Months
    status: Literal["paying", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HousingFund:
    """The account with the fund: `sealed` (封存) when nobody pays in any more."""

    employer: Line
    base_fen: Fen
    last_month: Month
    status: Literal["normal", "sealed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuranceAnswer:
    """As of a day. None where there is no account of the kind."""

    as_of: date
    insurance: SocialInsurance | None
    fund: HousingFund | None
