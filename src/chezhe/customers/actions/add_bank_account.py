from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.customers import permissions, steps
from chezhe.customers.models import BankAccount, Customer
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.ADD_ACCOUNT, label=_("登记银行账户"))
def add_bank_account(
    *, customer_number: str, kind: str = "card", account: str, bank_name: str, holder_name: str = "", is_main: bool = True, by: Actor
) -> BankAccount:
    """Register an account (its number in full) to pay out to and to collect from."""
    customer = Customer.objects.visible_to(by).lock(customer_number)
    return steps.add_account(
        customer, kind=kind, card_number=account, bank_name=bank_name.strip(), holder_name=holder_name.strip(), is_main=is_main
    )
