"""What products and branches left, month by month: read from the ledger, operating cost from the loans that ran."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from chezhe.kernel.errors import Invalid
from chezhe.ledger.queries import next_month
from chezhe.servicing.profit import figures, reading, rules
from chezhe.servicing.profit.rules import Statement
from chezhe.servicing.profit.statements import require_period

MONTHS_MAX = 36


@dataclass(frozen=True, slots=True)
class MonthOf:
    """A product at a branch in the month that ends with `as_of`."""

    as_of: date
    product: str
    branch: int | None
    rows: Statement

    @property
    def profit_fen(self) -> int:
        return rules.profit_of(self.rows)


def months_between(first: date, last: date, today: date) -> list[MonthOf]:
    """Whole months from that of `first` to that of `last`, in their order; of one that is not over, what it has brought so far.

    Raises Invalid (422) for a time that ends before it begins, or is longer than MONTHS_MAX.
    """
    require_period(first, last)
    if (last.year - first.year) * 12 + last.month - first.month >= MONTHS_MAX:
        raise Invalid(field="last", code="period_too_long", sentence=_("一次最多查看 36 个月。"))
    begin, end = first.replace(day=1), next_month(last) - timedelta(days=1)
    found: dict[tuple[date, str, int | None], Statement] = defaultdict(lambda: dict.fromkeys(rules.ROWS, 0))
    for month, product, branch, row, fen in reading.earned(begin, end):
        found[next_month(month) - timedelta(days=1), product, branch][row] += fen
    prices = figures.price_list()
    for day, product, branch, ran, begun in reading.running(rules.month_ends(begin, min(end, today))):
        monthly, once = prices.operating(product, day)
        found[day, product, branch][rules.OPERATING] -= ran * monthly + begun * once
    keys = sorted(found, key=lambda key: (key[0], key[1], key[2] or 0))
    return [MonthOf(*key, found[key]) for key in keys if any(found[key].values())]


def by_month(parts: Iterable[MonthOf]) -> dict[date, Statement]:
    """Every month's statement."""
    found: dict[date, list[Statement]] = defaultdict(list)
    for part in parts:
        found[part.as_of].append(part.rows)
    return {month: rules.together(statements) for month, statements in sorted(found.items())}
