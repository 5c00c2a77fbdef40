"""A loan's profit, to date and for a period, from its own life."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Sum
from django.utils.translation import gettext as _

from chezhe.kernel.errors import Invalid
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import lives, postings
from chezhe.servicing import position as positions
from chezhe.servicing import rules as loan_rules
from chezhe.servicing.commission.postings import owner_of
from chezhe.servicing.models import FundingLine, Loan, ProvisionLine, VatLine
from chezhe.servicing.position import Effect, Incoming
from chezhe.servicing.profit import figures, rules
from chezhe.servicing.profit.figures import PriceList
from chezhe.servicing.profit.rules import Statement


@dataclass(frozen=True, slots=True)
class Profit:
    """A loan's statement of a period, with what its money costs and has integrated to."""

    first: date
    last: date
    rate: str
    fen_days: int
    rows: Statement

    @property
    def total_fen(self) -> int:
        return rules.profit_of(self.rows)


def require_period(first: date, last: date) -> None:
    """Raises Invalid (422) for a time that ends before it begins."""
    if last < first:
        raise Invalid(field="last", code="period_backwards", sentence=_("结束日期不能早于开始日期。"))


def profit_of(loan: Loan, first: date, last: date) -> Profit:
    """What the loan left from the morning of `first` to the evening of `last`. Raises Invalid (422), ParameterMissing (409)."""
    require_period(first, last)
    money, opening = lives.incoming_of(loan), lives.opening_of(loan)
    prices = figures.price_list()
    now, days = _to_date(loan, opening, money, last, prices)
    before, days_before = _to_date(loan, opening, money, first - timedelta(days=1), prices)
    rate = prices.rate(loan.product_version.product.code, loan.periods, loan.paid_out_on)
    return Profit(first, last, str(rate), days - days_before, rules.between(now, before))


def _to_date(
    loan: Loan, opening: positions.Position, money: Iterable[Incoming], on: date, prices: PriceList,
) -> tuple[Statement, int]:
    """The statement up to the evening of `on`, and fen × days of its principal."""
    if on < loan.begun_on:
        return dict.fromkeys(rules.ROWS, 0), 0
    morning = on + timedelta(days=1)
    after, lived = positions.fold(opening, [one for one in money if one.on <= on], morning)
    begun = [positions.taken_over(opening)] if loan.taken_over_on else []
    effects = [effect for effect in (*begun, *lived) if effect.on <= on]
    balances, days = _balances(loan, effects), rules.fen_days(_principal(loan, effects), on)
    earned = _half_up(loan_rules.share_of(after).earned(morning) - _brought(loan, opening))
    rate = prices.rate(loan.product_version.product.code, loan.periods, loan.paid_out_on)
    return {
        rules.INTEREST: earned + balances[chart.INTEREST_INCOME],
        rules.PENALTY: balances[chart.PENALTY_INCOME] + balances[chart.COMPOUND_INCOME],
        rules.FEES: balances[chart.FEE_INCOME] + balances[chart.EARLY_SETTLEMENT_INCOME],
        rules.WAIVED: balances[chart.WAIVERS], rules.VAT: -_taxed(loan, on),
        rules.FUNDING: -rules.cost_of(days, rate, prices.basis(on)),
        rules.CREDIT: balances[chart.PROVISION] - _allowance(loan, on),
        rules.COMMISSION: -ledger_queries.balance(chart.COMMISSION_EXPENSE, owner_of(loan.number), on).fen,
        rules.OPERATING: -_operating(loan, on, prices),
    }, days


def _balances(loan: Loan, effects: Iterable[Effect]) -> Counter[str]:
    """Credits less debits by account."""
    moved = [transfer for effect in effects for transfer in postings.for_effect(effect, loan.subject)]
    return Counter({account: -fen for account, fen in postings.balances(moved).items()})


def _principal(loan: Loan, effects: Iterable[Effect]) -> list[tuple[date, int]]:
    """Movements of principal by value date."""
    moved = [] if loan.taken_over_on else [(loan.paid_out_on, loan.principal.fen)]
    for effect in effects:
        fen = postings.balances(postings.for_effect(effect, loan.subject)).get(chart.LOAN_PRINCIPAL, 0)
        if fen:
            moved.append((effect.on, fen))
    return moved


def _brought(loan: Loan, opening: positions.Position) -> Fraction:
    """What a loan of another system's had earned there."""
    if loan.taken_over_on is None:
        return Fraction(0)
    return loan_rules.share_of(opening).earned(loan.taken_over_on + timedelta(days=1))


def _half_up(fen: Fraction) -> int:
    return (2 * fen.numerator + fen.denominator) // (2 * fen.denominator)


def _taxed(loan: Loan, on: date) -> int:
    """What posted VAT runs have taxed of it."""
    found = VatLine.objects.filter(loan=loan, run__status="posted", run__as_of__lte=on).aggregate(fen=Sum("tax"))["fen"]
    return found.fen if found else 0


def _allowance(loan: Loan, on: date) -> int:
    """The loss that the last posted provision expects; nothing when that run did not hold the loan any more."""
    line = ProvisionLine.objects.filter(run__status="posted", run__as_of__lte=on).order_by("-run__as_of").values_list("run_id").first()
    if line is None:
        return 0
    found = ProvisionLine.objects.filter(loan=loan, run_id=line[0]).aggregate(fen=Sum("allowance"))["fen"]
    return found.fen if found else 0


def _operating(loan: Loan, on: date, prices: PriceList) -> int:
    """Once when it was made, and for every month at whose end it ran."""
    code = loan.product_version.product.code
    made = ledger_queries.next_month(loan.paid_out_on) - timedelta(days=1)
    _monthly, once = prices.operating(code, made)
    last = min(on, loan.settled_on - timedelta(days=1)) if loan.settled_on else on
    return once + sum(prices.operating(code, end)[0] for end in rules.month_ends(loan.paid_out_on, last))


def funding_lines(loan: Loan) -> list[FundingLine]:
    """What booked months said of it, the newest first."""
    rows = FundingLine.objects.filter(loan=loan, run__status="posted").select_related("run")
    return list(rows.order_by("-run__as_of")[:12])
