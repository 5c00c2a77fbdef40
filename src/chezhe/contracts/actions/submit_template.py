"""Ask for words to be published."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.approvals import steps as approval_steps
from chezhe.contracts import permissions
from chezhe.contracts.wording import errors, steps
from chezhe.contracts.wording.models import TEMPLATE_KIND, TemplateVersion
from chezhe.contracts.wording.states import SUBMITTED, TEMPLATE
from chezhe.kernel import roles
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.moves import move


@action(permissions.EDIT_TEMPLATE, label=gettext_lazy("提交文本模板"))
def submit_template(*, version_number: str, business_date: date, by: Actor) -> TemplateVersion:
    """Send sound words to compliance. They can no longer be edited, and none who wrote in them may publish them.

    Raises FaultsLeft, NothingChanged or BeginsInThePast (422), NewerPublished, AnotherWaits or WrongState (409).
    """
    version = steps.lock_version(version_number)
    TEMPLATE.require(version.status, "submit_template")
    if version.effective_from < business_date:
        raise errors.BeginsInThePast(on=version.effective_from, today=business_date)
    steps.require_sound(version)
    steps.require_newest_base(version)
    if version.base is not None and version.base.content_hash == version.content_hash:
        raise errors.NothingChanged(base=version.base.number)
    waiting = TemplateVersion.objects.filter(kind=version.kind, status=SUBMITTED).first()
    if waiting is not None:
        raise errors.AnotherWaits(waiting=waiting.number)
    request = approval_steps.open_request(
        kind=TEMPLATE_KIND, subject=version.subject, title=_("发布文本模板 %(version)s") % {"version": str(version)},
        stages=[{"role": roles.COMPLIANCE}], maker_ids=version.writer_ids, branch_id=None, by=by,
    )
    version.approval_number = request.number
    version.save(update_fields=["approval_number"])
    move(version, TEMPLATE, "submit_template", by=by)
    return version
