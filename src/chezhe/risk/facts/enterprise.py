"""A company's accounts as ratios, and how much working capital it needs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

# 资产负债率 above this, or turnover that differs from tax or bank by more, is named on the page.
DEBT_RATIO_MAX: Final = Decimal("0.70")
GAP_MAX: Final = Decimal("0.20")
_STEP: Final = Decimal("0.0001")
_DAYS: Final = 360


@dataclass(frozen=True, slots=True)
class Accounts:
    """One year's balance sheet and profit statement in fen; what a small company does not report is None."""

    revenue: int
    cost_of_sales: int
    profit_before_tax: int
    interest_expense: int
    current_assets: int
    inventory: int
    receivable: int
    prepaid: int
    total_assets: int
    current_liabilities: int
    total_liabilities: int
    payable: int = 0
    advances: int = 0


def ratios(accounts: Accounts) -> dict[str, Decimal]:
    """The ratios by fact code; one whose divisor is zero is left out: it is unknown, neither good nor bad."""
    found = {
        "profit_margin": _over(accounts.profit_before_tax, accounts.revenue),
        "debt_ratio": _over(accounts.total_liabilities, accounts.total_assets),
        "current_ratio": _over(accounts.current_assets, accounts.current_liabilities),
        "quick_ratio": _over(accounts.current_assets - accounts.inventory - accounts.prepaid, accounts.current_liabilities),
        "interest_cover": _over(accounts.profit_before_tax + accounts.interest_expense, accounts.interest_expense),
        "receivable_turns": _over(accounts.revenue, accounts.receivable),
        "inventory_turns": _over(accounts.cost_of_sales, accounts.inventory),
    }
    return {code: value for code, value in found.items() if value is not None}


def contradictions(accounts: Accounts) -> list[str]:
    """What cannot be true of one balance sheet: parts that are greater than their whole, or less than nothing."""
    parts = [
        ("current_assets", accounts.current_assets, accounts.total_assets), ("inventory", accounts.inventory, accounts.current_assets),
        ("receivable", accounts.receivable, accounts.current_assets), ("prepaid", accounts.prepaid, accounts.current_assets),
        ("current_liabilities", accounts.current_liabilities, accounts.total_liabilities),
        ("payable", accounts.payable, accounts.current_liabilities), ("advances", accounts.advances, accounts.current_liabilities),
    ]
    return [name for name, part, whole in parts if part > whole]


@dataclass(frozen=True, slots=True)
class Cycle:
    """The days that money stays in the business, part by part."""

    inventory: int
    receivable: int
    prepaid: int
    payable: int
    advances: int

    @property
    def days(self) -> int:
        return self.inventory + self.receivable + self.prepaid - self.payable - self.advances


@dataclass(frozen=True, slots=True)
class Need:
    """Fen: the working capital that the business needs, and what of it a new loan may fill."""

    need: int
    line: int


def cycle_of(accounts: Accounts) -> Cycle | None:
    """Days by part, from one year's figures; None when nothing was sold."""
    if accounts.revenue <= 0 or accounts.cost_of_sales <= 0:
        return None
    return Cycle(
        inventory=_in_days(accounts.inventory, accounts.cost_of_sales), receivable=_in_days(accounts.receivable, accounts.revenue),
        prepaid=_in_days(accounts.prepaid, accounts.cost_of_sales), payable=_in_days(accounts.payable, accounts.cost_of_sales),
        advances=_in_days(accounts.advances, accounts.revenue),
    )


def working_capital(
    *, revenue: int, margin_rate: Decimal, growth_rate: Decimal, cycle: Cycle, own: int = 0, loans: int = 0, other: int = 0
) -> Need:
    """流动资金贷款管理办法 (2024), annex: last year's revenue × (1 − margin) × (1 + growth) ÷ turns, turns = 360 ÷ days.

    What may be lent is the need less own funds, standing working-capital loans and other sources; never less than nothing.
    """
    exact = Decimal(revenue) * (1 - margin_rate) * (1 + growth_rate) * cycle.days / _DAYS
    need = int(exact.to_integral_value(ROUND_HALF_UP))
    return Need(need, max(0, need - own - loans - other))


def _over(part: int, whole: int) -> Decimal | None:
    return None if whole == 0 else (Decimal(part) / whole).quantize(_STEP, ROUND_HALF_UP)


def _in_days(standing: int, year: int) -> int:
    return int((Decimal(standing) * _DAYS / year).to_integral_value(ROUND_HALF_UP))
