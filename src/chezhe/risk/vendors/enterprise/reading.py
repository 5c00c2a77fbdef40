"""What the answers about a company mean as facts: ratios of its books, books against tax, and who stands behind it (DOMAIN.md §4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chezhe.risk.vendors.enterprise.answers import (
    Invoices,
    Ownership,
    Registration,
    Shareholder,
    Statement,
    Statements,
    TaxAnswer,
    Trade,
)

BENEFICIAL_RATE = Decimal("0.25")
_FOUR = Decimal("0.0001")
_QUARTERS_A_YEAR = 4


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """A person who in the end holds so much of the company, alone or through others."""

    name: str
    number: str
    rate: Decimal


def registration_facts(answer: Registration, on: date) -> dict[str, object]:
    """Age in months and status."""
    return {"company_months": _months(answer.established_on, on), "company_status": answer.status}


def trade_facts(answer: Trade, on: date) -> dict[str, object]:
    """Whose it is, its status, age in months, and tax owed. Of a trade that somebody else runs nothing more is told: it says nothing of
    this person."""
    if not answer.is_operator:
        return {"trade_is_own": False}
    return {
        "trade_is_own": True, "trade_status": answer.status, "trade_months": _months(answer.registered_on, on),
        "trade_tax_arrears": answer.arrears_fen,
    }


def _months(born: date, on: date) -> int:
    return max(0, (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day))


def beneficiaries(uscc: str, known: Mapping[str, Ownership]) -> list[Beneficiary]:
    """Every person with the part that is theirs through all the companies in between, largest first. `known` are the answers by code;
    a part behind a company that nobody could tell of belongs to no one here."""
    found: dict[str, Beneficiary] = {}
    _follow(uscc, Decimal(1), known, found, ())
    return sorted(found.values(), key=lambda who: (-who.rate, who.number))


def ownership_facts(uscc: str, known: Mapping[str, Ownership]) -> dict[str, object]:
    """How much of the company the register traces to persons. Whether an owner is unseen, the due diligence says."""
    traced = sum((who.rate for who in beneficiaries(uscc, known)), Decimal(0))
    return {"registry_owners_rate": str(min(Decimal(1), traced).quantize(_FOUR))}


def tax_facts(answer: TaxAnswer) -> dict[str, object]:
    """A year's declared revenue needs four quarters; fewer say nothing of a year."""
    facts: dict[str, object] = {"tax_arrears": answer.arrears_fen, "vat_rating": answer.rating}
    if len(answer.declared) == _QUARTERS_A_YEAR:
        facts["revenue_taxed_year"] = sum(quarter.revenue_fen for quarter in answer.declared)
    return facts


def invoice_facts(answer: Invoices) -> dict[str, object]:
    """What the larger invoices of a year come to without those taken back, and how much of it one buyer takes."""
    bought: dict[str, int] = {}
    for line in answer.lines:
        if not line.is_void:
            bought[line.buyer] = bought.get(line.buyer, 0) + line.amount_fen
    whole = sum(bought.values())
    return {"revenue_invoiced_year": whole, **_rate("invoice_top_buyer_share", max(bought.values(), default=0), whole)}


def statement_facts(answer: Statements) -> dict[str, object]:
    """Ratios of the last year's books; one without its divisor is left out."""
    if not answer.years:
        return {}
    last, before = answer.years[-1], answer.years[-2] if len(answer.years) > 1 else None
    short = last.short_loans_fen + last.payables_fen
    current = last.cash_fen + last.receivables_fen + last.inventory_fen
    operating = last.profit_fen + last.tax_fen + last.interest_fen
    return {
        "revenue_year": last.revenue_fen,
        **_rate("profit_margin", last.profit_fen, last.revenue_fen), **_rate("debt_ratio", short + last.long_loans_fen, last.assets_fen),
        **_rate("current_ratio", current, short), **_rate("quick_ratio", current - last.inventory_fen, short),
        **_rate("interest_cover", operating, last.interest_fen),
        **_rate("receivable_turns", last.revenue_fen, _mean(last, before, "receivables_fen")),
        **_rate("inventory_turns", last.cost_fen, _mean(last, before, "inventory_fen")),
    }


def gap_facts(shown_fen: int | None, taxed_fen: int | None, flow_fen: int | None, invoiced_fen: int | None = None) -> dict[str, object]:
    """How far the books' revenue lies above what was taxed and what came in on the accounts, as a fraction of the latter; and how far
    the invoices alone lie above the least of the three."""
    facts: dict[str, object] = {}
    least = min((fen for fen in (shown_fen, taxed_fen, flow_fen) if fen), default=0)
    if invoiced_fen is not None and least:
        facts |= _rate("revenue_invoice_gap_rate", invoiced_fen - least, least)
    if shown_fen is not None and taxed_fen:
        facts |= _rate("revenue_tax_gap_rate", shown_fen - taxed_fen, taxed_fen)
    if shown_fen is not None and flow_fen:
        facts |= _rate("revenue_flow_gap_rate", shown_fen - flow_fen, flow_fen)
    return facts


def _follow(uscc: str, part: Decimal, known: Mapping[str, Ownership], found: dict[str, Beneficiary], way: tuple[str, ...]) -> None:
    """Down through companies; one that owns itself in a circle is followed once."""
    if uscc not in known or uscc in way:
        return
    for holder in known[uscc].shareholders:
        share = part * Decimal(holder.share_rate)
        if holder.kind == "person":
            found[holder.number] = _added(found.get(holder.number), holder, share)
        else:
            _follow(holder.number, share, known, found, (*way, uscc))


def _added(before: Beneficiary | None, holder: Shareholder, share: Decimal) -> Beneficiary:
    return Beneficiary(holder.name, holder.number, share + (before.rate if before else 0))


def _mean(last: Statement, before: Statement | None, name: str) -> int:
    now = int(getattr(last, name))
    return now if before is None else (now + int(getattr(before, name))) // 2


def _rate(code: str, top: int, bottom: int) -> dict[str, object]:
    return {code: str((Decimal(top) / Decimal(bottom)).quantize(_FOUR))} if bottom > 0 else {}
