"""Whoever stands for the debt of another consents in writing before it lasts longer (民法典 §695, 贷款通则 §12)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import queries as contract_queries
from chezhe.documents import queries as document_queries
from chezhe.kernel.errors import BusinessError
from chezhe.servicing.models import Loan, LoanEvent

CONSENT = "extension_consent"


class ConsentMissing(BusinessError):
    code = "extension_consent_missing"
    sentence = _("展期须取得 %(who)s 的书面同意：请先在贷款的“资料”中上传本次展期的“展期同意书”。")


def require_consent(loan: Loan) -> None:
    """Raises ConsentMissing (409) unless a paper of consent was filed with the loan (or its contract) since it was last extended; a
    borrower who stands alone needs none."""
    sureties = contract_queries.sureties(loan.contract)
    if not sureties:
        return
    last = LoanEvent.objects.filter(loan=loan, kind="extended").order_by("-id").values_list("recorded_at", flat=True).first()
    for subject in (loan.subject, loan.contract.subject):
        papers = document_queries.of(subject).filter(category=CONSENT)
        if (papers.filter(uploaded_at__gt=last) if last else papers).exists():
            return
    raise ConsentMissing(who="、".join(customer.masked_name for customer in sureties))
