"""Asking for a condition, meeting it, and letting it go."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chezhe.approvals import steps as approval_steps
from chezhe.contracts.conditions import errors, queries, registry
from chezhe.contracts.conditions.models import ContractCondition
from chezhe.contracts.models import Contract
from chezhe.documents.models import StoredFile
from chezhe.kernel import clock, events, moves, roles
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import NotFound

WAIVER_KIND = "contracts.waiver"


def ask(contract: Contract, code: str, *, label: str, owner_role: str, due_on: date | None, by: Actor) -> ContractCondition:
    """A locked contract's money waits for one more thing; asked again it is the same. Raises ContractBegun (409)."""
    if not queries.is_open_to_change(contract):
        raise errors.ContractBegun(contract=contract.number)
    row, is_new = ContractCondition.objects.get_or_create(contract=contract, code=code, defaults={
        "label": label, "owner_role": owner_role, "due_on": due_on, "asked_at": clock.now(), "asked_by_name": by.name})
    if is_new:
        moves.record(row.subject, "ask", "", "open", by=by, reason=label)
        events.publish("condition.asked", row.subject, {"contract": contract.number, "code": code})
    return row


def satisfy(contract: Contract, code: str, *, proof: str, by: Actor, evidence: StoredFile | None = None) -> ContractCondition | None:
    """Write down that a condition of a locked contract is met, and by what, and that nobody is asked to let it go any more; None where
    nobody asked for it by hand or put it off."""
    asked = ContractCondition.objects.filter(contract=contract, code=code)
    withdraw_requests(asked.filter(met_at__isnull=True))
    row = asked.select_for_update(no_key=True).first()
    if row is None or row.met_at is not None:
        return row
    row.met_at, row.met_by_name, row.proof, row.evidence = clock.now(), by.name, proof[:200], evidence
    row.save(update_fields=["met_at", "met_by_name", "proof", "evidence"])
    moves.record(row.subject, "meet", "open", "met", by=by, reason=proof[:200])
    events.publish("condition.met", row.subject, {"contract": contract.number, "code": code})
    return row


def request_waiver(contract: Contract, code: str, *, reason: str, put_off_until: date | None, by: Actor) -> ContractCondition:
    """Ask the branch manager, then risk, to let a condition go, for good or until a day. Raises WaiverPending (409)."""
    known = registry.REGISTRY.get(code)
    row, _new = ContractCondition.objects.select_for_update(no_key=True).get_or_create(contract=contract, code=code, defaults={
        "owner_role": known.owner if known else "", "asked_at": clock.now(), "asked_by_name": by.name})
    label = queries.label_of(code, {code: row})
    if row.waiver is not None and row.waiver.status == "open":
        raise errors.WaiverPending(label=label, number=row.waiver.number)
    row.contract = contract
    row.waiver = approval_steps.open_request(
        kind=WAIVER_KIND, subject=row.subject, title=_("%(contract)s 豁免条件：%(label)s") % {"contract": contract.number, "label": label},
        stages=[{"role": roles.BRANCH_MGR}, {"role": roles.RISK_MANAGER}], maker_ids=sorted(by.user_ids), branch_id=contract.branch_id,
        amount=contract.principal, by=by,
    )
    row.waiver_reason, row.put_off_until, row.waived_at = reason, put_off_until, None
    row.save(update_fields=["waiver", "waiver_reason", "put_off_until", "waived_at"])
    return row


def settle_waiver(subject: str, outcome: str, by: Actor) -> None:
    """The request was decided: what was agreed to stands in the money's way no more."""
    row = row_of(subject)
    if outcome == "approved" and row.waived_at is None:
        row.waived_at = clock.now()
        row.save(update_fields=["waived_at"])
        moves.record(row.subject, "waive", "open", "waived", by=by, reason=row.waiver_reason)
        events.publish("condition.waived", row.subject, {
            "contract": row.contract.number, "code": row.code, "until": row.put_off_until.isoformat() if row.put_off_until else ""})


def take_back_waiver(contract: Contract, code: str, reason: str, *, by: Actor) -> None:
    """What people agreed to let go, or are still asked to, stands in the money's way: something came up that they did not know."""
    unmet = ContractCondition.objects.filter(contract=contract, code=code, met_at__isnull=True)
    is_asked = withdraw_requests(unmet)
    row = unmet.select_for_update(no_key=True).first()
    if row is None or not (is_asked or row.waived_at):
        return
    status = "waived" if row.waived_at else "open"
    row.waived_at, row.put_off_until = None, None
    row.save(update_fields=["waived_at", "put_off_until"])
    moves.record(row.subject, "take_back", status, "open", by=by, reason=reason)
    events.publish("condition.taken_back", row.subject, {"contract": contract.number, "code": code})


def withdraw_requests(rows: QuerySet[ContractCondition]) -> bool:
    """Nobody is asked any more to let these conditions go; whether anybody was. A request is locked before its condition, as by a vote."""
    asked = [row.waiver for row in rows.filter(waiver__status="open").select_related("waiver").order_by("pk") if row.waiver]
    for request in asked:
        approval_steps.withdraw(request_number=request.number, by=SYSTEM)
    return bool(asked)


def row_of(subject: str) -> ContractCondition:
    """The locked row behind "condition:K26-….mortgage". Raises NotFound (404)."""
    number, _dot, code = subject.partition(":")[2].partition(".")
    rows = ContractCondition.objects.select_for_update(of=("self",), no_key=True).select_related("contract")
    row = rows.filter(contract__number=number, code=code).first()
    if row is None:
        raise NotFound(what=subject)
    return row
