from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.customers import permissions, queries
from chezhe.customers.models import BankAccount, Customer
from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import FieldUnknown, require_reason


@action(permissions.ADD_ACCOUNT, label=_("停用银行账户"))
def close_bank_account(*, customer_number: str, account: int, reason: str, by: Actor) -> BankAccount:
    """Stop using an account; it stays on file for the payments made with it."""
    customer = Customer.objects.visible_to(by).lock(customer_number)
    row = queries.account(customer, account)
    if row is None:
        raise FieldUnknown(field="card_number")
    require_reason(reason)
    row.closed_at, row.is_main = clock.now(), False
    row.save(update_fields=["closed_at", "is_main"])
    return row
