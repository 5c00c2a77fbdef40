from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from chezhe.compliance import queries as compliance_queries
from chezhe.documents import steps as document_steps
from chezhe.documents.models import StoredFile
from chezhe.documents.papers import press
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.risk import permissions
from chezhe.risk.deciding import queries, reasons
from chezhe.risk.papers import NOTICE
from chezhe.risk.papers.notice import FILE_NAME, Notice, notice

CATEGORY = "adverse_notice"


class NotDeclined(BusinessError):
    code = "decision_not_declined"
    sentence = _("决策 %(number)s 没有拒绝申请，不出具不予批准告知书。")


@action(permissions.ISSUE_NOTICE)
def issue_notice(*, decision_number: str, business_date: date, by: Actor) -> StoredFile:
    """Print why an application was not approved and what the customer may ask for, and keep it with the application."""
    decision = queries.fetch(decision_number, by)
    if decision.outcome != "declined" or decision.kind == "shadow":
        raise NotDeclined(number=decision.number)
    with override("zh-hans"):
        said = reasons.told(decision.reasons)
    printed = press.print_paper(NOTICE, notice(Notice(
        number=decision.number, application=decision.subject.partition(":")[2], name=decision.customer.name,
        lender=compliance_queries.lender().name, decided_on=decision.business_date, made_on=business_date, reasons=said,
    )))
    name = FILE_NAME.format(number=decision.number)
    return document_steps.store_printed(
        printed, name=name, subject=decision.subject, category=CATEGORY, branch_id=decision.branch_id, by=by,
    )
