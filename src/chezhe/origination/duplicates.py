"""How many applications of one person may be under way at a time, whether they borrow alone or beside somebody."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.kernel import locks, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.origination.models import Application, ApplicationParty
from chezhe.origination.states import UNDER_DECISION, until_paid

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
    handed_in = until_paid((*UNDER_DECISION, "supplement"))
    beside = ApplicationParty.objects.filter(customer=customer, role="co_borrower").values_list("application_id", flat=True)
    return Application.objects.filter(handed_in, Q(customer=customer) | Q(pk__in=list(beside)))


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
    people = borrowers(application)
    locks.hold_all(customer.subject for customer in people)
    for customer in people:
        require_room(customer, on, by, beside=application)


def borrowers(application: Application) -> list[Customer]:
    """Borrower and co-borrowers."""
    beside = [party.customer for party in application.parties.filter(role="co_borrower").select_related("customer")]
    return [application.customer, *beside]
