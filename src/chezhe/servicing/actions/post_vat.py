"""A second person posts a month's VAT."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing.models import VatRun
from chezhe.servicing.tax import permissions, runs


@action(permissions.POST_VAT, label=_("增值税入账"))
def post_vat(*, vat_number: str, by: Actor) -> VatRun:
    """Book the tax of a month by product and branch. Who prepared the run may not."""
    require_whole_house(by)
    return runs.post(VatRun.objects.visible_to(by).lock(vat_number), by=by)
