"""Ask for a version to be published."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.approvals import steps as approval_steps
from chezhe.kernel import roles
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.moves import move
from chezhe.policies import permissions, steps
from chezhe.policies.errors import BeginsInThePast
from chezhe.policies.models import VERSION_KIND, PolicyVersion
from chezhe.policies.states import SUBMITTED, VERSION


class AnotherWaits(BusinessError):
    code = "another_version_waits"
    sentence = gettext_lazy("版本 %(waiting)s 正在等待发布，请先对它作出决定，再提交另一个。")


class NothingChanged(BusinessError):
    code = "nothing_changed"
    http_status = 422
    sentence = gettext_lazy("这份草稿与 %(base)s 的内容完全相同，无需发布。")


@action(permissions.EDIT_VERSION, label=gettext_lazy("提交决策表版本"))
def submit_version(*, version_number: str, business_date: date, by: Actor) -> PolicyVersion:
    """Send a sound draft to compliance. It can no longer be edited, and none who wrote in it may publish it.

    Raises FaultsLeft, NothingChanged, BeginsInThePast (422), NewerPublished, AnotherWaits, WrongState (409).
    """
    version = steps.lock_version(version_number)
    VERSION.require(version.status, "submit_version")
    _check(version, business_date)
    request = approval_steps.open_request(
        kind=VERSION_KIND, subject=version.subject, title=_("发布决策表 %(version)s") % {"version": str(version)},
        stages=[{"role": roles.COMPLIANCE}], maker_ids=steps.writers_of(version), branch_id=None, by=by,
    )
    version.approval_number = request.number
    version.save(update_fields=["approval_number"])
    move(version, VERSION, "submit_version", by=by)
    return version


def _check(version: PolicyVersion, business_date: date) -> None:
    if version.effective_from < business_date:
        raise BeginsInThePast(effective_from=version.effective_from, business_date=business_date)
    steps.require_sound(version)
    steps.require_newest_base(version)
    if version.base is not None and version.base.content_hash == version.content_hash:
        raise NothingChanged(base=version.base.number)
    waiting = version.policy.versions.filter(status=SUBMITTED).first()
    if waiting is not None:
        raise AnotherWaits(waiting=waiting.number)
