"""The fields of an application as they stand, and every edit of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chezhe.kernel.actor import Actor
from chezhe.kernel.editing import text_of
from chezhe.origination.models import Application, ApplicationChange, Submission

_PLAIN = (
    "purpose", "price", "amount", "periods", "method", "annual_rate", "due_day", "monthly_income", "monthly_debt", "acceptance",
)


def written(application: Application) -> dict[str, Any]:
    """Field → value of everything that somebody writes into an application beside its parties."""
    version, vehicle = application.product_version, application.vehicle
    return {
        "product_code": version.product.code if version else "", "vehicle_number": vehicle.number if vehicle else "",
        **{name: getattr(application, name) for name in _PLAIN},
    }


def standing_beside(application: Application) -> str:
    """Who stands beside the borrower, as the history keeps it."""
    return ", ".join(f"{party.role} {party.customer.number}" for party in application.parties.select_related("customer"))


def keep(application: Application, before: Mapping[str, Any], after: Mapping[str, Any], *, by: Actor) -> None:
    """Write down which fields one edit of the locked row has changed; it has its new version already."""
    ApplicationChange.objects.bulk_create([
        ApplicationChange(
            application=application, version=application.version, field=field, before=text_of(before[field]), after=text_of(value),
            changed_at=application.changed_at, changed_by_name=by.name,
        )
        for field, value in after.items() if value != before[field]
    ])


def hand_in(application: Application, *, by: Actor) -> Submission:
    """Keep the snapshot of a submission beside the earlier ones."""
    return Submission.objects.create(
        application=application, place=application.submissions.count() + 1, snapshot=application.snapshot,
        submitted_at=application.submitted_at, submitted_by_name=by.name,
    )
