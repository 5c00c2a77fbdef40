"""A posted month's VAT is taken back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing.models import VatRun
from chezhe.servicing.tax import permissions, runs


@action(permissions.REVERSE_VAT, label=_("冲回增值税"))
def reverse_vat(*, vat_number: str, reason: str, by: Actor) -> VatRun:
    """Mirror every entry of a posted run, the latest month first; the month can then be prepared anew."""
    require_whole_house(by)
    return runs.reverse(VatRun.objects.visible_to(by).lock(vat_number), reason, by=by)
