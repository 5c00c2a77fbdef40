"""Add a branch."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.staff import permissions
from chezhe.staff.models import Branch, Region


@action(permissions.MANAGE_PLACES, label=_("增设门店"))
def create_branch(*, code: str, name: str, region_code: str, city: str = "", by: Actor) -> Branch:
    """Open a branch in a region."""
    if not re.fullmatch(r"[A-Z0-9]{2,12}", code):
        raise Invalid(field="code", code="place_code", sentence=_("编号为 2 至 12 位大写字母或数字。"))
    if Branch.objects.filter(code=code).exists():
        raise Invalid(field="code", code="place_exists", sentence=_("编号 %(given)s 已经用过。"), given=code)
    region = Region.objects.filter(code=region_code).first()
    if region is None:
        raise Invalid(field="region_code", code="region_unknown", sentence=_("没有这个区域，请重新选择。"))
    return Branch.objects.create(code=code, name=name.strip(), region=region, city=city.strip())
