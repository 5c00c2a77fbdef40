"""Somebody knows whose money a parked receipt is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.payments.models import BankLine
from chezhe.payments.states import BANK_LINE
from chezhe.servicing import bank_lines, permissions
from chezhe.servicing.models import LoanEvent


@action(permissions.MATCH_RECEIPT)
def match_receipt(*, bank_serial_number: str, loan_number: str, reason: str, by: Actor) -> LoanEvent:
    """Book a waiting receipt on the loan that a clerk names, for a reason that stays with it."""
    line = BankLine.objects.visible_to(by).lock(bank_serial_number)
    BANK_LINE.require(line.status, "match")
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明认领依据。"))
    return bank_lines.apply(line, loan_number.strip().upper(), by=by)
