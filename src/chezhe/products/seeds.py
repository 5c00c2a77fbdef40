"""The products that a new database can lend at once: P01, P02, P03, P05 and P10, published as shipped data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.finmath.allocation import PRINCIPAL_FIRST, AllocationChoice, AllocationRule, TransactionKind
from chezhe.finmath.money import Money
from chezhe.finmath.penalty import GraceMode
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.repricing import Cadence
from chezhe.finmath.terms import FeeWhen, Method
from chezhe.products.rules import (
    FeeRule,
    MethodPrice,
    PenaltyTerms,
    PrepaymentTerms,
    ProductTerms,
    SettlementTerms,
    VehicleLimits,
)

EFFECTIVE_FROM = date(2018, 1, 1)
BOTH = (PrepaymentMode.REDUCE_INSTALMENT, PrepaymentMode.SHORTEN_TERM)
PERSON_PAPERS = ("id_front", "id_back", "income_proof", "bank_statement", "driving_licence")
CAR_PAPERS = ("registration_certificate", "vehicle_licence", "valuation_report", "insurance_policy")


def _price(method: Method, low: str, usual: str, high: str, balloon: str | None = None) -> MethodPrice:
    return MethodPrice(
        method=method, rate_min=Decimal(low), rate_default=Decimal(usual), rate_max=Decimal(high),
        balloon_rate=Decimal(balloon) if balloon else None,
    )


def _fee(code: str, label: str, english: str, yuan: int, when: FeeWhen = FeeWhen.UPFRONT, payee_name: str = "") -> FeeRule:
    return FeeRule(
        code=code, label=label, english=english, when=when, amount=Money(yuan * 100),
        payee="third_party" if payee_name else "lender", payee_name=payee_name,
    )


AGENCY = _fee("mortgage_agency", "抵押登记代办费", "Mortgage registration agency fee", 200, payee_name="抵押登记代办机构")
VALUATION = _fee("valuation", "车辆评估费", "Valuation fee", 300, payee_name="评估机构")
GPS = _fee("gps_service", "GPS 服务费", "GPS service fee", 20, FeeWhen.MONTHLY, payee_name="GPS 服务商")
ALLOCATIONS = (
    # The order turns to principal once a loan is more than ninety days late: DOMAIN AC-10.
    AllocationChoice(kind=TransactionKind.REPAYMENT, rule=AllocationRule(late_order=PRINCIPAL_FIRST, late_after_days=90)),
    AllocationChoice(kind=TransactionKind.DISPOSAL, rule=AllocationRule()),
)
PENALTY = PenaltyTerms(multiple=Decimal("1.5"), misuse_multiple=Decimal("2"), grace_days=3, grace_mode=GraceMode.RETROACTIVE)
PREPAYMENT = PrepaymentTerms(modes=BOTH, amount_min=Money(500_000))


def new_car() -> ProductTerms:
    """P01 新车分期."""
    return ProductTerms(
        prices=(
            _price(Method.EQUAL_INSTALMENT, "0.048", "0.0888", "0.12"), _price(Method.EQUAL_PRINCIPAL, "0.048", "0.0888", "0.12"),
            _price(Method.FLAT_EQUAL, "0.024", "0.042", "0.06"), _price(Method.BALLOON, "0.06", "0.096", "0.12", "0.3"),
        ),
        periods_min=12, periods_max=60, amount_min=Money(2_000_000), amount_max=Money(80_000_000), ltv_max=Decimal("0.8"),
        penalty=PENALTY, fees=(AGENCY,), allocations=ALLOCATIONS, prepayment=PREPAYMENT,
        settlement=SettlementTerms(fee_rate=Decimal("0.03"), free_after_periods=12),
        vehicle=VehicleLimits(conditions=("new",), usages=("private",)), borrower_kinds=("person",), purposes=("purchase",),
        subsidised_purposes=("purchase",), documents=(*PERSON_PAPERS, "purchase_invoice", "conformity_certificate", "insurance_policy"),
        guarantees=("vehicle_mortgage", "loss_payee_insurance", "certificate_vault"),
        description="购买新车，首付两成起，最长 60 个月，车辆抵押登记后放款给经销商。",
        description_english="For a new car: down payment from 20 %, up to 60 months, paid to the dealer once the mortgage is registered.",
    )


def used_car() -> ProductTerms:
    """P02 二手车按揭."""
    return ProductTerms(
        prices=(_price(Method.EQUAL_INSTALMENT, "0.06", "0.108", "0.15"), _price(Method.EQUAL_PRINCIPAL, "0.06", "0.108", "0.15")),
        periods_min=12, periods_max=36, amount_min=Money(2_000_000), amount_max=Money(50_000_000), ltv_max=Decimal("0.7"),
        penalty=PENALTY, fees=(AGENCY, VALUATION), allocations=ALLOCATIONS, prepayment=PREPAYMENT,
        settlement=SettlementTerms(fee_rate=Decimal("0.03"), free_after_periods=12),
        vehicle=VehicleLimits(conditions=("used",), usages=("private", "commercial"), age_max_months=120, mileage_max_km=150_000),
        borrower_kinds=("person",), purposes=("purchase",), subsidised_purposes=("purchase",),
        documents=(*PERSON_PAPERS, *CAR_PAPERS, "purchase_invoice"),
        guarantees=("vehicle_mortgage", "loss_payee_insurance", "certificate_vault", "gps"),
        description="购买二手车，以成交价与评估价较低者为准，最高七成，最长 36 个月。",
        description_english="For a used car: up to 70 % of the lower of price and valuation, up to 36 months.",
    )


def secured_cash() -> ProductTerms:
    """P03 车抵贷（不押车）."""
    return ProductTerms(
        prices=(
            _price(Method.EQUAL_INSTALMENT, "0.072", "0.12", "0.165"), _price(Method.INTEREST_ONLY_BULLET, "0.072", "0.126", "0.165"),
        ),
        periods_min=6, periods_max=36, amount_min=Money(3_000_000), amount_max=Money(50_000_000), ltv_max=Decimal("0.7"),
        penalty=PENALTY, fees=(VALUATION, GPS), allocations=ALLOCATIONS, prepayment=PREPAYMENT,
        settlement=SettlementTerms(fee_rate=Decimal("0.02"), free_after_periods=6),
        vehicle=VehicleLimits(conditions=("used",), usages=("private", "commercial"), age_max_months=120, mileage_max_km=150_000),
        borrower_kinds=("person",), purposes=("consumption", "business"), subsidised_purposes=("consumption",),
        documents=(*PERSON_PAPERS, *CAR_PAPERS, "violation_check"),
        guarantees=("vehicle_mortgage", "gps", "certificate_vault", "loss_payee_insurance"),
        description="以自有车辆抵押借款，车辆照常使用，最高估值七成，6 至 36 个月。",
        description_english="A loan on your own car while you keep driving it: up to 70 % of its valuation, 6 to 36 months.",
    )


def working_capital() -> ProductTerms:
    """P05 企业流动资金."""
    return ProductTerms(
        prices=(
            _price(Method.INTEREST_ONLY_BULLET, "0.06", "0.096", "0.15"), _price(Method.EQUAL_INSTALMENT, "0.06", "0.096", "0.15"),
            _price(Method.BULLET, "0.06", "0.096", "0.15"),
        ),
        periods_min=3, periods_max=36, amount_min=Money(10_000_000), amount_max=Money(500_000_000), ltv_max=Decimal("0.7"),
        penalty=replace(PENALTY, follows_rate=True), repricing=Cadence.YEAR_START,
        fees=(_fee("valuation", "车辆评估费", "Valuation fee", 500, payee_name="评估机构"),), allocations=ALLOCATIONS,
        prepayment=PREPAYMENT, settlement=SettlementTerms(fee_rate=Decimal("0.01"), free_after_periods=3),
        vehicle=VehicleLimits(conditions=("new", "used"), usages=("private", "commercial"), age_max_months=120, mileage_max_km=300_000),
        borrower_kinds=("company",), purposes=("working_capital",),
        documents=("business_licence", "legal_representative_id", "controller_id", "financial_statements", "bank_statement_company",
                   "resolution", "registration_certificate", "vehicle_licence", "valuation_report"),
        guarantees=("vehicle_mortgage", "gps", "controller_guarantee", "loss_payee_insurance"),
        description="企业以自有车辆抵押、实际控制人保证，补充流动资金，3 至 36 个月。",
        description_english="Working capital for a company, secured on its vehicles and guaranteed by its controller, 3 to 36 months.",
    )


def sole_trader() -> ProductTerms:
    """P10 个体工商户经营贷."""
    return ProductTerms(
        prices=(
            _price(Method.EQUAL_INSTALMENT, "0.066", "0.108", "0.15"), _price(Method.INTEREST_ONLY_BULLET, "0.066", "0.114", "0.15"),
        ),
        periods_min=6, periods_max=36, amount_min=Money(3_000_000), amount_max=Money(100_000_000), ltv_max=Decimal("0.7"),
        penalty=PENALTY, fees=(VALUATION, GPS), allocations=ALLOCATIONS, prepayment=PREPAYMENT,
        settlement=SettlementTerms(fee_rate=Decimal("0.01"), free_after_periods=6),
        vehicle=VehicleLimits(conditions=("used",), usages=("private", "commercial"), age_max_months=120, mileage_max_km=200_000),
        borrower_kinds=("sole_trader",), purposes=("business",),
        # Whoever works for himself has no employer's certificate: the statement shows what the trade takes in.
        documents=("id_front", "id_back", "business_licence", "bank_statement", *CAR_PAPERS),
        guarantees=("vehicle_mortgage", "gps", "certificate_vault", "loss_payee_insurance"),
        description="个体工商户以经营者的车辆抵押，用于经营周转，最高估值七成，6 至 36 个月。",
        description_english="For a sole trader's business, secured on his own car: up to 70 % of its valuation, 6 to 36 months.",
    )


def shipped() -> Iterator[tuple[str, str, str, ProductTerms]]:
    """(code, name, English name, terms) of each shipped product."""
    yield "P01", "新车分期", "New car instalment", new_car()
    yield "P02", "二手车按揭", "Used car loan", used_car()
    yield "P03", "车抵贷（不押车）", "Car-secured loan", secured_cash()
    yield "P05", "企业流动资金（车辆抵押）", "Vehicle-secured working capital", working_capital()
    yield "P10", "个体工商户经营贷（车辆抵押）", "Vehicle-secured sole trader loan", sole_trader()


def seed_products(**_named: Any) -> None:
    """Add the shipped products that are missing, each with its first version published; what exists stays as it is."""
    from chezhe.kernel import clock, moves
    from chezhe.kernel.actor import SYSTEM
    from chezhe.products.models import Product, ProductVersion

    known = set(Product.objects.values_list("code", flat=True))
    for code, name, english, terms in shipped():
        if code in known:
            continue
        product = Product.objects.create(code=code, name=name, english=english)
        version = ProductVersion(
            product=product, version=1, number=f"{code}-v1", status="published", effective_from=EFFECTIVE_FROM,
            drafted_by_name=SYSTEM.name, drafted_at=clock.now(), published_by_name=SYSTEM.name, published_at=clock.now(),
            is_shipped=True,
        )
        version.write(terms)
        version.save()
        moves.record(version.subject, "publish_version", "", "published", by=SYSTEM)
