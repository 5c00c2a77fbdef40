"""What would change the answer: the smallest change of what the customer can change that the strategy itself would approve.

Every proposal is a case that was decided, not a guess about the tables. The new instalment is reckoned from the old one; whoever takes
up a proposal has the exact figures computed when the application is handed in again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from chezhe.risk.deciding import coverage
from chezhe.risk.deciding.rules import decide
from chezhe.risk.deciding.values import APPROVED, ROUTES, Case, Given, Verdict

AMOUNT, PERIODS, INCOME, RATE, SECURITY = "amount", "periods", "income", "rate", "security"
AMOUNT_STEP_FEN: Final = 100_000
AMOUNT_MIN_FEN: Final = 1_000_000
INCOME_STEP_FEN: Final = 50_000
INCOME_TIMES_MAX: Final = 4
TERMS: Final = (6, 12, 18, 24, 36, 48, 60)
STEPS_MAX: Final = 12
_SIX: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Change `what` to `value` (fen, months, added fen of monthly income, a rate, or fen of recognised security) and the
    answer becomes `verdict`."""

    what: str
    value: int | Decimal
    verdict: Verdict

    @property
    def is_approval(self) -> bool:
        return self.verdict.outcome == APPROVED


def proposals(case: Case, verdict: Verdict) -> list[Proposal]:
    """The changes that help, approvals first; one for each thing that can be changed. Empty where nothing helps, or nothing need."""
    if verdict.outcome == APPROVED:
        return []
    case, priced = _at_policy_price(case, verdict)
    found = [one for one in (priced, *(search(case) for search in (_less, _longer, _more_income, _more_security))) if one is not None]
    better = [one for one in found if _rank(one.verdict) < _rank(verdict)]
    return sorted(better, key=lambda one: (_rank(one.verdict), (RATE, PERIODS, AMOUNT, SECURITY, INCOME).index(one.what)))


def _rank(verdict: Verdict) -> int:
    return ROUTES.index(verdict.route)


def _at_policy_price(case: Case, verdict: Verdict) -> tuple[Case, Proposal | None]:
    """Where less is offered than policy asks for, everything else is judged at the policy's price."""
    asked, policy = case.value("annual_rate"), verdict.terms.annual_rate
    if not isinstance(asked, Decimal) or policy is None or policy <= asked:
        return case, None
    priced = with_values(case, annual_rate=policy, **_dearer(case, policy - asked))
    return priced, Proposal(what=RATE, value=policy, verdict=decide(priced))


def _dearer(case: Case, more: Decimal) -> dict[str, Any]:
    """The cost of credit rises at least as the rate does; twice as much is assumed, so that no proposal promises too much."""
    found: dict[str, Any] = {
        code: value + 2 * more for code in ("all_in_simple", "all_in_compound") if isinstance(value := case.value(code), Decimal)
    }
    owed, amount, periods = (case.value(code) for code in ("owed_to_maturity", "amount", "periods"))
    if isinstance(owed, int) and isinstance(amount, int) and isinstance(periods, int):
        found["owed_to_maturity"] = owed + int((amount * 2 * more * periods / 12).to_integral_value(ROUND_CEILING))
    return found


def _less(case: Case) -> Proposal | None:
    """The largest smaller amount that is approved, else the largest that is treated better."""
    asked = case.value("amount")
    if not isinstance(asked, int) or asked <= AMOUNT_MIN_FEN:
        return None
    low, high = AMOUNT_MIN_FEN // AMOUNT_STEP_FEN, asked // AMOUNT_STEP_FEN
    return _nearest(AMOUNT, case, lambda step: with_amount(case, step * AMOUNT_STEP_FEN), high, low, AMOUNT_STEP_FEN)


def _longer(case: Case) -> Proposal | None:
    """The nearest other term that is treated best."""
    now = case.value("periods")
    if not isinstance(now, int):
        return None
    terms = sorted((term for term in TERMS if term != now), key=lambda term: abs(term - now))
    tried = [Proposal(what=PERIODS, value=term, verdict=decide(with_periods(case, term))) for term in terms]
    return min(tried, key=lambda one: _rank(one.verdict), default=None)


def _more_income(case: Case) -> Proposal | None:
    """The least income of a co-borrower that is enough."""
    income = case.value("counted_income_monthly")
    if not isinstance(income, int) or income <= 0:
        return None
    most = income * INCOME_TIMES_MAX // INCOME_STEP_FEN
    return _nearest(INCOME, case, lambda step: with_income(case, step * INCOME_STEP_FEN), 0, most, INCOME_STEP_FEN)


def _more_security(case: Case) -> Proposal | None:
    """The recognised security that is missing, where the coverage is short."""
    stage = None if case.cover is None else coverage.judge(case, case.cover)
    value = case.value("coverage_value")
    if stage is None or stage.trouble != coverage.SHORT or not isinstance(value, int):
        return None
    missing = int(stage.output("missing_fen"))
    return Proposal(what=SECURITY, value=missing, verdict=decide(with_values(case, coverage_value=value + missing)))


def _nearest(what: str, case: Case, changed: Callable[[int], Case], near: int, far: int, unit: int) -> Proposal | None:
    """Between the least and the greatest change: the least that is treated as well as the greatest, by halving."""
    best = decide(changed(far))
    if _rank(best) >= _rank(decide(case)) and best.outcome != APPROVED:
        return None
    low, high, found = near, far, best
    for _ in _rounds(abs(far - near)):
        middle = (low + high) // 2 if far > near else -(-(low + high) // 2)
        verdict = decide(changed(middle))
        if _rank(verdict) <= _rank(best):
            high, found = middle, verdict
        else:
            low = middle
        if abs(high - low) <= 1:
            break
    return Proposal(what=what, value=high * unit, verdict=found)


def _rounds(width: int) -> Iterator[int]:
    return iter(range(min(STEPS_MAX, width.bit_length() + 1)))


# ---- changed cases --------------------------------------------------------------------------------------------


def with_amount(case: Case, amount: int) -> Case:
    """The same loan of another amount: its ratios move with it."""
    share = Decimal(amount) / _whole(case, "amount")
    ltv = case.value("ltv")
    more: dict[str, Any] = {"ltv": _up(ltv * share)} if isinstance(ltv, Decimal) else {}
    return with_values(
        case, amount=amount, dti=_dti(case, share, 0), instalment=_part(case, share), owed_to_maturity=_owed(case, share), **more,
    )


def with_periods(case: Case, periods: int) -> Case:
    """The same loan over another term, its instalment by the annuity of both."""
    rate, now = case.value("annual_rate"), case.value("periods")
    if not isinstance(rate, Decimal) or not isinstance(now, int):
        return case
    share = _annuity(rate / 12, periods) / _annuity(rate / 12, now)
    return with_values(
        case, periods=periods, dti=_dti(case, share, 0), instalment=_part(case, share), owed_to_maturity=_owed(case, share * periods / now),
    )


def with_income(case: Case, more: int) -> Case:
    """The same loan with somebody's income beside the borrower's."""
    return with_values(
        case, counted_income_monthly=_whole(case, "counted_income_monthly") + more, dti=_dti(case, Decimal(1), more),
    )


def with_values(case: Case, **changes: Any) -> Case:
    """The case with other values of facts that it has; the others stay unknown."""
    facts = dict(case.facts)
    for code, value in changes.items():
        given = facts.get(code)
        if given is not None and given.value is not None and value is not None:
            facts[code] = Given(value=value, raw=None, type=given.type, source="proposal", known_at=given.known_at)
    return replace(case, facts=facts)


def _part(case: Case, share: Decimal) -> int:
    return int((_whole(case, "instalment") * share).to_integral_value(ROUND_CEILING))


def _owed(case: Case, share: Decimal) -> int | None:
    owed = case.value("owed_to_maturity")
    return int((owed * share).to_integral_value(ROUND_CEILING)) if isinstance(owed, int) else None


def _dti(case: Case, share: Decimal, more_income: int) -> Decimal | None:
    """The burden when the instalment is `share` of what it was and the income grows."""
    income, debt, instalment = (case.value(code) for code in ("counted_income_monthly", "counted_debt_monthly", "instalment"))
    if not isinstance(income, int) or not isinstance(debt, int) or not isinstance(instalment, int) or income <= 0:
        return None
    return _up((debt + instalment * share) / (income + more_income))


def _annuity(monthly: Decimal, periods: int) -> Decimal:
    """What one yuan costs each month."""
    if monthly == 0:
        return Decimal(1) / periods
    return monthly / (1 - (1 + monthly) ** -periods)


def _whole(case: Case, code: str) -> int:
    value = case.value(code)
    return value if isinstance(value, int) else 0


def _up(ratio: Decimal) -> Decimal:
    return ratio.quantize(_SIX, ROUND_CEILING)


