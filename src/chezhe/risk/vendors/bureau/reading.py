"""What a credit report means as facts (DOMAIN.md §4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from chezhe.risk.vendors.bureau.answers import CompanyReport, CreditAccount, PersonalReport

# A lender's own decision to lend: these count as hard; looking after a loan, and the person's own look, do not.
HARD_REASONS = ("loan_approval", "card_approval", "guarantee_review", "financing_approval")
CARDS = ("R2", "R3")
UNSECURED = ("credit",)
CARD_SHARE_DUE = 10  # a card asks a tenth of what is used
THIN_MONTHS = 6
_OVER = ("settled", "closed", "transferred")
_MISSED = "1234567B"


def facts(report: PersonalReport) -> dict[str, object]:
    """Every fact that a report gives. What it cannot say (a score it lacks, the use of no card) is left out."""
    on = report.header.reported_at.date()
    held = [account for account in report.accounts if account.status not in _OVER]
    return {
        **_standing(held), **_past(report.accounts), **_asked(report, on), **_owed(held), **_age(report.accounts, on),
        **({} if report.summary.score is None else {"bureau_score": report.summary.score}),
        "bureau_guarantees_amount": sum(guarantee.balance_fen for guarantee in report.guarantees),
        "bureau_bad_debt": report.summary.bad_debts > 0 or any(set(account.months24) & set("BDZ") for account in report.accounts),
    }


def company_facts(report: CompanyReport) -> dict[str, object]:
    """What a company owes, and how well."""
    held = [loan for loan in report.loans if loan.balance_fen > 0]
    return {
        "company_accounts_open": len(held), "company_overdue_now": any(loan.overdue_fen for loan in held),
        "company_loan_balance": sum(loan.balance_fen for loan in held),
        "company_guarantees_amount": sum(guarantee.balance_fen for guarantee in report.guarantees),
        "company_bad_debt": any(loan.five_class not in ("normal", "unknown") for loan in held),
    }


def longest_run(codes: str) -> int:
    """Months missed one after the other; 连三 is three."""
    longest = run = 0
    for code in codes:
        run = run + 1 if code in _MISSED else 0
        longest = max(longest, run)
    return longest


def _standing(held: Sequence[CreditAccount]) -> dict[str, object]:
    overdue = sum(account.overdue_fen for account in held)
    return {"bureau_accounts_open": len(held), "bureau_overdue_now": overdue > 0, "bureau_overdue_amount_now": overdue}


def _past(accounts: Sequence[CreditAccount]) -> dict[str, object]:
    """A month in which two accounts were missed is two (累六 counts every account's months)."""
    return {
        "bureau_missed_in_row_24m": max((longest_run(account.months24) for account in accounts), default=0),
        "bureau_missed_total_24m": sum(_missed(account.months24) for account in accounts),
        "bureau_missed_12m": sum(_missed(account.months24[-12:]) for account in accounts),
    }


def _missed(codes: str) -> int:
    return sum(1 for code in codes if code in _MISSED)


def _asked(report: PersonalReport, on: date) -> dict[str, object]:
    """Questions of one lender on one day are one."""
    hard = {(query.on, query.institution) for query in report.queries if query.reason in HARD_REASONS}
    return {
        "bureau_hard_inquiries_3m": sum(1 for day, _who in hard if day >= on - timedelta(days=90)),
        "bureau_hard_inquiries_1m": sum(1 for day, _who in hard if day >= on - timedelta(days=30)),
    }


def _owed(held: Sequence[CreditAccount]) -> dict[str, object]:
    loans = [account for account in held if account.kind not in CARDS]
    cards = [account for account in held if account.kind in CARDS]
    limit, used = sum(card.amount_fen for card in cards), sum(card.balance_fen for card in cards)
    due = sum(loan.due_fen for loan in loans) + used // CARD_SHARE_DUE
    use = {"bureau_card_use": str((Decimal(used) / Decimal(limit)).quantize(Decimal("0.0001")))} if limit else {}
    return {
        "bureau_balance_unsecured": sum(loan.balance_fen for loan in loans if loan.guarantee_mode in UNSECURED),
        "bureau_balance_secured": sum(loan.balance_fen for loan in loans if loan.guarantee_mode not in UNSECURED),
        "bureau_card_limit": limit, "bureau_card_balance": used, "bureau_monthly_due": due, **use,
    }


def _age(accounts: Sequence[CreditAccount], on: date) -> dict[str, object]:
    if not accounts:
        return {"bureau_months_since_first": 0, "bureau_is_thin": True}
    first = min(account.opened_on for account in accounts)
    months = (on.year - first.year) * 12 + on.month - first.month - (on.day < first.day)
    return {"bureau_months_since_first": max(0, months), "bureau_is_thin": months < THIN_MONTHS}
