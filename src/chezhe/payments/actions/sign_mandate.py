"""A customer lets us collect from an account."""

from __future__ import annotations

from chezhe.customers.models import Customer
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments import guards, permissions
from chezhe.payments.debits import mandates
from chezhe.payments.debits.mandates import Signature
from chezhe.payments.debits.models import Mandate


@action(permissions.SIGN_MANDATE)
def sign_mandate(*, customer_number: str, signature: Signature, by: Actor) -> Mandate:
    """Keep what the customer signed, with its limits and proof; a mandate that stood until now is replaced. Nobody signs while their
    business is held."""
    customer = Customer.objects.visible_to(by).lock(customer_number)
    guards.require_let_go(f"mandate:{customer.number}", by=by)
    return mandates.sign(customer, signature, by=by)
