"""The cap engine: what a loan may cost, how much of the car it may lend and for how long. Pure values in, findings out.

Which figures apply is decided here (`applicable`), what they are worth on a day comes from the dated parameter table
(`compliance.steps.check_pricing` fetches them), and `judge` compares. Rates are Decimal fractions (0.24 is 24 %),
terms whole months, multiples plain Decimals (1.5 is one and a half times), money whole fen.
Sources: DOMAIN.md §2.1 to §2.3 and §12; each finding carries the source of the figure it was measured against.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from chezhe.finmath.money import ZERO, Money


class Licence(StrEnum):
    """What the lender is allowed to be; the licence decides the rules (DOMAIN.md §2.1)."""

    BANK = "bank"  # 银行
    AFC = "afc"  # 汽车金融公司
    CFC = "cfc"  # 消费金融公司
    MCC = "mcc"  # 小额贷款公司
    FLC = "flc"  # 融资租赁公司
    AFL = "afl"  # 金融租赁公司
    PAWN = "pawn"  # 典当行
    GUARANTOR = "guarantor"  # 融资担保公司
    SERVICE = "service"  # 助贷, no funds of its own
    PRIVATE = "private"  # 民间借贷: no licence


LENDERS = frozenset({Licence.BANK, Licence.AFC, Licence.CFC, Licence.MCC, Licence.FLC, Licence.AFL, Licence.PAWN})
LESSORS = frozenset({Licence.FLC, Licence.AFL})
CANNOT_LEND = frozenset({Licence.GUARANTOR, Licence.SERVICE})

BLOCK, WARN = "block", "warn"
PERSON, SOLE_TRADER, COMPANY, DEALER = "person", "sole_trader", "company", "dealer"
PURCHASE, CONSUMPTION, BUSINESS, WORKING_CAPITAL, STOCK = "purchase", "consumption", "business", "working_capital", "stock"
NEW, USED = "new", "used"
PRIVATE_USE, COMMERCIAL_USE = "private", "commercial"
CONVENTIONAL, NEV = "conventional", "nev"

CHOICES = {
    "licence_type": frozenset(Licence),
    "borrower_kind": frozenset({PERSON, SOLE_TRADER, COMPANY, DEALER}),
    "purpose": frozenset({PURCHASE, CONSUMPTION, BUSINESS, WORKING_CAPITAL, STOCK}),
    "vehicle_condition": frozenset({NEW, USED}),
    "usage": frozenset({PRIVATE_USE, COMMERCIAL_USE}),
    "energy": frozenset({CONVENTIONAL, NEV}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PricingFacts:
    """One loan, or one product with its dearest terms, as the caps see it.

    `all_in_simple` and `all_in_compound` are the annualised cost of everything the borrower pays, on the net cash
    received (finmath's all-in rates); None says that no such rate exists, which is refused. The loan-to-value is
    `amount / price_base` when both are known (see `price_base`), else `ltv_rate` (a product's maximum).
    `term_months` includes any extension. `penalty_multiple` and `misuse_multiple` are times the contract rate.
    `deducted_from_principal` is what would be kept back from the payout (砍头息).
    """

    licence_type: str
    product_code: str = ""
    region: str = ""
    borrower_kind: str = PERSON
    purpose: str = PURCHASE
    vehicle_condition: str = NEW
    usage: str = PRIVATE_USE
    energy: str = CONVENTIONAL
    amount: Money | None = None
    price_base: Money | None = None
    ltv_rate: Decimal | None = None
    term_months: int = 0
    annual_rate: Decimal = Decimal(0)
    all_in_simple: Decimal | None = None
    all_in_compound: Decimal | None = None
    penalty_multiple: Decimal = Decimal(0)
    misuse_multiple: Decimal = Decimal(0)
    upfront_fees: Money = ZERO
    deducted_from_principal: Money = ZERO

    def __post_init__(self) -> None:
        """Refuse words that no rule knows: an unknown use must not slip past every rule."""
        for name, known in CHOICES.items():
            if getattr(self, name) not in known:
                raise ValueError(f"{name} must be one of {', '.join(sorted(known))}, not {getattr(self, name)!r}")

    @property
    def ltv(self) -> Decimal | None:
        """Loan to value; infinite when there is a price base of nothing."""
        if self.amount is None or self.price_base is None:
            return self.ltv_rate
        return Decimal(self.amount.fen) / self.price_base.fen if self.price_base.fen > 0 else Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Need:
    """One rule that applies to the facts: the parameter to fetch and what to do with it.

    `times` names a second parameter that the first one multiplies (4 × LPR). `missing` says what an absent row means:
    "refuse" (never 'no limit'), "ahead" (warn with the next row that will come into force), or "not_yet" (the duty
    begins on the first row's day, or only in some regions).
    """

    code: str
    measure: str
    effect: str = BLOCK
    times: str = ""
    missing: str = "refuse"


@dataclass(frozen=True, slots=True)
class Limit:
    """A need with its figure: `value` is a fraction, months or a multiple, as the measure says."""

    need: Need
    value: Decimal
    source: str
    effect: str = BLOCK
    starts: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the caps say. `severity` is "block" (nobody can override it) or "warn".

    `code` is the rule, `measure` what was compared, `limit` and `actual` the figures in `unit` (rate, months,
    multiple, yuan). `text` is the sentence with %(measured)s, %(actual)s, %(limit)s and %(starts)s in it: the door
    looks up its translation and that of `measured`, and fills in `figures`.
    """

    code: str
    severity: str
    measure: str
    limit: Decimal
    actual: Decimal
    unit: str
    source: str
    text: str
    measured: str
    starts: str = ""

    @property
    def is_block(self) -> bool:
        """True when the loan may not be made on these terms."""
        return self.severity == BLOCK

    @property
    def figures(self) -> dict[str, str]:
        """The figures of the sentence as they are shown."""
        return {"actual": show(self.actual, self.unit), "limit": show(self.limit, self.unit), "starts": self.starts}


COST, LTV, TERM, OVERDUE, MISUSE, DEDUCTED = "cost", "ltv", "term", "penalty", "misuse", "deducted"
UNITS = {
    "all_in_simple": "rate", "all_in_compound": "rate", "annual_rate": "rate", "penalty_rate": "rate",
    LTV: "rate", TERM: "months", OVERDUE: "multiple", MISUSE: "multiple", DEDUCTED: "yuan", "licence": "flag",
}


def applicable(facts: PricingFacts) -> tuple[Need, ...]:
    """The rules that this loan stands under, each with the parameter it needs."""
    if facts.licence_type in CANNOT_LEND:
        return ()
    penalties = (Need("PENALTY_MULT_OVERDUE", OVERDUE), Need("PENALTY_MULT_MISUSE", MISUSE))
    return (*_cost_needs(facts), Need(_ltv_code(facts), LTV), *_term_needs(facts), *penalties)


def _cost_needs(facts: PricingFacts) -> list[Need]:
    licence = facts.licence_type
    if licence == Licence.PRIVATE:
        return [Need("CAP_LPR4_PRIVATE", COST, times="LPR1Y")]
    needs = [Need("CAP_ALLIN_24", COST)]
    if licence == Licence.MCC:
        needs.append(Need("CAP_MCC_LPR4", COST, times="LPR1Y", missing="ahead"))
    if licence == Licence.CFC:
        needs.append(Need("CAP_CFC_20", COST, effect=WARN, missing="not_yet"))
    if licence == Licence.BANK and facts.purpose == PURCHASE and facts.borrower_kind in (PERSON, SOLE_TRADER):
        needs.append(Need("CAP_SELF_DISC", COST, effect="CAP_SELF_DISC_EFFECT", times="LPR1Y", missing="not_yet"))
    return needs


def _ltv_code(facts: PricingFacts) -> str:
    """The 2017 measures speak of purchases only; cash loans, stock and leases stand under the lender's own limit."""
    if facts.licence_type in LESSORS:
        return "LTV_LEASE"
    if facts.purpose == STOCK or facts.borrower_kind == DEALER:
        return "LTV_STOCK"
    if facts.purpose != PURCHASE:
        return "LTV_SECURED"
    if facts.vehicle_condition == USED:
        return "LTV_USED"
    use = "COMM" if facts.usage == COMMERCIAL_USE else "SELF"
    return f"LTV_{use}_{'NEV' if facts.energy == NEV else 'CONV'}"


def _term_needs(facts: PricingFacts) -> list[Need]:
    if facts.licence_type in LESSORS:
        return [Need("TERM_MAX_LEASE", TERM)]
    if facts.purpose == STOCK or facts.borrower_kind == DEALER:
        return [Need("TERM_MAX_DEALER", TERM)]
    if facts.purpose == WORKING_CAPITAL:
        return [Need("TERM_MAX_WC", TERM)]
    if facts.purpose == BUSINESS:
        return [Need("TERM_MAX_BUSINESS", TERM)]
    if facts.purpose == PURCHASE and facts.vehicle_condition == USED:
        return [Need("TERM_MAX_USED", TERM)]
    ordinary = Need("TERM_MAX_NEW" if facts.purpose == PURCHASE else "TERM_MAX_CONSUMER", TERM)
    may_stretch = facts.licence_type == Licence.BANK and facts.borrower_kind == PERSON and facts.usage == PRIVATE_USE
    # The temporary notice lengthens a bank's consumer term; it relaxes, so its absence takes nothing away.
    return [ordinary, Need("TERM_MAX_CONSUMER_TEMP", TERM, missing="not_yet")] if may_stretch else [ordinary]


def judge(facts: PricingFacts, limits: Iterable[Limit], *, measure: str = "simple") -> list[Finding]:
    """Compare the facts with the limits; blocks first. `measure` ("simple" or "compound") is the annualisation that
    the cost caps are read on: the other one is still compared, and warns."""
    limits = list(limits)
    by_measure: dict[str, list[Limit]] = {}
    for limit in limits:
        by_measure.setdefault(limit.need.measure, []).append(limit)
    findings = [
        *_check_licence(facts),
        *(finding for limit in by_measure.get(COST, ()) for finding in check_cost(facts, limit, measure=measure)),
        *check_ltv(facts, by_measure.get(LTV, ())), *check_term(facts, by_measure.get(TERM, ())),
        *check_penalty(facts, by_measure), *check_deduction(facts),
    ]
    return sorted(findings, key=lambda finding: not finding.is_block)


def _check_licence(facts: PricingFacts) -> list[Finding]:
    if facts.licence_type not in CANNOT_LEND:
        return []
    return [_finding("LICENCE_CANNOT_LEND", BLOCK, "licence", Decimal(0), Decimal(1), "金规〔2025〕9号；《融资担保公司监督管理条例》")]


def check_cost(facts: PricingFacts, limit: Limit, *, measure: str = "simple") -> list[Finding]:
    """All-in cost against one cap; without a licence also the contract rate and the overdue rate each (民间借贷规定 §25–29).

    The cost of default counts too: for a licensed lender a penalty rate over the cap warns, since claims are cut to
    the cap; nothing may be lent at a cost that cannot be computed.
    """
    rates = {"all_in_simple": facts.all_in_simple, "all_in_compound": facts.all_in_compound}
    main = f"all_in_{measure}"
    if rates[main] is None:
        return [_finding("COST_UNKNOWN", BLOCK, main, limit.value, Decimal(0), limit.source)]
    allowance = rounding_allowance(facts)
    over = [name for name, rate in rates.items() if rate is not None and rate > limit.value + allowance]
    if main in over:
        return [_over(limit, main, rates[main] or Decimal(0), limit.effect), *_default_cost(facts, limit)]
    # The annualisation that does not count here may count before a court: it warns under the caps that bind.
    other = [_over(limit, name, rates[name] or Decimal(0), WARN) for name in over if limit.effect == BLOCK]
    return [*other, *_default_cost(facts, limit)]


def _default_cost(facts: PricingFacts, limit: Limit) -> list[Finding]:
    """What the contract rate and the overdue rate say under the two caps that count the cost of default."""
    private = limit.need.code == "CAP_LPR4_PRIVATE"
    if not private and limit.need.code != "CAP_ALLIN_24":
        return []
    findings = []
    if private and facts.annual_rate > limit.value:
        findings.append(_over(limit, "annual_rate", facts.annual_rate, limit.effect))
    penalty_rate = facts.annual_rate * facts.penalty_multiple
    if penalty_rate > limit.value:
        findings.append(_over(limit, "penalty_rate", penalty_rate, limit.effect if private else WARN))
    return findings


def rounding_allowance(facts: PricingFacts) -> Decimal:
    """What rounding every line to the fen can add to the annualised rate: half a fen a month on half the loan."""
    if facts.amount is None or facts.amount.fen <= 0:
        return Decimal(0)
    return Decimal(12) / facts.amount.fen


def check_ltv(facts: PricingFacts, limits: Iterable[Limit]) -> list[Finding]:
    """Loan against the legal price base (办法 §22); a loan whose value is unknown is refused."""
    findings = []
    for limit in limits:
        if facts.ltv is None:
            findings.append(_finding("VALUE_UNKNOWN", BLOCK, LTV, limit.value, Decimal(0), limit.source))
        elif facts.ltv > limit.value:
            findings.append(_over(limit, LTV, facts.ltv, limit.effect))
    return findings


def check_term(facts: PricingFacts, limits: Iterable[Limit]) -> list[Finding]:
    """Months including extension against the longest term that any applicable rule allows."""
    widest = max(limits, key=lambda limit: limit.value, default=None)
    if widest is None or facts.term_months <= widest.value:
        return []
    return [_over(widest, TERM, Decimal(facts.term_months), widest.effect)]


def check_penalty(facts: PricingFacts, by_measure: Mapping[str, list[Limit]]) -> list[Finding]:
    """Penalty interest as a multiple of the contract rate: overdue and misuse (银发〔2003〕251号)."""
    actual = {OVERDUE: facts.penalty_multiple, MISUSE: facts.misuse_multiple}
    return [
        _over(limit, kind, actual[kind], limit.effect)
        for kind in (OVERDUE, MISUSE) for limit in by_measure.get(kind, ()) if actual[kind] > limit.value
    ]


def check_deduction(facts: PricingFacts) -> list[Finding]:
    """Nothing may be kept back from the principal (民法典 §670): the borrower receives the whole amount."""
    if facts.deducted_from_principal.fen <= 0:
        return []
    actual = Decimal(facts.deducted_from_principal.fen) / 100
    return [_finding("NO_DEDUCTION", BLOCK, DEDUCTED, Decimal(0), actual, "《民法典》第六百七十条")]


def price_base(
    condition: str, *, actual: Money, published: Money | None = None, valuation: Money | None = None
) -> Money:
    """The legal price of a car (办法 §22): new, the lower of actual and the maker's published price; used, the lower of
    actual and our valuation. `actual` is net of subsidy and without taxes, add-ons and insurance. ValueError when the
    comparison price is missing."""
    other = published if condition == NEW else valuation
    if other is None:
        raise ValueError("a new car needs the published price, a used car the valuation")
    return min(actual, other)


def _over(limit: Limit, measure: str, actual: Decimal, effect: str) -> Finding:
    return _finding(limit.need.code, effect, measure, limit.value, actual, limit.source, starts=limit.starts)


_MEASURED = {
    "all_in_simple": "综合年化成本（单利）", "all_in_compound": "综合年化成本（复利）", "annual_rate": "合同年利率",
    "penalty_rate": "逾期年利率", LTV: "贷款成数", TERM: "期限", OVERDUE: "罚息倍数", MISUSE: "挪用罚息倍数",
    DEDUCTED: "预扣", "licence": "放贷资格",
}
_OWN_WORDS = {
    "LICENCE_CANNOT_LEND": "这类机构没有放贷资格，不能作为贷款人。",
    "COST_UNKNOWN": "现金流算不出唯一的综合年化成本，不能定价。",
    "VALUE_UNKNOWN": "缺少车价或估值，算不出贷款成数。",
    "NO_DEDUCTION": "放款时预扣 %(actual)s 元：利息和费用不得预先在本金中扣除。",
}
BINDS = "%(measured)s %(actual)s 超过上限 %(limit)s，不能办理。"
BINDS_LATER = "%(measured)s %(actual)s 超过上限 %(limit)s，该上限自 %(starts)s 起强制执行。"
CLAIMS_ARE_CUT = "%(measured)s %(actual)s 超过上限 %(limit)s，催收时须减至上限。"
TAKE_NOTE = "%(measured)s %(actual)s 超过上限 %(limit)s，请留意。"


def _finding(
    code: str, severity: str, measure: str, limit: Decimal, actual: Decimal, source: str, *, starts: str = ""
) -> Finding:
    text = _OWN_WORDS.get(code) or _sentence(measure, severity, starts)
    return Finding(code, severity, measure, limit, actual, UNITS[measure], source, text, _MEASURED[measure], starts)


def _sentence(measure: str, severity: str, starts: str) -> str:
    if severity == BLOCK:
        return BINDS
    if starts:
        return BINDS_LATER
    return CLAIMS_ARE_CUT if measure == "penalty_rate" else TAKE_NOTE


def show(value: Decimal, unit: str) -> str:
    """`24%`, `36`, `1.5`, `1500.00`: a figure as its sentence shows it, with up to four decimals of a per cent."""
    if unit == "yuan":
        return f"{value:.2f}"
    if unit == "rate":
        if not value.is_finite():
            return "∞"
        return f"{_plain((value * 100).quantize(Decimal('0.0001'), rounding=ROUND_HALF_UP))}%"
    return _plain(value)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
