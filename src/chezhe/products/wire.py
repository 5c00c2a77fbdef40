"""A product's terms on the wire: the fields of `rules.ProductTerms`, money as yuan text, rates as fraction text."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from chezhe.finmath.allocation import AllocationMode, Item, TransactionKind
from chezhe.finmath.penalty import GraceMode, PenaltyBase
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.repricing import Cadence
from chezhe.finmath.settlement import FlatCharges
from chezhe.finmath.terms import DayCount, FeeWhen, Method, StubLevel
from chezhe.kernel import values
from chezhe.kernel.errors import Invalid
from chezhe.kernel.rest import Amount, Flag, In, Rate, Whole
from chezhe.products.rules import ProductTerms


class StepPart(In):
    from_period: Whole
    factor: Rate


class PricePart(In):
    method: Method
    rate_min: Rate
    rate_max: Rate
    rate_default: Rate
    balloon_rate: Rate | None = None
    steps: list[StepPart] = []


class FeePart(In):
    code: str
    label: str
    english: str
    when: FeeWhen
    amount: Amount | None = None
    rate: Rate | None = None
    payee: str = "lender"
    payee_name: str = ""
    is_counted: Flag = True
    is_refundable: Flag = False


class OrderPart(In):
    order: list[Item]
    mode: AllocationMode = AllocationMode.BY_INSTALMENT
    late_order: list[Item] | None = None
    late_after_days: Whole | None = None


class AllocationPart(In):
    kind: TransactionKind
    rule: OrderPart


class PenaltyPart(In):
    multiple: Rate
    misuse_multiple: Rate
    base: PenaltyBase = PenaltyBase.PRINCIPAL
    compounds: Flag = True
    grace_days: Whole = 0
    grace_mode: GraceMode = GraceMode.NONE
    day_count: DayCount = DayCount.ACT_360
    follows_rate: Flag = False


class StubPart(In):
    basis: DayCount = DayCount.ACT_360
    level: StubLevel = StubLevel.FULL_PERIODS
    skip_below_days: Whole | None = None


class SettlementPart(In):
    fee_rate: Rate
    free_after_periods: Whole | None = None
    flat_charges: FlatCharges = FlatCharges.WAIVE


class PrepaymentPart(In):
    modes: list[PrepaymentMode] = []
    amount_min: Amount


class VehiclePart(In):
    conditions: list[str]
    usages: list[str]
    energies: list[str]
    age_max_months: Whole | None = None
    mileage_max_km: Whole | None = None


class Terms(In):
    """The terms of a version."""

    prices: list[PricePart]
    periods_min: Whole
    periods_max: Whole
    amount_min: Amount
    amount_max: Amount
    ltv_max: Rate
    penalty: PenaltyPart
    day_count: DayCount = DayCount.THIRTY_360
    stub: StubPart = StubPart()
    fees: list[FeePart] = []
    allocations: list[AllocationPart]
    settlement: SettlementPart
    prepayment: PrepaymentPart
    vehicle: VehiclePart
    borrower_kinds: list[str]
    purposes: list[str]
    documents: list[str] = []
    guarantees: list[str] = []
    description: str = ""
    description_english: str = ""
    repricing: Cadence | None = None
    subsidised_purposes: list[str] = []

    @classmethod
    def of(cls, terms: ProductTerms) -> "Terms":
        """The wire form of a pure value."""
        return cls.model_validate(terms, from_attributes=True)

    def value(self) -> ProductTerms:
        """The pure value. Raises Invalid (422) for an allocation order that does not name every item once."""
        try:
            return values.from_json(ProductTerms, _plain(self))
        except ValidationError as failure:
            place = ".".join(str(part) for part in failure.errors()[0]["loc"])
            raise Invalid(field=f"terms.{place}", code="terms_invalid", sentence=_("条款有误，请核对此项。")) from None


def _plain(value: Any) -> Any:
    """The parts as dictionaries, amounts and rates as the values they already are (a dump would turn them to text)."""
    if isinstance(value, In):
        return {name: _plain(getattr(value, name)) for name in type(value).model_fields}
    return [_plain(part) for part in value] if isinstance(value, list) else value
