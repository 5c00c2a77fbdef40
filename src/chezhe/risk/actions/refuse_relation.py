from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.relations import deciding, permissions
from chezhe.risk.relations.models import Candidate


@action(permissions.DECIDE, label=_("排除疑似关联"))
def refuse_relation(*, relation_number: str, reason: str, by: Actor) -> Candidate:
    """Two customers only look alike."""
    candidate = deciding.lock(relation_number, by)
    deciding.refuse(candidate, reason, by)
    return candidate
