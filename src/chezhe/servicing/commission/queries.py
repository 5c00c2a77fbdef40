"""Reading what dealers earned, owe and were paid."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.kernel.subjects import Subject
from chezhe.servicing.commission.models import CommissionLine, CommissionStatement
from chezhe.servicing.commission.states import AGREED, UNPAID


@dataclass(frozen=True, slots=True)
class Summary:
    """Where a dealer stands: earned and not yet on an agreed statement, agreed and not paid, paid, taken back, and still owed by it."""

    accrued: Money
    payable: Money
    paid: Money
    clawed: Money
    owed: Money


def lines(actor: Actor) -> QuerySet[CommissionLine]:
    """What dealers earned and owe back, within reach."""
    return CommissionLine.objects.visible_to(actor).select_related("loan", "dealer", "statement", "plan")


def statements(actor: Actor) -> QuerySet[CommissionStatement]:
    """The dealers' statements within reach; outsiders see those that finance has agreed to."""
    rows = CommissionStatement.objects.visible_to(actor).select_related("dealer", "payee")
    return rows.filter(status__in=AGREED) if actor.is_outsider else rows


def to_approve(actor: Actor) -> QuerySet[CommissionStatement]:
    """待核准返佣结算单."""
    return CommissionStatement.objects.visible_to(actor).filter(status="drawn")


def to_pay(actor: Actor) -> QuerySet[CommissionStatement]:
    """待支付返佣, those that the bank refused or sent back among them."""
    return CommissionStatement.objects.visible_to(actor).filter(status__in=["approved", "failed", "returned"])


def summary(actor: Actor, dealer_id: int | None = None) -> Summary:
    """Of one dealer, or of all within reach."""
    whose = Q(dealer_id=dealer_id) if dealer_id else Q()
    earned = CommissionLine.objects.visible_to(actor).filter(whose)
    stated = CommissionStatement.objects.visible_to(actor).filter(whose)
    waiting = earned.filter(Q(statement__isnull=True) | Q(statement__status="drawn"))
    sums = stated.aggregate(
        unpaid=Sum("payable", filter=Q(status__in=UNPAID)), paid=Sum("payable", filter=Q(status="paid")),
        set_off=Sum("netted", filter=Q(status__in=AGREED)))
    found = earned.aggregate(clawed=Sum("amount", filter=Q(amount__lt=0)))
    open_ = waiting.aggregate(accrued=Sum("amount", filter=Q(amount__gt=0)))
    clawed = -_money(found["clawed"])
    return Summary(
        accrued=_money(open_["accrued"]), payable=_money(sums["unpaid"]), paid=_money(sums["paid"]), clawed=clawed,
        owed=clawed - _money(sums["set_off"]),
    )


def _money(found: object) -> Money:
    return found if isinstance(found, Money) else Money(int(found or 0))  # type: ignore[call-overload]


def open_statement(actor: Actor, number: str) -> Subject:
    """A statement as other rooms see it; raises NotFound (404)."""
    row = statements(actor).fetch(number)
    url = reverse("servicing:commission_statement", args=[number])
    return Subject(row.subject, row.number, url, row.dealer.branch_id, row.dealer.owner_id)


def has_commission(loan_number: str) -> bool:
    """Whether a dealer ever earned by a loan."""
    return CommissionLine.objects.filter(loan__number=loan_number).exists()
