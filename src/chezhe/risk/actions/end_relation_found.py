from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.relations import deciding, permissions
from chezhe.risk.relations.models import Candidate


@action(permissions.DECIDE, label=_("终止已确认的关联"))
def end_relation_found(*, relation_number: str, reason: str, by: Actor) -> Candidate:
    """A confirmed relation no longer holds; what it counted for until now stays as it was."""
    candidate = deciding.lock(relation_number, by)
    deciding.end(candidate, reason, by)
    return candidate
