"""The parcel with the papers has arrived."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import releasing
from chezhe.contracts.models import Release
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.MORTGAGE, label=_("确认借款人收到权证"))
def confirm_papers_received(*, release_number: str, received_on: date, business_date: date, by: Actor) -> Release:
    """Write down when the borrower had the papers in hand; the release is over. Raises NotFound (404), WrongState (409) or DayImpossible
    (422)."""
    release = releasing.held(release_number, by)
    steps.require_day("received_on", received_on, first=release.ordered_on, last=business_date)
    releasing.confirm(release, received_on, by=by)
    return release
