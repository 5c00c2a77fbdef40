"""The papers could not be made: try once more with the facts as they are now."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import Contract, PrintRun
from chezhe.contracts.printing import steps
from chezhe.contracts.states import CONTRACT
from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError


class PapersMade(BusinessError):
    code = "papers_made"
    sentence = _("合同 %(contract)s 的文本已经制成，需要再打印的请补打。")


@action(permissions.PREPARE, label=_("重新制作合同文本"))
def remake_papers(*, contract_number: str, by: Actor) -> PrintRun:
    """Ask for the whole set of a contract whose papers failed.

    Raises WrongState, PapersMade or PapersNotReady (409), FactMissing, GlyphMissing or WordsMissing (422).
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    CONTRACT.require(contract.status, "sign")
    if contract.papers.exists():
        raise PapersMade(contract=contract.number)
    run = steps.ask_set(contract, by=by)
    moves.record(contract.subject, "remake_papers", contract.status, contract.status, by=by)
    return run
