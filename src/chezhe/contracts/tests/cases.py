"""A case for the papers, without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.contracts.papers.facts import BORROWER, Account, Car, Case, Lender, Party
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.products import seeds
from chezhe.products.rules import ProductTerms, loan_terms

HUNDRED_THOUSAND = Money(10_000_000)


def party(**changes: Any) -> Party:
    said = {"role": BORROWER, "name": "张小三", "paper_number": "110101199001010007", "phone": "13800000000",
            "address": "杭州市西湖区文三路1号", **changes}
    return Party(**said)


def case(
    *, amount: Money = HUNDRED_THOUSAND, periods: int = 36, rate: str = "0.0888", method: Method | None = None,
    product: ProductTerms | None = None, borrower: Party | None = None, **changes: Any,
) -> Case:
    product = product or seeds.new_car()
    who = borrower or party()
    terms = loan_terms(product, amount=amount, periods=periods, annual_rate=Decimal(rate), start=date(2026, 3, 16), method=method)
    said = {
        "number": "K26-000001-5", "made_on": date(2026, 3, 16), "lender": Lender(name="车辙小额贷款有限公司", uscc="91330000MATEYXXX0X"),
        "parties": (who,),
        "car": Car(title="大众 帕萨特", vin="LFVTEST0030000011", plate="浙A12345", engine_no="E123", registered_on=date(2024, 5, 6), owner=who),
        "account": Account(holder=who.name, bank="某银行杭州分行", number="6217000000000000004"), "purpose": "购车",
        "product_name": "新车分期", "product_number": "P01-v1", "terms": terms, "product": product, **changes,
    }
    return Case(**said)
