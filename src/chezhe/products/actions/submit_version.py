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
from chezhe.products import judging, permissions, steps
from chezhe.products.models import VERSION_KIND, ProductVersion
from chezhe.products.states import VERSION


class BeginsInThePast(BusinessError):
    code = "begins_in_the_past"
    http_status = 422
    field = "effective_from"
    sentence = gettext_lazy("生效日期 %(effective_from)s 早于业务日期 %(business_date)s，请修改草稿。")


@action(permissions.EDIT_VERSION, label=gettext_lazy("提交产品版本"))
def submit_version(*, version_number: str, business_date: date, by: Actor) -> ProductVersion:
    """Send a complete draft to compliance. It can no longer be edited.

    Raises Invalid (422) for incomplete terms, CapExceeded (409) when the dearest loan it allows breaks a cap,
    BeginsInThePast (422), WrongState (409).
    """
    version = steps.lock_version(version_number)
    VERSION.require(version.status, "submit_version")
    if version.effective_from < business_date:
        raise BeginsInThePast(effective_from=version.effective_from, business_date=business_date)
    steps.refuse(judging.problems(version.terms))
    worst = steps.worst_corner(version.terms, version.effective_from)
    steps.require_within_caps(version.product.code, version.terms, worst, version.effective_from)
    request = approval_steps.open_request(
        kind=VERSION_KIND, subject=version.subject, title=_("发布产品版本 %(version)s") % {"version": str(version)},
        stages=[{"role": roles.COMPLIANCE}], maker_ids=_makers(version, by), branch_id=None, by=by,
    )
    version.worst, version.approval_number = steps.describe_worst(worst), request.number
    version.save(update_fields=["worst", "approval_number"])
    move(version, VERSION, "submit_version", by=by)
    return version


def _makers(version: ProductVersion, by: Actor) -> set[int]:
    """Whoever last wrote the draft and whoever submits it: neither may publish."""
    return {*by.user_ids, *([version.drafted_by_id] if version.drafted_by_id else [])}
