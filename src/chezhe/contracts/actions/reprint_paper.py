"""A paper is printed once more."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import errors, permissions, queries
from chezhe.contracts.models import Contract, PrintRun
from chezhe.contracts.papers.forms import COST_SHEET
from chezhe.contracts.printing import steps
from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid


class SheetIsRenewed(BusinessError):
    code = "cost_sheet_not_reprinted"
    sentence = _("成本明示表不补打：内容有变请重新出具，否则请下载存档的 PDF。")


class ContractOver(BusinessError):
    code = "contract_over"
    sentence = _("合同 %(contract)s 已作废或结清，不再补打文本。")


class PaperSigned(BusinessError):
    code = "paper_signed"
    sentence = _("文本 %(code)s 已有电子签名，补打会使签名失效；请下载已签署的 PDF。")


@action(permissions.REPRINT)
def reprint_paper(*, contract_number: str, code: str, reason: str, by: Actor) -> PrintRun:
    """Print a paper of a contract again under the next number; what was printed before no longer counts once the new one is made.

    Raises NotFound (404), ContractOver, SheetIsRenewed, PaperVoid, PaperSigned or PapersNotReady (409), Invalid (422) without a reason.
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    if contract.status in ("void", "settled"):
        raise ContractOver(contract=contract.number)
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明补打的原因。"))
    paper = queries.paper(contract_number, code, by)
    if paper.kind == COST_SHEET:
        raise SheetIsRenewed()
    if paper.voided_at is not None:
        raise errors.PaperVoid(code=paper.code)
    if paper.signatures.filter(file__isnull=False).exists():
        raise PaperSigned(code=paper.code)
    run = steps.ask_again(paper, reason=reason, by=by)
    moves.record(contract.subject, "reprint_paper", contract.status, contract.status, by=by, reason=f"{paper.code} {reason}"[:200])
    return run
