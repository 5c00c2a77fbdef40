"""What the answer about social insurance and housing fund means as facts."""

from __future__ import annotations

from datetime import date

from chezhe.identifiers.employers import employer_key
from chezhe.risk.vendors.social_insurance.answers import InsuranceAnswer


def insured_facts(answer: InsuranceAnswer, employer: str) -> dict[str, object]:
    """Base, payer and months of social insurance, base and state of the fund's account. `employer` is where the person says to work:
    whether that is who pays in is told only when both are known."""
    one, fund = answer.insurance, answer.fund
    told: dict[str, object] = {"insured_now": one is not None and one.status == "paying"}
    if one is not None:
        told |= {
            "insured_base_monthly": one.base_fen, "insured_base_capped": one.base_fen >= one.ceiling_fen,
            "insured_by_employer": one.kind == "employee", "insured_paid_until": _first_day(one.last_month),
            "insured_months_unbroken": one.months_unbroken if one.status == "paying" else 0,
        }
        if one.employer and employer.strip():
            told["insured_employer_matches"] = employer_key(one.employer) == employer_key(employer) != ""
    if fund is None:
        return told | {"fund_status": "none"}
    return told | {"fund_status": fund.status, "fund_base_monthly": fund.base_fen}


def _first_day(month: str) -> str:
    return date(int(month[:4]), int(month[5:]), 1).isoformat()
