"""Send submitted words back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import steps as approval_steps
from chezhe.contracts import permissions
from chezhe.contracts.wording import queries, steps
from chezhe.contracts.wording.models import TemplateVersion
from chezhe.contracts.wording.states import TEMPLATE
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.PUBLISH_TEMPLATE, label=_("退回文本模板"))
def return_template(*, version_number: str, opinion: str, by: Actor) -> TemplateVersion:
    """Return a submitted version to its draft, saying why.

    Raises WrongState or SamePerson (409), NotThisStage (403), OpinionMissing (422).
    """
    version = steps.lock_version(version_number)
    TEMPLATE.require(version.status, "return_template")
    approval_steps.cast_vote(request_number=version.approval_number, verdict="return", opinion=opinion, by=by)
    return queries.version_called(version_number)
