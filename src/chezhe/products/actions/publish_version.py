"""Put a version on offer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.approvals import steps as approval_steps
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.products import permissions, queries, steps
from chezhe.products.models import ProductVersion
from chezhe.products.rules import content_hash
from chezhe.products.states import VERSION


class ContentAltered(BusinessError):
    code = "content_altered"
    sentence = _("版本 %(version)s 的内容与提交时的指纹不符，不能发布。请报告管理员。")


@action(permissions.PUBLISH_VERSION, label=_("发布产品版本"))
def publish_version(*, version_number: str, opinion: str = "", by: Actor) -> ProductVersion:
    """Publish a submitted version, as somebody who neither wrote nor submitted it; it holds from its effective date.

    The caps are asked again, since parameters may have changed. Raises CapExceeded, SamePerson, WrongState,
    ContentAltered (409), NotThisStage (403).
    """
    version = steps.lock_version(version_number)
    VERSION.require(version.status, "publish_version")
    if content_hash(version.content) != version.content_hash:
        raise ContentAltered(version=version.number)
    worst = steps.worst_corner(version.terms, version.effective_from)
    steps.require_within_caps(version.product.code, version.terms, worst, version.effective_from)
    approval_steps.cast_vote(request_number=version.approval_number, verdict="agree", opinion=opinion, by=by)
    return queries.version_called(version_number)
