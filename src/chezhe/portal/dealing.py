"""What a dealer sees of its cases: what is still to be brought, what was paid to it, what it earned. Nothing of credit data or reasons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from chezhe.contracts.models import Disbursement, Leg
from chezhe.contracts.paying.states import LEG
from chezhe.documents import catalogue
from chezhe.kernel.actor import Actor
from chezhe.origination import labels
from chezhe.origination import queries as application_queries
from chezhe.origination.models import Application
from chezhe.origination.revising import wanting
from chezhe.origination.revising.wanting import Item
from chezhe.portal import cases
from chezhe.portal.cases import Card
from chezhe.servicing.models import CommissionLine

PAYOUTS_SHOWN = 50
# What a dealer has to bring; the rest of what is missing is ours to do.
_THEIRS = ("document_missing", "wanted_open")
_LEG_TONES = {
    "prepared": "progress", "checked": "progress", "sent": "progress", "paid": "good", "failed": "warning", "returned": "warning",
    "cancelled": "neutral",
}


@dataclass(frozen=True, slots=True)
class Brought:
    """One part of a payout that goes to the dealer."""

    case: str
    who: str
    amount: Any
    label: Any
    tone: str
    paid_on: date | None
    tail: str


@dataclass(frozen=True, slots=True)
class CaseOf:
    """A case with what is to be done about it: papers by code, wishes of the reviewer, and what else is missing, in words."""

    application: Application
    card: Card
    papers: list[tuple[str, Any]]
    wanted: list[Item]
    others: list[str]
    payouts: list[Brought]
    earned: list[CommissionLine]

    @property
    def may_submit(self) -> bool:
        return self.application.is_editable and not (self.papers or self.others or any(not one.is_brought for one in self.wanted))


def find(actor: Actor, number: str) -> Application:
    """A case of the dealer's. Raises NotFound (404)."""
    rows = Application.objects.visible_to(actor).select_related("customer", "vehicle", "product_version__product")
    return rows.fetch(number)


def case_of(actor: Actor, number: str, on: date) -> CaseOf:
    """One case as its dealer sees it. Raises NotFound (404)."""
    row = find(actor, number)
    gaps = application_queries.gaps(row, on) if row.is_editable else []
    papers = [(gap.what, catalogue.BY_CODE[gap.what].label) for gap in gaps if gap.code == "document_missing"]
    return CaseOf(
        row, cases.card_for(actor, row), papers, wanting.items(row) if row.status == "supplement" else [],
        [labels.gap_words(gap) for gap in gaps if gap.code not in _THEIRS], payouts(actor, row.number),
        list(CommissionLine.objects.visible_to(actor).filter(loan__contract__application=row).order_by("id")),
    )


def paper_choices(found: CaseOf) -> list[tuple[str, Any]]:
    """The papers that may be handed in now: those missing, those wanted, then all that the product asks for."""
    wanted = [one.wanted.code for one in found.wanted if one.wanted.kind == "document"]
    codes = dict.fromkeys([*(code for code, _label in found.papers), *wanted, *application_queries.documents_needed(found.application)])
    return [(code, catalogue.BY_CODE[code].label) for code in codes]


def payouts(actor: Actor, number: str = "") -> list[Brought]:
    """Money that goes, or went, to an account of the dealer's, newest first; of one case with its number."""
    rows = _legs(actor)
    rows = rows.filter(disbursement__contract__application__number=number) if number else rows
    return [_brought(leg) for leg in rows[:PAYOUTS_SHOWN]]


def _legs(actor: Actor) -> QuerySet[Leg]:
    own = Disbursement.objects.visible_to(actor)
    rows = Leg.objects.filter(disbursement__in=own, payee__dealer_id__in=actor.party_ids).exclude(status="cancelled")
    return rows.select_related("payee", "disbursement__contract__customer", "disbursement__contract__application").order_by("-id")


def _brought(leg: Leg) -> Brought:
    contract = leg.disbursement.contract
    number = contract.application.number if contract.application else ""
    return Brought(
        number, contract.customer.masked_name, leg.amount, LEG.label(leg.status), _LEG_TONES[leg.status], leg.paid_on, leg.account_tail)
