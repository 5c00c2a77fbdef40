from __future__ import annotations

from dataclasses import dataclass

from chezhe.customers import permissions, queries
from chezhe.customers.models import Customer
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import FieldUnknown, require_reason

PLAIN_FIELDS = ("name", "id_number", "address", "employer", "monthly_income", "legal_representative", "actual_controller")


@dataclass(frozen=True, slots=True)
class Revealed:
    """A value in full; `subject` lets the audit trail name whose it is, and never the value."""

    subject: str
    value: str


@action(permissions.REVEAL)
def reveal_field(*, customer_number: str, field_code: str, item: int | None = None, reason: str, by: Actor) -> Revealed:
    """Show one masked value in full for a stated reason. `item` says which mobile or account."""
    require_reason(reason)
    customer = Customer.objects.visible_to(by).fetch(customer_number)
    return Revealed(customer.subject, _value(customer, field_code, item))


def _value(customer: Customer, field_code: str, item: int | None) -> str:
    if field_code in PLAIN_FIELDS:
        return str(getattr(customer, field_code) or "")
    if field_code == "mobile":
        return _found(customer.mobiles.filter(pk=item).first() if item else customer.mobiles.filter(is_main=True).first(), "mobile")
    if field_code == "card_number":
        return _found(queries.account(customer, item) if item else queries.main_account(customer), "card_number")
    if field_code == "trade_premises":
        return _found(customer.own_trade, "premises")
    raise FieldUnknown(field=field_code[:40])


def _found(row: object | None, attribute: str) -> str:
    if row is None:
        raise FieldUnknown(field=attribute)
    return str(getattr(row, attribute))
