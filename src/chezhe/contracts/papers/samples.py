"""Three cases that nobody signed: what a template looks like before it is published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from chezhe.contracts.papers.facts import BORROWER, CO_BORROWER, GUARANTOR, Account, Car, Case, Consent, Lender, Party, Surety
from chezhe.finmath.money import Money
from chezhe.finmath.repricing import Cadence, Floating
from chezhe.finmath.terms import Method
from chezhe.products import seeds
from chezhe.products.rules import ProductTerms, loan_terms

_ON = date(2026, 9, 1)
_LENDER = Lender(name="示例小额贷款有限公司", uscc="91310115MA1TEYT17L")
_WANG = Party(role=BORROWER, name="示例甲", paper_number="110101199001010007", phone="13800000000", address="某市某区示例路1号")
_LI = Party(role=GUARANTOR, name="示例乙", paper_number="33010619881212003X", phone="13900000000", address="某市某区示例路2号")
_FIRM = Party(role=BORROWER, name="示例商贸有限公司", paper_number="91330000MATEYXXX0X", phone="13700000000", address="某市某区示例路3号",
              is_person=False)
_CONSENT = Consent(
    kind="sharing", label="向第三方提供", version=1, text="本人单独同意贷款人向本授权列明的接收方提供办理本笔业务所必需的信息。")


def samples() -> tuple[Case, ...]:
    """A person with a guarantor, a company whose rate floats and which pays off an older loan, and two people at a flat rate."""
    person = _case(seeds.used_car(), "0.12", 24, (_WANG, _LI), sureties=(Surety(name=_LI.name, amount=Money(5_000_000)),))
    firm = _case(seeds.working_capital(), "0.096", 12, (_FIRM, _LI), refinances="K25-000001-2", sureties=(Surety(name=_LI.name),))
    floating = Floating(base="LPR1Y", spread_rate=Decimal("0.066"), cadence=Cadence.YEAR_START)
    firm = replace(firm, terms=replace(firm.terms, floating=floating))
    both = (_WANG, replace(_LI, role=CO_BORROWER))
    return person, firm, _case(seeds.new_car(), "0.06", 36, both, method=Method.FLAT_EQUAL)


def _case(product: ProductTerms, rate: str, periods: int, parties: tuple[Party, ...], method: Method | None = None, **more: object) -> Case:
    terms = loan_terms(product, amount=Money(10_000_000), periods=periods, annual_rate=Decimal(rate), start=_ON, method=method)
    owner = parties[0]
    said: dict[str, object] = {
        "number": "K26-000000-0", "made_on": _ON, "lender": _LENDER, "parties": parties,
        "car": Car(title="示例牌 示例型", vin="LFVTEST0030000011", plate="沪A00000", engine_no="E000000", registered_on=date(2024, 5, 6),
                   owner=owner),
        "account": Account(holder=owner.name, bank="示例银行", number="6217000000000000004"), "purpose": "示例用途",
        "product_name": "示例产品", "product_number": "P00-v1", "terms": terms, "product": product, "papers_fee_max": Money(20_000),
        "gps_wired": 1, "gps_wireless": 1,
        "consents": (_CONSENT,), "is_insured": True, **more,
    }
    return Case(**said)  # type: ignore[arg-type]
