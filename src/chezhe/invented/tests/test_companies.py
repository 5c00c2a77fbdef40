"""One code is one company: its books balance, its owners hold the whole, its years follow one another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from statistics import mean

from chezhe.identifiers import uscc
from chezhe.invented import company, fates
from chezhe.invented.company_books import bank_inflow, books_of, declared_revenue, invoices
from chezhe.invented.tests.crowd import ON, company_codes


def test_the_same_code_is_the_same_company() -> None:
    before = [company(code) for code in company_codes(10)]
    company.cache_clear()
    assert [company(code) for code in company_codes(10)] == before


def test_books_balance_and_continue_the_year_before() -> None:
    for code in company_codes(60):
        life = company(code)
        years = [books for year in (2022, 2023, 2024, 2025) if (books := books_of(life, year)) is not None]
        for books in years:
            assert books.assets_fen == books.owed_fen + books.capital_fen + books.retained_fen and books.cash_fen >= 0
            assert books.profit_fen == books.revenue_fen - books.cost_fen - books.expenses_fen - books.interest_fen - books.tax_fen
        for before, after in zip(years, years[1:], strict=False):
            assert after.retained_fen == before.retained_fen + after.profit_fen - after.dividends_fen
        assert books_of(life, life.established_on.year - 1) is None


def test_owners_hold_the_whole() -> None:
    for code in company_codes():
        owners = company(code).owners
        assert sum(Decimal(str(owner.rate)) for owner in owners) == 1 and all(owner.rate > 0 for owner in owners)


def test_some_owners_stand_behind_a_company_and_one_of_that_fate_always_does() -> None:
    assert 0.05 < mean(not company(code).owners[0].is_person for code in company_codes()) < 0.45
    hidden = company(fates.company_code(fates.HIDDEN_OWNER)).owners[0]
    assert not hidden.is_person and uscc.judge(hidden.number).valid
    assert fates.of_company(hidden.number).strikes(fates.UNKNOWN, "enterprise")


def test_most_declare_about_what_they_earn_and_false_books_show_more() -> None:
    first, last = date(2025, 1, 1), date(2026, 1, 1)
    honest, false = company(fates.company_code(fates.GOOD)), company(fates.company_code(fates.FALSE_BOOKS))
    assert declared_revenue(honest, first, last) > 0.8 * honest.revenue_of(2025)
    books = books_of(false, 2025)
    assert books is not None and books.revenue_fen > 1.4 * false.revenue_of(2025) > 1.4 * declared_revenue(false, first, last)
    assert bank_inflow(honest, first, last) >= 0.99 * honest.revenue_of(2025)


def test_invoices_of_a_month_are_the_same_later() -> None:
    life = company(company_codes()[0])
    early, late = invoices(life, date(2026, 1, 10)), invoices(life, ON)
    assert {line.number for line in early if line.on >= date(2025, 4, 1)} <= {line.number for line in late}
    assert len({line.number for line in late}) == len(late)


def test_a_company_of_a_bad_fate_was_struck_off() -> None:
    bad = company(fates.company_code(fates.BAD))
    assert bad.status_on(ON) == "revoked" and {"enforcement", "ban"} <= {case.kind for case in bad.cases}
    assert company(fates.company_code(fates.GOOD)).status_on(ON) == "active"
