"""A company's turnover: what its books say, held against tax returns, an uploaded statement, and its invoices."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chezhe.compliance import steps as compliance
from chezhe.customers.models import Customer
from chezhe.customers.tests import filing
from chezhe.documents.tests.people import Cast
from chezhe.invented import company as invented_company
from chezhe.invented import company_books, fates
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import Actor
from chezhe.risk.actions.record_accounts import record_accounts
from chezhe.risk.actions.request_facts import request_facts
from chezhe.risk.actions.upload_statement import upload_statement
from chezhe.risk.facts import deriving, queries, steps
from chezhe.risk.tests import statements as made
from chezhe.risk.tests.test_burden import ACCOUNTS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gathering_day")]


def values(subject: str) -> dict[str, Any]:
    return {code: one.value for code, one in queries.known([subject], clock.now()).items()}


def test_turnover_is_held_against_what_was_taxed(firm: Customer, officer: Actor) -> None:
    steps.record_facts(firm.subject, {"revenue_taxed_year": 8_000_000_00}, source="tax", known_at=clock.now())
    record_accounts(customer_number=firm.number, year=2025, accounts=ACCOUNTS, plan={}, by=officer)
    assert values(firm.subject)["revenue_tax_gap_rate"] == Decimal("0.5")


def statement_of(firm: Customer, moves: list[made.Move], **bent: str) -> SimpleUploadedFile:
    """The firm's own account; `bent` overwrites a balance of a line."""
    grid = made.printed(moves, opening=500_000_00)
    grid[1][0] = f"户名：{firm.name}"
    if bent:
        grid[9][9] = bent["balance"]
    return SimpleUploadedFile("flow.csv", made.csv_of(grid), "text/csv")


def takings(monthly: int) -> list[made.Move]:
    """Seven months in which a firm's customers pay on the 10th and goods are paid for on the 20th."""
    months = [date(2025 + at // 12, at % 12 + 1, 1) for at in range(7, 14)]
    found = [made.move(month, 10, monthly, "上海港口物流有限公司", "1202020109900012345", "货款") for month in months]
    found += [made.move(month, 20, -monthly, "中石化销售有限公司", "6217001210001234567", "油款") for month in months]
    found += [made.move(month, 21, 120_00, "", "", "结息", 2) for month in months if month.month in (3, 6, 9, 12)]
    return sorted(found, key=lambda one: one.at)


def test_turnover_is_held_against_an_uploaded_statement_of_the_company(firm: Customer, officer: Actor) -> None:
    """Six whole months of 800,000 yuan make 9,600,000 a year; the books say 12,000,000."""
    upload_statement(customer_number=firm.number, upload=statement_of(firm, takings(800_000_00)), by=officer)
    assert "revenue_flow_gap_rate" not in values(firm.subject)
    record_accounts(customer_number=firm.number, year=2025, accounts=ACCOUNTS, plan={}, by=officer)
    known = values(firm.subject)
    assert (known["flow_monthly_inflow"], known["flow_is_continuous"]) == (800_000_00, True)
    assert known["revenue_flow_gap_rate"] == Decimal("0.25")
    clock.tick(60)
    upload_statement(customer_number=firm.number, upload=statement_of(firm, takings(1_000_000_00)), by=officer)
    assert values(firm.subject)["revenue_flow_gap_rate"] == 0


def test_a_forged_statement_closes_no_gap(firm: Customer, officer: Actor) -> None:
    record_accounts(customer_number=firm.number, year=2025, accounts=ACCOUNTS, plan={}, by=officer)
    upload_statement(customer_number=firm.number, upload=statement_of(firm, takings(800_000_00)), by=officer)
    assert values(firm.subject)["revenue_flow_gap_rate"] == Decimal("0.25")
    clock.tick(60)
    upload_statement(customer_number=firm.number, upload=statement_of(firm, takings(1_000_000_00), balance="1.00"), by=officer)
    seen = queries.assembled([firm.subject], clock.now(), ["revenue_flow_gap_rate", "flow_is_continuous"])
    assert seen.values == {"flow_is_continuous": False} and seen.unknown["revenue_flow_gap_rate"].reasons == ("not_proved",)


def test_invoices_of_the_year_are_asked_for_and_held_against_the_rest(cast: Cast, officer: Actor) -> None:
    code = fates.company_code(fates.GOOD)
    firm = filing.company(replace(filing.FLEET, uscc=code), cast.lin)
    compliance.grant(subject=firm.subject, kind="credit_query", on=date(2026, 3, 16), channel="paper", evidence="SQ-1", by=cast.lin)
    assert {"tax", "invoices"} <= set(request_facts(subject=firm.subject, query_reason_code="loan_approval", by=officer).asked)
    while jobs.run_due():
        clock.tick(1)
    known, sold = values(firm.subject), company_books.invoices(invented_company(code), date(2026, 3, 16))
    whole = sum(one.amount_fen for one in sold if not one.is_void)
    assert known["revenue_invoiced_year"] == whole > 0 and 0 < known["invoice_top_buyer_share"] <= 1
    # An honest company's larger invoices are a part of what it declares.
    assert whole < known["revenue_taxed_year"] and -1 < known["revenue_invoice_gap_rate"] < 0
    clock.tick(60)
    steps.record_facts(firm.subject, {"revenue_invoiced_year": 3 * known["revenue_taxed_year"]}, source="tax", known_at=clock.now())
    deriving.derive(firm.subject, at=clock.now())
    assert values(firm.subject)["revenue_invoice_gap_rate"] >= 2
