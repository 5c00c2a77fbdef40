"""What the house says of a loan, and what the exercise book says: row, dues and ledger in the same words."""

from __future__ import annotations

from datetime import date
from typing import Any

from chezhe.finmath.allocation import Item
from chezhe.ledger import chart
from chezhe.servicing import queries
from chezhe.servicing.models import Loan
from tests.faults.exercise_book import Page


def row_of(row: Loan, today: date) -> dict[str, Any]:
    plain = ("status", "is_off_book", "oldest_due_on", "next_due_on", "recognised")
    fen = ("principal_left", "principal_due", "interest_due", "fee_due", "unapplied", "deposit", "accrued_out")
    return {**{name: getattr(row, name) for name in plain}, **{name: getattr(row, name).fen for name in fen}, "dpd": row.days_past_due(today)}


def told_of(page: Page) -> dict[str, Any]:
    following = None if page.is_over else page.running
    return {
        "status": page.status, "is_off_book": page.is_off, "oldest_due_on": page.oldest_due,
        "next_due_on": following.due if following else None, "recognised": page.fallen, "principal_left": page.principal,
        "principal_due": page.left_of("principal"), "interest_due": page.left_of("interest"), "fee_due": page.left_of("fee"),
        "unapplied": page.unapplied, "deposit": page.deposit, "accrued_out": page.left_accrual,
        "dpd": (page.today - page.oldest_due).days if page.oldest_due else 0,
    }


def dues_of(row: Loan, today: date) -> list[tuple[int, ...]]:
    dues = sorted(queries.current_position(row, today).dues, key=lambda due: (due.due_date, due.period))
    return [] if row.status == "settled" else [tuple(due.item_fen(item) for item in Item) for due in dues]


WATCHED = (
    chart.LOAN_PRINCIPAL, chart.INTEREST_RECEIVABLE, chart.OFF_BOOK_INTEREST, chart.FEE_RECEIVABLE, chart.UNAPPLIED_CASH,
    chart.DEPOSITS_HELD, chart.ACCRUED_INTEREST, chart.WRITTEN_OFF_CLAIMS, chart.BANK, chart.REFUNDS_PAYABLE,
    chart.SUBSIDY_RECEIVABLE, chart.FUNDS_IN_TRANSIT,
)


def ledger_of(booked: dict[str, int]) -> dict[str, int]:
    return {account: booked.get(account, 0) for account in WATCHED}

# What sets a refund aside, and what pays it.
REFUNDS = {"refunded": -1, "deposit_returned": -1, "refund_paid": 1}


def expected_of(page: Page) -> dict[str, int]:
    """What the ledger must hold in the loan's name: fen, debit positive."""
    fees = [(line.is_claim, line.left("fee")) for line in (*page.lines[: page.fallen], *page.charges)] if not page.settled_on else []
    gone = sum(fen for is_claim, fen in fees if is_claim)
    arrears = 0 if page.settled_on else sum(line.arrears_left for line in page.lines)
    interest = page.left_of("interest") - (0 if page.settled_on else sum(line.arrears_left for line in page.lines[: page.fallen]))
    given = sum(news.fen for news in page.news if news.is_at_the_counter)
    return {
        chart.LOAN_PRINCIPAL: 0 if page.given_up_on else page.principal, chart.INTEREST_RECEIVABLE: 0 if page.is_off else interest,
        chart.OFF_BOOK_INTEREST: arrears + (interest if page.is_off else 0), chart.FEE_RECEIVABLE: sum(fen for _, fen in fees) - gone,
        chart.UNAPPLIED_CASH: -page.unapplied, chart.DEPOSITS_HELD: -page.deposit, chart.ACCRUED_INTEREST: -page.left_accrual,
        chart.WRITTEN_OFF_CLAIMS: page.principal + gone if page.given_up_on else 0, chart.BANK: given,
        chart.FUNDS_IN_TRANSIT: -page.terms.plan.principal_fen - sum(news.fen for news in page.news if news.kind == "refund_paid"),
        chart.REFUNDS_PAYABLE: sum(REFUNDS.get(news.kind, 0) * news.fen for news in page.news),
        chart.SUBSIDY_RECEIVABLE: sum(news.fen for news in page.news if news.kind == "subsidised"),
    }
