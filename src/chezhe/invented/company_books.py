"""A company's books: statements of a year that balance, tax declared by quarter, and invoices given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from chezhe.invented import words
from chezhe.invented.companies import CompanyLife
from chezhe.invented.months import index, later

DIVIDEND_RATE = 0.8
# The most that customers owe, that lies in stock and that stands as plant, as a share of the revenue.
_ASSETS = (("debtors", 0.3), ("stock", 0.25), ("plant", 0.5))


@dataclass(frozen=True, slots=True)
class Books:
    """A year's balance sheet and income statement, in fen. Assets are what was borrowed and what is owned; profit goes to what is
    retained, less what was paid out."""

    year: int
    cash_fen: int
    receivables_fen: int
    inventory_fen: int
    fixed_fen: int
    short_loans_fen: int
    payables_fen: int
    long_loans_fen: int
    capital_fen: int
    retained_fen: int
    revenue_fen: int
    cost_fen: int
    expenses_fen: int
    interest_fen: int
    tax_fen: int
    profit_fen: int
    dividends_fen: int

    @property
    def assets_fen(self) -> int:
        return self.cash_fen + self.receivables_fen + self.inventory_fen + self.fixed_fen

    @property
    def owed_fen(self) -> int:
        return self.short_loans_fen + self.payables_fen + self.long_loans_fen


@dataclass(frozen=True, slots=True)
class Invoice:
    """One sales invoice; `is_void` when it was taken back."""

    number: str
    on: date
    buyer: str
    amount_fen: int
    is_void: bool


def books_of(life: CompanyLife, year: int) -> Books | None:
    """The books as shown to lenders, which are the true ones unless the company boasts; None before it existed."""
    if year < life.established_on.year:
        return None
    retained, found = 0, None
    for each in range(life.established_on.year, year + 1):
        found = _year(life, each, retained)
        retained = found.retained_fen
    return found


def declared_revenue(life: CompanyLife, first: date, last: date) -> int:
    """What was declared to the tax office for whole months from `first` to before `last`, in fen."""
    months = range(index(first), index(last))
    return sum(int(life.revenue_of(month // 12) / 12 * (1 - life.hides)) for month in months) // 100 * 100


def bank_inflow(life: CompanyLife, first: date, last: date) -> int:
    """What came in on its accounts for the same months: the true revenue, and some money that only passes through."""
    months = range(index(first), index(last))
    return sum(int(life.revenue_of(month // 12) / 12 * (1.0 + 0.06 * life.chance.share("passes"))) for month in months) // 100 * 100


def invoices(life: CompanyLife, on: date) -> tuple[Invoice, ...]:
    """Twelve months of invoices up to a day, the largest of each month; a month tells the same later."""
    found = []
    for month in range(index(on) - 12, index(on)):
        draws = Random(life.invoice_seed * 1000 + month)
        for number in range(draws.randrange(2, 6)):
            amount = int(life.revenue_of(month // 12) / 12 * (1 - life.hides) * draws.uniform(0.05, 0.3)) // 100 * 100
            day = later(date(month // 12, month % 12 + 1, 1), 0).replace(day=draws.randrange(1, 28))
            if amount > 0 and day >= life.established_on:
                buyer = words.firm_name(life.chance, f"buyer {draws.randrange(9)}")
                found.append(Invoice(f"{month}{number:02d}{draws.randrange(10**6):06d}", day, buyer, amount, draws.random() < 0.03))
    return tuple(found)


def _year(life: CompanyLife, year: int, retained_before: int) -> Books:
    """Stock, debtors and creditors follow the revenue; what cash is missing then the bank has lent."""
    revenue = int(life.revenue_of(year) * life.boasts)
    margin = life.margin + 0.015 * life.chance.normal(f"margin {year}")
    interest = int(revenue * (0.012 + 0.012 * max(0.0, -life.health)))
    before_tax = int(revenue * margin)
    tax = max(0, before_tax) // 4
    profit = before_tax - tax
    dividends = int(max(0, profit) * DIVIDEND_RATE)
    expenses = int(revenue * 0.12)
    retained = retained_before + profit - dividends
    receivables, inventory, fixed = (int(revenue * life.chance.share(name) * span) for name, span in _ASSETS)
    payables, long_loans = int(revenue * 0.4 * life.chance.share("creditors")), int(revenue * 0.1 * life.chance.share("long"))
    own, needed = life.capital_fen + retained, receivables + inventory + fixed + revenue // 50
    short_loans = max(0, needed - own - payables - long_loans)
    return Books(
        year=year, cash_fen=own + payables + long_loans + short_loans - receivables - inventory - fixed, receivables_fen=receivables,
        inventory_fen=inventory, fixed_fen=fixed, short_loans_fen=short_loans, payables_fen=payables, long_loans_fen=long_loans,
        capital_fen=life.capital_fen, retained_fen=retained, revenue_fen=revenue, cost_fen=revenue - expenses - interest - before_tax,
        expenses_fen=expenses, interest_fen=interest, tax_fen=tax, profit_fen=profit, dividends_fen=dividends,
    )
