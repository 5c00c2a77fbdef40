"""Products over REST."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router

from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Amount, Day, Fraction, In, Out, Page, Rate, Text, Whole, Yuan, page_of
from chezhe.products import calculator, permissions, queries, wire
from chezhe.products.actions.create_product import create_product
from chezhe.products.actions.discard_version import discard_version
from chezhe.products.actions.draft_version import draft_version
from chezhe.products.actions.edit_version import edit_version
from chezhe.products.actions.publish_version import publish_version
from chezhe.products.actions.retire_version import retire_version
from chezhe.products.actions.return_version import return_version
from chezhe.products.actions.submit_version import submit_version
from chezhe.products.models import Product, ProductVersion

router = Router()


class ProductIn(In):
    code: Text[12]
    name: Text[60]
    english: Text[60]


class ProductOut(Out):
    code: str
    name: str
    english: str
    current_version: str | None


class VersionOut(Out):
    number: str
    product: str
    version: int
    status: str
    effective_from: date
    retired_on: date | None
    content_hash: str
    note: str
    drafted_by: str
    published_by: str
    approval_number: str
    terms: wire.Terms


class VersionIn(In):
    terms: wire.Terms
    effective_from: Day
    note: Text[500] = ""
    based_on: Text[64] = ""


class OpinionIn(In):
    opinion: Text[500] = ""


class RetireIn(In):
    retire_on: Day
    reason: Text[300]


class WishIn(In):
    product: Text[12]
    periods: Whole
    method: Method | None = None
    annual_rate: Rate | None = None


class QuoteIn(In):
    price: Amount
    amount: Amount
    condition: str = "new"
    usage: str = "private"
    energy: str = "conventional"
    plans: list[WishIn]


class LineOut(Out):
    period: int
    due_date: date
    principal: Yuan
    interest: Yuan
    fee: Yuan
    total: Yuan
    balance: Yuan


class PlanOut(Out):
    product: str
    version: str
    method: str
    periods: int
    annual_rate: Fraction
    interest: Yuan
    fees: Yuan
    all_in_simple: Fraction | None
    all_in_compound: Fraction | None
    ltv: Fraction
    ltv_limit: Fraction | None
    is_allowed: bool
    findings: list[str]
    lines: list[LineOut]


@router.get("/products", response=Page[ProductOut], summary="Products with the version in force today")
@needs(permissions.VIEW)
def products(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    current = {version.product_id: version.number for version in queries.on_offer(business_date.current())}
    return page_of(Product.objects.all(), cursor, limit, lambda product: _product(product, current.get(product.pk)), newest_first=False)


@router.post("/products", response={201: ProductOut}, summary="Begin a new product")
@needs(permissions.CREATE_PRODUCT)
def new_product(request: HttpRequest, payload: ProductIn) -> tuple[int, dict[str, Any]]:
    return 201, _product(create_product(**payload.dict(), by=request.actor), None)


@router.get("/products/{code}/current", response=VersionOut, summary="The version in force on a business date")
@needs(permissions.VIEW)
def current(request: HttpRequest, code: str, on: Day | None = None) -> dict[str, Any]:
    return _version(queries.current(code, on or business_date.current()))


@router.post("/products/{code}/versions", response={201: VersionOut}, summary="Draft a new version")
@needs(permissions.EDIT_VERSION)
def draft(request: HttpRequest, code: str) -> tuple[int, dict[str, Any]]:
    return 201, _version(draft_version(product_code=code, business_date=business_date.current(), by=request.actor))


@router.get("/versions", response=Page[VersionOut], summary="Versions of a product, newest first")
@needs(permissions.VIEW)
def versions(request: HttpRequest, product: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    found = queries.product_called(product)
    return page_of(found.versions.select_related("product"), cursor, limit, _version)


@router.get("/versions/{number}", response=VersionOut, summary="One version")
@needs(permissions.VIEW)
def version(request: HttpRequest, number: str) -> dict[str, Any]:
    return _version(queries.version_called(number))


@router.post("/versions/{number}/edit", response=VersionOut, summary="Give a draft other terms")
@needs(permissions.EDIT_VERSION)
def edit(request: HttpRequest, number: str, payload: VersionIn) -> dict[str, Any]:
    return _version(edit_version(
        version_number=number, terms=payload.terms.value(), effective_from=payload.effective_from, note=payload.note,
        based_on=payload.based_on, by=request.actor,
    ))


@router.post("/versions/{number}/submit", response=VersionOut, summary="Submit a draft for publication")
@needs(permissions.EDIT_VERSION)
def submit(request: HttpRequest, number: str) -> dict[str, Any]:
    return _version(submit_version(version_number=number, business_date=business_date.current(), by=request.actor))


@router.post("/versions/{number}/publish", response=VersionOut, summary="Publish a submitted version, as a second person")
@needs(permissions.PUBLISH_VERSION)
def publish(request: HttpRequest, number: str, payload: OpinionIn) -> dict[str, Any]:
    return _version(publish_version(version_number=number, opinion=payload.opinion, by=request.actor))


@router.post("/versions/{number}/return", response=VersionOut, summary="Return a submitted version to its draft")
@needs(permissions.PUBLISH_VERSION)
def send_back(request: HttpRequest, number: str, payload: OpinionIn) -> dict[str, Any]:
    return _version(return_version(version_number=number, opinion=payload.opinion, by=request.actor))


@router.post("/versions/{number}/discard", response=VersionOut, summary="Discard a draft")
@needs(permissions.EDIT_VERSION)
def discard(request: HttpRequest, number: str, payload: OpinionIn) -> dict[str, Any]:
    return _version(discard_version(version_number=number, reason=payload.opinion, by=request.actor))


@router.post("/versions/{number}/retire", response=VersionOut, summary="Retire a published version")
@needs(permissions.RETIRE_VERSION)
def retire(request: HttpRequest, number: str, payload: RetireIn) -> dict[str, Any]:
    return _version(retire_version(
        version_number=number, retire_on=payload.retire_on, reason=payload.reason, business_date=business_date.current(),
        by=request.actor,
    ))


@router.post("/quotes", response=list[PlanOut], summary="Quote up to three plans for a car")
@needs(permissions.CALCULATE)
def quotes(request: HttpRequest, payload: QuoteIn) -> list[dict[str, Any]]:
    situation = calculator.situation(
        price=payload.price, amount=payload.amount, condition=payload.condition, usage=payload.usage, energy=payload.energy,
        on=business_date.current(), plans=len(payload.plans),
    )
    wishes = [calculator.Wish(product_code=w.product, periods=w.periods, method=w.method, annual_rate=w.annual_rate) for w in payload.plans]
    return [_plan(calculator.calculate(wish, situation)) for wish in wishes]


def _product(product: Product, current_version: str | None) -> dict[str, Any]:
    return {"code": product.code, "name": product.name, "english": product.english, "current_version": current_version}


def _version(version: ProductVersion) -> dict[str, Any]:
    return {
        "number": version.number, "product": version.product.code, "version": version.version, "status": version.status,
        "effective_from": version.effective_from, "retired_on": version.retired_on, "content_hash": version.content_hash,
        "note": version.note, "drafted_by": version.drafted_by_name, "published_by": version.published_by_name,
        "approval_number": version.approval_number, "terms": wire.Terms.of(version.terms),
    }


def _plan(plan: calculator.Plan) -> dict[str, Any]:
    sample, rates = plan.sample, plan.sample.priced.rates
    return {
        "product": plan.version.product.code, "version": plan.version.number, "method": sample.method.value,
        "periods": sample.periods, "annual_rate": sample.annual_rate, "interest": Money(sample.charged.totals.interest_fen),
        "fees": sample.fees, "all_in_simple": rates.all_in_simple, "all_in_compound": rates.all_in_compound,
        "ltv": round(plan.ltv, 6).normalize() + 0, "ltv_limit": plan.ltv_limit.value if plan.ltv_limit else None,
        "is_allowed": plan.is_allowed,
        "findings": [sentence for _, sentence in plan.sentences],
        "lines": [
            {"period": row.period, "due_date": row.due_date, "principal": Money(row.principal_fen), "interest": Money(row.interest_fen),
             "fee": Money(row.fee_fen), "total": Money(row.total_fen), "balance": Money(row.balance_fen)}
            for row in sample.charged.rows
        ],
    }
