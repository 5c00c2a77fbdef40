"""The papers of a released car are taken at the counter."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions, steps
from chezhe.contracts.collateral import releasing
from chezhe.contracts.collateral.releasing import Handover
from chezhe.contracts.models import Release
from chezhe.documents.steps import Upload
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.MORTGAGE, label=_("柜面交付解押权证"))
def hand_over_papers(
    *, release_number: str, handover: Handover, authority: Upload | None = None, business_date: date, by: Actor
) -> Release:
    """Check the paper of whoever takes them against the borrower's and the owner's number; an agent brings a written authority, which is
    kept. Raises NotFound (404), StepsBefore, NothingToHandOver or WrongState (409), WrongRecipient, Invalid, DayImpossible or a
    FileRefused (422)."""
    release = releasing.held(release_number, by)
    steps.require_day("handed_on", handover.handed_on, first=release.ordered_on, last=business_date)
    file = steps.keep_evidence(release.contract, authority, "other", by=by) if authority is not None else None
    releasing.hand_over(release, handover, file, by=by)
    return release
