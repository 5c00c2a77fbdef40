"""The treasury's part in a line's interest (贴息, 财金〔2025〕80号, 财金〔2026〕1号)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.finmath import days, prepayment, subsidy
from chezhe.finmath.money import Money
from chezhe.finmath.terms import SubsidyTerms
from chezhe.kernel import parameters
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger import chart
from chezhe.servicing import lives
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.position import Line, Position, Subsidy
from chezhe.servicing.position.money import accruing
from chezhe.servicing.steps import News


class SubsidyStands(BusinessError):
    code = "subsidy_stands"
    field = "period"
    sentence = _("第 %(period)s 期的贴息已登记。")


class SubsidyNothing(BusinessError):
    code = "subsidy_nothing"
    field = "period"
    sentence = _("第 %(period)s 期没有可登记的贴息：政策当日不适用，或本年额度已用完。")


def news(loan: Loan, period: int, on: date) -> News:
    """What the treasury owes for the line that fell due as number `period`, not yet granted.

    Raises Invalid (422), SubsidyStands or SubsidyNothing (409).
    """
    position = lives.standing(loan, max(on, loan.as_of))
    # The last line of a loan that was called in did not run to its end.
    if not 1 <= period <= position.recognised - int(position.accelerated_on is not None):
        raise Invalid(field="period", code="period_not_due", sentence=_("请填写已到期的期次。"))
    granted = _granted(loan).filter(loan=loan, facts__period=period).exists()
    if granted:
        raise SubsidyStands(period=period)
    line = position.lines[period - 1].line
    amount = amount_of(_running(loan, line), line, _used(loan, line.due_date.year))
    if not amount:
        raise SubsidyNothing(period=period)
    return News(
        value_on=on, reference=f"subsidy/{loan.number}-{period}", amount=amount, source=chart.SUBSIDY_RECEIVABLE, kind="subsidised",
        change=Subsidy(period=period), facts={"period": period, "year": line.due_date.year},
    )


def _running(loan: Loan, line: Line) -> Position:
    """The loan on the last day that the line ran: what changed its plan or its rate afterwards is none of the line's."""
    return lives.position_of(loan, max(line.from_date, line.due_date - timedelta(days=1)))


def amount_of(position: Position, line: Line, used: Money) -> Money:
    """By the figures in force on the line's due date, over the time that its interest ran (`position` is of that time); the cap
    counts by borrower and calendar year."""
    on, running = line.due_date, position.next_line
    runs = accruing(position.terms, running if running is not None and running.period == line.period else line)
    figures = [parameters.find(code, on) for code in ("SUBSIDY_PP", "SUBSIDY_SHARE_MAX")]
    if None in figures or runs.annual_rate is None:
        return Money(0)
    rate = min(parameters.rate("SUBSIDY_PP", on), parameters.rate("SUBSIDY_SHARE_MAX", on) * runs.annual_rate)
    plan = position.terms.plan
    whole = days.is_whole_month(line.from_date, line.due_date, prepayment.anchor_day(plan) if plan else line.due_date.day)
    run = days.period(line.from_date, line.due_date, runs.day_count, is_whole=whole)
    left = max(0, parameters.amount("SUBSIDY_CAP_YEAR", on).fen - used.fen)
    return Money(subsidy.per_line(SubsidyTerms(rate=rate, cap_per_year_fen=left), [run], [line.opening_fen])[0])


def _granted(loan: Loan) -> QuerySet[LoanEvent]:
    return LoanEvent.objects.filter(loan__customer_id=loan.customer_id, kind="subsidised", reversal__isnull=True)


def _used(loan: Loan, year: int) -> Money:
    return Money(sum(event.amount.fen for event in _granted(loan).filter(facts__year=year)))
