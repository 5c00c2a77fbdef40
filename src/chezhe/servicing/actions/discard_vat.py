"""A month's VAT that was computed wrongly is put aside."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing.models import VatRun
from chezhe.servicing.tax import permissions, runs


@action(permissions.RUN_VAT, label=_("作废增值税计提"))
def discard_vat(*, vat_number: str, reason: str, by: Actor) -> VatRun:
    """Put a run aside that was not posted, so that the month can be computed again."""
    require_whole_house(by)
    return runs.discard(VatRun.objects.visible_to(by).lock(vat_number), reason, by=by)
