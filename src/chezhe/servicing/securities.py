"""What stands behind a loan besides its cars, kept by the risk room under the application: when its debt falls due, and when it is gone."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.risk.guarantees import steps
from chezhe.risk.guarantees.models import Security
from chezhe.risk.guarantees.standing import Owed
from chezhe.risk.guarantees.states import LIVE
from chezhe.servicing import coverage, lives
from chezhe.servicing.models import Loan


def subject_of(loan_number: str) -> str:
    """The application whose live securities stand for this loan; empty when there are none."""
    number = Loan.objects.filter(number=loan_number).values_list("contract__application__number", flat=True).first()
    subject = f"application:{number}" if number else ""
    return subject if subject and Security.objects.filter(subject_text=subject, status__in=LIVE).exists() else ""


def follow(loan: Loan, subject: str, *, on: date, by: Actor) -> int:
    """Everything is released with the last yuan; until then each guarantee's period runs from the day on which the debt is due:
    the last instalment's, or the day on which the loan was called in (民法典 §692). Says how many securities it touched."""
    if loan.settled_on is not None:
        return steps.release_all(subject, reason=_("贷款结清"), by=by)
    called_in = loan.events.filter(kind="accelerated", reversal=None).order_by("-id").first() if loan.status == "accelerated" else None
    return steps.fall_due(subject, called_in.value_on if called_in else loan.matures_on, on=on)


def owed(application_number: str, on: date) -> Owed | None:
    """What the loan of an application still owes on a day: what is due by then and every instalment to come."""
    loan = Loan.objects.filter(contract__application__number=application_number, settled_on=None).order_by("-pk").first()
    if loan is None:
        return None
    position = lives.standing(loan, max(on, loan.as_of))
    principal = Money(position.principal_fen)
    return Owed(principal, coverage.owed_to_maturity(position) - principal, loan.matures_on, coverage.released(loan))
