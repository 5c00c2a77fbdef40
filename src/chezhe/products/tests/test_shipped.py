"""What a fresh database can lend at once."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from chezhe.compliance.seeds import lender, parameters
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.kernel.models import StatusMove
from chezhe.products import judging, queries, rules, seeds, steps
from chezhe.products.models import Product, ProductVersion

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 20)


@pytest.fixture(autouse=True)
def licensed() -> None:
    parameters.sow()
    lender.sow_lender()


def test_five_products_are_on_offer_and_seeding_again_changes_nothing() -> None:
    seeds.seed_products()
    assert [version.number for version in queries.on_offer(DAY)] == ["P01-v1", "P02-v1", "P03-v1", "P05-v1", "P10-v1"]
    assert {v.published_by_name for v in ProductVersion.objects.all()} == {"系统"}
    assert StatusMove.objects.filter(subject="product_version:P01-v1", status_to="published").count() == 1
    assert [v.product.code for v in queries.on_offer(DAY, borrower_kinds=["company"])] == ["P05"]
    assert [v.product.code for v in queries.on_offer(DAY, borrower_kinds=["person", "sole_trader"])] == ["P01", "P02", "P03", "P10"]
    assert [v.product.code for v in queries.on_offer(DAY, purpose="purchase")] == ["P01", "P02"]


@pytest.mark.parametrize("code", ["P01", "P02", "P03", "P05", "P10"])
def test_a_shipped_version_is_complete_and_its_dearest_loan_is_within_the_caps(code: str) -> None:
    terms = queries.current(code, DAY).terms
    assert judging.problems(terms) == []
    worst = steps.worst_corner(terms, DAY)
    assert not any(finding.is_block for finding in steps.require_within_caps(code, terms, worst, DAY))
    assert worst[1].rates.all_in_simple < Decimal("0.24")


def test_the_terms_survive_their_json() -> None:
    for code, _, _, terms in seeds.shipped():
        assert ProductVersion.objects.get(product__code=code).terms == terms


def test_a_version_makes_a_contract_of_an_amount_and_a_term() -> None:
    contract = rules.loan_terms(
        seeds.new_car(), amount=Money(10_000_000), periods=36, annual_rate=Decimal("0.12"), start=date(2026, 1, 15)
    )
    assert contract.plan.method is Method.EQUAL_INSTALMENT
    assert contract.penalty.annual_rate == Decimal("0.18") and contract.settlement.fee_rate == Decimal("0.03")
    priced = steps.quoted(seeds.new_car(), amount=Money(10_000_000), periods=36, annual_rate=Decimal("0.12"),
                          method=Method.EQUAL_INSTALMENT, start=date(2026, 1, 15))
    assert (priced.rows[0].total_fen, priced.rows[-1].total_fen, priced.totals.upfront_fee_fen) == (332143, 332146, 20000)


def test_early_settlement_is_free_after_the_promised_months() -> None:
    terms = seeds.new_car()
    assert rules.settlement_rule(terms, periods_paid=11).fee_rate == Decimal("0.03")
    assert rules.settlement_rule(terms, periods_paid=12).fee_rate == 0


def test_a_product_that_is_unknown_or_has_not_begun_is_not_on_offer() -> None:
    with pytest.raises(queries.NotFound):
        queries.current("P99", DAY)
    with pytest.raises(queries.NotOnOffer):
        queries.current("P01", date(2017, 12, 31))


@pytest.mark.parametrize("sql", [
    "UPDATE products_productversion SET content = '{}'", "UPDATE products_productversion SET effective_from = '2020-01-01'",
    "UPDATE products_productversion SET status = 'draft'", "DELETE FROM products_productversion", "TRUNCATE products_productversion CASCADE",
])
def test_a_published_version_cannot_be_changed(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    version = ProductVersion.objects.get(number="P01-v1")
    version.write(seeds.used_car())
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        version.save()
    assert Product.objects.count() == 5
