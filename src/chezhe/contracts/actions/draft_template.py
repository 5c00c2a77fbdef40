"""Begin a new version of a paper's words."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.wording import queries, shipped, steps
from chezhe.contracts.wording.models import TemplateVersion
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid


@action(permissions.EDIT_TEMPLATE, label=_("起草文本模板"))
def draft_template(*, kind: str, from_number: str = "", business_date: date, by: Actor) -> TemplateVersion:
    """Open a draft with the words of `from_number`, or of the version published last.

    Raises NotFound (404), Invalid (422) for a kind that has no words or a version of another kind.
    """
    if kind not in shipped.KINDS:
        raise Invalid(field="kind", code="kind_unknown", sentence=_("没有这种文本。"))
    steps.hold_kind(kind)
    newest = queries.newest_published(kind)
    source = queries.version_called(from_number) if from_number else newest
    if source is None or source.kind != kind:
        raise Invalid(field="from_number", code="version_of_another_kind", sentence=_("请选择同一种文本的一个版本作为起点。"))
    return steps.begin(kind, source.wording, base=newest, begins_on=business_date, by=by)
