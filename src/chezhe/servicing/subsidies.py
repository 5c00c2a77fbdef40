"""The treasury's part in a line's interest (贴息, 财金〔2025〕80号, 财金〔2026〕1号)."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext
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


class SubsidyNotEligible(BusinessError):
    code = "subsidy_not_eligible"
    field = "period"
    sentence = _("该贷款不享受财政贴息：%(why)s")


def require_eligible(loan: Loan, on: date) -> None:
    """Raises SubsidyNotEligible (409) unless the product says that loans for this purpose are subsidised and the borrower may be."""
    why = why_not(loan, on)
    if why:
        raise SubsidyNotEligible(why=why)


def why_not(loan: Loan, on: date) -> str:
    """Why a line of the loan that falls due on a day is not subsidised; empty when it is. A loan taken over has no purpose of its own:
    all that its product serves must be subsidised."""
    terms, application = loan.product_version.terms, loan.contract.application
    purposes = {application.purpose} if application else set(terms.purposes)
    if not purposes <= set(terms.subsidised_purposes):
        return gettext("产品或用途不在贴息范围内。")
    if loan.customer.kind != "person" and parameters.flag("SUBSIDY_PERSONS_ONLY", on):
        return gettext("借款人不是个人。")
    return ""


def news(loan: Loan, period: int, on: date) -> News:
    """What the treasury owes for the line that fell due as number `period`, not yet granted.

    Raises Invalid (422), SubsidyNotEligible, SubsidyStands or SubsidyNothing (409).
    """
    position = lives.standing(loan, max(on, loan.as_of))
    # The last line of a loan that was called in did not run to its end.
    if not 1 <= period <= position.recognised - int(position.accelerated_on is not None):
        raise Invalid(field="period", code="period_not_due", sentence=_("请填写已到期的期次。"))
    granted = _granted(loan).filter(loan=loan, facts__period=period).exists()
    if granted:
        raise SubsidyStands(period=period)
    line = position.lines[period - 1].line
    require_eligible(loan, line.due_date)
    amount = amount_of(_running(loan, line), line, _used(loan, line.due_date.year))
    if not amount:
        raise SubsidyNothing(period=period)
    return news_of(loan, period, line, amount, on)


def news_of(loan: Loan, period: int, line: Line, amount: Money, on: date) -> News:
    """The grant of `amount` for a line, as the loan takes it in."""
    return News(
        value_on=on, reference=f"subsidy/{loan.number}-{period}", amount=amount, source=chart.SUBSIDY_RECEIVABLE, kind="subsidised",
        change=Subsidy(period=period), facts={"period": period, "year": line.due_date.year, "month": f"{line.due_date:%Y-%m}"},
    )


def _running(loan: Loan, line: Line) -> Position:
    """The loan on the last day that the line ran: what changed its plan or its rate afterwards is none of the line's."""
    return lives.position_of(loan, last_day_of(line))


def last_day_of(line: Line) -> date:
    """The last day on which a line's interest ran."""
    return max(line.from_date, line.due_date - timedelta(days=1))


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
