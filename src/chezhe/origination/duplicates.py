"""How many applications of one person may be under way at a time, whether they borrow alone or beside somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.kernel import locks, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.origination.models import Application
from chezhe.origination.states import UNDER_DECISION

MOST = "OPEN_APPLICATIONS_MAX"


class OpenApplicationExists(BusinessError):
    code = "open_application_exists"
    field = "customer_number"
    sentence = _("%(name)s 已有办理中的进件 %(number)s，同一借款人（含共借人）最多同时办理 %(most)s 笔；须等那一笔结束或撤回。")


class OpenApplicationElsewhere(BusinessError):
    """The same for whoever may not see that application."""

    code = "open_application_elsewhere"
    field = "customer_number"
    sentence = _("%(name)s 已有另一笔办理中的进件，不在您的数据范围内，不能重复进件；请联系门店经理。")


def under_way(customer: Customer) -> QuerySet[Application]:
    """What the person borrows or helps to borrow and has handed in, until the money is paid or it is over; drafts do not count."""
    handed_in = Q(status__in=(*UNDER_DECISION, "supplement")) | Q(status="accepted") & ~Q(bound="paid")
    borrows = Q(customer=customer) | Q(pk__in=customer_beside(customer))
    return Application.objects.filter(handed_in, borrows)


def customer_beside(customer: Customer) -> QuerySet[Application]:
    """The ids of applications that the person co-signs as a borrower."""
    return Application.objects.filter(parties__customer=customer, parties__role="co_borrower").values("pk")


def require_room(customer: Customer, on: date, by: Actor, *, beside: Application | None = None) -> None:
    """Raises OpenApplicationExists or OpenApplicationElsewhere (409) when the person has as many under way as are allowed on a day,
    not counting the one that is `beside`."""
    row = parameters.find(MOST, on)
    if row is None:
        return
    standing = under_way(customer).exclude(pk=beside.pk if beside is not None else None).order_by("id")
    most = int(row.value)
    if standing.count() < most:
        return
    seen = Application.objects.visible_to(by).filter(pk__in=standing.values("pk")).order_by("id").last()
    if seen is None:
        raise OpenApplicationElsewhere(name=customer.masked_name)
    raise OpenApplicationExists(name=customer.masked_name, number=seen.number, most=most)


def hold_people(application: Application, on: date, by: Actor) -> None:
    """The same for everybody who borrows on an application that is handed in, with each of them held, so that of two that are handed in
    at the same moment one stands."""
    for customer in borrowers(application):
        locks.hold(customer.subject)
        require_room(customer, on, by, beside=application)


def borrowers(application: Application) -> Iterable[Customer]:
    """Borrower and co-borrowers, in one order for everybody who holds them."""
    beside = [party.customer for party in application.parties.filter(role="co_borrower").select_related("customer")]
    return sorted([application.customer, *beside], key=lambda customer: customer.pk)
