"""Let a version decide from a day on."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import steps as approval_steps
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.policies import permissions, queries, steps
from chezhe.policies.errors import BeginsInThePast
from chezhe.policies.models import PolicyVersion
from chezhe.policies.states import VERSION


@action(permissions.PUBLISH_VERSION, label=_("发布决策表版本"))
def publish_version(
    *, version_number: str, effective_from: date, opinion: str = "", business_date: date, by: Actor,
) -> PolicyVersion:
    """Publish a submitted version, as somebody who never wrote in it; it holds from `effective_from`, today or later.

    Lint and contract are asked again. Raises BeginsInThePast, FaultsLeft (422), SamePerson, WrongState, NewerPublished,
    ContentAltered (409), NotThisStage (403).
    """
    version = steps.lock_version(version_number)
    VERSION.require(version.status, "publish_version")
    if effective_from < business_date:
        raise BeginsInThePast(effective_from=effective_from, business_date=business_date)
    steps.require_untouched(version)
    steps.require_sound(version)
    steps.require_newest_base(version)
    version.effective_from = effective_from
    version.save(update_fields=["effective_from"])
    approval_steps.cast_vote(request_number=version.approval_number, verdict="agree", opinion=opinion, by=by)
    return queries.version_called(version_number)
