"""Add a sub-account to the chart."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import locks
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger import permissions
from chezhe.ledger.models import Account

SUB_ACCOUNTS_MAX = 99


class GroupFull(BusinessError):
    code = "account_group_full"
    sentence = _("%(group)s 下的明细科目已用到 99 个，不能再增加。")


@action(permissions.MANAGE_ACCOUNTS, label=_("增设会计科目"))
def open_account(*, group_code: str, name: str, english: str, by: Actor) -> Account:
    """Open a further sub-account in a four-digit group that has sub-accounts, such as another bank account in 1002.

    Kind and side are the group's. Raises Invalid (422) for an unknown group or an empty or taken name, GroupFull (409).
    """
    locks.hold("ledger.open_account")
    siblings = list(Account.objects.filter(code__startswith=f"{group_code}.").order_by("code"))
    if not siblings:
        raise Invalid(field="group_code", code="account_group_unknown", sentence=_("没有可增设明细的科目 %(group)s。"), group=group_code)
    _require_free("name", name)
    _require_free("english", english)
    last = int(siblings[-1].code.rpartition(".")[2])
    if last >= SUB_ACCOUNTS_MAX:
        raise GroupFull(group=group_code)
    return Account.objects.create(
        code=f"{group_code}.{last + 1:02d}", name=name.strip(), english=english.strip().lower(),
        kind=siblings[0].kind, side=siblings[0].side,
    )


def _require_free(field: str, text: str) -> None:
    """Two accounts with one name could not be told apart in a journal."""
    if not 2 <= len(text.strip()) <= 60:
        raise Invalid(field=field, code="account_name_length", sentence=_("科目名称须为 2 至 60 个字。"))
    if Account.objects.filter(Q((f"{field}__iexact", text.strip()))).exists():
        raise Invalid(field=field, code="account_name_taken", sentence=_("已有名为“%(name)s”的科目。"), name=text.strip())
