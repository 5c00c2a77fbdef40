"""A seal of the lender is given to a branch, or taken out of use."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import SEAL_KINDS, Seal
from chezhe.contracts.printing.sealing import NAME_MAX
from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.staff.models import Branch

_CODE = re.compile(r"[A-Z0-9-]{2,20}")


@action(permissions.REGISTER_SEAL)
def register_seal(*, code: str, kind: str, name: str, branch_code: str, is_kept: bool = True, by: Actor) -> Seal:
    """Keep a seal under its code, or change its name, its branch and whether it is in use; what it stamped stays in the register.

    Raises Invalid (422) for a code, kind, name or branch that cannot be.
    """
    if not _CODE.fullmatch(code):
        raise Invalid(field="code", code="seal_code_wrong", sentence=_("印章编号用大写字母、数字和连字符，2 至 20 个字符。"))
    if kind not in dict(SEAL_KINDS):
        raise Invalid(field="kind", code="seal_kind_unknown", sentence=_("没有这种印章。"))
    if not name.strip() or len(name) > NAME_MAX:
        raise Invalid(field="name", code="seal_name_missing", sentence=_("请填写印章名称，最多 60 个字。"))
    branch = Branch.objects.filter(code=branch_code).first()
    if branch is None:
        raise Invalid(field="branch_code", code="branch_unknown", sentence=_("没有这个门店。"))
    seal, _made = Seal.objects.update_or_create(code=code, defaults={
        "kind": kind, "name": name.strip(), "branch": branch, "is_kept": is_kept, "registered_at": clock.now(),
        "registered_by_name": by.name,
    })
    return seal
