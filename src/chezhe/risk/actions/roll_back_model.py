from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals.rules import is_maker
from chezhe.kernel.action import action, require_fresh_code
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import SamePerson, require_reason
from chezhe.kernel.scope import require_whole_house
from chezhe.risk.registry import errors, permissions, queries, steps
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.registry.states import MODEL


@action(permissions.ROLL_BACK_MODEL, label=_("回退评分模型"))
def roll_back_model(*, scoring_model_number: str, reason: str, by: Actor) -> ScoringModel:
    """Put the model that was in force before in the place of this one, at once: the emergency brake. Two people agreed to it before.

    Raises WrongState, NothingBefore, SamePerson (409), ReasonRequired (422) or StepUpRequired (403).
    """
    require_whole_house(by)
    require_fresh_code(by)
    kept = require_reason(reason, most=steps.NOTE_MAX)
    model = steps.lock(scoring_model_number)
    MODEL.require(model.status, "roll_back_model")
    former = queries.before(model.purpose)
    if former is None:
        raise errors.NothingBefore(number=model.number)
    if is_maker(by.user_ids, former.maker_ids):
        raise SamePerson(name=by.name, verb=MODEL.label("restore_model"))
    steps.roll_back(model, former, kept, by)
    return former
