"""What a price model may ask for: the columns of `price_rows`, each with its type and what people call it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.risk.facts.definitions import DATE, INTEGER, MONEY, RATE, TEXT
from chezhe.risk.valuing.price_rows import SOLD_ON


@dataclass(frozen=True, slots=True)
class PriceInput:
    """One column."""

    title: Any
    type: str
    values: tuple[str, ...] = ()


INPUTS: Final[Mapping[str, PriceInput]] = {
    "brand": PriceInput(_("品牌"), TEXT), "series": PriceInput(_("车系"), TEXT), "energy_type": PriceInput(_("能源类型"), TEXT),
    "usage_nature": PriceInput(_("使用性质"), TEXT), "condition": PriceInput(_("车况等级"), TEXT, ("A", "B", "C", "D")),
    "new_price": PriceInput(_("新车价"), MONEY), "age_months": PriceInput(_("车龄（月）"), INTEGER),
    "mileage_km": PriceInput(_("里程（公里）"), INTEGER), "km_a_month": PriceInput(_("月均里程（公里）"), RATE),
    "transfers": PriceInput(_("过户次数"), INTEGER), SOLD_ON: PriceInput(pgettext_lazy("valuation", "成交或估值日期"), DATE),
}
