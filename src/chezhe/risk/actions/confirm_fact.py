"""Two sources contradict each other: somebody says which of them is right."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, locks, subjects
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotFound, require_reason
from chezhe.risk import permissions
from chezhe.risk.facts import queries, rules, steps
from chezhe.risk.facts.models import Fact


class NotContradicted(BusinessError):
    code = "fact_not_contradicted"
    http_status = 409
    sentence = _("“%(code)s”目前没有需要确认的矛盾，页面可能已经过时，请刷新后再看。")


@action(permissions.CONFIRM_FACT)
def confirm_fact(*, subject: str, fact_code: str, source_code: str, reason: str, by: Actor) -> Fact:
    """Let the value of one source count from now on. Raises NotFound (404), NotContradicted (409), ReasonRequired (422)."""
    require_reason(reason)
    subjects.open_subject(subject, by)
    locks.hold(f"fact:{subject}:{fact_code}")
    at = clock.now()
    unknown = queries.assembled([subject], at, [fact_code]).unknown.get(fact_code)
    if unknown is None or unknown.why != rules.CONTRADICTED:
        raise NotContradicted(code=fact_code[:60])
    told = next((one for one in unknown.told if one.source == source_code), None)
    if told is None:
        raise NotFound(what=source_code[:30])
    return steps.confirm(Fact.objects.get(pk=told.id), at=at, by=by)
