"""What an actor means by a few typed characters: every kind of thing, masked, within the actor's reach."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.channels import queries as channels
from chezhe.customers import queries as customers
from chezhe.customers.models import Customer
from chezhe.customers.values import Hit
from chezhe.identifiers import numbers as own_numbers
from chezhe.identifiers.text import clean
from chezhe.kernel import numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import Composed
from chezhe.kernel.readings import Searched
from chezhe.kernel.scope import ByReach
from chezhe.leads import queries as leads
from chezhe.origination import queries as origination
from chezhe.products.models import Product
from chezhe.servicing.models import Loan
from chezhe.servicing.states import LOAN
from chezhe.staff.models import User
from chezhe.ui import navigation
from chezhe.vehicles import queries as vehicles
from chezhe.vehicles.models import Vehicle
from chezhe.workbench.numbered import numbered
from chezhe.workbench.values import Answer, Group

HITS_MAX = 6
TEXT_MAX = 80


def search(actor: Actor, text: str) -> Answer:
    """Everything the text can mean, by kind; asks the database a bounded number of times."""
    words = clean(text)[:TEXT_MAX]
    if not words:
        return Answer("", [])
    people = _customers(actor, words)
    found = [
        Group("customers", pgettext_lazy("list", "客户"), icon="user", hits=people),
        Group("loans", _("贷款"), icon="receipt-2", hits=_loans(actor, people)),
        Group("applications", pgettext_lazy("list", "进件"), icon="file-text", hits=origination.search(actor, words, HITS_MAX)),
        Group("vehicles", pgettext_lazy("list", "车辆"), icon="car", hits=vehicles.search(actor, words, HITS_MAX)),
        Group("leads", pgettext_lazy("list", "线索"), icon="address-book", hits=leads.search(actor, words, HITS_MAX)),
        Group("dealers", _("车商与渠道"), icon="building-store", hits=channels.search(actor, words, HITS_MAX)),
        Group("products", pgettext_lazy("list", "产品"), icon="package", hits=_products(actor, words)),
        Group("people", _("同事"), icon="users", hits=_colleagues(actor, words)),
    ]
    known = {hit.url for group in found for hit in group.hits}
    others = [hit for hit in numbered(actor, words) if hit.url not in known]
    found.insert(0, Group("numbers", pgettext_lazy("list", "编号"), icon="hash", hits=others))
    found.append(Group("pages", _("页面"), icon="layout-list", hits=_pages(actor, words)))
    return Answer(words, [group for group in found if group.hits], _misread(words))


def visited(actor: Actor, numbers_seen: Iterable[str]) -> list[Hit]:
    """Pages by their numbers, as far as they exist and would still open for the actor."""
    return [hit for number in numbers_seen for hit in numbered(actor, number[:TEXT_MAX])]


def _customers(actor: Actor, words: str) -> list[Hit]:
    """By what the customer's own file says, then by a vehicle the customer owns."""
    found = customers.search(actor, words, HITS_MAX)
    if len(found) < HITS_MAX and actor.can("customers.view") and actor.can("vehicles.view"):
        owners = _OWNERS.objects(actor, vehicles.meaning_of(words))
        prefetch_related_objects(owners, "mobiles")
        known = {hit.number for hit in found}
        found += [customers.hit(owner) for owner in owners if owner.number not in known]
    return found[:HITS_MAX]


def _owners(by: Actor, meant: Q) -> QuerySet[Customer]:
    """Who owns the vehicles that are meant."""
    owned = Vehicle.objects.visible_to(by).filter(meant).order_by("-id").values("owner_id")[:HITS_MAX]
    return Customer.objects.visible_to(by).filter(pk__in=owned).order_by("-id")


_OWNERS = Searched(vehicles.condition, _owners)


def _loans(actor: Actor, people: list[Hit]) -> list[Hit]:
    """The loans of the customers that were found."""
    if not people or not actor.can("servicing.view"):
        return []
    numbers_found = [hit.number for hit in people]
    rows = _LOANS.objects(actor, *numbers_found, *numbers_found[:1] * (HITS_MAX - len(numbers_found)))
    return [
        Hit("loan", loan.number, loan.customer.masked_name, str(LOAN.label(loan.status)), reverse("servicing:loan", args=[loan.number]))
        for loan in rows
    ]


_LOANS = ByReach(
    lambda by, *customers: Loan.objects.visible_to(by).filter(customer__number__in=customers).select_related("customer").order_by(
        "-id")[:HITS_MAX], *(f"?{number}" for number in range(HITS_MAX)))


def _products(actor: Actor, words: str) -> list[Hit]:
    """By code or name, to the list of its versions."""
    if not actor.can("products.view"):
        return []
    return [
        Hit("product", row.code, row.label, "", f"{reverse('products:versions')}?product={row.code}")
        for row in _PRODUCTS.objects(words)
    ]


_PRODUCTS = Composed(
    lambda words: Product.objects.filter(Q(code__istartswith=words) | Q(name__icontains=words) | Q(english__icontains=words))[:HITS_MAX],
    "?",
)


def _colleagues(actor: Actor, words: str) -> list[Hit]:
    if not actor.can("staff.view"):
        return []
    return [
        Hit("staff", row.username, row.name, str(row.branch or ""), reverse("staff:person", args=[row.username]))
        for row in _COLLEAGUES.objects(actor, words)
    ]


_COLLEAGUES = ByReach(
    lambda by, words: User.objects.visible_to(by).filter(Q(name__icontains=words) | Q(username__istartswith=words)).select_related(
        "branch").order_by("username")[:HITS_MAX], "?")


def _pages(actor: Actor, words: str) -> list[Hit]:
    """Pages of the rail and creating pages whose name holds what was typed."""
    wanted = words.casefold()
    rail = [(link, group.label) for group in navigation.items_for(actor) for link in group.items]
    named = [*rail, *((link, _("快捷新增")) for link in navigation.quick_for(actor))]
    found = [Hit("page", "", str(link.label), str(place), link.url) for link, place in named if wanted in str(link.label).casefold()]
    return found[:HITS_MAX]


def _misread(words: str) -> str:
    """A number of a known kind that was copied wrongly; empty otherwise."""
    judged = own_numbers.judge(own_numbers.normalise(words))
    return judged.number if judged.prefix in numbers.PREFIXES and not judged.valid else ""
