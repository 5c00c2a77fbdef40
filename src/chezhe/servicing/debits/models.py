"""Tries to collect from borrowers."""

from __future__ import annotations

from datetime import date

from django.db import models

from chezhe.kernel.fields import Code, LongText, MoneyField, Text
from chezhe.kernel.privacy import C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.servicing.debits.states import LOAN_DEBIT

# Turns of a day that a clerk asked for begin here, those of the calendar at 1.
MANUAL_FROM = 51
# Of which the loan has less than the channel collected.
UNBOOKED = models.Q(collected__gt=models.F("booked"))


class LoanDebit(models.Model):
    """One try on one loan: `turn` of its `day`. Its number is made of these, so that planning twice makes nothing twice.

    `amount` is what was planned, then what was ordered; `collected` what the channel took, `booked` how much of it the loan got.
    """

    number = Code(unique=True, max_length=50)
    status = models.CharField(max_length=10, choices=LOAN_DEBIT.choices(), default="planned")
    loan = models.ForeignKey("servicing.Loan", on_delete=models.PROTECT, related_name="debits", db_index=False)
    mandate = models.ForeignKey("payments.Mandate", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    turn = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField()
    amount = MoneyField()
    collected = MoneyField(default=0)
    booked = MoneyField(default=0)
    reason_code = Code(blank=True)
    note = LongText(privacy=C2, blank=True)
    asked_by_name = Text(privacy=C2, max_length=80)
    ordered_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_customer = "loan__branch_id", "loan__owner_id", "loan__customer_id"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["loan", "day", "turn"], name="loan_debit_once"),
            # Nothing more is asked of a borrower while the channel owes us an answer.
            models.UniqueConstraint(fields=["loan"], name="loan_debit_open_once", condition=models.Q(status="ordered")),
        ]
        indexes = [
            models.Index(fields=["day", "status"], name="loan_debit_day"),
            models.Index(fields=["due_at", "id"], name="loan_debit_planned", condition=models.Q(status="planned")),
            # Few: somebody reversed what they paid.
            models.Index(fields=["ordered_at"], name="loan_debit_unbooked", condition=UNBOOKED),
        ]

    @property
    def subject(self) -> str:
        return f"loan_debit:{self.number}"

    @property
    def is_manual(self) -> bool:
        return self.turn >= MANUAL_FROM


def number_of(loan_number: str, day: date, turn: int) -> str:
    """`L26-000123-7.260215.1`: the first try of 15 February on that loan."""
    return f"{loan_number}.{day:%y%m%d}.{turn}"
