"""The VAT of a month is prepared."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.scope import require_whole_house
from chezhe.servicing.models import VatRun
from chezhe.servicing.tax import permissions, runs


@action(permissions.RUN_VAT, label=_("发起增值税计提"))
def run_vat(*, as_of: date, by: Actor) -> VatRun:
    """Work out what each loan's income of a month is taxed on; nothing is booked yet."""
    require_whole_house(by)
    return runs.begin(as_of, by=by)
