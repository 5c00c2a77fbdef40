"""The values that papers about a loan are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.servicing.position import Effect, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanFacts:
    """A loan on the day its paper is made. `paper_number` is a person's identity card or a company's credit code."""

    number: str
    contract_number: str
    lender: str
    borrower: str
    is_person: bool
    paper_number: str
    principal: Money
    annual_rate: Decimal | None
    method: Method
    paid_out_on: date
    matures_on: date
    made_on: date
    settled_on: date | None

    @property
    def paper_label(self) -> str:
        return "身份证号" if self.is_person else "统一社会信用代码"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A loan over [first, last]: how it stood the evening before and on the last day, and what moved between (both days included)."""

    first: date
    last: date
    before: Position
    after: Position
    effects: Sequence[Effect]
