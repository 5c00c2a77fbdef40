"""The dated figures of asset quality, as the rules take them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from chezhe.compliance import queries as compliance_queries
from chezhe.finmath.ageing import ClassThresholds
from chezhe.kernel import parameters
from chezhe.servicing.quality.rules import Standards

_DAYS = ("CLASS_DPD_SPECIAL_MENTION", "CLASS_DPD_SUBSTANDARD", "CLASS_DPD_DOUBTFUL", "CLASS_DPD_LOSS")
_WHOLE = ("CLASS_UPGRADE_PERIODS", "CLASS_UPGRADE_MONTHS", "ECL_S2", "ECL_S3")
_SHARES = ("CLASS_CUSTOMER_SHARE", "CLASS_ECL_DOUBTFUL", "CLASS_ECL_LOSS")
_FLAG = "CLASS_CUSTOMER_WORST"
CODES = (*_DAYS, *_WHOLE, *_SHARES, _FLAG)


def licence() -> str:
    """The lender's licence, which may have figures of its own; empty before it is registered."""
    try:
        return str(compliance_queries.lender().licence_type)
    except compliance_queries.LenderUnknown:
        return ""


def standards_on(on: date, licence_type: str | None = None) -> Standards:
    """The figures in force on a day. Raises ParameterMissing (409) naming the first that is not there."""
    found = parameters.require_all(CODES, on, licence_type=licence() if licence_type is None else licence_type)
    days = [int(found[code].value) for code in _DAYS]
    periods, months, stage2, stage3 = (int(found[code].value) for code in _WHOLE)
    share, doubtful, loss = (Decimal(found[code].value) for code in _SHARES)
    return Standards(
        thresholds=ClassThresholds(special_mention=days[0], substandard=days[1], doubtful=days[2], loss=days[3]),
        is_contagious=found[_FLAG].value == "true", contagion_share=share, upgrade_periods=periods, upgrade_months=months,
        stage2_dpd=stage2, stage3_dpd=stage3, impaired_doubtful=doubtful, impaired_loss=loss,
    )
