from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.documents.steps import Upload
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.valuing import reporting
from chezhe.risk.valuing.models import ReportPhoto


@action(permissions.APPRAISE, label=_("添加评估照片"))
def add_report_photo(*, report_number: str, category_code: str, upload: Upload | None, by: Actor) -> ReportPhoto:
    """One photo of the checklist; a picture that was shown for another car is marked."""
    report = reporting.locked(report_number, by)
    return reporting.add_photo(report, category_code, upload, by=by)
