"""The papers of a released car go to the borrower by courier."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import releasing
from chezhe.contracts.models import Release
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.MORTGAGE, label=_("寄送解押权证"))
def send_papers(*, release_number: str, carrier: str, tracking_number: str, sent_on: date, business_date: date, by: Actor) -> Release:
    """Write down the courier and the number of the parcel, which the borrower can follow. Raises NotFound (404), StepsBefore,
    NothingToHandOver or WrongState (409), Invalid or DayImpossible (422)."""
    release = releasing.held(release_number, by)
    steps.require_day("sent_on", sent_on, first=release.ordered_on, last=business_date)
    releasing.send(release, carrier, tracking_number, sent_on, by=by)
    return release
