"""Whose accounts may be paid, the parts of a payout, and what has left today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from chezhe.contracts.models import Contract, Leg, PayeeAccount, PayoutLimit
from chezhe.contracts.paying import rules
from chezhe.contracts.paying.states import ON_ITS_WAY
from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.staff.models import Branch


def payees(actor: Actor) -> QuerySet[PayeeAccount]:
    """The accounts an actor may see."""
    return PayeeAccount.objects.visible_to(actor).select_related("dealer", "branch")


def limits(actor: Actor) -> QuerySet[PayoutLimit]:
    """The limits an actor may see."""
    return PayoutLimit.objects.visible_to(actor).select_related("branch")


def payable_to(contract: Contract) -> QuerySet[PayeeAccount]:
    """The accounts that may be paid under a contract: agreed on, of the house or its branch, of nobody we have stopped working with."""
    fit = Q(branch=None) | Q(branch_id=contract.branch_id)
    stopped = Q(dealer__isnull=False) & ~Q(dealer__status="active")
    return PayeeAccount.objects.filter(fit, status="verified").exclude(stopped).order_by("name", "id")


def ceilings(branch: Branch | None, on: date) -> list[tuple[Branch | None, rules.Ceiling]]:
    """The limits in force for a branch: the house's and its own, the newest of each that was agreed on."""
    whose = Q(branch=None) | Q(branch=branch)
    rows = PayoutLimit.objects.filter(whose, status="agreed", effective_from__lte=on)
    newest = {row.branch_id: row for row in rows.order_by("effective_from", "id")}
    found = [(None, newest.get(None), _("全公司")), *([(branch, newest.get(branch.pk), branch.name)] if branch else [])]
    return [
        (whose, rules.Ceiling(label=label, per_payout=row.per_payout, per_day=row.per_day))
        for whose, row, label in found if row is not None
    ]


def ordered_on(day: date, branch: Branch | None) -> Money:
    """What was ordered on a business day and is not known to have failed."""
    rows = Leg.objects.filter(ordered_on=day, status__in=ON_ITS_WAY)
    rows = rows.filter(disbursement__contract__branch=branch) if branch else rows
    total = rows.aggregate(fen=Sum("amount"))["fen"]
    return total if isinstance(total, Money) else Money(int(total or 0))


@dataclass(frozen=True, slots=True)
class Used:
    """A limit of a day and what of it has been ordered."""

    label: str
    used: Money
    per_day: Money | None
    per_payout: Money | None


def used_of(actor: Actor, on: date) -> list[Used]:
    """The limits that bind the actor's branch today, each with what is used of it; the house's for whoever belongs to none."""
    branch = Branch.objects.filter(pk=actor.branch_id).first()
    return [
        Used(ceiling.label, ordered_on(on, whose), ceiling.per_day, ceiling.per_payout) for whose, ceiling in ceilings(branch, on)
    ]


def proposed_payees(actor: Actor) -> QuerySet[PayeeAccount]:
    """待核定收款账户."""
    return payees(actor).filter(status="proposed")


def proposed_limits(actor: Actor) -> QuerySet[PayoutLimit]:
    """待核定放款限额."""
    return limits(actor).filter(status="proposed")
