"""Finding and reading customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext as _

from chezhe.customers import choices, search_keys
from chezhe.customers.models import BankAccount, Customer, CustomerChange, CustomerMobile, Relation
from chezhe.customers.values import Hit
from chezhe.identifiers import id_card, masks, phone, uscc
from chezhe.identifiers.text import clean, clean_code
from chezhe.kernel import crypto, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import Composed
from chezhe.kernel.readings import Kinds, Meaning, Reading, Readings, Searched
from chezhe.kernel.scope import Fetching
from chezhe.kernel.subjects import Subject
from chezhe.staff.models import User
from chezhe.staff.queries import people_with
from chezhe.ui import formats

HITS_MAX = 10
SOLE_TRADER = "sole_trader"
FOLLOWERS = (roles.SALES, roles.CHANNEL_MGR, roles.BRANCH_MGR)
_OPENED = Fetching(lambda by: Customer.objects.visible_to(by).only("number", "kind", "name", "branch", "owner"))


def open_subject(actor: Actor, number: str) -> Subject:
    """A customer as other rooms see it; raises NotFound (404)."""
    customer = _OPENED.fetch(number, actor)
    return Subject(
        customer.subject, f"{customer.masked_name} {customer.number}", reverse("customers:customer", args=[number]),
        customer.branch_id, customer.owner_id,
    )


def search(actor: Actor, text: str, limit: int = HITS_MAX) -> list[Hit]:
    """Customers by name, pinyin, initials, whole ID number, mobile or its tail, card tail, code or number; masked."""
    if not actor.can("customers.view"):
        return []
    found = _SEARCHED.objects(actor, meaning_of(text))[:limit]
    prefetch_related_objects(found, "mobiles")
    return [hit(customer) for customer in found]


def hit(customer: Customer) -> Hit:
    """One line of a search."""
    detail = " · ".join(filter(None, [customer.masked_id_number, customer.masked_mobile]))
    url = reverse("customers:customer", args=[customer.number])
    return Hit("customer", customer.number, customer.masked_name, detail, url)


def narrowed(customers: QuerySet[Customer], text: str) -> QuerySet[Customer]:
    """Only the customers that what was typed can mean; what could mean several things is tried as all of them."""
    return customers.filter(condition(*meaning_of(text)))


def meaning_of(text: str) -> Meaning:
    """What was typed, as `condition` takes it; Chinese is part of a name and nothing else."""
    words = clean(text)
    if not words:
        return Meaning((), ())
    return _READINGS.of(words, first=_CHINESE) if search_keys.is_chinese(words) else _READINGS.of(clean_code(text))


def condition(kinds: Kinds, values: Sequence[str]) -> Q:
    """The customers of a meaning, or of stand-ins for its values."""
    return _READINGS.condition(kinds, values)


def _id_number_hash(code: str) -> list[str]:
    return [crypto.blind_index(id_card.judge(code).number or code, kind="id_number")]


def _mobile_hash(code: str) -> list[str]:
    return [crypto.blind_index(phone.normalise(code), kind="mobile")]


def _by_mobile(digest: str) -> Q:
    return Q(pk__in=Customer.objects.filter(mobiles__mobile_hash=digest).values("pk"))


def _by_tail(code: str) -> Q:
    by_mobile = Customer.objects.filter(mobiles__tail=code).values("pk")
    by_card = Customer.objects.filter(accounts__tail=code, accounts__closed_at__isnull=True).values("pk")
    return Q(id_number_tail=code) | Q(pk__in=by_mobile) | Q(pk__in=by_card)


def _by_trade(code: str) -> Q:
    return Q(pk__in=Customer.objects.filter(trade__uscc=code).values("pk"))


def _by_letters(low: str, *grams: str) -> Q:
    return Q(initials__startswith=low) | Q(pinyin__startswith=low) | Q(grams__contains=list(grams), name__icontains=low)


def _by_name(part: str, *grams: str) -> Q:
    """A name, or that of somebody's trade; its grams stand with the person's, so that one index finds both."""
    return Q(grams__contains=list(grams)) & (Q(name__icontains=part) | Q(trade__name__icontains=part))


_CHINESE = 7  # the place of the last reading
_READINGS = Readings(
    Reading(
        lambda code: code[:1] == "C" and code[1:3].isdigit(), lambda code: [_number(code)], lambda number: Q(number__startswith=number)),
    Reading(lambda code: bool(id_card.judge(code).number), _id_number_hash, lambda digest: Q(id_number_hash=digest)),
    Reading(lambda code: bool(uscc.judge(code).number), lambda code: [code], lambda code: Q(uscc=code)),
    Reading(lambda code: uscc.judge(code).type == "individual_business", lambda code: [code], _by_trade),
    Reading(lambda code: phone.judge(phone.normalise(code)).valid, _mobile_hash, _by_mobile),
    Reading(lambda code: len(code) == 4 and code[:3].isdigit(), lambda code: [code], _by_tail),
    Reading(
        lambda code: code.isascii() and code.isalpha(), lambda code: [code.lower(), *search_keys.query_grams(code)], _by_letters),
    Reading(search_keys.is_chinese, lambda words: [words.replace(" ", ""), *search_keys.query_grams(words)], _by_name),
)
_SEARCHED = Searched(condition, lambda by, meant: Customer.objects.visible_to(by).filter(meant).order_by("-id")[:HITS_MAX])


def _number(code: str) -> str:
    """`C260001237` as it was cleaned, back to `C26-000123-7`; the beginning of a number stays a beginning."""
    parts = [code[:3], code[3:9], code[9:10]]
    return "-".join(part for part in parts if part)


def main_mobile(customer: Customer) -> str:
    """The number to reach the customer at, in full: for the messaging gate and the collection room, not for screens."""
    main = _MAIN_MOBILE.objects(customer.pk)
    return main[0].mobile if main else ""


def main_account(customer: Customer) -> BankAccount | None:
    """The open account from which is repaid and to which is paid out."""
    return next(iter(_MAIN_ACCOUNT.objects(customer.pk)), None)


_MAIN_MOBILE = Composed(lambda customer: CustomerMobile.objects.filter(customer=customer, is_main=True).order_by("id")[:1], -1)
_MAIN_ACCOUNT = Composed(
    lambda customer: BankAccount.objects.filter(customer=customer, is_main=True, closed_at__isnull=True).order_by("id")[:1], -1)


def borrower_kinds(customer: Customer) -> tuple[str, ...]:
    """As what the customer may borrow: a person whose trade is in force also as a sole trader."""
    trade = customer.own_trade
    return (customer.kind, SOLE_TRADER) if trade is not None and trade.is_in_force else (customer.kind,)


def account(customer: Customer, account_id: int) -> BankAccount | None:
    """One open account of the customer."""
    return customer.accounts.filter(pk=account_id, closed_at__isnull=True).first()


@dataclass(frozen=True, slots=True)
class RelationLine:
    """A relation as it reads from one customer's page; `url` is empty when the other one is out of the actor's scope."""

    id: int
    label: Any
    other: Customer
    share_rate: Any
    is_reverse: bool
    url: str


def relations_of(customer: Customer, actor: Actor) -> list[RelationLine]:
    """Both directions: what this customer's file says, then what others' files say of this customer."""
    forward = [(r, r.other) for r in customer.relations.filter(ended_at__isnull=True).select_related("other").order_by("id")]
    backward = [
        (r, r.customer) for r in customer.related_from.filter(ended_at__isnull=True).select_related("customer").order_by("id")
    ]
    others = [other.pk for _relation, other in (*forward, *backward)]
    open_to = set(Customer.objects.visible_to(actor).filter(pk__in=others).values_list("pk", flat=True))
    return [
        _relation_line(relation, other, other.pk in open_to, is_reverse=place >= len(forward))
        for place, (relation, other) in enumerate((*forward, *backward))
    ]


def _relation_line(relation: Relation, other: Customer, can_open: bool, *, is_reverse: bool) -> RelationLine:
    label = dict(choices.RELATIONS)[relation.kind]
    if is_reverse:
        label = _("对方的%(relation)s") % {"relation": label}
    url = reverse("customers:customer", args=[other.number]) if can_open else ""
    return RelationLine(relation.pk, label, other, relation.share_rate, is_reverse, url)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of the history, masked as the field is."""

    at: Any
    who: str
    version: int
    label: Any
    before: str
    after: str


def colleagues(branch_id: int | None, on: date) -> list[User]:
    """Everybody of a branch who follows enquiries and customers up, by name."""
    found = {user.pk: user for role in FOLLOWERS for user in people_with(role, branch_id, on=on)}
    return sorted(found.values(), key=lambda user: user.name)


def colleague(username: str, branch_id: int | None, on: date) -> User | None:
    """One of them, as people type the name."""
    wanted = username.strip().lower()
    return next((user for user in colleagues(branch_id, on) if user.username == wanted), None)


def history(customer: Customer) -> list[ChangeLine]:
    """What was edited, newest first."""
    rows = CustomerChange.objects.filter(customer=customer)[:200]
    is_public = {"name"} if not customer.is_person else set()
    return [
        ChangeLine(
            r.changed_at, r.changed_by_name, r.version, r.label,
            r.before if r.field in is_public else _shown(r.field, r.before),
            r.after if r.field in is_public else _shown(r.field, r.after),
        )
        for r in rows
    ]


_MASKS: dict[str, Callable[[str], str]] = {
    "name": masks.mask_name, "id_number": masks.mask_id_number, "mobile": masks.mask_mobile, "address": masks.mask_address,
    "legal_representative": masks.mask_name, "actual_controller": masks.mask_name, "employer": lambda text: masks.HIDDEN,
    "monthly_income": lambda text: masks.HIDDEN, "registered_capital": lambda text: formats.money(int(text.split()[0])),
    "marital_status": lambda text: str(dict(choices.MARITAL_STATUSES).get(text, text)),
    "language": lambda text: str(dict(choices.LANGUAGES).get(text, text)),
    "trade_premises": masks.mask_address, "trade_status": lambda text: str(dict(choices.TRADE_STATUSES).get(text, text)),
}


def _shown(field: str, text: str) -> str:
    return _MASKS.get(field, str)(text) if text else formats.MISSING
