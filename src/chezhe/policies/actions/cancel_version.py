"""Stop a published version before it begins."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, require_reason
from chezhe.kernel.moves import move
from chezhe.policies import permissions, steps
from chezhe.policies.models import PolicyVersion
from chezhe.policies.states import VERSION


class BegunAlready(BusinessError):
    code = "version_has_begun"
    sentence = _("版本 %(version)s 自 %(effective_from)s 起已经生效，不能撤销；要恢复以前的规则，请用“回退”。")


@action(permissions.PUBLISH_VERSION, label=_("撤销未生效的决策表版本"))
def cancel_version(*, version_number: str, reason: str, business_date: date, by: Actor) -> PolicyVersion:
    """Take a scheduled version back before anything was decided by it.

    Raises WrongState, BegunAlready (409), ReasonRequired (422).
    """
    version = steps.lock_version(version_number)
    VERSION.require(version.status, "cancel_version")
    if version.effective_from <= business_date:
        raise BegunAlready(version=version.number, effective_from=version.effective_from)
    move(version, VERSION, "cancel_version", by=by, reason=require_reason(reason))
    events.publish("policy.cancelled", version.subject, steps.facts_of(version))
    return version
