"""What the bureau tells of a company on a day."""

from __future__ import annotations

from datetime import date, datetime

from chezhe.invented.companies import CompanyLife, Loan
from chezhe.invented.months import between, later
from chezhe.risk.vendors.bureau.answers import CompanyLoan, CompanyReport, FiveClass, Guarantee, Header, Query
from chezhe.risk.vendors.bureau.telling import ASKED_BY, public_of


def report_of(life: CompanyLife, at: datetime, *, name: str = "", contradicts: bool = False) -> CompanyReport:
    """The report at a moment; one that `contradicts` owes more than it was lent."""
    on = at.date()
    return CompanyReport(
        header=Header(number=f"{on:%Y%m%d}{life.chance.whole('report', 0, 10**10 - 1):010d}", reported_at=at, asked_by=ASKED_BY,
                      reason="loan_approval"),
        name=name or life.name, uscc=life.uscc, established_on=life.established_on,
        loans=tuple(_loan(number, loan, on, contradicts) for number, loan in enumerate(life.loans_on(on), start=1)),
        guarantees=_guarantees(life, on), public=public_of(life.cases, on),
        queries=tuple(Query(on=loan.opened_on, institution=loan.institution, reason="loan_approval") for loan in life.loans_on(on)))


def _loan(number: int, loan: Loan, on: date, contradicts: bool) -> CompanyLoan:
    missed = loan.missed_on(on)
    balance = loan.balance_on(on) + (loan.amount_fen if contradicts else 0)
    return CompanyLoan(
        number=f"E{number:03d}", institution=loan.institution, business="working_capital", opened_on=loan.opened_on,
        due_on=later(loan.opened_on, loan.term), amount_fen=loan.amount_fen, balance_fen=balance, five_class=_five_class(missed),
        overdue_fen=min(loan.balance_on(on), loan.amount_fen // max(1, loan.term) * missed), guarantee_mode="mortgage")


def _five_class(missed: int) -> FiveClass:
    return "normal" if not missed else "watch" if missed < 4 else "substandard" if missed < 7 else "doubtful"


def _guarantees(life: CompanyLife, on: date) -> tuple[Guarantee, ...]:
    if life.guarantee_fen == 0 or life.established_on > on:
        return ()
    given_on = later(life.established_on, 18)
    if between(given_on, on) > 60 or given_on > on:
        return ()
    return (Guarantee(institution="远山银行", given_on=given_on, until=later(given_on, 60), amount_fen=life.guarantee_fen,
                      balance_fen=life.guarantee_fen, five_class="normal"),)

