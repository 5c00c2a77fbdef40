"""What the portal says will come by text message, and sends: received, decided, ready to sign, paid out.

Each once a `reference`, which names the news that it is about."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from chezhe.contracts.models import Contract
from chezhe.customers.telling import tell
from chezhe.kernel.actor import Actor
from chezhe.messaging.models import Message
from chezhe.origination.models import Application
from chezhe.origination.straight import steps as straight
from chezhe.servicing.models import Loan
from chezhe.ui import formats

# What became of an application, as its customer reads it; the reasons stand in the notice of the decision, not in a message.
OUTCOMES: Final = {"approved": _("已通过"), "rejected": _("未能通过"), "returned": _("需补充资料")}


def say_received(application_number: str, reference: str, *, by: Actor) -> Message | None:
    """The application has come in; None where no number is known."""
    found = _application(application_number)
    return tell("application_received", found.customer, {"application": found.number}, reference=reference, by=by)


def say_decided(application_number: str, outcome: str, reference: str, *, by: Actor) -> Message | None:
    """`outcome` is one of OUTCOMES; None where no number is known."""
    found = _application(application_number)
    with override(found.customer.language):
        word = str(OUTCOMES[outcome])
    facts = {"application": found.number, "outcome": word, "branch": found.branch.name}
    return tell("application_decided", found.customer, facts, reference=reference, by=by)


def say_ready(contract_number: str, reference: str, *, by: Actor) -> Message | None:
    """The papers are printed and wait for the signature; None for who goes straight on, where another message says more."""
    found = Contract.objects.select_related("customer", "branch", "application").get(number=contract_number)
    goes_straight = found.application is not None and straight.running(found.application.number) is not None
    if found.approval_expires_on is None or found.status != "prepared" or goes_straight:
        return None
    facts = {"contract": found.number, "day": found.approval_expires_on.isoformat(), "branch": found.branch.name}
    return tell("contract_ready", found.customer, facts, reference=reference, by=by)


def say_paid_out(loan_number: str, reference: str, *, by: Actor) -> Message | None:
    """The money is on the account; None for a loan that has no next instalment or no rate."""
    found = Loan.objects.select_related("customer").get(number=loan_number)
    if found.next_due_on is None or found.annual_rate is None:
        return None
    facts = {
        "loan": found.number, "amount": found.principal.format(grouped=True), "due_on": found.next_due_on.isoformat(),
        "rate": formats.rate(found.annual_rate),
    }
    return tell("loan_paid_out", found.customer, facts, reference=reference, by=by)


def _application(number: str) -> Application:
    return Application.objects.select_related("customer", "branch").get(number=number)
