"""Writing customers: shared by this room's actions and by rooms above (a lead that converts, the simulation)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chezhe.customers import errors, queries, rules, search_keys
from chezhe.customers.models import PREFIX, BankAccount, Customer, CustomerChange, CustomerMobile, Trade
from chezhe.customers.rules import Fault
from chezhe.customers.values import CompanyFacts, PersonFacts
from chezhe.identifiers import bank_card, id_card, names, phone, uscc
from chezhe.kernel import clock, crypto, events, locks, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.editing import text_of
from chezhe.kernel.errors import Invalid, NotFound
from chezhe.staff.models import Branch, User
from chezhe.ui.fields import refuse


def create_person(
    facts: PersonFacts, *, branch_id: int | None, owner_id: int | None, on: date, by: Actor, source: str = ""
) -> Customer:
    """A new person. Raises Invalid (422) with the field, CustomerExists or CustomerExistsElsewhere (409)."""
    facts = tidy_person(facts)
    refuse(rules.person_faults(facts, on))
    card = id_card.judge(facts.id_number, on)
    customer = Customer(
        kind="person", name=facts.name, id_number=card.number, id_number_tail=card.number[-4:], sex=card.sex,
        birth_date=card.birth_date, address=facts.address, marital_status=facts.marital_status,
        employer=facts.employer, monthly_income=facts.monthly_income, language=facts.language, source=source,
    )
    return _file(customer, facts.mobile, branch_id=branch_id, owner_id=owner_id, on=on, by=by)


def create_company(
    facts: CompanyFacts, *, branch_id: int | None, owner_id: int | None, on: date, by: Actor, source: str = ""
) -> Customer:
    """A new company. Raises Invalid (422) with the field, CustomerExists or CustomerExistsElsewhere (409)."""
    facts = tidy_company(facts)
    refuse(rules.company_faults(facts, on))
    customer = Customer(
        kind="company", name=facts.name, uscc=facts.uscc, legal_representative=facts.legal_representative,
        actual_controller=facts.actual_controller, registered_capital=facts.registered_capital,
        established_on=facts.established_on, industry=facts.industry, address=facts.address,
        language=facts.language, source=source,
    )
    return _file(customer, facts.mobile, branch_id=branch_id, owner_id=owner_id, on=on, by=by)


def branch_of(by: Actor, branch_code: str) -> int:
    """The branch that new business belongs to: the actor's own, or for colleagues of the head office the one they name.

    Raises Invalid (422) beside `branch_code` when there is none.
    """
    if by.branch_id is not None and not branch_code:
        return by.branch_id
    branch = Branch.objects.visible_to(by).filter(code=branch_code, is_open=True).first() if branch_code else None
    if branch is None:
        raise Invalid(field="branch_code", code="no_branch", sentence=_("请选择您数据范围内正在营业的门店。"))
    return int(branch.pk)


def tidy_person(facts: PersonFacts) -> PersonFacts:
    """As people paste it becomes as papers print it: half-width, no blanks, X upper case."""
    return replace(
        facts, name=names.normalise_person(facts.name), id_number=id_card.normalise(facts.id_number),
        mobile=phone.normalise(facts.mobile),
    )


def tidy_company(facts: CompanyFacts) -> CompanyFacts:
    """The same for a company."""
    return replace(
        facts, name=names.normalise_company(facts.name), uscc=uscc.normalise(facts.uscc), mobile=phone.normalise(facts.mobile),
        legal_representative=names.normalise_person(facts.legal_representative),
        actual_controller=names.normalise_person(facts.actual_controller),
    )


def _file(customer: Customer, mobile: str, *, branch_id: int | None, owner_id: int | None, on: date, by: Actor) -> Customer:
    if branch_id is None or owner_id is None:
        raise Invalid(code="no_branch", sentence=_("建档须有所属门店和客户经理。"))
    customer.number = numbers.next_number(PREFIX, on)
    customer.branch_id, customer.owner_id, customer.created_at = branch_id, owner_id, clock.now()
    index_name(customer)
    customer.stamp(by)
    save_once(customer, by)
    add_mobile(customer, mobile, purpose="own" if customer.is_person else "work", is_main=True)
    events.publish("customer.created", customer.subject, {"kind": customer.kind})
    return customer


def index_name(customer: Customer) -> None:
    """Fill the search keys from the name; the caller saves."""
    customer.pinyin = search_keys.pinyin(customer.name, is_person=customer.is_person)
    customer.initials = search_keys.initials(customer.name, is_person=customer.is_person)
    trade = customer.own_trade
    customer.grams = search_keys.grams(customer.name, trade.name if trade else "")


def save_once(customer: Customer, by: Actor) -> None:
    """Save; the database's unique index decides when two clerks enter one person at the same moment. Raises CustomerExists or
    CustomerExistsElsewhere (409), or TradeExists (409) where the code of a company is a sole trader's."""
    if not customer.is_person:
        hold_code(customer.uscc)
        if Trade.objects.filter(uscc=customer.uscc).exists():
            raise errors.TradeExists()
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError:
        twin = twin_of(customer)
        if twin is None:
            raise
        raise _exists(twin, customer, by) from None


def hold_code(code: str) -> None:
    """Wait for whoever else is filing this unified code: of a company and a sole trader with one code the second is refused."""
    locks.hold(f"uscc:{code}")


def twin_of(customer: Customer) -> Customer | None:
    """Another customer identified by the same paper."""
    same = Customer.objects.exclude(pk=customer.pk)
    if customer.is_person:
        return same.filter(id_number_hash=crypto.blind_index(customer.id_number, kind="id_number")).first()
    return same.filter(uscc=customer.uscc).first()


def _exists(twin: Customer, asked: Customer, by: Actor) -> errors.CustomerExists | errors.CustomerExistsElsewhere:
    field = "id_number" if asked.is_person else "uscc"
    if Customer.objects.visible_to(by).filter(pk=twin.pk).exists():
        refusal: errors.CustomerExists | errors.CustomerExistsElsewhere = errors.CustomerExists(
            number=twin.number, name=twin.masked_name
        )
    else:
        refusal = errors.CustomerExistsElsewhere()
    refusal.field = field
    return refusal


def add_mobile(customer: Customer, mobile: str, *, purpose: str, is_main: bool) -> CustomerMobile:
    """Add a mobile number; as the main one it takes the place of the former. Raises Invalid (422) or MobileTwice (409)."""
    number = phone.normalise(mobile)
    refuse([Fault("mobile", finding) for finding in phone.judge(number).errors])
    if is_main:
        customer.mobiles.filter(is_main=True).update(is_main=False)
    row = CustomerMobile(
        customer=customer, mobile=number, tail=number[-4:], purpose=purpose, is_main=is_main, added_at=clock.now()
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise errors.MobileTwice() from None
    return row


def set_main_mobile(customer: Customer, mobile: str) -> None:
    """Make this number the main one, whether or not it is known already."""
    number = phone.normalise(mobile)
    known = next((m for m in customer.mobiles.all() if m.mobile == number), None)
    if known is None:
        add_mobile(customer, number, purpose="own" if customer.is_person else "work", is_main=True)
        return
    customer.mobiles.filter(is_main=True).update(is_main=False)
    known.is_main = True
    known.save(update_fields=["is_main"])


def add_account(
    customer: Customer, *, kind: str, card_number: str, bank_name: str, holder_name: str = "", is_main: bool = True
) -> BankAccount:
    """Add a bank account; the holder is the customer unless said. Raises Invalid (422) or AccountTwice (409)."""
    number = bank_card.normalise(card_number)
    refuse(rules.account_faults(kind, number))
    if is_main:
        customer.accounts.filter(is_main=True).update(is_main=False)
    row = BankAccount(
        customer=customer, kind=kind, card_number=number, tail=number[-4:], bank_name=bank_name,
        holder_name=holder_name or customer.name, is_main=is_main, added_at=clock.now(),
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise errors.AccountTwice(tail=number[-4:]) from None
    return row


_OF_BOTH = ("name", "address", "language")
_OF_PERSONS = (*_OF_BOTH, "id_number", "marital_status", "employer", "monthly_income")
_OF_COMPANIES = (
    *_OF_BOTH, "uscc", "legal_representative", "actual_controller", "registered_capital", "established_on", "industry",
)


def apply(customer: Customer, changes: Mapping[str, Any], on: date) -> dict[str, tuple[Any, Any]]:
    """Put the changed fields (and `mobile`) on the locked customer; gives field → (before, after) of what differs.

    The caller saves. Raises Invalid (422) with the field when the whole would no longer be right.
    """
    before = _facts_of(customer)
    wanted = replace(before, **{name: changes[name] for name in _editable(customer) if name in changes})
    if customer.is_person:
        after: PersonFacts | CompanyFacts = tidy_person(wanted)  # type: ignore[arg-type]
        refuse(rules.person_faults(after, on))  # type: ignore[arg-type]
        card = id_card.judge(after.id_number, on)  # type: ignore[union-attr]
        after = replace(after, id_number=card.number)
        customer.id_number_tail, customer.sex, customer.birth_date = card.number[-4:], card.sex, card.birth_date
    else:
        after = tidy_company(wanted)  # type: ignore[arg-type]
        refuse(rules.company_faults(after, on))  # type: ignore[arg-type]
    fields = _editable(customer)
    differing = {name: (getattr(before, name), getattr(after, name)) for name in fields if getattr(before, name) != getattr(after, name)}
    for name in differing:
        if name == "mobile":
            set_main_mobile(customer, after.mobile)
        else:
            setattr(customer, name, differing[name][1])
    index_name(customer)
    return differing


def _editable(customer: Customer) -> tuple[str, ...]:
    return ("mobile", *(_OF_PERSONS if customer.is_person else _OF_COMPANIES))


def _facts_of(customer: Customer) -> PersonFacts | CompanyFacts:
    main = customer.mobiles.filter(is_main=True).first()
    mobile = main.mobile if main else ""
    if customer.is_person:
        return PersonFacts(
            customer.name, customer.id_number, mobile, customer.address, customer.marital_status, customer.employer,
            customer.monthly_income, customer.language,
        )
    return CompanyFacts(
        customer.name, customer.uscc, customer.legal_representative, mobile, customer.actual_controller,
        customer.registered_capital, customer.established_on, customer.industry, customer.address,
        customer.language,
    )


def keep_changes(customer: Customer, changes: Mapping[str, tuple[Any, Any]], by: Actor) -> None:
    """Write the history of one edit: field → (before, after)."""
    CustomerChange.objects.bulk_create([
        CustomerChange(
            customer=customer, version=customer.version, field=field, before=text_of(before), after=text_of(after),
            changed_at=customer.changed_at, changed_by_name=by.name,
        )
        for field, (before, after) in changes.items()
    ])


def fetch_other(number: str, by: Actor) -> Customer:
    """A customer named in a form: NotFound (404) becomes a sentence beside the field."""
    try:
        return Customer.objects.visible_to(by).fetch(number.strip().upper())
    except NotFound:
        raise Invalid(field="other_number", code="customer_not_found", sentence=_("没有这个客户编号，或不在您的数据范围内。")) from None


def colleague(username: str, customer: Customer, on: date) -> User:
    """Somebody of the customer's branch who follows customers up; raises ColleagueUnknown (422)."""
    user = queries.colleague(username, customer.branch_id, on)
    if user is None:
        raise errors.ColleagueUnknown()
    return user
