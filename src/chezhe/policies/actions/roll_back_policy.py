"""Go back to an earlier version."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.approvals.rules import is_maker
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, SamePerson, require_reason
from chezhe.policies import permissions, queries, steps
from chezhe.policies.models import PolicyVersion
from chezhe.policies.states import PUBLISHED, VERSION


class NeverInForce(BusinessError):
    code = "never_in_force"
    sentence = _("版本 %(version)s 从未生效过，不能回退到它；请另起草稿并经两人发布。")


class InForceAlready(BusinessError):
    code = "in_force_already"
    sentence = _("版本 %(version)s 的内容就是现在生效的内容，无需回退。")


@action(permissions.PUBLISH_VERSION, label=_("回退决策表"))
def roll_back_policy(*, policy_code: str, to_number: str, reason: str, business_date: date, by: Actor) -> PolicyVersion:
    """Publish the table of an earlier version again, as a new version in force from today: the emergency brake, in one action.

    Two people agreed to that content before; the one who brings it back may publish and never wrote in it, so it has a maker and
    a checker again. Raises NeverInForce, InForceAlready, SamePerson (409), Invalid, ReasonRequired (422).
    """
    policy = steps.lock_policy(policy_code)
    target, reason = queries.version_called(to_number), require_reason(reason, most=steps.NOTE_MAX)
    _check(target, policy.pk, business_date)
    if is_maker(by.user_ids, steps.writers_of(target)):
        raise SamePerson(name=by.name, verb=VERSION.label("roll_back"))
    steps.require_untouched(target)
    again = steps.new_version(policy, target.table, base=queries.newest_published(policy), begins_on=business_date, note=reason, by=by)
    return steps.publish_again(again, target, by=by, reason=reason)


def _check(target: PolicyVersion, policy_id: int, business_date: date) -> None:
    if target.policy_id != policy_id:
        raise Invalid(field="to_number", code="version_of_another_table", sentence=_("请选择这张决策表自己的一个版本。"))
    if target.status != PUBLISHED or target.effective_from > business_date:
        raise NeverInForce(version=target.number)
    if queries.current(target.policy.code, business_date).content_hash == target.content_hash:
        raise InForceAlready(version=target.number)
