"""What registry, tax office and statements tell of a company on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta

from chezhe.invented import company_books, trades
from chezhe.invented.companies import CompanyLife, Owner
from chezhe.invented.months import first_day, index
from chezhe.invented.people import PersonLife
from chezhe.risk.vendors.enterprise.answers import (
    Declared,
    InvoiceLine,
    Invoices,
    Ownership,
    Registration,
    Shareholder,
    Statement,
    Statements,
    TaxAnswer,
    Trade,
)

VAT_RATE_PERCENT = 13
QUARTERS, YEARS = 4, 3


def registration_of(life: CompanyLife, on: date, name: str) -> Registration:
    """As registered; the name is the one asked for, since only the code makes the life."""
    return Registration(
        as_of=on, name=name, uscc=life.uscc, status=life.status_on(on), established_on=life.established_on,  # type: ignore[arg-type]
        legal_representative=life.legal_representative, trade=life.trade, capital_fen=life.capital_fen)


def trade_of(life: PersonLife, uscc: str, on: date, *, contradicts: bool = False) -> Trade | None:
    """The trade behind a code, seen from a person: his own, or one that somebody else runs. One that `contradicts` is registered after
    today. None for a trade that does not exist yet."""
    own = trades.of(life)
    is_operator = own is not None and own.uscc == uscc
    one = own if own is not None and is_operator else trades.behind(uscc)
    if one.registered_on > on:
        return None
    return Trade(
        as_of=on, uscc=uscc, name=one.name, is_operator=is_operator, status=one.status_on(on),  # type: ignore[arg-type]
        registered_on=on + timedelta(days=1) if contradicts else one.registered_on, arrears_fen=one.arrears_on(on))


def ownership_of(life: CompanyLife, on: date, *, contradicts: bool = False) -> Ownership:
    """Its owners; one that `contradicts` gives more than the whole away."""
    owners: Iterable[Owner] = (*life.owners, life.owners[0]) if contradicts else life.owners
    return Ownership(as_of=on, uscc=life.uscc, shareholders=tuple(_holder(owner) for owner in owners))


def tax_of(life: CompanyLife, on: date, *, contradicts: bool = False) -> TaxAnswer:
    """The last four whole quarters."""
    end = index(on) - index(on) % 3 + (6 if contradicts else 0)
    declared = []
    for start in range(end - 3 * QUARTERS, end, 3):
        revenue = company_books.declared_revenue(life, first_day(start), first_day(start + 3))
        declared.append(Declared(quarter_on=first_day(start), revenue_fen=revenue, tax_fen=revenue * VAT_RATE_PERCENT // 100))
    return TaxAnswer(
        as_of=on, uscc=life.uscc, declared=tuple(declared), arrears_fen=life.arrears_on(on), rating=life.rating)  # type: ignore[arg-type]


def statements_of(life: CompanyLife, on: date, *, contradicts: bool = False) -> Statements:
    """Three whole years; books are ready in April. One that `contradicts` has less cash than it must."""
    last = on.year - 1 if on.month >= 4 else on.year - 2
    found = [company_books.books_of(life, year) for year in range(last - YEARS + 1, last + 1)]
    years = [Statement(**asdict(books), assets_fen=books.assets_fen + (100 if contradicts else 0)) for books in found if books is not None]
    return Statements(as_of=on, uscc=life.uscc, years=tuple(years))


def invoices_of(life: CompanyLife, on: date) -> Invoices:
    """The larger ones."""
    return Invoices(as_of=on, uscc=life.uscc, lines=tuple(InvoiceLine(**asdict(line)) for line in company_books.invoices(life, on)))


def _holder(owner: Owner) -> Shareholder:
    return Shareholder(
        name=owner.name, kind="person" if owner.is_person else "company", number=owner.number, share_rate=f"{owner.rate:.4f}")
