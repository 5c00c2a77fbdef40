"""Let words hold from a day on."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import steps as approval_steps
from chezhe.contracts import permissions
from chezhe.contracts.wording import errors, queries, steps
from chezhe.contracts.wording.models import TemplateVersion
from chezhe.contracts.wording.states import TEMPLATE
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.PUBLISH_TEMPLATE, label=_("发布文本模板"))
def publish_template(
    *, version_number: str, effective_from: date, opinion: str = "", business_date: date, by: Actor,
) -> TemplateVersion:
    """Publish a submitted version, as somebody who never wrote in it; it holds from `effective_from`, today or later.

    Raises BeginsInThePast or FaultsLeft (422), SamePerson, WrongState, NewerPublished or ContentAltered (409), NotThisStage (403).
    """
    version = steps.lock_version(version_number)
    TEMPLATE.require(version.status, "publish_template")
    if effective_from < business_date:
        raise errors.BeginsInThePast(on=effective_from, today=business_date)
    steps.require_untouched(version)
    steps.require_sound(version)
    steps.require_newest_base(version)
    version.effective_from = effective_from
    version.save(update_fields=["effective_from"])
    approval_steps.cast_vote(request_number=version.approval_number, verdict="agree", opinion=opinion, by=by)
    return queries.version_called(version_number)
