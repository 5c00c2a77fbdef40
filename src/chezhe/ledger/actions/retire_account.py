"""Take an account out of use."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.ledger import permissions, queries
from chezhe.ledger.chart import BY_CODE
from chezhe.ledger.models import Account


class AccountShipped(BusinessError):
    code = "account_shipped"
    sentence = _("%(code)s 是系统记账所用的科目，不能停用。")


class AccountNotEmpty(BusinessError):
    code = "account_not_empty"
    sentence = _("科目 %(code)s 尚有余额 %(balance)s，结平后才能停用。")


@action(permissions.MANAGE_ACCOUNTS, label=_("停用会计科目"))
def retire_account(*, account_code: str, reason: str, by: Actor) -> Account:
    """Close an added account for further entries once nothing stands on it; what was posted stays readable.

    Raises NotFound (404), AccountShipped (409), AccountNotEmpty (409).
    """
    account = Account.objects.select_for_update().filter(code=account_code).first()
    if account is None:
        raise NotFound(what=account_code)
    if account_code in BY_CODE:
        raise AccountShipped(code=account_code)
    standing = queries.balance(account_code)
    if standing:
        raise AccountNotEmpty(code=account_code, balance=standing.format(grouped=True))
    account.is_active = False
    account.save(update_fields=["is_active"])
    return account
