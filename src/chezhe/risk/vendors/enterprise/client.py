"""The register of companies, the tax office and filed statements, through an agency.

    POST /registration /ownership /tax /statements /invoices {…,"name","uscc"}
    POST /trade {…,"name","id_number","uscc"}
"""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from chezhe.risk.vendors.asking import Question, WrongAnswer, ask
from chezhe.risk.vendors.enterprise.answers import Invoices, Ownership, Registration, Statement, Statements, TaxAnswer, Trade
from chezhe.risk.vendors.shapes import not_after

SERVICE = "enterprise"
TIMEOUT_SECONDS = 8
T = TypeVar("T", Registration, Trade, Ownership, TaxAnswer, Statements, Invoices)


def registration(question: Question, *, name: str, uscc: str) -> Registration | None:
    """The company as registered; None when there is none. Raises as `asking.ask` does, here and below."""
    found = _ask("/registration", question, Registration, name, uscc)
    if found is not None and not not_after(found.as_of, found.established_on):
        raise WrongAnswer("enterprise: not yet established")
    return found


def trade(question: Question, *, name: str, id_number: str, uscc: str) -> Trade | None:
    """The trade of a sole trader as registered, and whether this person runs it."""
    found = _ask("/trade", question, Trade, name, uscc, id_number=id_number)
    if found is not None and not not_after(found.as_of, found.registered_on):
        raise WrongAnswer("enterprise: not yet registered")
    return found


def ownership(question: Question, *, name: str, uscc: str) -> Ownership | None:
    """Its shareholders, who hold the whole of it and no more. To see through one that is a company, ask again with its code."""
    found = _ask("/ownership", question, Ownership, name, uscc)
    if found is not None and found.shareholders and sum(Decimal(holder.share_rate) for holder in found.shareholders) != 1:
        raise WrongAnswer("enterprise: the shares do not make a whole")
    return found


def tax(question: Question, *, name: str, uscc: str) -> TaxAnswer | None:
    """What it declared in four quarters, and owes."""
    found = _ask("/tax", question, TaxAnswer, name, uscc)
    if found is not None and not not_after(found.as_of, *(declared.quarter_on for declared in found.declared)):
        raise WrongAnswer("enterprise: a quarter lies in the future")
    return found


def statements(question: Question, *, name: str, uscc: str) -> Statements | None:
    """Three years' books, each of which balances and continues the one before."""
    found = _ask("/statements", question, Statements, name, uscc)
    if found is not None:
        for statement in found.years:
            _require_balance(statement)
        for before, after in zip(found.years, found.years[1:], strict=False):
            if after.year != before.year + 1 or after.retained_fen != before.retained_fen + after.profit_fen - after.dividends_fen:
                raise WrongAnswer("enterprise: a year does not continue the one before")
    return found


def invoices(question: Question, *, name: str, uscc: str) -> Invoices | None:
    """Sales invoices of twelve months, each once."""
    found = _ask("/invoices", question, Invoices, name, uscc)
    if found is not None and len({line.number for line in found.lines}) != len(found.lines):
        raise WrongAnswer("enterprise: an invoice stands there twice")
    return found


def _ask(path: str, question: Question, shape: type[T], name: str, uscc: str, **more: str) -> T | None:
    found = ask(SERVICE, path, question, shape, timeout_seconds=TIMEOUT_SECONDS, name=name, uscc=uscc, **more)
    if found is not None and found.uscc != uscc:
        raise WrongAnswer("enterprise: the answer is of another company")
    return found


def _require_balance(year: Statement) -> None:
    assets = year.cash_fen + year.receivables_fen + year.inventory_fen + year.fixed_fen
    claims = year.short_loans_fen + year.payables_fen + year.long_loans_fen + year.capital_fen + year.retained_fen
    earned = year.revenue_fen - year.cost_fen - year.expenses_fen - year.interest_fen - year.tax_fen
    if not assets == year.assets_fen == claims or earned != year.profit_fen:
        raise WrongAnswer("enterprise: the books do not balance")
