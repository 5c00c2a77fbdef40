"""Add a region."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.staff import permissions
from chezhe.staff.models import Region


@action(permissions.MANAGE_PLACES, label=_("增设区域"))
def create_region(*, code: str, name: str, by: Actor) -> Region:
    """Add a region that branches can belong to."""
    if not re.fullmatch(r"[A-Z0-9]{2,12}", code):
        raise Invalid(field="code", code="place_code", sentence=_("编号为 2 至 12 位大写字母或数字。"))
    if Region.objects.filter(code=code).exists():
        raise Invalid(field="code", code="place_exists", sentence=_("编号 %(given)s 已经用过。"), given=code)
    return Region.objects.create(code=code, name=name.strip())
