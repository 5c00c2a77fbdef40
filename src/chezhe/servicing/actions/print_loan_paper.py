"""A borrower is given a paper about the loan."""

from __future__ import annotations

from datetime import date

from chezhe.documents.models import StoredFile
from chezhe.kernel import business_date
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, printing, queries
from chezhe.servicing.models import Loan
from chezhe.servicing.papers.kinds import PaperKind
from chezhe.servicing.printing import Asked


@action(permissions.PRINT_PAPER)
def print_loan_paper(*, loan_number: str, kind: PaperKind, first: date, last: date, by: Actor) -> StoredFile:
    """Print a statement, payoff letter, plan or certificate and keep it with the loan. Raises what `printing.data_of` raises,
    and NotFound (404) for a borrower's program about another's loan."""
    loan = Loan.objects.visible_to(by).select_related("customer", "contract").fetch(loan_number)
    queries.require_own(loan, by)
    return printing.print_one(loan, Asked(kind=kind, first=first, last=last), business_date.current(), by=by)
