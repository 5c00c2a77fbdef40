"""Send a submitted version back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import steps as approval_steps
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.policies import permissions, queries, steps
from chezhe.policies.models import PolicyVersion
from chezhe.policies.states import VERSION


@action(permissions.PUBLISH_VERSION, label=_("退回决策表版本"))
def return_version(*, version_number: str, opinion: str, by: Actor) -> PolicyVersion:
    """Return a submitted version to its draft, saying why.

    Raises WrongState, SamePerson (409), NotThisStage (403), OpinionMissing (422).
    """
    version = steps.lock_version(version_number)
    VERSION.require(version.status, "return_version")
    approval_steps.cast_vote(request_number=version.approval_number, verdict="return", opinion=opinion, by=by)
    return queries.version_called(version_number)
