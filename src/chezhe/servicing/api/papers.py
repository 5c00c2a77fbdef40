"""Papers about a loan, over REST."""

from typing import Any, Literal

from django.http import HttpRequest

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import Day, In, Out
from chezhe.servicing import permissions
from chezhe.servicing.actions.print_loan_paper import print_loan_paper
from chezhe.servicing.api.loans import router
from chezhe.servicing.papers.kinds import PaperKind


class PaperIn(In):
    kind: Literal["loan_statement", "payoff_letter", "repayment_schedule", "interest_certificate", "settlement_certificate"]
    first: Day | None = None
    last: Day | None = None


class PaperOut(Out):
    document: str
    name: str
    kind: str
    pages: int
    sha256: str


@router.post("/loans/{number}/papers", response={201: PaperOut}, summary="Print a statement, payoff letter, plan or certificate")
@needs(permissions.PRINT_PAPER)
def print_paper(request: HttpRequest, number: str, payload: PaperIn) -> tuple[int, dict[str, Any]]:
    """`first` and `last` are the days of a statement or certificate, `last` the day on which a payoff letter holds; today
    where left out. The bytes are at `/documents/{document}/content`."""
    today = business_date.current()
    kept = print_loan_paper(
        loan_number=number, kind=PaperKind(payload.kind), first=payload.first or today, last=payload.last or today, by=request.actor
    )
    return 201, {"document": str(kept.key), "name": kept.original_name, "kind": kept.category, "pages": kept.pages, "sha256": kept.sha256}
