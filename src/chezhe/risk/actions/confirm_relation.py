from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.relations import deciding, permissions
from chezhe.risk.relations.models import Candidate


@action(permissions.DECIDE, label=_("确认关联"))
def confirm_relation(*, relation_number: str, kind: str, reason: str, by: Actor) -> Candidate:
    """Two customers are one hand, one household or one person: from now on they count as joined in rings."""
    candidate = deciding.lock(relation_number, by)
    deciding.confirm(candidate, kind, reason, by)
    return candidate
