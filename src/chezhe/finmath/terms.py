"""What a quote is asked with and what it answers: frozen values in whole fen, Decimal rates and dates.

Units: a name ending in `_fen` is a whole number of fen (0.01 yuan); a `_rate` is a Decimal fraction with at
most ten decimals (`Decimal("0.12")` is 12 % a year); `periods` are months; a date is a business date.
The fields mirror the public JSON of `chezhe quote`; nothing here parses or formats.
"""

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Method(StrEnum):
    """How a loan is paid back (还款方式)."""

    EQUAL_INSTALMENT = "equal_instalment"  # 等额本息
    EQUAL_PRINCIPAL = "equal_principal"  # 等额本金
    INTEREST_ONLY_BULLET = "interest_only_bullet"  # 先息后本
    BULLET = "bullet"  # 一次性还本付息
    FLAT_EQUAL = "flat_equal"  # 等本等息
    BALLOON = "balloon"  # 气球贷
    STEPPED = "stepped"  # 阶梯还款
    RENT_IN_ADVANCE = "rent_in_advance"  # 先付租金


class DayCount(StrEnum):
    """How the length of an interest period is counted."""

    THIRTY_360 = "30/360"
    ACT_360 = "act/360"
    ACT_365 = "act/365"
    ACT_ACT = "act/act"  # split at 1 January, each day over its own year's length


class StubLevel(StrEnum):
    """Whether an irregular first period changes the level instalment."""

    FULL_PERIODS = "full_periods"  # instalment as if every period were whole; only the first interest differs
    ACTUAL = "actual"  # instalment solved on the actual length of every period


class DepositRefund(StrEnum):
    """When a lessee's deposit (保证金) comes back."""

    LAST_RENT = "last_rent"  # set off against the last line
    END = "end"  # at the end of the last period (one month after the last rent paid in advance)


class FeeWhen(StrEnum):
    """When a fee is collected."""

    UPFRONT = "upfront"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """From line `from_period` (1-based) on, the instalment is the base instalment times `factor`."""

    from_period: int
    factor: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Stub:
    """The rule for an irregular first period (首期).

    `level` None leaves the level instalment to the plan's day count: whole months for 30/360, else actual days.
    `skip_below_days`: when `due_day` would fall sooner than this many days after the start, the first due date
    is a month later. None or 0 never skips; a given `first_due_date` is never moved.
    """

    basis: DayCount = DayCount.ACT_360
    level: StubLevel | None = None
    skip_below_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """Cash the borrower leaves at the start and gets back without interest."""

    amount_fen: int
    refund: DepositRefund = DepositRefund.LAST_RENT


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsidyTerms:
    """A public interest subsidy (贴息) of `rate` a year on the opening balance, capped per calendar year."""

    rate: Decimal
    cap_per_year_fen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTerms:
    """One fee: paid once at the start, or with every month's line."""

    code: str
    amount_fen: int
    when: FeeWhen


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteTerms:
    """Everything a quote needs. `annual_rate` is needed by every method but `flat_equal`; `periods` unless
    `instalment_fen` is given, from which they follow (if both are given, `periods` is the most allowed)."""

    principal_fen: int
    method: Method
    start_date: date
    annual_rate: Decimal | None = None
    periods: int | None = None
    first_due_date: date | None = None
    due_day: int | None = None
    day_count: DayCount = DayCount.THIRTY_360
    instalment_fen: int | None = None
    balloon_fen: int | None = None
    steps: tuple[Step, ...] = ()
    flat_monthly_rate: Decimal | None = None
    flat_annual_rate: Decimal | None = None
    stub: Stub | None = None
    deposit: Deposit | None = None
    subsidy: SubsidyTerms | None = None
    fees: tuple[FeeTerms, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the plan. `total_fen` = principal + interest + fee; `balance_fen` is the principal left after it.
    A flat charge stands in `interest_fen`."""

    period: int
    due_date: date
    principal_fen: int
    interest_fen: int
    fee_fen: int
    total_fen: int
    balance_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums over the rows. `total_fen` is the sum of row totals; up-front fees stand apart in `upfront_fee_fen`;
    `net_advance_fen` = principal − up-front fees − deposit, the cash the borrower can really use."""

    principal_fen: int
    interest_fen: int
    fee_fen: int
    upfront_fee_fen: int
    subsidy_fen: int
    total_fen: int
    net_advance_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Annualised cost as fractions (twelve decimals; print eight), None where no rate or several exist.

    simple = 12 × monthly IRR; compound = (1 + monthly IRR)^12 − 1; xirr is dated, ACT/365 (PBOC notice 2021-3).
    The first four leave fees out; the all-in ones count them on the net cash the borrower receives.
    """

    monthly_irr: Decimal | None
    simple: Decimal | None
    compound: Decimal | None
    xirr: Decimal | None
    all_in_simple: Decimal | None
    all_in_compound: Decimal | None
    all_in_xirr: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The whole answer: the plan's rows, their totals and the annualised rates."""

    rows: tuple[Row, ...]
    totals: Totals
    rates: Rates


class RateNote(StrEnum):
    """Why a rate is missing."""

    NO_RATE = "no_rate"
    SEVERAL_RATES = "several_rates"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateAnswer:
    """The answer of `chezhe rate`: `periodic`, `simple`, `compound` for evenly spaced flows, `xirr` for dated ones."""

    periodic: Decimal | None = None
    simple: Decimal | None = None
    compound: Decimal | None = None
    xirr: Decimal | None = None
    note: RateNote | None = None


@dataclass(eq=False)
class TermsError(ValueError):
    """Terms that cannot be quoted. `code` is stable, `field` the public JSON key (dotted, e.g. `stub.basis`),
    `facts` what a message may name. The door turns these into a sentence; codes are listed in ERROR_CODES."""

    code: str
    field: str
    facts: dict[str, object] = dataclass_field(default_factory=dict)

    def __str__(self) -> str:
        """A plain English sentence for logs and tests."""
        detail = ", ".join(f"{name}={value}" for name, value in self.facts.items())
        return f"{self.field}: {ERROR_CODES.get(self.code, self.code)}" + (f" ({detail})" if detail else "")


ERROR_CODES = {
    "amount_not_positive": "the amount must be more than zero",
    "amount_negative": "the amount must not be negative",
    "amount_too_large": "the amount must be at most {max}",
    "rate_missing": "this repayment method needs a rate",
    "rate_negative": "the rate must not be negative",
    "rate_too_fine": "a rate has at most ten decimals",
    "rate_too_high": "the rate must be below 10 (1000 %)",
    "rate_not_used": "this repayment method does not use this rate",
    "rate_twice": "give the monthly or the annual flat rate, not both",
    "periods_missing": "give the number of months (or, where allowed, the instalment)",
    "periods_out_of_range": "the number of months must be between 1 and {max}",
    "instalment_not_used": "an instalment can be given only for equal_instalment and rent_in_advance",
    "instalment_too_small": "the instalment does not repay the loan in the allowed months",
    "instalment_below_interest": "an instalment would not cover the interest of its period",
    "balloon_missing": "a balloon plan needs the balloon amount",
    "balloon_too_large": "the balloon must be smaller than the principal",
    "not_used": "this repayment method does not use this field",
    "steps_missing": "a stepped plan needs its steps",
    "steps_not_ordered": "steps must begin at period 1 and go strictly upward inside the term",
    "step_factor_not_positive": "a step factor must be more than zero, with at most ten decimals, below 1000",
    "due_day_out_of_range": "the due day must be between 1 and 31",
    "due_day_disagrees": "the first due date does not fall on the due day",
    "first_due_not_after_start": "the first due date must be after the start date",
    "first_due_too_late": "the first due date may be at most {max} days after the start",
    "first_rent_not_at_start": "rent in advance is first due on the start date",
    "date_out_of_range": "dates must lie between 1990 and 2200",
    "skip_out_of_range": "skip_below_days must be between 0 and 31",
    "deposit_too_large": "deposit and up-front fees together must be smaller than the principal",
    "subsidy_over_rate": "the subsidy may not exceed the contract rate",
    "fee_code_twice": "a fee code may appear once",
    "fee_code_missing": "a fee needs a code",
    "prepayment_not_possible": "a plan of this method cannot be changed this way",
    "prepayment_not_below_balance": "a partial prepayment is more than zero and less than the balance",
    "prepayment_not_in_line": "the payment day does not lie in the running line",
    "payoff_not_covered": "the new loan does not cover the old one's settlement figure",
}
