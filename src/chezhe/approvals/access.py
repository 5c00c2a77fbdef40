"""Changes of rights are the staff room's; the second person votes here."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.approvals import kinds, steps
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.staff import second_person
from chezhe.staff import steps as staff_steps


def register() -> None:
    """Plug into the staff room's port, and name the kind for the inbox."""
    kinds.register(kinds.Kind(
        second_person.ACCESS_KIND, _("权限变更"), _url, is_decidable=True, settle=_settle, stand_ins=(roles.COMPLIANCE,),
        may_be_undone=False,
    ))
    second_person.register(_open, steps.withdraw)


def _open(*, subject: str, title: str, role: str, maker_ids: Collection[int], by: Actor) -> str:
    request = steps.open_request(
        kind=second_person.ACCESS_KIND, subject=subject, title=title, stages=[{"role": role}], maker_ids=maker_ids,
        branch_id=None, by=by,
    )
    return request.number


def _settle(subject: str, outcome: str, by: Actor) -> None:
    staff_steps.settle_access_change(subject.partition(":")[2], outcome, by)


def _url(subject: str) -> str:
    return reverse("staff:access_change", args=[subject.partition(":")[2]])
