"""Facts that follow from other facts of the same subject, and from its own file; written down whenever something new was told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chezhe.channels.models import Dealer
from chezhe.customers.models import Customer
from chezhe.kernel.clock import SHANGHAI
from chezhe.risk.facts import burdens, earning, earnings, queries, steps
from chezhe.risk.facts.queries import Assembled
from chezhe.risk.screening import watching
from chezhe.risk.vendors.enterprise.reading import gap_facts

_CODES = (
    *burdens.CODES, "revenue_year", "revenue_taxed_year", "revenue_invoiced_year",
    "flow_monthly_inflow", "flow_is_continuous", "flow_interest_ok",
)


def derive(subject: str, *, at: datetime) -> None:
    """Write down what follows now: whether a watch list names them, of a person declared income, its gap and the monthly debt, of a
    company how its turnover compares, of a dealer how it stands with us. Of other subjects nothing follows."""
    kind, _colon, number = subject.partition(":")
    if kind == "dealer":
        _tell_dealer(subject, number, at)
    customer = Customer.objects.filter(number=number).first() if kind == "customer" else None
    if customer is None:
        return
    watching.write_watch_fact(customer)
    if customer.is_person:
        _declare(customer, at)
    seen = queries.assembled([subject], at, _CODES)
    known = seen.values
    told = _of_person(subject, seen, at) if customer.is_person else _of_company(known)
    steps.record_facts(subject, {code: value for code, value in told.items() if value is not None}, source="decision", known_at=at)
    if not customer.is_person and "flow_monthly_inflow" in known and not _is_sound(known):
        steps.refuse_facts(subject, {"revenue_flow_gap_rate": "not_proved"}, source="decision", known_at=at)


def _tell_dealer(subject: str, number: str, at: datetime) -> None:
    dealer = Dealer.objects.filter(number=number).first()
    if dealer is not None:
        since, now = dealer.created_at.astimezone(SHANGHAI), at.astimezone(SHANGHAI)
        months = (now.year - since.year) * 12 + now.month - since.month - (now.day < since.day)
        told = {"dealer_status": dealer.status, "dealer_months": max(0, months)}
        steps.record_facts(subject, told, source="dealer", known_at=at)


def _declare(customer: Customer, at: datetime) -> None:
    """What the customer told us, known since the file was last changed."""
    told: dict[str, Any] = {}
    if customer.monthly_income is not None:
        told["income_declared_monthly"] = customer.monthly_income.fen
    if customer.marital_status != "unknown":
        told["marital_status"] = customer.marital_status
    steps.record_facts(customer.subject, told, source="declared", known_at=min(customer.changed_at, at))


def _of_person(subject: str, seen: Assembled, at: datetime) -> dict[str, Any]:
    payer = burdens.payer_of(subject, seen, earnings.figures_at(at))
    debt = None if payer.monthly_debt is None or payer.card_balance is None else payer.monthly_debt + payer.card_balance // 10
    return {"monthly_debt": debt, "income_gap_rate": earning.gap(seen.values.get(earning.DECLARED), payer.income)}  # type: ignore[arg-type]


def _of_company(known: Mapping[str, Any]) -> Mapping[str, Any]:
    flow = known.get("flow_monthly_inflow") if _is_sound(known) else None
    return gap_facts(
        known.get("revenue_year"), known.get("revenue_taxed_year"), None if flow is None else flow * 12, known.get("revenue_invoiced_year"))


def _is_sound(known: Mapping[str, Any]) -> bool:
    """Whether the statement may be held against the books: its balances run through, and no interest is missing."""
    return known.get("flow_is_continuous") is True and known.get("flow_interest_ok") is not False
