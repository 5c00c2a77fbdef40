"""A bank statement is handed in."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.documents import steps as documents
from chezhe.documents.steps import Upload
from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.facts import proofs
from chezhe.risk.facts.models import Statement


@action(permissions.HAND_IN_PROOFS, label=_("提交银行流水"))
def upload_statement(*, customer_number: str, upload: Upload | None, by: Actor) -> Statement:
    """Keep the file, judge it, and tell what it proves.

    Raises NotFound (404), a FileRefused, FlowUnreadable or FlowLineUnreadable (422), DocumentTwice (409); nothing is kept then.
    """
    customer = Customer.objects.visible_to(by).fetch(customer_number)
    file = documents.store(upload, subject=customer.subject, category="flow_statement", branch_id=customer.branch_id, by=by)
    return proofs.keep_statement(file, customer, at=clock.now(), by=by)
