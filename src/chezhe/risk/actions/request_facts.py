"""Ask outside sources about somebody or something."""

from __future__ import annotations

from collections.abc import Sequence

from chezhe.kernel import subjects
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.facts import asking
from chezhe.risk.facts.asking import Wished


@action(permissions.REQUEST_FACTS)
def request_facts(*, subject: str, services: Sequence[str] = (), query_reason_code: str, anew: bool = False, by: Actor) -> Wished:
    """Note the questions; the worker sends them. Nothing is asked without the person's consent, and nothing twice that is still fresh.

    For a car it is the owner's consent that counts. Raises NotFound (404), ServiceUnknown, Invalid (422).
    """
    subjects.open_subject(subject, by)
    return asking.wish(subject, services=services, reason=query_reason_code, anew=anew, by=by)
