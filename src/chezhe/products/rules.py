"""A product's terms as a pure value, what is wrong with them, and the contract they make of an amount and a term.

Rates are Decimal fractions a year (0.0888 is 8.88 %), for `flat_equal` the flat annual rate on the first principal;
terms are whole months, money is `Money`. Sentences are Chinese templates whose English stands in this room's
catalogue: the doors translate them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.finmath.allocation import AllocationChoice, AllocationRule, TransactionKind
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.finmath.penalty import GraceMode, PenaltyBase, PenaltyRule, penalty_rate
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.repricing import Cadence
from chezhe.finmath.settlement import FlatCharges, SettlementRule
from chezhe.finmath.terms import DayCount, FeeTerms, FeeWhen, Method, QuoteTerms, Step, Stub, StubLevel

PERSON, SOLE_TRADER, COMPANY = "person", "sole_trader", "company"
# A sole trader (个体工商户) is a person who borrows for the trade he runs; a product may lend to him alone.
BORROWER_KINDS = (PERSON, SOLE_TRADER, COMPANY)
PURPOSES = ("purchase", "consumption", "business", "working_capital")
CONDITIONS, USAGES, ENERGIES = ("new", "used"), ("private", "commercial"), ("conventional", "nev")
PAYEES = ("lender", "third_party")
GUARANTEES = (
    "vehicle_mortgage", "gps", "loss_payee_insurance", "certificate_vault", "spouse_consent", "controller_guarantee", "guarantor",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodPrice:
    """One repayment method on offer and what it may cost. `balloon_rate` is the share of the principal left to the
    last line (balloon only), `steps` the instalment factors (stepped only)."""

    method: Method
    rate_min: Decimal
    rate_max: Decimal
    rate_default: Decimal
    balloon_rate: Decimal | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeRule:
    """One fee: `amount`, or `rate` of the loan amount. `is_counted` puts it into the all-in cost; up-front fees are
    paid beside the loan, never kept back from it."""

    code: str
    label: str
    english: str
    when: FeeWhen
    amount: Money | None = None
    rate: Decimal | None = None
    payee: str = "lender"
    payee_name: str = ""
    is_counted: bool = True
    is_refundable: bool = False

    def on(self, amount: Money) -> Money:
        """The fee for a loan of `amount`, rounded half up once."""
        return self.amount if self.amount is not None else amount.times(self.rate or Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyTerms:
    """Multiples of the contract rate for overdue and for misuse of the loan; grace; base; compounding. When it `follows_rate`,
    another contract rate gives another penalty rate."""

    multiple: Decimal
    misuse_multiple: Decimal
    base: PenaltyBase = PenaltyBase.PRINCIPAL
    compounds: bool = True
    grace_days: int = 0
    grace_mode: GraceMode = GraceMode.NONE
    day_count: DayCount = DayCount.ACT_360
    follows_rate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementTerms:
    """`fee_rate` of the principal not yet due, charged while fewer than `free_after_periods` instalments are paid
    (None: always)."""

    fee_rate: Decimal = Decimal(0)
    free_after_periods: int | None = None
    flat_charges: FlatCharges = FlatCharges.WAIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class PrepaymentTerms:
    """Ways to prepay part of the loan, and the least amount. No modes: not allowed."""

    modes: tuple[PrepaymentMode, ...] = ()
    amount_min: Money = Money(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleLimits:
    """Cars that may secure the loan; `age_max_months` is counted at maturity; None sets no limit."""

    conditions: tuple[str, ...] = CONDITIONS
    usages: tuple[str, ...] = ("private",)
    energies: tuple[str, ...] = ENERGIES
    age_max_months: int | None = None
    mileage_max_km: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTerms:
    """Everything a product version promises and asks. `repricing` says when rates float with the LPR; None keeps them fixed. Of loans
    for `subsidised_purposes` the treasury may pay a part of the interest."""

    prices: tuple[MethodPrice, ...]
    periods_min: int
    periods_max: int
    amount_min: Money
    amount_max: Money
    ltv_max: Decimal
    penalty: PenaltyTerms
    day_count: DayCount = DayCount.THIRTY_360
    stub: Stub = Stub(level=StubLevel.FULL_PERIODS)
    fees: tuple[FeeRule, ...] = ()
    allocations: tuple[AllocationChoice, ...] = (AllocationChoice(kind=TransactionKind.REPAYMENT, rule=AllocationRule()),)
    settlement: SettlementTerms = field(default_factory=SettlementTerms)
    prepayment: PrepaymentTerms = field(default_factory=PrepaymentTerms)
    vehicle: VehicleLimits = field(default_factory=VehicleLimits)
    borrower_kinds: tuple[str, ...] = (PERSON,)
    purposes: tuple[str, ...] = ("purchase",)
    documents: tuple[str, ...] = ()
    guarantees: tuple[str, ...] = ("vehicle_mortgage",)
    description: str = ""
    description_english: str = ""
    repricing: Cadence | None = None
    subsidised_purposes: tuple[str, ...] = ()

    @property
    def methods(self) -> tuple[Method, ...]:
        """The repayment methods on offer, the usual one first."""
        return tuple(price.method for price in self.prices)

    def price_of(self, method: Method) -> MethodPrice:
        """The price of a method; KeyError when the product does not offer it."""
        for price in self.prices:
            if price.method == method:
                return price
        raise KeyError(method)

    @property
    def orders(self) -> tuple[AllocationChoice, ...]:
        """The orders of money that is no repayment, as far as it has its own."""
        return tuple(choice for choice in self.allocations if choice.kind is not TransactionKind.REPAYMENT)

    def allocation_for(self, kind: TransactionKind) -> AllocationRule:
        """The order for `kind`; repayments' order when it has none of its own."""
        rules = {choice.kind: choice.rule for choice in self.allocations}
        return rules.get(kind, rules[TransactionKind.REPAYMENT])


# ---- from terms to a contract ---------------------------------------------------------------------------------


def quote_terms(
    terms: ProductTerms, *, amount: Money, periods: int, annual_rate: Decimal, method: Method, start: date,
    first_due: date | None = None, due_day: int | None = None, counted_only: bool = False,
) -> QuoteTerms:
    """The plan to ask finmath for. `counted_only` leaves out fees that do not count in the all-in cost.

    KeyError when the product does not offer `method`.
    """
    price, is_flat = terms.price_of(method), method is Method.FLAT_EQUAL
    balloon = amount.times(price.balloon_rate) if method is Method.BALLOON and price.balloon_rate else None
    return QuoteTerms(
        principal_fen=amount.fen, method=method, start_date=start, periods=periods, first_due_date=first_due,
        due_day=due_day, day_count=terms.day_count, stub=terms.stub, steps=price.steps if method is Method.STEPPED else (),
        annual_rate=None if is_flat else annual_rate, flat_annual_rate=annual_rate if is_flat else None,
        balloon_fen=balloon.fen if balloon else None, fees=fee_terms(terms.fees, amount, counted_only=counted_only),
    )


def loan_terms(
    terms: ProductTerms, *, amount: Money, periods: int, annual_rate: Decimal, start: date, method: Method | None = None,
    first_due: date | None = None, due_day: int | None = None,
) -> ContractTerms:
    """What the contract fixes: the plan and the rules for everything after payout.

    `method` is the product's usual one unless given. A flat rate has no contract rate to multiply for penalties: the
    flat annual rate itself is multiplied.
    """
    chosen = method or terms.methods[0]
    return ContractTerms(
        plan=quote_terms(terms, amount=amount, periods=periods, annual_rate=annual_rate, method=chosen, start=start,
                         first_due=first_due, due_day=due_day),
        penalty=penalty_rule(terms.penalty, annual_rate), allocation=terms.allocation_for(TransactionKind.REPAYMENT),
        settlement=settlement_rule(terms, periods_paid=0),
    )


def penalty_rule(penalty: PenaltyTerms, annual_rate: Decimal, *, is_misuse: bool = False) -> PenaltyRule:
    """The penalty of a loan at `annual_rate`."""
    multiple = penalty.misuse_multiple if is_misuse else penalty.multiple
    return PenaltyRule(
        annual_rate=penalty_rate(annual_rate, multiple), day_count=penalty.day_count, grace_days=penalty.grace_days,
        grace_mode=penalty.grace_mode, base=penalty.base, compounds=penalty.compounds,
    )


def settlement_rule(terms: ProductTerms, *, periods_paid: int) -> SettlementRule:
    """The early-settlement charge after `periods_paid` instalments: nothing once the free months are reached."""
    after = terms.settlement.free_after_periods
    is_free = after is not None and periods_paid >= after
    return SettlementRule(
        fee_rate=Decimal(0) if is_free else terms.settlement.fee_rate, flat_charges=terms.settlement.flat_charges
    )


def fee_terms(fees: Iterable[FeeRule], amount: Money, *, counted_only: bool = False) -> tuple[FeeTerms, ...]:
    """The fees of a loan of `amount` for finmath, those that come to nothing left out."""
    charged = ((fee, fee.on(amount)) for fee in fees if fee.is_counted or not counted_only)
    return tuple(FeeTerms(code=fee.code, amount_fen=sum_.fen, when=fee.when) for fee, sum_ in charged if sum_)


@dataclass(frozen=True, slots=True)
class Corner:
    """One extreme combination that a version allows."""

    method: Method
    amount: Money
    periods: int
    annual_rate: Decimal


def corners(terms: ProductTerms) -> Iterator[Corner]:
    """The combinations among which the dearest lies: highest rate, smallest loan (fixed fees weigh most), and terms
    from the shortest to the longest, since a flat rate costs most somewhere between."""
    middle = range(terms.periods_min - terms.periods_min % 6 + 6, terms.periods_max, 6)
    for price in terms.prices:
        for periods in sorted({terms.periods_min, *middle, terms.periods_max}):
            yield Corner(price.method, terms.amount_min, periods, price.rate_max)


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 of the terms as JSON: two versions that promise the same have the same."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
