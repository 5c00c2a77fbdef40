"""The whole strategy over a relation of facts: `deciding.rules.decide` as Ibis expressions, for DuckDB and for Spark.

The relation has a column a fact, named by its code, null while it is unknown, and the legal limits of each loan (`bulk_caps.bounds_of`),
as `rows` makes them: no text is blank. What it does not have is unknown of every row. Of each row (`id`) it says, behind a prefix:
`outcome`, `route`, `tier`, `score`, `probability` (of bad within twelve months), `annual_rate`, `amount_max` (fen), `reasons` (bits, see
`Judge.reasons`) and `unknown_facts` (a count).

Outcome, route, tier, score, reasons and terms are those of `decide`, row by row: a property test holds it against that. What is not
made: the record, the unknown facts by name, and the parts of the score; they are asked of `decide` for the rows that changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import ibis  # type: ignore[import-untyped]

from chezhe.decisiontables.ibis_masks import together
from chezhe.risk.deciding import coverage, inputs
from chezhe.risk.deciding.caps import NEEDED
from chezhe.risk.deciding.rules import GATES, LIMIT_FACTS, LOWEST_TIER_REASON, PRICE_FACTS
from chezhe.risk.deciding.values import (
    APPROVED,
    AUTO,
    CAPS,
    COVERAGE,
    DECLINE,
    DECLINED,
    DOUBLE,
    LIMITS,
    PRICING,
    REFERRED,
    ROUTE,
    ROUTES,
    SCORE,
    STAGES,
    TABLES,
    TIER,
    TIERS,
    Scorer,
    Strategy,
)
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.lab import bulk_caps, bulk_coverage, bulk_terms, layers
from chezhe.risk.lab.bulk_stages import (
    CLEAR,
    NO_ROUTE,
    REFER,
    REJECT,
    Expr,
    Words,
    ask,
    counted,
    either,
    every,
    is_any,
    lacking,
    name_of,
    number,
    part,
    reasons_in,
    stands,
    united,
    unknown_words,
)
from chezhe.scorecards import ibis_form

TYPES: Final = {
    "money": "int64", "integer": "int64", "rate": "decimal(18, 10)", "boolean": "boolean", "text": "string", "date": "date",
}
CHANCE: Final = "decimal(18, 10)"
DERIVED: Final = ("tier", "score", "probability", "exceptions", "unknown_facts")
ANSWERS: Final = (
    "outcome", "route", "tier", "score", "probability", "annual_rate", "amount_max", "reasons", "unknown_facts",
)
REASONS_MAX: Final = 62
KEY: Final = "id"
BEFORE_ROUTE: Final = tuple(stage for stage in STAGES if stage != ROUTE)
_SCORES: Final = ("model_score", "model_probability")
_OF_TERMS: Final = frozenset((*NEEDED, *PRICE_FACTS, *LIMIT_FACTS, "product_ltv_max", "all_in_simple", "all_in_compound", *coverage.FACTS))
_CAP_REASONS: Final = ("R02", "R09", "R10", "R15", "R21", coverage.REASON)


class NotInEngine(Exception):
    """A strategy that has no form over a relation; `code` says what of it."""

    def __init__(self, code: str, of: str = "") -> None:
        super().__init__(code, of)
        self.code, self.of = code, of


@dataclass(frozen=True, slots=True)
class Judge:
    """A strategy ready to be laid over relations. `scored`: the relation brings the scores of a model that no engine can express, as the
    columns `model_score` (whole points) and `model_probability`."""

    strategy: Strategy
    words: Words
    scored: bool

    @property
    def identity(self) -> tuple[str, ...]:
        """The hashes of everything that judges: of one identity there is one statement."""
        policies = (self.strategy.policies.get(name) for name in TABLES)
        scorer = self.strategy.scorer
        return (*(policy.content_hash if policy else "" for policy in policies), scorer.content_hash if scorer else "")

    @property
    def reasons(self) -> list[str]:
        """The codes by their bits."""
        return sorted(self.words.reasons, key=self.words.reasons.__getitem__)

    def reasons_of(self, bits: int) -> list[str]:
        return [code for code in self.reasons if bits >> self.words.reasons[code] & 1]

    def codes(self) -> list[str]:
        """The facts that the strategy asks for."""
        return [code for code in self.words.facts if code not in DERIVED]

    def statement(self, relation: Any, dialect: str, prefix: str = "said_") -> str:
        """The key of each row of an Ibis table (`id`) and its answers, as one SQL statement."""
        found = _prepared(layers.over(relation), self.words, self.codes())
        for name in GATES:
            found = ask(self.strategy.policies.get(name), name, found, self.words)
        found = _scored(found, self.strategy.scorer, self.words, is_given=self.scored)
        found = _tiered(found, self.strategy, self.words)
        found = ask(self.strategy.policies.get(PRICING), PRICING, found, self.words, bulk_terms.PRICE_OUTPUTS)
        found = ask(self.strategy.policies.get(LIMITS), LIMITS, found, self.words, bulk_terms.LIMIT_OUTPUTS)
        found = bulk_caps.judge(bulk_terms.limit(bulk_terms.price(found, self.words), self.words), self.words)
        found = _standing(bulk_coverage.judge(found, self.words), self.words)
        found = ask(self.strategy.policies.get(ROUTE), ROUTE, found, self.words, ("route",))
        answers = _answers(found, self.words)
        return found.select(KEY, **{f"{prefix}{name}": answers[name] for name in ANSWERS}).statement(dialect)


def judge(strategy: Strategy) -> Judge:
    """Raises NotInEngine for a strategy with a table that no engine can be asked by rows, or with too many reasons."""
    engine = None if strategy.scorer is None else getattr(strategy.scorer.model, "engine", strategy.scorer.model)
    policies = [policy for policy in strategy.policies.values() if policy is not None]
    names = {column.name for policy in policies for column in policy.table.table.inputs}
    names |= {*(strategy.scorer.inputs if strategy.scorer else ()), *_OF_TERMS, *DERIVED}
    reasons = sorted({*_CAP_REASONS, *(code for policy in policies for code in reasons_in(policy))})
    if len(reasons) > REASONS_MAX:
        raise NotInEngine("too_many_reasons")
    for policy in policies:
        if policy.collects != (policy.code in GATES) or policy.table.table.hit_policy.value not in ("FIRST", "COLLECT", "RULE_ORDER"):
            raise NotInEngine("hit_policy", policy.code)
    facts = {name: place for place, name in enumerate(sorted(names))}
    kind = "scorecard" if engine is None else getattr(engine, "kind", "")
    if kind not in ("scorecard", "boosting"):
        raise NotInEngine("model")
    return Judge(strategy, Words(facts, {code: place for place, code in enumerate(reasons)}), kind == "boosting")


def _prepared(relation: Any, words: Words, codes: list[str]) -> Any:
    """The facts as the strategy may use them: what cannot be is unknown, and what the relation does not have."""
    facts = {}
    for code in codes:
        kind = TYPES[CATALOGUE[code].type] if code in CATALOGUE else "string"
        value = relation[code] if code in relation.columns else ibis.null().cast(kind)
        if code in inputs.ABOVE_ZERO:
            value = (value > 0).ifelse(value, ibis.null()).cast(kind)
        elif code in inputs.NOT_BELOW:
            value = (value >= 0).ifelse(value, ibis.null()).cast(kind)
        facts[code] = value
    kept = [KEY, *(bulk_caps.column(name) for name in bulk_caps.KINDS)]
    kept += [name for name in (*bulk_coverage.COLUMNS, *_SCORES) if name in relation.columns]
    return relation.select(*kept, **facts)


# ---- score and tier ---------------------------------------------------------------------------------------------


def _scored(relation: Any, scorer: Scorer | None, words: Words, *, is_given: bool) -> Any:
    if scorer is None:
        found = stands(relation, SCORE, words, verdict=number(REFER), doubt=ibis.literal(True))
        return found.mutate(score=ibis.null().cast("int64"), probability=ibis.null().cast(CHANCE), _chance=ibis.null().cast("float64"))
    unknown = lacking(relation, words, scorer.inputs)
    if is_given:
        score, chance = relation["model_score"].cast("int64"), relation["model_probability"].cast("float64")
    else:
        engine: Any = getattr(scorer.model, "engine", scorer.model)
        said = ibis_form.expressions(engine, relation, relation.keep)
        score, chance = said["score"], said["probability"]
    relation = relation.mutate(_score=score, _chance=chance)
    is_fit = (relation["_score"] >= scorer.points_min) & (relation["_score"] <= scorer.points_max)
    is_fit = (is_fit & (relation["_chance"] >= 0.0) & (relation["_chance"] <= 1.0)).fill_null(False)
    is_clear = is_fit & ~is_any(unknown)
    found = stands(relation, SCORE, words, verdict=is_clear.ifelse(number(CLEAR), number(REFER)), doubt=~is_clear, unknown=unknown)
    return found.mutate(
        score=is_fit.ifelse(relation["_score"], ibis.null()).cast("int64"),
        probability=is_fit.ifelse(relation["_chance"].cast(CHANCE), ibis.null()).cast(CHANCE),
        _chance=is_fit.ifelse(relation["_chance"], ibis.null()).cast("float64"),
    )


def _tiered(relation: Any, strategy: Strategy, words: Words) -> Any:
    """A score that lacks facts draws no tier."""
    asked = ask(strategy.policies.get(TIER), TIER, relation, words, ("tier",))
    is_asked, said = part(asked, SCORE, "verdict") == CLEAR, part(asked, TIER, "out_tier").nullif("")
    is_odd = (part(asked, TIER, "verdict") == CLEAR) & ~said.isin(list(TIERS)).fill_null(False)
    lacks_score = [number(one) for one in _bits(words, "score")]
    told: dict[str, Expr] = {
        "verdict": (~is_asked | is_odd).ifelse(number(REFER), part(asked, TIER, "verdict")),
        "doubt": ~is_asked | is_odd | part(asked, TIER, "doubt"),
        "route": is_asked.ifelse(part(asked, TIER, "route"), number(NO_ROUTE)),
        "reasons": is_asked.ifelse(part(asked, TIER, "reasons"), number(0)), "exceptions": number(0),
    }
    told |= {
        f"unknown_{word}": is_asked.ifelse(one, lacks_score[word]) for word, one in enumerate(unknown_words(asked, TIER, words))
    }
    named = {name_of(TIER, what): column for what, column in told.items()}
    return asked.mutate(tier=is_asked.ifelse(said, ibis.null()).cast("string"), **named)


def _bits(words: Words, code: str) -> list[int]:
    return [1 << words.facts[code] % 62 if words.facts[code] // 62 == word else 0 for word in range(words.count)]


# ---- the answer -------------------------------------------------------------------------------------------------


def _standing(relation: Any, words: Words) -> Any:
    """What the route is asked with besides the facts."""
    told = [unknown_words(relation, stage, words) for stage in BEFORE_ROUTE]
    named = {f"_wanting_{word}": united(one[word] for one in told) for word in range(words.count)}
    relation = relation.mutate(**named)
    counts = [*GATES, PRICING, LIMITS, CAPS, COVERAGE]
    return relation.mutate(
        exceptions=together(part(relation, stage, "exceptions") for stage in counts),
        unknown_facts=counted([relation[name] for name in named]),
    )


def _answers(relation: Any, words: Words) -> dict[str, Expr]:
    verdicts = {stage: part(relation, stage, "verdict") for stage in STAGES}
    is_declined = either([verdict == REJECT for verdict in verdicts.values()])
    is_clear = every([verdict == CLEAR for verdict in verdicts.values()])
    is_doubt = either([part(relation, stage, "doubt") for stage in STAGES])
    route = (verdicts[ROUTE] == CLEAR).ifelse(part(relation, ROUTE, "out_route"), ibis.literal(""))
    is_auto, is_decline = ((route == way).fill_null(False) for way in (AUTO, DECLINE))
    asked = [part(relation, stage, "route") for stage in TABLES]
    strictest = ibis.greatest(*(((one > 0) & (one < ROUTES.index(DECLINE))).ifelse(one, number(NO_ROUTE)) for one in asked))
    ways = ibis.cases(*((strictest == place, ibis.literal(way)) for place, way in enumerate(ROUTES)), else_=ibis.literal(DOUBLE))
    by_tier = is_decline & ~is_doubt
    reasons = united(part(relation, stage, "reasons") for stage in STAGES)
    lowest = (by_tier & ~is_declined).ifelse(number(words.reasons_of([LOWEST_TIER_REASON])), number(0))
    branches = [(is_declined, DECLINED, DECLINE), (is_auto & is_clear, APPROVED, AUTO), (by_tier, DECLINED, DECLINE)]
    return {
        "outcome": ibis.cases(*((test, ibis.literal(outcome)) for test, outcome, _way in branches), else_=ibis.literal(REFERRED)),
        "route": ibis.cases(*((test, ibis.literal(way)) for test, _outcome, way in branches), else_=ways),
        "tier": relation["tier"], "score": relation["score"], "probability": relation["_chance"],
        "annual_rate": bulk_terms.rate_of(relation["_rate"]), "amount_max": relation["_amount_max"], "reasons": reasons | lowest,
        "unknown_facts": relation["unknown_facts"],
    }
