"""What a decision is made of, as pure values: the case, the tables and the scorecard that judge it, and what each stage said.

Money is whole fen, rates are Decimal fractions (0.24 is 24 % a year), terms whole months. Only the scorecard speaks in floats, and
only probabilities and points.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, Protocol

from chezhe.compliance.rules import Limit

APPROVED, REFERRED, DECLINED = "approved", "referred", "declined"
OUTCOMES: Final = (APPROVED, REFERRED, DECLINED)
AUTO, REVIEW, DOUBLE, COMMITTEE, DECLINE = "auto_approve", "review", "double_review", "committee", "decline"
# From the easiest way to the strictest: a case takes the strictest that any stage asks for.
ROUTES: Final = (AUTO, REVIEW, DOUBLE, COMMITTEE, DECLINE)
TIERS: Final = ("A", "B", "C", "D")
PRESCREEN, KNOCKOUT, FRAUD, SCORE, TIER, PRICING, LIMITS, CAPS, COVERAGE, ROUTE = (
    "prescreen", "knockout", "fraud", "score", "tier", "pricing", "limits", "caps", "coverage", "route",
)
STAGES: Final = (PRESCREEN, KNOCKOUT, FRAUD, SCORE, TIER, PRICING, LIMITS, CAPS, COVERAGE, ROUTE)
# Of every further car, where there are any: it has as many stages as there is something to say.
CARS: Final = "cars"
# The stages that a decision table judges, in their order.
TABLES: Final = (PRESCREEN, KNOCKOUT, FRAUD, TIER, PRICING, LIMITS, ROUTE)

Value = int | Decimal | bool | str | date


class Evaluates(Protocol):
    """A compiled decision table (`decisiontables.closures.Compiled`)."""

    table: Any

    def evaluate(self, facts: Mapping[str, object]) -> Any: ...


class Scores(Protocol):
    """A scorecard or boosted model at run time (`scorecards.artefact.Model`)."""

    def score(self, row: Mapping[str, Any]) -> Any: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The version of a decision table that judges one stage. `collects`: every row that holds is heard, so that no row is good news;
    of any other table exactly one row must hold."""

    code: str
    version: int
    content_hash: str
    table: Evaluates
    collects: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorer:
    """The model that scores. `inputs` are the facts that it was trained on; `points_min` and `points_max` bound what it can say."""

    name: str
    content_hash: str
    model: Scores
    inputs: tuple[str, ...]
    points_min: int
    points_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Where a live trial puts an application: the trial's number, the arm (champion, challenger) and the challenger's share of the
    applications as a fraction."""

    number: str
    arm: str
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """Everything that judges. A table or model that is not there is None: its stage refers. `trial` is None outside a live trial."""

    policies: Mapping[str, Policy | None]
    scorer: Scorer | None
    trial: Arm | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One input: `value` is None while it is unknown, and then `fault` says why; `raw` is what the source had told, as JSON."""

    value: Value | None
    raw: Any
    type: str
    source: str
    known_at: str
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A dated figure of law or policy as it was read: its row, so that a person can look it up."""

    code: str
    value: str
    effective_from: str
    source: str
    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What the law and the licence allow of this very loan. `limits` None: they could not be read, which refers."""

    licence_type: str
    region: str
    limits: tuple[Limit, ...] | None
    measure: str = "simple"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """The least that car and security must come to, as a share of what is owed to maturity. None: it could not be read, which refers."""

    least_rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One application at one moment. The order of `facts` does not matter. `cover` is None in the strategy of before coverage was a rule:
    its stage is then not asked. `asks_fees` is False in the strategy of before unknown fees were unknown: they counted as none. `cars`
    holds what is known of each further car, by its number; empty for most."""

    facts: Mapping[str, Given]
    strategy: Strategy
    bounds: Bounds
    cover: Cover | None = None
    asks_fees: bool = True
    cars: Mapping[str, Mapping[str, Given]] = field(default_factory=dict)

    def value(self, code: str) -> Value | None:
        """The value of a fact; None while it is unknown."""
        given = self.facts.get(code)
        return None if given is None else given.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One fact's share in the score: the points it took from the best that was possible."""

    code: str
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What one stage said: `verdict` is clear, referred or declined; `rows` are the rows of the table that held, from one; `unknown`
    the facts it lacked; `reasons` codes of rejection (R01 to R26); `trouble` says what is broken, empty for most."""

    name: str
    verdict: str
    policy: str = ""
    version: int = 0
    content_hash: str = ""
    rows: tuple[int, ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    unknown: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    route: str = ""
    trouble: str = ""

    def output(self, name: str) -> str:
        """What the table said under a heading; empty when it said nothing."""
        return dict(self.outputs).get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """What the model said. `base` and `parts` add up to `score` but for the rounding of each to a whole point."""

    probability: float
    score: int
    base: float
    parts: tuple[Part, ...] = ()
    worst: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the loan may be lent: at most this much, at this rate; `ltv_max` and `dti_max` are the tier's, `sla_hours` its time."""

    amount_max_fen: int | None = None
    annual_rate: Decimal | None = None
    ltv_max: Decimal | None = None
    dti_max: Decimal | None = None
    sla_hours: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer. `reasons` are codes of rejection in the order in which they were found, `unknown` every fact that was wanting."""

    outcome: str
    route: str
    tier: str
    scoring: Scoring | None
    terms: Terms
    reasons: tuple[str, ...]
    unknown: tuple[str, ...]
    stages: tuple[Stage, ...] = field(default=())

    def stage(self, name: str) -> Stage | None:
        """What a stage said; None when it was not reached."""
        return next((stage for stage in self.stages if stage.name == name), None)

    @property
    def troubles(self) -> Sequence[tuple[str, str]]:
        """(stage, what is broken) of every stage that could not judge."""
        return [(stage.name, stage.trouble) for stage in self.stages if stage.trouble]
