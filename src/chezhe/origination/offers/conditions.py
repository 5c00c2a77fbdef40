"""On what conditions people agreed, who sees to each, and what still stands in the way of contract and money."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.origination import choices, errors
from chezhe.origination.models import Application, ApprovalCondition
from chezhe.origination.states import CONDITION

CONDITIONS_MAX, WORDS_MAX = 10, 120
CONTRACT, PAYOUT = "contract", "payout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wished:
    """A condition as somebody types it: what, until when (`contract` or `payout`), and whose work it is."""

    words: str
    due: str
    owner_role: str


class ConditionsOpen(BusinessError):
    code = "conditions_open"
    sentence = _("批复条件还没有办完：%(what)s。")


def put(application: Application, wished: Iterable[Wished], *, by: Actor) -> None:
    """Let conditions stand on an application. Raises Invalid (422) for what nobody can see to."""
    kept = [Wished(words=" ".join(one.words.split()), due=one.due, owner_role=one.owner_role) for one in wished]
    kept = [one for one in kept if one.words]
    if len(kept) > CONDITIONS_MAX or any(len(one.words) > WORDS_MAX for one in kept):
        raise Invalid(
            field="conditions", code="conditions_too_many", sentence=_("批复条件最多 %(most)s 项，每项最多 %(length)s 个字。"),
            most=CONDITIONS_MAX, length=WORDS_MAX)
    for one in kept:
        if one.due not in dict(choices.CONDITION_DUE):
            raise Invalid(field="due", code="condition_due_unknown", sentence=_("请选择批复条件在何时之前办完。"))
        if one.owner_role not in dict(choices.CONDITION_OWNERS):
            raise Invalid(field="owner_role", code="condition_owner_unknown", sentence=_("请选择批复条件由谁办理。"))
    at = clock.now()
    for one in kept:
        made = ApprovalCondition.objects.create(
            application=application, words=one.words, due=one.due, owner_role=one.owner_role, set_at=at, set_by_id=by.user_id,
            set_by_name=by.name)
        moves.record(made.subject, "set", "", made.status, by=by)


def lock(application: Application, condition_id: int) -> ApprovalCondition:
    """One condition of a locked application; raises ConditionUnknown (404)."""
    found = application.conditions.select_for_update(no_key=True).filter(pk=condition_id).first()
    if found is None:
        raise errors.ConditionUnknown()
    return found


def settle(condition: ApprovalCondition, verb: str, words: str, *, by: Actor) -> None:
    """Note that it was met or waived, and with what; raises WrongState (409)."""
    CONDITION.require(condition.status, verb)
    condition.settled_at, condition.settled_by_name, condition.settled_words = clock.now(), by.name, words
    condition.status = CONDITION.require("open", verb)
    condition.save()
    moves.record(condition.subject, verb, "open", condition.status, by=by, reason=words)


def drop(application: Application, *, by: Actor) -> None:
    """What was agreed to before is decided anew, and so are its conditions."""
    for condition in application.conditions.filter(status="open"):
        settle(condition, "drop", "", by=by)


def standing(application: Application, due: str) -> QuerySet[ApprovalCondition]:
    """What is not done yet of what has to be done before the contract, or before money leaves."""
    return application.conditions.filter(status="open", due__in=[CONTRACT] if due == CONTRACT else [CONTRACT, PAYOUT])


def require_met(application: Application, due: str) -> None:
    """Raises ConditionsOpen (409), naming what is not done yet."""
    lacking = list(standing(application, due).values_list("words", flat=True))
    if lacking:
        raise ConditionsOpen(what=gettext("；").join(lacking))
