"""Somebody knows whose money a parked receipt is."""

from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.payments.models import BankLine
from chezhe.servicing import bank_lines, permissions, references
from chezhe.servicing.models import LoanEvent


@action(permissions.MATCH_RECEIPT)
def match_receipt(*, bank_serial_number: str, loan_number: str, reason: str, by: Actor) -> LoanEvent:
    """Book a waiting receipt on the loan that a clerk names, for a reason that stays with it."""
    references.hold_transfer(bank_serial_number)
    line = BankLine.objects.visible_to(by).lock(bank_serial_number)
    bank_lines.require_claim(line, reason)
    bank_lines.require_unregistered(line)
    return bank_lines.apply(line, loan_number.strip().upper(), by=by)
