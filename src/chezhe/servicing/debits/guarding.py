"""Whether a customer may sign a mandate now."""

from __future__ import annotations

from chezhe.customers.models import Customer
from chezhe.kernel.actor import Actor
from chezhe.risk.screening import freezing


def guard_mandate(customer_number: str, by: Actor) -> None:
    """Raises BusinessHeld (409) while the customer's business stands still."""
    freezing.require_free(Customer.objects.filter(number=customer_number), by=by)
