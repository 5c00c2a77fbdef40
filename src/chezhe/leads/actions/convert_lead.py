from __future__ import annotations

from datetime import date

from chezhe.customers import steps as customer_steps
from chezhe.customers.models import Customer
from chezhe.customers.values import CompanyFacts, PersonFacts
from chezhe.kernel import events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.leads import errors, permissions, steps
from chezhe.leads.models import Lead
from chezhe.leads.states import LEAD


@action(permissions.CONVERT)
def convert_lead(
    *, lead_number: str, facts: PersonFacts | CompanyFacts | None = None, customer_number: str = "", business_date: date, by: Actor
) -> Lead:
    """Make a customer of a lead: a new file from its papers, or the file that is there already."""
    if (facts is None) == (not customer_number):
        raise errors.CustomerOrFacts()
    lead = steps.lock_own(lead_number, by)
    LEAD.require(lead.status, "convert")
    lead.customer = _new_customer(lead, facts, business_date, by) if facts else steps.customer_of(customer_number, by)
    lead.touch_next_on = None
    lead.save(update_fields=["customer", "touch_next_on"])
    moves.move(lead, LEAD, "convert", by=by)
    events.publish("lead.converted", lead.subject, {"customer": lead.customer.number, "source": lead.source})
    return lead


def _new_customer(lead: Lead, facts: PersonFacts | CompanyFacts, on: date, by: Actor) -> Customer:
    """The customer belongs to whoever followed the lead up, whoever presses the button."""
    file = customer_steps.create_person if isinstance(facts, PersonFacts) else customer_steps.create_company
    return file(facts, branch_id=lead.branch_id, owner_id=lead.owner_id, on=on, by=by, source=lead.subject)  # type: ignore[arg-type]
