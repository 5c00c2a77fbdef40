"""Customers over the API. Everything is masked; a whole value is asked for one by one, with a reason."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from chezhe.customers import permissions, queries
from chezhe.customers.actions.add_bank_account import add_bank_account
from chezhe.customers.actions.close_bank_account import close_bank_account
from chezhe.customers.actions.create_company import create_company
from chezhe.customers.actions.create_person import create_person
from chezhe.customers.actions.edit_customer import edit_customer
from chezhe.customers.actions.end_relation import end_relation
from chezhe.customers.actions.pass_on_customer import pass_on_customer
from chezhe.customers.actions.record_trade import record_trade
from chezhe.customers.actions.relate_customers import relate_customers
from chezhe.customers.actions.reveal_field import reveal_field
from chezhe.customers.models import BankAccount, Customer, Relation, Trade
from chezhe.customers.values import CompanyFacts, PersonFacts, TradeFacts
from chezhe.kernel import business_date, rest
from chezhe.kernel.doors import needs
from chezhe.kernel.editing import change_of
from chezhe.kernel.errors import NotFound

router = Router()
Marital = Literal["unknown", "single", "married", "divorced", "widowed"]
Language = Literal["zh-hans", "en"]
RelationKind = Literal["spouse", "guarantor", "controller", "owner", "legal_representative", "relative", "partner"]


class PersonIn(rest.In):
    name: rest.Text[100]
    id_number: rest.Text[40]
    mobile: rest.Text[40]
    address: rest.Text[200] = ""
    marital_status: Marital = "unknown"
    employer: rest.Text[100] = ""
    monthly_income: rest.Amount | None = None
    branch_code: rest.Text[20] = ""


class CompanyIn(rest.In):
    name: rest.Text[100]
    uscc: rest.Text[40]
    legal_representative: rest.Text[20]
    mobile: rest.Text[40]
    actual_controller: rest.Text[20] = ""
    registered_capital: rest.Amount | None = None
    established_on: rest.Day | None = None
    industry: rest.Text[60] = ""
    address: rest.Text[200] = ""
    branch_code: rest.Text[20] = ""


class EditIn(rest.In):
    """Only what is sent is changed; `version` is the one that was read."""

    version: rest.Whole
    reason: rest.Text[200]
    name: rest.Text[100] | None = None
    id_number: rest.Text[40] | None = None
    mobile: rest.Text[40] | None = None
    address: rest.Text[200] | None = None
    marital_status: Marital | None = None
    employer: rest.Text[100] | None = None
    monthly_income: rest.Amount | None = None
    uscc: rest.Text[40] | None = None
    legal_representative: rest.Text[20] | None = None
    actual_controller: rest.Text[20] | None = None
    registered_capital: rest.Amount | None = None
    established_on: rest.Day | None = None
    industry: rest.Text[60] | None = None
    language: Language = "zh-hans"


class TradeIn(rest.In):
    """The trade of a sole trader, whole; `version` is the customer's that was read."""

    version: rest.Whole
    reason: rest.Text[200] = ""
    uscc: rest.Text[40]
    registered_on: rest.Day
    name: rest.Text[100] = ""
    premises: rest.Text[200] = ""
    scope: rest.Text[400] = ""
    industry: rest.Text[60] = ""
    status: Literal["active", "suspended", "revoked", "cancelled"] = "active"


class AccountIn(rest.In):
    kind: Literal["card", "corporate"] = "card"
    card_number: rest.Text[40]
    bank_name: rest.Text[60]
    holder_name: rest.Text[100] = ""
    is_main: rest.Flag = True


class RelationIn(rest.In):
    other_number: rest.Text[40]
    kind: RelationKind
    share_rate: rest.Rate | None = None


class ReasonIn(rest.In):
    reason: rest.Text[200]


class PassOnIn(rest.In):
    owner_username: rest.Text[60]
    reason: rest.Text[200]


class RevealIn(rest.In):
    """`item` is the id of an account or a mobile where there are several."""

    reason: rest.Text[200]
    item: rest.Whole | None = None


class AccountOut(rest.Out):
    id: int
    kind: str
    card_number: str
    bank_name: str
    holder_name: str
    is_main: bool


class RelationOut(rest.Out):
    id: int
    kind: str
    other_number: str
    share_rate: rest.Fraction | None


class CustomerOut(rest.Out):
    """Names and numbers are masked."""

    number: str
    kind: str
    name: str
    id_number: str
    mobile: str
    address: str
    sex: str
    marital_status: str
    language: str
    established_on: date | None
    branch: str
    owner: str
    source: str
    version: int
    created_at: datetime
    changed_at: datetime


class CustomerPage(rest.Out):
    items: list[CustomerOut]
    next_cursor: str | None = None


class TradeOut(rest.Out):
    """The premises are masked: they are often the home."""

    name: str
    uscc: str
    registered_on: date
    premises: str
    scope: str
    industry: str
    status: str
    version: int


class HitOut(rest.Out):
    kind: str
    number: str
    title: str
    detail: str
    url: str


class SearchIn(rest.In):
    text: rest.Text[80]


class ValueOut(rest.Out):
    value: str


class ChangeOut(rest.Out):
    at: datetime
    who: str
    version: int
    label: str
    before: str
    after: str


def _shape(customer: Customer) -> dict[str, Any]:
    return {
        "number": customer.number, "kind": customer.kind, "name": customer.masked_name, "id_number": customer.masked_id_number,
        "mobile": customer.masked_mobile, "address": customer.masked_address, "sex": customer.sex,
        "marital_status": customer.marital_status, "language": customer.language, "established_on": customer.established_on,
        "branch": customer.branch.name,
        "owner": customer.owner.name, "source": customer.source, "version": customer.version,
        "created_at": customer.created_at, "changed_at": customer.changed_at,
    }


def _trade(trade: Trade) -> dict[str, Any]:
    same = ("name", "uscc", "registered_on", "scope", "industry", "status")
    return {"premises": trade.masked_premises, "version": trade.customer.version, **{name: getattr(trade, name) for name in same}}


def _account(account: BankAccount) -> dict[str, Any]:
    return {
        "id": account.pk, "kind": account.kind, "card_number": account.masked, "bank_name": account.bank_name,
        "holder_name": account.masked_holder, "is_main": account.is_main,
    }


def _relation(relation: Relation) -> dict[str, Any]:
    return {"id": relation.pk, "kind": relation.kind, "other_number": relation.other.number, "share_rate": relation.share_rate}


@router.get("", response=CustomerPage, summary="Customers in reach, newest first")
@needs(permissions.VIEW)
def customers(request: HttpRequest, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    rows = Customer.objects.visible_to(request.actor).select_related("branch", "owner").prefetch_related("mobiles")
    return rest.page_of(rows, cursor, limit, _shape)


@router.post("/search", response=list[HitOut], summary="Find customers by name, pinyin, ID number, mobile or tail")
@needs(permissions.VIEW)
def search(request: HttpRequest, payload: SearchIn) -> list[dict[str, Any]]:
    return [
        {"kind": h.kind, "number": h.number, "title": h.title, "detail": str(h.detail), "url": h.url}
        for h in queries.search(request.actor, payload.text)
    ]


@router.post("/persons", response={201: CustomerOut}, summary="Open the file of a person")
@needs(permissions.CREATE)
def add_person(request: HttpRequest, payload: PersonIn) -> tuple[int, dict[str, Any]]:
    given = dict(payload)
    branch_code, on = given.pop("branch_code"), business_date.current()
    return 201, _shape(create_person(facts=PersonFacts(**given), branch_code=branch_code, business_date=on, by=request.actor))


@router.post("/companies", response={201: CustomerOut}, summary="Open the file of a company")
@needs(permissions.CREATE)
def add_company(request: HttpRequest, payload: CompanyIn) -> tuple[int, dict[str, Any]]:
    given = dict(payload)
    branch_code, on = given.pop("branch_code"), business_date.current()
    return 201, _shape(create_company(facts=CompanyFacts(**given), branch_code=branch_code, business_date=on, by=request.actor))


@router.get("/{number}", response=CustomerOut, summary="One customer")
@needs(permissions.VIEW)
def customer(request: HttpRequest, number: str) -> dict[str, Any]:
    return _shape(Customer.objects.visible_to(request.actor).select_related("branch", "owner").fetch(number))


@router.patch("/{number}", response=CustomerOut, summary="Correct a customer's file")
@needs(permissions.EDIT)
def edit(request: HttpRequest, number: str, payload: EditIn) -> dict[str, Any]:
    changes = {name: getattr(payload, name) for name in payload.model_fields_set - {"version", "reason"}}
    return _shape(edit_customer(
        customer_number=number, version=payload.version, changes=changes, reason=payload.reason,
        business_date=business_date.current(), by=request.actor,
    ))


@router.post("/{number}/pass-on", response=CustomerOut, summary="Give the customer to another colleague of the branch")
@needs(permissions.PASS_ON)
def pass_on(request: HttpRequest, number: str, payload: PassOnIn) -> dict[str, Any]:
    return _shape(pass_on_customer(
        customer_number=number, owner_username=payload.owner_username, reason=payload.reason, business_date=business_date.current(),
        by=request.actor,
    ))


@router.post("/{number}/fields/{field}/reveal", response=ValueOut, summary="One value in full, for a reason; audited")
@needs(permissions.REVEAL)
def reveal(request: HttpRequest, number: str, field: str, payload: RevealIn) -> dict[str, Any]:
    """A POST, because addresses end up in logs, and reasons name people."""
    rest.keep_no_answer(request)
    shown = reveal_field(customer_number=number, field_code=field, item=payload.item, reason=payload.reason, by=request.actor)
    return {"value": shown.value}


@router.get("/{number}/history", response=rest.Page[ChangeOut], summary="What was corrected, masked")
@needs(permissions.VIEW)
def history(request: HttpRequest, number: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    row = Customer.objects.visible_to(request.actor).fetch(number)
    return rest.page_of_list(queries.history(row), cursor, limit, change_of)


@router.get("/{number}/trade", response=TradeOut, summary="The trade of a sole trader")
@needs(permissions.VIEW)
def trade(request: HttpRequest, number: str) -> dict[str, Any]:
    found = Customer.objects.visible_to(request.actor).select_related("trade").fetch(number).own_trade
    if found is None:
        raise NotFound(what=number)
    return _trade(found)


@router.put("/{number}/trade", response=TradeOut, summary="Record or correct the trade of a sole trader")
@needs(permissions.EDIT)
def keep_trade(request: HttpRequest, number: str, payload: TradeIn) -> dict[str, Any]:
    given = dict(payload)
    version, reason = given.pop("version"), given.pop("reason")
    return _trade(record_trade(
        customer_number=number, version=version, facts=TradeFacts(**given), reason=reason, business_date=business_date.current(),
        by=request.actor,
    ))


@router.get("/{number}/accounts", response=rest.Page[AccountOut], summary="Open bank accounts")
@needs(permissions.VIEW)
def accounts(request: HttpRequest, number: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    row = Customer.objects.visible_to(request.actor).fetch(number)
    return rest.page_of(row.accounts.filter(closed_at__isnull=True), cursor, limit, _account)


@router.post("/{number}/accounts", response={201: AccountOut}, summary="Register a bank account")
@needs(permissions.ADD_ACCOUNT)
def add_account(request: HttpRequest, number: str, payload: AccountIn) -> tuple[int, dict[str, Any]]:
    added = add_bank_account(
        customer_number=number, kind=payload.kind, account=payload.card_number, bank_name=payload.bank_name,
        holder_name=payload.holder_name, is_main=payload.is_main, by=request.actor,
    )
    return 201, _account(added)


@router.post("/{number}/accounts/{account}/close", response=AccountOut, summary="Stop using an account")
@needs(permissions.ADD_ACCOUNT)
def close_account(request: HttpRequest, number: str, account: int, payload: ReasonIn) -> dict[str, Any]:
    return _account(close_bank_account(customer_number=number, account=account, reason=payload.reason, by=request.actor))


@router.get("/{number}/relations", response=rest.Page[RelationOut], summary="Relations this customer's file holds")
@needs(permissions.VIEW)
def relations(request: HttpRequest, number: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    row = Customer.objects.visible_to(request.actor).fetch(number)
    return rest.page_of(row.relations.filter(ended_at__isnull=True).select_related("other"), cursor, limit, _relation)


@router.post("/{number}/relations", response={201: RelationOut}, summary="Register a relation")
@needs(permissions.RELATE)
def relate(request: HttpRequest, number: str, payload: RelationIn) -> tuple[int, dict[str, Any]]:
    added = relate_customers(
        customer_number=number, other_number=payload.other_number, kind=payload.kind, share_rate=payload.share_rate, by=request.actor
    )
    return 201, _relation(added)


@router.post("/{number}/relations/{relation}/end", response=RelationOut, summary="End a relation")
@needs(permissions.RELATE)
def unrelate(request: HttpRequest, number: str, relation: int, payload: ReasonIn) -> dict[str, Any]:
    return _relation(end_relation(customer_number=number, relation=relation, reason=payload.reason, by=request.actor))
