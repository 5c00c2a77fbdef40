"""The papers of a released car leave the vault."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.collateral import releasing
from chezhe.contracts.models import Release
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.MORTGAGE, label=_("解押权证出库"))
def take_out_papers(*, release_number: str, business_date: date, by: Actor) -> Release:
    """Take everything that is kept of the car out of the vault, once both registries are done. Raises NotFound (404), StepsBefore,
    PaperLent, NothingToHandOver, StillMortgaged or WrongState (409)."""
    release = releasing.held(release_number, by)
    releasing.take_out(release, business_date, by=by)
    return release
