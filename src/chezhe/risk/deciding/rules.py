"""From facts to an answer with reasons. Pure: the same case gives the same verdict, wherever and whenever it is asked again.

pre-screen → knock-out → fraud → further cars → score → tier → price and limit → caps → coverage → route. Every stage is asked,
so that a record names all that speaks against a loan and not the first thing alone. Nothing is approved by what is not known: a fact that
is wanting, a table that is broken, a model that is missing or says the impossible refers the case to a person, with the name of what is
wanting. Nothing is declined by it either: a rejection stands on facts that are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

from chezhe.risk.deciding import caps, coverage, inputs, several
from chezhe.risk.deciding.tables import ask
from chezhe.risk.deciding.values import (
    APPROVED,
    AUTO,
    CARS,
    DECLINE,
    DECLINED,
    DOUBLE,
    FRAUD,
    KNOCKOUT,
    LIMITS,
    PRESCREEN,
    PRICING,
    REFERRED,
    ROUTE,
    ROUTES,
    SCORE,
    TIER,
    TIERS,
    Case,
    Part,
    Scorer,
    Scoring,
    Stage,
    Terms,
    Value,
    Verdict,
)

CLEAR: Final = caps.CLEAR
GATES: Final = (PRESCREEN, KNOCKOUT, FRAUD)
PRICE_BELOW, AMOUNT_OVER = "price_below_policy", "amount_over_limit"
# More is asked for than policy gives: what is known speaks for itself, and a person may agree to it or not.
BEYOND: Final = (PRICE_BELOW, AMOUNT_OVER, caps.PRICE_CUT, coverage.SHORT)
LOWEST_TIER_REASON: Final = "R10"
# A limit is offered in whole hundreds of yuan.
AMOUNT_STEP_FEN: Final = 10_000
PRICE_FACTS: Final = ("annual_rate", "product_rate_usual", "product_rate_min", "product_rate_max")
LIMIT_FACTS: Final = ("amount", "ltv", "dti", "instalment", "counted_income_monthly", "counted_debt_monthly")
# As fine as a decision table may ask.
_PROBABILITY_DIGITS: Final = 10
_DERIVED = ("score", "probability", "tier")


def decide(case: Case) -> Verdict:
    """The answer to one application."""
    case = replace(case, facts=inputs.usable(case.facts))
    known = {code: given.value for code, given in case.facts.items() if given.value is not None}
    gates = [ask(case.strategy, name, known) for name in GATES]
    of_cars = several.judge(case, known, gates)
    scored, scoring = score(case.strategy.scorer, known)
    if scoring is not None:
        known |= {"score": scoring.score, "probability": _rate(scoring.probability)}
    tiered = _tier(case, known, scored)
    tier = tiered.output("tier")
    known |= {"tier": tier} if tier else {}
    priced, limited = ask(case.strategy, PRICING, known), ask(case.strategy, LIMITS, known)
    priced, limited, terms = _terms(case, priced, limited)
    capped = caps.judge(case, terms)
    covered = () if case.cover is None else (coverage.judge(case, case.cover),)
    before = (*gates, *of_cars, scored, tiered, priced, limited, capped.stage, *covered)
    routed = ask(case.strategy, ROUTE, known | standing(before))
    return _answer((*before, routed), tier, scoring, capped.terms)


# ---- the score ------------------------------------------------------------------------------------------------


def score(scorer: Scorer | None, known: Mapping[str, Value]) -> tuple[Stage, Scoring | None]:
    """Ask the model. A fact it was trained on that is wanting is scored as missing, as in training, and refers all the same."""
    if scorer is None:
        return Stage(name=SCORE, verdict=REFERRED, trouble="model_missing"), None
    unknown = tuple(code for code in scorer.inputs if code not in known)
    stage = Stage(name=SCORE, verdict=REFERRED if unknown else CLEAR, policy=scorer.name, content_hash=scorer.content_hash, unknown=unknown)
    try:
        said = scorer.model.score({code: known.get(code) for code in scorer.inputs})
        scoring = _scoring(said)
    except Exception as broken:  # a model is a file from outside: whatever it raises, the case goes to a person and the record says so
        return replace(stage, verdict=REFERRED, trouble=f"model_broken:{type(broken).__name__}"), None
    if not scorer.points_min <= scoring.score <= scorer.points_max or not 0 <= scoring.probability <= 1:
        return replace(stage, verdict=REFERRED, trouble="score_out_of_range"), None
    return stage, scoring


def _scoring(said: Any) -> Scoring:
    parts = tuple(Part(code=part.code, points=float(part.points)) for part in said.contributions)
    return Scoring(
        probability=float(said.probability), score=int(said.score), base=float(said.base), parts=parts,
        worst=tuple(reason.code for reason in said.reasons),
    )


def _rate(probability: float) -> Decimal:
    return Decimal(repr(round(probability, _PROBABILITY_DIGITS)))


def _tier(case: Case, known: Mapping[str, Value], scored: Stage) -> Stage:
    """A score that lacks facts is shown and draws no tier: a bureau that is down makes nobody a bad customer, nor a good one."""
    if scored.verdict != CLEAR:
        return Stage(name=TIER, verdict=REFERRED, unknown=("score",))
    stage = ask(case.strategy, TIER, known)
    if stage.verdict == CLEAR and stage.output("tier") not in TIERS:
        return replace(stage, verdict=REFERRED, trouble="tier_unknown")
    return stage


# ---- price and limit ------------------------------------------------------------------------------------------


def _terms(case: Case, priced: Stage, limited: Stage) -> tuple[Stage, Stage, Terms]:
    """What the tables of price and limit make of the product's own figures. Asking for a lower price or a larger loan than they
    give is no error: a person decides, and sees what would be given."""
    rate, priced = _price(case, priced)
    ltv_max, dti_max = _number(limited, "ltv_max"), _number(limited, "dti_max")
    step = _number(limited, "ltv_step")
    ltv_max = _stepped(case.value("product_ltv_max"), step, ltv_max)
    if step is not None and case.value("product_ltv_max") is None:
        limited = _lacking(limited, ("product_ltv_max",))
    amount_max, limited = _limit(case, limited, ltv_max, dti_max)
    hours = _number(limited, "sla_hours")
    terms = Terms(
        amount_max_fen=amount_max, annual_rate=rate, ltv_max=ltv_max, dti_max=dti_max, sla_hours=None if hours is None else int(hours),
    )
    return priced, limited, terms


def _price(case: Case, priced: Stage) -> tuple[Decimal | None, Stage]:
    """The product's usual rate and the step of the table, inside what the product may cost."""
    asked, step = case.value("annual_rate"), _number(priced, "rate_step")
    usual, low, high = (case.value(f"product_rate_{which}") for which in ("usual", "min", "max"))
    wanting = _wanting(case, *PRICE_FACTS)
    if wanting or step is None or priced.verdict != CLEAR:
        return None, _lacking(priced, wanting)
    assert isinstance(asked, Decimal) and isinstance(usual, Decimal) and isinstance(low, Decimal) and isinstance(high, Decimal)
    rate = max(low, min(high, usual + step))
    if rate > asked:
        return rate, replace(priced, verdict=REFERRED, trouble=PRICE_BELOW)
    return rate, priced


def _limit(case: Case, limited: Stage, ltv_max: Decimal | None, dti_max: Decimal | None) -> tuple[int | None, Stage]:
    """The most that may be lent, None while it cannot be said; asking for more refers, with the reason that binds."""
    wanting = _wanting(case, *LIMIT_FACTS)
    if wanting or ltv_max is None or dti_max is None or limited.verdict != CLEAR:
        return None, _lacking(limited, wanting)
    asked, ltv, dti = case.value("amount"), case.value("ltv"), case.value("dti")
    assert isinstance(asked, int) and isinstance(ltv, Decimal) and isinstance(dti, Decimal)
    most = {"R15": _scaled(asked, ltv_max, ltv), "R09": _by_income(case, asked, dti_max, dti)}
    table = _number(limited, "amount_max")
    if table is not None:
        most[""] = int(table)
    amount_max = max(0, min(most.values()) // AMOUNT_STEP_FEN * AMOUNT_STEP_FEN)
    over = tuple(reason for reason, limit in most.items() if asked > limit)
    if not over:
        return max(amount_max, asked), limited
    reasons = tuple(reason for reason in over if reason)
    return amount_max, replace(limited, verdict=REFERRED, reasons=(*limited.reasons, *reasons), trouble=AMOUNT_OVER)


def _scaled(asked: int, most: Decimal, now: Decimal) -> int:
    if now <= 0:
        return asked
    return int((asked * most / now).to_integral_value(ROUND_FLOOR))


def _by_income(case: Case, asked: int, dti_max: Decimal, dti: Decimal) -> int:
    """What the income carries: the part of it that other debts leave free, over the instalment of the amount asked for."""
    income, debt, instalment = (case.value(code) for code in ("counted_income_monthly", "counted_debt_monthly", "instalment"))
    assert isinstance(income, int) and isinstance(debt, int) and isinstance(instalment, int)
    if income <= 0:
        return 0
    if instalment <= 0:
        return asked if dti <= dti_max else 0
    return asked if dti <= dti_max else int((asked * (dti_max * income - debt) / instalment).to_integral_value(ROUND_FLOOR))


def _stepped(product: Value | None, step: Decimal | None, table: Decimal | None) -> Decimal | None:
    """The table's own maximum, or the product's and a step of the tier; the lower when there are both."""
    found = [] if table is None else [table]
    if step is not None and isinstance(product, Decimal):
        found.append(product + step)
    return min(found) if found else None


def _wanting(case: Case, *codes: str) -> tuple[str, ...]:
    return tuple(code for code in codes if case.value(code) is None)


def _lacking(stage: Stage, wanting: Iterable[str]) -> Stage:
    """The stage, which cannot do without these."""
    wanting = tuple(wanting)
    if stage.verdict != CLEAR:
        return replace(stage, unknown=tuple(dict.fromkeys((*stage.unknown, *wanting))))
    if wanting:
        return replace(stage, verdict=REFERRED, unknown=wanting)
    return replace(stage, verdict=REFERRED, trouble="outputs_missing")


def _number(stage: Stage, name: str) -> Decimal | None:
    said = stage.output(name)
    return Decimal(said) if said else None


# ---- the answer -----------------------------------------------------------------------------------------------


def standing(stages: Iterable[Stage]) -> dict[str, Value]:
    """What the route is asked with besides the facts: how many exceptions to policy the case would be, and how much is wanting."""
    stages = tuple(stages)
    return {
        "exceptions": sum(_exceptions(stage) for stage in stages),
        "unknown_facts": len({code for stage in stages for code in stage.unknown}),
    }


def _exceptions(stage: Stage) -> int:
    """The rows of a gate that want a person; elsewhere one, where more is asked for than policy gives."""
    if stage.name in (*GATES, CARS):
        return len(stage.rows)
    return int(stage.trouble in BEYOND)


def _answer(stages: tuple[Stage, ...], tier: str, scoring: Scoring | None, terms: Terms) -> Verdict:
    wanting = tuple(dict.fromkeys(code for stage in stages for code in stage.unknown))
    # What follows from a fact that is wanting is named only where no fact is.
    unknown = tuple(code for code in wanting if code not in _DERIVED) or wanting
    routed = stages[-1]
    outcome, route = _outcome(stages, routed.output("route") if routed.verdict == CLEAR else "")
    reasons = list(dict.fromkeys(reason for stage in stages for reason in stage.reasons))
    if outcome == DECLINED and not any(stage.verdict == DECLINED for stage in stages):
        reasons = [LOWEST_TIER_REASON, *reasons]
    hours = _number(routed, "sla_hours")
    if hours is not None:
        terms = replace(terms, sla_hours=int(hours))
    return Verdict(
        outcome=outcome, route=route, tier=tier, scoring=scoring, terms=terms, reasons=tuple(reasons), unknown=unknown, stages=stages,
    )


def _outcome(stages: tuple[Stage, ...], route: str) -> tuple[str, str]:
    """A known reason to decline declines. What is wanting refers: to two people, unless a table knows which way."""
    if any(stage.verdict == DECLINED for stage in stages):
        return DECLINED, DECLINE
    if route == AUTO and all(stage.verdict == CLEAR for stage in stages):
        return APPROVED, AUTO
    if route == DECLINE and not any(_is_in_doubt(stage) for stage in stages):
        return DECLINED, DECLINE
    asked = [way for way in (*(stage.route for stage in stages), route) if way in ROUTES and way not in (AUTO, DECLINE)]
    return REFERRED, max(asked or [DOUBLE], key=ROUTES.index)


def _is_in_doubt(stage: Stage) -> bool:
    """Whether a stage could not judge; an exception to policy is no doubt."""
    return bool(stage.unknown) or (bool(stage.trouble) and stage.trouble not in BEYOND)
