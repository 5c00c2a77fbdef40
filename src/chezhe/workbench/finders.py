"""What an actor means by a few typed characters: every kind of thing, masked, within the actor's reach."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.approvals.models import ApprovalRequest
from chezhe.channels import queries as channels
from chezhe.compliance.models import ContactAttempt, LenderChange, ParameterChange
from chezhe.customers import queries as customers
from chezhe.customers.models import Customer
from chezhe.customers.values import Hit
from chezhe.identifiers import numbers as own_numbers
from chezhe.identifiers.text import clean, clean_code
from chezhe.kernel import numbers, subjects
from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import Composed
from chezhe.kernel.errors import NotFound
from chezhe.kernel.readings import Searched
from chezhe.kernel.scope import ByReach
from chezhe.kernel.subjects import Subject
from chezhe.leads import queries as leads
from chezhe.ledger import queries as ledger
from chezhe.messaging.models import Message
from chezhe.origination import queries as origination
from chezhe.payments.debits.models import ChannelSettlement
from chezhe.products.models import Product
from chezhe.servicing.models import FundingRun, Invoice, Loan, LoanChange, VatRun
from chezhe.servicing.quality.models import ClassDowngrade, ProvisionRun
from chezhe.servicing.repricing.models import Repricing
from chezhe.servicing.states import LOAN
from chezhe.staff.models import AccessChange, User
from chezhe.ui import navigation
from chezhe.vehicles import queries as vehicles
from chezhe.vehicles.models import Vehicle
from chezhe.workbench.values import Answer, Group

HITS_MAX = 6
TEXT_MAX = 80
_BEGUN = re.compile(r"([A-Z]{1,3})([0-9]{2})([0-9]{1,6})")


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


def numbered(actor: Actor, words: str) -> list[Hit]:
    """The one thing that carries this number, whatever it is, if its page would open for the actor."""
    number = _completed(words) or own_numbers.normalise(words)
    judged = own_numbers.judge(number)
    if not judged.valid or judged.prefix not in numbers.PREFIXES:
        return []
    try:
        subject = _open(numbers.PREFIXES[judged.prefix].replace(" ", "_"), actor, number)
    except NotFound:
        return []
    return [Hit(subject.kind, number, str(subject.label), "", subject.url)] if _opens(subject.url, actor) else []


def _completed(words: str) -> str:
    """A number of a known kind whose zeros and check digit were left out, written in full; empty for anything else."""
    match = _BEGUN.fullmatch(clean_code(words))
    if match is None or match[1] not in numbers.PREFIXES or int(match[3]) == 0:
        return ""
    return own_numbers.format_number(match[1], 2000 + int(match[2]), int(match[3]))


def _open(kind: str, actor: Actor, number: str) -> Subject:
    opener = _UNOPENED.get(kind)
    return opener(actor, number) if opener else subjects.open_subject(f"{kind}:{number}", actor)


def _approval(actor: Actor, number: str) -> Subject:
    request = ApprovalRequest.objects.visible_to(actor).fetch(number)
    return Subject(f"approval_request:{number}", request.title, reverse("approvals:request", args=[number]))


def _entry(actor: Actor, number: str) -> Subject:
    entry = ledger.entry_called(number, actor)
    return Subject(f"journal_entry:{number}", entry.memo or number, reverse("ledger:entry", args=[number]))


def _invoice(actor: Actor, number: str) -> Subject:
    invoice = Invoice.objects.visible_to(actor).fetch(number)
    return Subject(f"invoice:{number}", invoice.masked_title, reverse("servicing:invoice", args=[number]))


def _channel_settlement(actor: Actor, number: str) -> Subject:
    row = ChannelSettlement.objects.visible_to(actor).fetch(number)
    return Subject(row.subject, _("渠道清算"), reverse("payments:settlement", args=[number]))


def _repricing(actor: Actor, number: str) -> Subject:
    batch = Repricing.objects.visible_to(actor).fetch(number)
    return Subject(batch.subject, _("利率调整"), reverse("servicing:repricing_batch", args=[number]))


def _message(actor: Actor, number: str) -> Subject:
    message = Message.objects.visible_to(actor).select_related("template").fetch(number)
    return Subject(f"message:{number}", message.template.label, reverse("messaging:message", args=[number]))


def _access_change(actor: Actor, number: str) -> Subject:
    AccessChange.objects.visible_to(actor).fetch(number)
    return Subject(f"access_change:{number}", _("权限变更"), reverse("staff:access_change", args=[number]))


def _of(model: Any, label: Any, url: Callable[[str], str]) -> Callable[[Actor, str], Subject]:
    """For what everybody may see who may open its page."""

    def opener(_actor: Actor, number: str) -> Subject:
        if not model.objects.filter(number=number).exists():
            raise NotFound(what=number)
        return Subject(f"{model._meta.model_name}:{number}", label, url(number))

    return opener


# Numbered, with a page of their own, but no subject that papers or consents could hang on.
_UNOPENED: dict[str, Callable[[Actor, str], Subject]] = {
    "approval_request": _approval, "journal_entry": _entry, "message": _message, "access_change": _access_change,
    "parameter_change": _of(ParameterChange, _("参数调整"), lambda number: reverse("compliance:parameter_change", args=[number])),
    "lender_change": _of(LenderChange, _("机构资料变更"), lambda number: reverse("compliance:lender_change", args=[number])),
    "loan_change": _of(LoanChange, _("贷款变更"), lambda number: reverse("servicing:change", args=[number])),
    "class_downgrade": _of(ClassDowngrade, _("分类下调"), lambda number: reverse("servicing:downgraded", args=[number])),
    "provision_run": _of(ProvisionRun, _("拨备计提"), lambda number: reverse("servicing:provision", args=[number])),
    "invoice": _invoice,
    "channel_settlement": _channel_settlement, "repricing": _repricing,
    "funding_run": _of(FundingRun, _("内部资金成本"), lambda number: reverse("servicing:funding", args=[number])),
    "vat_run": _of(VatRun, _("增值税"), lambda number: reverse("servicing:vat", args=[number])),
    "contact": _of(ContactAttempt, _("联系记录"), lambda number: f"{reverse('compliance:contacts')}?q={number}"),
}


def _opens(url: str, actor: Actor) -> bool:
    """Whether the door behind the address would let the actor in; a door that asks nothing is not trusted."""
    try:
        guard: Any = getattr(resolve(url.partition("?")[0]).func, "needs", None)
    except Resolver404:
        return False
    return guard is not None and actor.can(guard.code)


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
