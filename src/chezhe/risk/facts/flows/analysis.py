"""A statement judged as a whole: figures, findings in words, and the facts that follow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from chezhe.risk.facts.flows import incomes, proving, words
from chezhe.risk.facts.flows.incomes import Salary, Sorted
from chezhe.risk.facts.flows.lines import Flow, Line
from chezhe.risk.facts.flows.months import Month, MonthSum, average, sums, whole_months
from chezhe.risk.facts.flows.proving import Break, Quarter

WINDOW: Final = 6
MONTHS_MIN: Final = 3
PARTIES_SHOWN: Final = 10
_STEP: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Party:
    """A counterparty with what came from it and went to it, in fen, and how often."""

    name: str
    inflow: int
    outflow: int
    count: int


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to tell: its code, how grave it is (good, note, bad), and its figures."""

    code: str
    gravity: str
    figures: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found in a statement; sums in fen. `is_proof` says whether it proves anything: balances run through, interest is as
    it must be, it is the customer's own, and long enough."""

    flow: Flow
    is_holder: bool
    months: tuple[Month, ...]
    sums: tuple[MonthSum, ...]
    parts: Sorted
    has_balances: bool
    broken: Break | None
    quarters: tuple[Quarter, ...]
    balances: tuple[tuple[date, int], ...]
    average_balance: int
    salaries: tuple[Salary, ...]
    friends: tuple[str, ...]
    parties: tuple[Party, ...]
    top_share: Decimal | None
    gambling: int
    lender_debits: int
    income: int | None
    income_kind: str

    @property
    def is_proof(self) -> bool:
        is_whole = self.has_balances and self.broken is None and not self.flow.duplicates
        return is_whole and self.interest_ok is not False and self.is_holder and len(self.months) >= MONTHS_MIN

    @property
    def interest_ok(self) -> bool | None:
        """None when no interest day lies in the period."""
        return all(quarter.is_plausible for quarter in self.quarters) if self.quarters else None

    @property
    def passed_through(self) -> int:
        return sum(line.amount for line in self.parts.passing)


def analyse(flow: Flow, *, name: str, accounts: Collection[str] = ()) -> Analysis:
    """Judge a statement of somebody called `name`, who has these other accounts."""
    parts = incomes.sort(flow, {name, flow.holder} - {""}, accounts)
    months = whole_months(flow.from_on, flow.to_on)
    window = months[-WINDOW:]
    recent = set(window)
    has_balances = proving.has_balances(flow.lines)
    balances = proving.daily_balances(flow) if has_balances else []
    salaries = incomes.salaries([line for line in parts.business if line.amount > 0], window)
    inflow = [line for line in parts.business if line.amount > 0 and not words.REFUND.search(line.summary)]
    goods = [line for line in parts.business if line.amount < 0 and words.GOODS.search(line.summary)]
    income, kind = _income([*inflow, *goods], salaries, window)
    return Analysis(
        flow=flow, is_holder=flow.holder == name, months=tuple(months), sums=tuple(sums(parts.business, months)), parts=parts,
        has_balances=has_balances, broken=proving.first_break(flow.lines), quarters=tuple(proving.quarters(flow, balances)),
        balances=tuple(balances), average_balance=proving.average_balance(balances), salaries=tuple(salaries),
        friends=tuple(incomes.friends(inflow, window)), parties=tuple(_parties(parts.business)), top_share=_top_share(inflow),
        gambling=_spent(flow.lines, words.GAMBLING), income=income, income_kind=kind,
        lender_debits=average(_spent((one for one in flow.lines if (one.day.year, one.day.month) in recent), words.LENDER), len(window)),
    )


def facts(found: Analysis) -> dict[str, Any]:
    """The facts of a statement by code; what it cannot tell is left out. Of one that proves nothing no income is told."""
    told: dict[str, Any] = {
        "flow_months": len(found.months), "flow_duplicates": len(found.flow.duplicates), "flow_gambling_amount": found.gambling,
        "flow_lender_debits_monthly": found.lender_debits, "flow_in_and_out_24h": found.passed_through,
    }
    if found.has_balances:
        told |= {"flow_is_continuous": found.broken is None, "flow_average_balance": found.average_balance}
    if found.interest_ok is not None and found.has_balances:
        told["flow_interest_ok"] = found.interest_ok
    if found.top_share is not None:
        told["flow_top_share"] = found.top_share
    if found.sums:
        told["flow_monthly_inflow"] = average(sum(month.inflow for month in found.sums), len(found.sums))
        told["flow_monthly_outflow"] = average(sum(month.outflow for month in found.sums), len(found.sums))
    if found.is_proof:
        told["salary_months_6m"] = len({month for salary in found.salaries for month in salary.months})
        if found.income is not None:
            told["income_statement_monthly"] = found.income
    return told


def _income(trade: Sequence[Line], salaries: Sequence[Salary], window: Sequence[Month]) -> tuple[int | None, str]:
    """Wages of the last whole months, averaged over all of them. Without wages, a trader's takings less what was paid for goods, as
    they were in the leaner half of the months; nothing when a month took nothing in."""
    if not window:
        return None, ""
    if salaries:
        return average(sum(line.amount for salary in salaries for line in salary.lines), len(window)), "salary"
    kept = sorted(month.inflow - month.outflow for month in sums(trade, window))
    if len(window) < MONTHS_MIN or kept[0] <= 0:
        return None, ""
    leaner = kept[: (len(kept) + 1) // 2]
    return average(sum(leaner), len(leaner)), "takings"


def _parties(lines: Iterable[Line]) -> list[Party]:
    found: dict[str, list[int]] = {}
    for line in lines:
        of = found.setdefault(line.party or line.summary or "—", [0, 0, 0])
        of[line.amount < 0] += abs(line.amount)
        of[2] += 1
    parties = [Party(name, inflow, outflow, count) for name, (inflow, outflow, count) in found.items()]
    return sorted(parties, key=lambda one: -(one.inflow + one.outflow))[:PARTIES_SHOWN]


def _top_share(inflow: Sequence[Line]) -> Decimal | None:
    by_party: dict[str, int] = {}
    for line in inflow:
        by_party[line.party or line.summary] = by_party.get(line.party or line.summary, 0) + line.amount
    total = sum(by_party.values())
    return (Decimal(max(by_party.values())) / total).quantize(_STEP, ROUND_HALF_UP) if total else None


def _spent(lines: Iterable[Line], pattern: Any) -> int:
    return sum(-line.amount for line in lines if line.amount < 0 and (pattern.search(line.party) or pattern.search(line.summary)))
