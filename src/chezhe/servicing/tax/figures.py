"""The dated figures of VAT: which kind of taxpayer the lender is, and the rate that holds for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import queries as compliance_queries
from chezhe.kernel import parameters
from chezhe.kernel.errors import BusinessError

_TAXPAYER, _RATES = "VAT_TAXPAYER", {"general": "VAT_RATE_GENERAL", "small": "VAT_RATE_SMALL"}


class TaxpayerUnknown(BusinessError):
    code = "vat_taxpayer"
    sentence = _("参数“增值税纳税人类别”为 %(value)s，没有这种类别；请合规岗更正后再计提。")


class RateUnusable(BusinessError):
    code = "vat_rate"
    sentence = _("增值税率为 %(value)s，须不小于 0 且小于 1；请合规岗更正后再计提。")


@dataclass(frozen=True, slots=True)
class VatFigures:
    """Price includes tax at `rate`."""

    taxpayer: str
    rate: Decimal
    source: str


def figures_on(on: date) -> VatFigures:
    """By the lender's licence and region. Raises ParameterMissing, TaxpayerUnknown or RateUnusable (409)."""
    scope = _scope()
    taxpayer = parameters.require(_TAXPAYER, on, **scope).value
    if taxpayer not in _RATES:
        raise TaxpayerUnknown(value=taxpayer)
    row = parameters.require(_RATES[taxpayer], on, **scope)
    rate = Decimal(row.value)
    if not 0 <= rate < 1:
        raise RateUnusable(value=row.value)
    return VatFigures(taxpayer, rate, row.source)


def _scope() -> dict[str, str]:
    try:
        lender = compliance_queries.lender()
    except compliance_queries.LenderUnknown:
        return {}
    return {"licence_type": lender.licence_type, "region": lender.region}
