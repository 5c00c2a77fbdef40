"""The worker works out a month's VAT."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.models import VatRun
from chezhe.servicing.tax import permissions, runs


@action(permissions.COMPUTE_VAT, label=_("计算增值税"))
def compute_vat(*, vat_number: str, by: Actor) -> VatRun:
    """Read the ledger, keep a line a loan and add up; a run that is done or discarded stays as it is."""
    return runs.compute(VatRun.objects.visible_to(by).lock(vat_number), by=by)
