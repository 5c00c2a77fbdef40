from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.leads.models import Lead
from chezhe.origination import errors, permissions, steps
from chezhe.origination.models import Application


@action(permissions.WRITE, label=_("发起进件"))
def start_application(
    *, customer_number: str, product_code: str, lead_number: str = "", filed_through: str = "counter", device: str = "",
    borrower_kind: str = "", business_date: date, by: Actor,
) -> Application:
    """Begin an application for a customer; it belongs to whoever begins it. `device` marks the customer's own, from which it is filed
    on-line; over the counter there is none. `borrower_kind` is as what the customer borrows, if the product leaves it open."""
    steps.require_filing(filed_through, device, by)
    customer = steps.customer_called(customer_number, by)
    version, trade = steps.opened_for(product_code, customer, business_date, asked=borrower_kind)
    lead = _lead(lead_number, customer, by) if lead_number else None
    return steps.begin(
        customer, version, lead=lead, filed_through=filed_through, device=device, on=business_date, by=by, trade=trade)


def _lead(number: str, customer: Customer, by: Actor) -> Lead:
    """The enquiry it came from, which has become this customer; raises LeadUnfit (422)."""
    try:
        lead = Lead.objects.visible_to(by).fetch(number.strip().upper())
    except NotFound:
        raise errors.LeadUnfit(number=number) from None
    if lead.customer_id != customer.pk:
        raise errors.LeadUnfit(number=lead.number)
    return lead
