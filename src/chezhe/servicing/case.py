"""The whole case of a loan, from the application to the release: its papers, its moves and what was audited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import queries as contract_queries
from chezhe.contracts.states import CONTRACT, DISBURSEMENT, MORTGAGE
from chezhe.documents import queries as document_queries
from chezhe.kernel import moves, subjects
from chezhe.kernel.action import label_of
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.machine import Machine
from chezhe.kernel.models import AuditEntry, StatusMove
from chezhe.origination.states import APPLICATION
from chezhe.servicing.models import Loan
from chezhe.servicing.states import LOAN, LOAN_CHANGE
from chezhe.ui.parts import Happening

MACHINES: dict[str, tuple[Any, Machine]] = {
    "application": (_("进件"), APPLICATION), "contract": (_("合同"), CONTRACT), "mortgage": (_("抵押"), MORTGAGE),
    "disbursement": (_("放款"), DISBURSEMENT), "loan": (_("贷款"), LOAN),
    "loan_change": (_("贷款变更"), LOAN_CHANGE),
}
AUDIT_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers of one subject of the case."""

    label: Any
    subject: str
    count: int
    is_open: bool


def papers_of(loan: Loan, actor: Actor) -> list[Papers]:
    """Where papers of the case lie, as far as the actor may look; the first place with any stands open."""
    contract = loan.contract
    applied = [(_("进件"), subject) for subject in _application_of(loan)]
    places = [
        (_("合同"), contract.subject), *applied, (_("客户"), loan.customer.subject), (_("车辆"), contract.vehicle.subject),
        (_("贷款"), loan.subject),
    ]
    seen = [(label, subject) for label, subject in places if _may_see(subject, actor)]
    counts = document_queries.counts(subject for _label, subject in seen)
    first = next((subject for _label, subject in seen if counts.get(subject)), loan.subject)
    return [Papers(label, subject, counts.get(subject, 0), subject == first) for label, subject in seen]


def _application_of(loan: Loan) -> list[str]:
    """The subject of its application; a loan that was taken over has none."""
    application = loan.contract.application
    return [application.subject] if application else []


def _may_see(subject: str, actor: Actor) -> bool:
    try:
        subjects.open_subject(subject, actor)
    except NotFound:
        return False
    return True


def track_of(loan: Loan) -> list[Happening]:
    """Every move of the case, newest first."""
    contract = loan.contract
    asked = [move for change in loan.changes.all() for move in moves.history(change.subject)]
    applied = [move for subject in _application_of(loan) for move in moves.history(subject)]
    moved = [*applied, *contract_queries.track(contract), *moves.history(loan.subject), *asked]
    return [_happening(move) for move in sorted(moved, key=lambda move: move.moved_at, reverse=True)]


def _happening(move: StatusMove) -> Happening:
    what, machine = MACHINES[move.subject.partition(":")[0]]
    begun = _("存量迁入") if move.verb == "take_over" else _("建立")
    verb = machine.label(move.verb) if move.status_from else begun
    return Happening(move.moved_at, f"{what} · {verb}", move.actor_name, move.reason, icon="flag")


def audit_of(loan: Loan) -> list[Happening]:
    """The latest audited acts on the case, refusals included, newest first."""
    entries = AuditEntry.objects.filter(subject__in=_audited(loan)).order_by("-id")[:AUDIT_SHOWN]
    return [
        Happening(entry.recorded_at, label_of(entry.verb), entry.actor_name, entry.reason,
                  tone="neutral" if entry.outcome == "done" else "danger", icon="shield-check")
        for entry in entries
    ]


def _audited(loan: Loan) -> Iterable[str]:
    contract = loan.contract
    payouts = [disbursement.subject for disbursement in contract.disbursements.all()]
    return [*_application_of(loan), contract.subject, contract.mortgage.subject, *payouts, loan.subject,
            *(change.subject for change in loan.changes.all())]
