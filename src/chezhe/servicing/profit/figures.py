"""The dated prices: what money costs inside the house by product and term, and what a loan costs to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Q

from chezhe.kernel.models import Parameter
from chezhe.kernel.parameters import ParameterMissing
from chezhe.servicing.profit.rules import BANDS, band_of
from chezhe.servicing.quality.standards import licence

_BASIS, _MONTHLY, _ONCE = "FTP_DAY_BASIS", "OPERATING_COST_MONTH", "OPERATING_COST_ONCE"


@dataclass(slots=True)
class PriceList:
    """What every product costs in money and work, on any day, read at once. All raise ParameterMissing (409)."""

    rows: list[Parameter]
    found: dict[tuple[str, str, date], Decimal] = field(default_factory=dict)

    def rate(self, product: str, months: int, paid_out_on: date) -> Decimal:
        """The transfer price by term: a loan keeps that of the day on which it was paid out."""
        return self._known(band_of(months), product, paid_out_on)

    def basis(self, on: date) -> int:
        """Days of the year in the transfer price."""
        return int(self._known(_BASIS, "", on))

    def operating(self, product: str, on: date) -> tuple[int, int]:
        """What a loan costs to run, in fen: a month, and once when it is made."""
        month, once = (self._known(code, product, on) for code in (_MONTHLY, _ONCE))
        return int(month * 100), int(once * 100)

    def _known(self, code: str, product: str, on: date) -> Decimal:
        key = (code, product, on)
        if key not in self.found:
            self.found[key] = self._pick(*key)
        return self.found[key]

    def _pick(self, code: str, product: str, on: date) -> Decimal:
        """The most specific scope wins, then the latest start, as everywhere (`kernel.parameters`)."""
        in_force = [row for row in self.rows if row.code == code and row.product in ("", product) and row.effective_from <= on
                    and (row.effective_to is None or row.effective_to >= on)]
        if not in_force:
            raise ParameterMissing(code=code, on=on)
        best = max(in_force, key=lambda row: (bool(row.product), bool(row.licence_type), row.effective_from))
        return Decimal(best.value)


def price_list() -> PriceList:
    """As the lender's licence has it."""
    codes = [_BASIS, _MONTHLY, _ONCE, *(code for _most, code in BANDS)]
    rows = Parameter.objects.filter(Q(licence_type="") | Q(licence_type=licence()), code__in=codes, region="")
    return PriceList(list(rows))
