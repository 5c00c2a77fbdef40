"""Send a submitted version back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import steps as approval_steps
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.products import permissions, queries, steps
from chezhe.products.models import ProductVersion
from chezhe.products.states import VERSION


@action(permissions.PUBLISH_VERSION, label=_("退回产品版本"))
def return_version(*, version_number: str, opinion: str, by: Actor) -> ProductVersion:
    """Return a submitted version to its draft, saying why.

    Raises WrongState, SamePerson (409), NotThisStage (403), OpinionMissing (422).
    """
    version = steps.lock_version(version_number)
    VERSION.require(version.status, "return_version")
    approval_steps.cast_vote(request_number=version.approval_number, verdict="return", opinion=opinion, by=by)
    return queries.version_called(version_number)
