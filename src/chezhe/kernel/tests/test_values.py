from datetime import date
from decimal import Decimal

from chezhe.finmath.allocation import PRINCIPAL_FIRST, AllocationRule
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.penalty import GraceMode, PenaltyRule
from chezhe.finmath.settlement import SettlementRule
from chezhe.finmath.terms import FeeTerms, FeeWhen, Method, QuoteTerms, Stub
from chezhe.kernel import values


def test_contract_terms_survive_the_way_through_json() -> None:
    terms = ContractTerms(
        plan=QuoteTerms(
            principal_fen=10_000_000, method=Method.EQUAL_INSTALMENT, start_date=date(2026, 1, 15), annual_rate=Decimal("0.1188"),
            periods=36, stub=Stub(), fees=(FeeTerms(code="gps", amount_fen=80_000, when=FeeWhen.UPFRONT),),
        ),
        penalty=PenaltyRule(annual_rate=Decimal("0.1782"), grace_days=3, grace_mode=GraceMode.RETROACTIVE),
        allocation=AllocationRule(late_order=PRINCIPAL_FIRST, late_after_days=90),
        settlement=SettlementRule(fee_rate=Decimal("0.03")),
    )
    data = values.to_json(terms)
    assert data["plan"]["annual_rate"] == "0.1188"
    assert values.from_json(ContractTerms, data) == terms
