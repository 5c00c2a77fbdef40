"""Whose customer it is: nobody files for somebody whom a colleague follows, until the protection ends or a manager passes them on."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.kernel import clock, parameters, roles
from chezhe.kernel.actor import BORROWER, DEALER, Actor
from chezhe.kernel.errors import BusinessError
from chezhe.leads.models import Lead
from chezhe.leads.states import OPEN
from chezhe.origination.models import Application
from chezhe.staff.models import User
from chezhe.staff.queries import people_with
from chezhe.ui import formats

DAYS = "APPLICATION_PROTECTION_DAYS"


class LeadOfColleague(BusinessError):
    code = "lead_of_colleague"
    field = "customer_number"
    sentence = _("这位客户由%(owner)s跟进（线索 %(number)s，保护期至 %(until)s），期内他人不能进件；如需接手，请联系%(manager)s分配线索。")


class CustomerOfColleague(BusinessError):
    code = "customer_of_colleague"
    field = "customer_number"
    sentence = _("客户 %(number)s 由%(owner)s维护，保护期至 %(until)s，期内他人不能进件；如需接手，请联系%(manager)s转交客户。")


class FollowedElsewhere(BusinessError):
    """The same for whoever may not see that enquiry: neither its number nor its owner."""

    code = "followed_elsewhere"
    field = "customer_number"
    sentence = _("这位客户已由其他同事跟进，尚在保护期内，他人不能进件；请联系%(manager)s。")


def owner_for(customer: Customer, *, dealer_id: int | None, on: date, by: Actor) -> int:
    """The id of whoever a new application of this customer belongs to: a colleague who files it; else, of a customer who comes alone,
    whoever follows the enquiry, and whoever looks after the customer.

    Raises LeadOfColleague, CustomerOfColleague or FollowedElsewhere (409) while it is another's by protection.
    """
    row = parameters.find(DAYS, on)
    if row is None:
        return by.user_id or customer.owner_id
    days = timedelta(days=int(row.value))
    mine = by.user_ids or {customer.owner_id}
    lead = _followed(customer, on - days).exclude(owner_id__in=mine).select_related("owner").first()
    if by.kind == BORROWER:
        return lead.owner_id if lead is not None and lead.branch_id == customer.branch_id and lead.owner_id else customer.owner_id
    if lead is not None and not (by.kind == DEALER and lead.dealer_id == dealer_id):
        raise _of_colleague(lead, days, on, by)
    if customer.owner_id not in mine:
        _require_free(customer, days, on)
    return by.user_id or customer.owner_id


def _followed(customer: Customer, since: date) -> QuerySet[Lead]:
    """The open enquiries by a number of the customer that somebody took or worked on since a day."""
    hashes = list(customer.mobiles.values_list("mobile_hash", flat=True))
    worked_on = Q(assigned_on__gte=since) | Q(touched_on__gte=since)
    return Lead.objects.filter(worked_on, mobile_hash__in=hashes, status__in=OPEN, owner__isnull=False).order_by("id")


def _of_colleague(lead: Lead, days: timedelta, on: date, by: Actor) -> BusinessError:
    whom = gettext("您的渠道经理") if by.kind == DEALER else manager_of(lead.branch_id, on)
    if lead.owner is None or lead.assigned_on is None or not Lead.objects.visible_to(by).filter(pk=lead.pk).exists():
        return FollowedElsewhere(manager=whom)
    until = max(lead.assigned_on, lead.touched_on or lead.assigned_on) + days
    return LeadOfColleague(number=lead.number, owner=lead.owner.name, until=formats.day(until), manager=whom)


def _require_free(customer: Customer, days: timedelta, on: date) -> None:
    """Protection runs from the file, from the day the customer was passed on, and from the owner's last application."""
    filed = Application.objects.filter(customer=customer, owner_id=customer.owner_id).order_by("-created_at").first()
    moments = [customer.created_at] if filed is None else [customer.created_at, filed.created_at]
    latest = max(at.astimezone(clock.SHANGHAI).date() for at in moments)
    until = max(latest, customer.owned_since or latest) + days
    if on <= until:
        owner = User.objects.get(pk=customer.owner_id)
        raise CustomerOfColleague(
            number=customer.number, owner=owner.name, until=formats.day(until), manager=manager_of(customer.branch_id, on))


def manager_of(branch_id: int, on: date) -> str:
    """Whom to ask: the manager of the branch by name, where there is one."""
    found = people_with(roles.BRANCH_MGR, branch_id, on=on).order_by("id").first()
    return gettext("门店经理（%(name)s）") % {"name": found.name} if found else gettext("所在门店的经理")
