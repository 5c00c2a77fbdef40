"""Who wants to settle when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from chezhe.kernel import numbers
from chezhe.kernel.fields import Code, MoneyField, Text
from chezhe.kernel.privacy import C2
from chezhe.kernel.scope import ScopedQuerySet
from chezhe.servicing.early.states import SETTLEMENT_ASK

ASK_PREFIX = numbers.register("ES", "early settlement")


class SettlementAsk(models.Model):
    """A borrower means to settle on `settles_on`; `amount` is what was told to be paid on that day, to the fen."""

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=SETTLEMENT_ASK.choices(), default="asked")
    loan = models.ForeignKey("servicing.Loan", on_delete=models.PROTECT, related_name="settlement_asks")
    settles_on = models.DateField()
    amount = MoneyField()
    asked_at = models.DateTimeField()
    asked_by_name = Text(privacy=C2, max_length=80)
    ended_at = models.DateTimeField(null=True)

    objects = ScopedQuerySet.as_manager()
    scope_branch, scope_owner, scope_customer = "loan__branch_id", "loan__owner_id", "loan__customer_id"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["loan"], name="settlement_ask_once", condition=Q(status="asked"))]
        indexes = [models.Index(fields=["settles_on"], name="settlement_ask_day", condition=Q(status="asked"))]

    @property
    def subject(self) -> str:
        return f"settlement_ask:{self.number}"
