"""A message to a customer: to the main mobile, by name, in the customer's language. Everything leaves through the messaging gate."""

from __future__ import annotations

from collections.abc import Mapping

from chezhe.customers import queries
from chezhe.customers.models import Customer
from chezhe.kernel.actor import Actor
from chezhe.messaging import steps as messaging
from chezhe.messaging.models import Message


def tell(
    template: str, customer: Customer, facts: Mapping[str, str], *, by: Actor, reference: str = "", mobile: str = "",
) -> Message | None:
    """One message, once a `reference`; None when no number is known. `facts` need no name: a person's is masked.

    `mobile` is for where the number was fixed before (a link that was sent). Raises what `messaging.steps.send` raises.
    """
    address = mobile or queries.main_mobile(customer)
    if not address:
        return None
    return messaging.send(
        template_code=template, recipient_subject=customer.subject, address=address, facts={"name": customer.masked_name, **facts},
        language=customer.language, reference=f"{template}:{reference}" if reference else "", by=by)
