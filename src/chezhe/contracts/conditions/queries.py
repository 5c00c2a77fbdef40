"""Where every condition of a contract stands, whose it is, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from chezhe.contracts.conditions import registry
from chezhe.contracts.conditions.models import ContractCondition
from chezhe.contracts.models import Contract
from chezhe.contracts.states import CONTRACT
from chezhe.kernel import parameters
from chezhe.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One condition as people read it."""

    code: str
    label: Any
    owner: str
    is_met: bool
    due_on: date | None = None
    is_late: bool = False
    row: ContractCondition | None = None
    may_be_waived: bool = False
    may_be_put_off: bool = False

    @property
    def is_waived(self) -> bool:
        return self.row is not None and self.row.waived_at is not None

    @property
    def is_by_hand(self) -> bool:
        return self.row is not None and self.row.is_by_hand


def rows_of(contract: Contract) -> dict[str, ContractCondition]:
    """What people did about them, by code."""
    return {row.code: row for row in ContractCondition.objects.filter(contract=contract).select_related("waiver")}


def lets_go(contract: Contract, on: date) -> tuple[dict[str, bool], frozenset[str]]:
    """What other areas and people ask for beside `rules.missing`, with whether it is met; and what was waived or put off."""
    rows = rows_of(contract)
    waived = frozenset(code for code, row in rows.items() if row.waived_at is not None)
    asked = {code: row.lets_go for code, row in rows.items() if row.is_by_hand}
    for condition in registry.further():
        found = condition.standing(contract, on) if condition.standing else None
        if found is not None:
            asked[condition.code] = found or condition.code in waived
    return asked, waived


def label_of(code: str, rows: dict[str, ContractCondition]) -> Any:
    """How people call a condition."""
    if code in registry.REGISTRY:
        return registry.REGISTRY[code].label
    return rows[code].label if code in rows else code


def planned_for(contract: Contract, on: date) -> date | None:
    """Until when its conditions are to be met: so many days after it was made, and never after the approval's last day."""
    if contract.taken_over_on is not None:
        return None
    found = parameters.find("CONDITION_DAYS", on)
    if found is None:
        return contract.approval_expires_on
    planned = contract.prepared_on + timedelta(days=int(found.value))
    return min(planned, contract.approval_expires_on) if contract.approval_expires_on else planned


def standings(contract: Contract, judged: list[tuple[str, bool]], on: date) -> list[Standing]:
    """The conditions as `judged`, with what is known about each."""
    rows, planned = rows_of(contract), planned_for(contract, on)
    found = []
    for code, is_met in judged:
        row, known = rows.get(code), registry.REGISTRY.get(code)
        due = (row.put_off_until or row.due_on if row else None) or planned
        is_open = not is_met or (row is not None and row.put_off_until is not None and row.met_at is None)
        found.append(Standing(
            code=code, label=label_of(code, rows), owner=row.owner_role if row and row.owner_role else (known.owner if known else ""),
            is_met=is_met, due_on=due if is_open else None, is_late=is_open and due is not None and due < on, row=row,
            may_be_waived=row is not None and row.is_by_hand or known is not None and known.may_be_waived,
            may_be_put_off=known is not None and known.may_be_put_off,
        ))
    return found


def open_rows(actor: Actor) -> QuerySet[ContractCondition]:
    """待办放款条件: asked for by hand, or put off until a day, and not met yet."""
    standing = ~Q(contract__status="void")
    waiting = Q(waived_at__isnull=True) & ~Q(label="") | Q(put_off_until__isnull=False, waived_at__isnull=False)
    rows = ContractCondition.objects.visible_to(actor).filter(standing, waiting, met_at__isnull=True)
    return rows.select_related("contract__customer").order_by("due_on", "id")


def is_open_to_change(contract: Contract) -> bool:
    """Whether the money has not left yet."""
    return CONTRACT.allows(contract.status, "cancel")
