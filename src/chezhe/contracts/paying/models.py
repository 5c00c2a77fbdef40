"""Tables of payouts in parts: whose accounts may be paid, the parts themselves, and how much may leave in a day."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from chezhe.contracts.paying.states import LEG, LIMIT, PAYEE, PAYEE_KINDS
from chezhe.kernel import numbers
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.fields import BlindIndex, Code, Encrypted, Json, MoneyField, Text
from chezhe.kernel.privacy import C1, C2, PUBLIC
from chezhe.kernel.scope import ScopedQuerySet

PAYEE_PREFIX = numbers.register("PA", "payee account")
LIMIT_PREFIX = numbers.register("PL", "payout limit")


class HouseOrBranchQuerySet(ScopedQuerySet[Any]):
    """Rows of a branch, and those without one, which are the whole house's and open to all its branches."""

    def visible_to(self, actor: Actor) -> Self:
        seen = super().visible_to(actor)
        is_all = actor.sees_whole_house or actor.reach is Reach.NONE or actor.is_outsider
        return seen if is_all else seen | self.filter(branch=None)


class PayeeAccount(models.Model):
    """An account that is not the borrower's and may be paid under a contract: a dealer's, an insurer's or a provider's. It is
    another person's word that it is theirs; after that it does not change, it can only be closed."""

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=PAYEE.choices(), default="proposed")
    kind = models.CharField(max_length=10, choices=PAYEE_KINDS)
    dealer = models.ForeignKey("channels.Dealer", on_delete=models.PROTECT, null=True, related_name="+")
    name = Text(privacy=PUBLIC, max_length=100)
    bank_name = Text(privacy=PUBLIC, max_length=60)
    account = Encrypted()
    account_index = BlindIndex(of="account")
    tail = Code(privacy=C1, max_length=4)
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    proposed_by_ids = Json(privacy=C1, default=list)
    proposed_by_name = Text(privacy=C2, max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = Text(privacy=C2, max_length=80, blank=True, default="")
    opinion = Text(privacy=C1, max_length=200, blank=True, default="")

    objects = HouseOrBranchQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", None

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account_index"], name="payee_account_once", condition=Q(status__in=["proposed", "verified"])),
            models.CheckConstraint(
                name="payee_dealer", condition=Q(kind="dealer", dealer__isnull=False) | ~Q(kind="dealer") & Q(dealer__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.masked}"

    @property
    def subject(self) -> str:
        return f"payee_account:{self.number}"

    @property
    def masked(self) -> str:
        return f"****{self.tail}"


class Leg(models.Model):
    """One part of a payout, to one account. `payee` is null for the borrower's own, which is the disbursement's. `attempt` counts
    orders to different accounts, `ordered_on` is the business day against whose limits it counts."""

    disbursement = models.ForeignKey("contracts.Disbursement", on_delete=models.PROTECT, related_name="legs")
    place = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=LEG.choices(), default="prepared")
    payee = models.ForeignKey(PayeeAccount, on_delete=models.PROTECT, null=True, related_name="legs")
    amount = MoneyField()
    attempt = models.PositiveSmallIntegerField(default=1)
    payout_number = Code(blank=True)
    failure_code = Code(blank=True)
    ordered_on = models.DateField(null=True)
    paid_on = models.DateField(null=True)

    class Meta:
        ordering = ["place"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="leg_positive"),
            models.UniqueConstraint(fields=["disbursement", "place"], name="leg_place_once"),
            models.UniqueConstraint(fields=["disbursement"], name="leg_own_once", condition=Q(payee__isnull=True)),
        ]
        indexes = [models.Index(fields=["ordered_on"], name="leg_ordered", condition=Q(ordered_on__isnull=False))]

    @property
    def subject(self) -> str:
        return f"leg:{self.disbursement.number}.{self.place}"

    @property
    def reference(self) -> str:
        """What payments knows this order by."""
        return f"disbursement:{self.disbursement.number}.{self.place}.{self.attempt}"

    @property
    def payee_name(self) -> str:
        return self.payee.name if self.payee else self.disbursement.account.holder_name

    @property
    def account_number(self) -> str:
        return self.payee.account if self.payee else self.disbursement.account.card_number

    @property
    def account_tail(self) -> str:
        return self.payee.tail if self.payee else self.disbursement.account.tail


class PayoutLimit(models.Model):
    """How much may leave by one payout and in one day from a day on, of a branch or (without one) of the house. The newest that two
    people agreed on counts; an empty sum sets no limit."""

    number = Code(unique=True)
    status = models.CharField(max_length=10, choices=LIMIT.choices(), default="proposed")
    branch = models.ForeignKey("staff.Branch", on_delete=models.PROTECT, null=True, related_name="+")
    effective_from = models.DateField()
    per_payout = MoneyField(null=True)
    per_day = MoneyField(null=True)
    reason = Text(privacy=C1, max_length=200)
    proposed_at = models.DateTimeField()
    proposed_by_ids = Json(privacy=C1, default=list)
    proposed_by_name = Text(privacy=C2, max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by_name = Text(privacy=C2, max_length=80, blank=True, default="")
    opinion = Text(privacy=C1, max_length=200, blank=True, default="")

    objects = HouseOrBranchQuerySet.as_manager()
    scope_branch, scope_owner = "branch_id", None

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="payout_limit_sums",
                condition=(Q(per_payout__isnull=True) | Q(per_payout__gte=0)) & (Q(per_day__isnull=True) | Q(per_day__gte=0))
                & (Q(per_payout__isnull=True) | Q(per_day__isnull=True) | Q(per_day__gte=F("per_payout"))),
            ),
        ]

    @property
    def subject(self) -> str:
        return f"payout_limit:{self.number}"
