"""Whether a report can be true: of the right person, not of tomorrow, and its summary what its accounts come to."""

from __future__ import annotations

from chezhe.risk.vendors.asking import WrongAnswer
from chezhe.risk.vendors.bureau.answers import CompanyReport, CreditAccount, PersonalReport
from chezhe.risk.vendors.shapes import not_after

_OVERDUE = ("overdue", "bad_debt")


def require_sound(report: PersonalReport, *, id_number: str) -> None:
    """Raises WrongAnswer with what is against what; a report is taken whole or not at all."""
    on = report.header.reported_at.date()
    if report.base.id_number != id_number:
        raise WrongAnswer("bureau: the report is of somebody else")
    dated = [account.opened_on for account in report.accounts] + [query.on for query in report.queries]
    if not not_after(on, *dated, *(record.on for record in report.public)):
        raise WrongAnswer("bureau: something lies in the future")
    if len({account.number for account in report.accounts}) != len(report.accounts):
        raise WrongAnswer("bureau: an account stands there twice")
    for account in report.accounts:
        _require_account(account)
    _require_summary(report)


def require_sound_company(report: CompanyReport, *, uscc: str) -> None:
    """The same for a company's report. Raises WrongAnswer."""
    on = report.header.reported_at.date()
    if report.uscc != uscc:
        raise WrongAnswer("bureau: the report is of another company")
    if not not_after(on, report.established_on, *(loan.opened_on for loan in report.loans)):
        raise WrongAnswer("bureau: something lies in the future")
    if any(loan.balance_fen > loan.amount_fen or loan.overdue_fen > loan.balance_fen for loan in report.loans):
        raise WrongAnswer("bureau: more is owed than was lent")


def _require_account(account: CreditAccount) -> None:
    parts = account.overdue_31_60_fen + account.overdue_61_90_fen + account.overdue_91_180_fen + account.overdue_over_180_fen
    if parts > account.overdue_fen or account.overdue_fen > account.balance_fen:
        raise WrongAnswer("bureau: more is overdue than is owed")
    if (account.status in _OVERDUE) != (account.overdue_fen > 0):
        raise WrongAnswer("bureau: an account's status is against its overdue amount")
    if account.kind == "D1" and account.balance_fen > account.amount_fen:
        raise WrongAnswer("bureau: more is owed than was lent")
    if len(account.months60_overdue_fen) not in (0, len(account.months60)):
        raise WrongAnswer("bureau: five years of months and amounts differ in length")


def _require_summary(report: PersonalReport) -> None:
    summary, accounts = report.summary, report.accounts
    bad = sum(1 for account in accounts if account.status == "bad_debt" or account.kind == "C1")
    counted = summary.house_loans + summary.car_loans + summary.other_loans
    if bad != summary.bad_debts or counted != sum(1 for account in accounts if account.kind in ("D1", "R1", "R4")):
        raise WrongAnswer("bureau: the summary counts other accounts than it lists")
    owed = sum(credit.balance_fen for credit in summary.open_credit)
    if owed != sum(account.balance_fen for account in accounts if account.kind != "C1"):
        raise WrongAnswer("bureau: the summary owes another sum than the accounts")
