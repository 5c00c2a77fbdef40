"""The worker takes a chunk: all of it together, or, where one of its loans is refused meanwhile, loan by loan."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from time import perf_counter
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import override

from chezhe.contracts import takeovers as contract_takeovers
from chezhe.contracts.models import Contract
from chezhe.customers import filing as customer_filing
from chezhe.customers.models import BankAccount
from chezhe.finmath.money import Money
from chezhe.kernel import appending, bulk, business_date, clock, events, jobs, moves, values
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import takeovers as loan_takeovers
from chezhe.servicing.models import Loan
from chezhe.takeover import judging, planning
from chezhe.takeover.arranging import Arranged, Contradiction, arrange
from chezhe.takeover.judging import Surroundings
from chezhe.takeover.models import STATED, TakenLoan, Takeover, TakeoverChunk
from chezhe.takeover.rules import CustomerRow, Fault, OldLoan
from chezhe.takeover.states import TAKEOVER
from chezhe.vehicles import filing as vehicle_filing
from chezhe.vehicles.models import Vehicle

SOURCE = "takeover"
OURS = ("status", "loan", *(f"{name}_ours" for name in STATED), "code", "facts")


@dataclass(frozen=True, slots=True)
class Coming:
    """A staged loan with what its rows said and what it will be with us."""

    row: TakenLoan
    old: OldLoan
    arranged: Arranged


@dataclass(frozen=True, slots=True)
class Chunk:
    """What every loan of a chunk needs: the house, the business date, and how the chunk's entries are called."""

    around: Surroundings
    today: date
    reference: str


def ask_for_chunks(book: Takeover) -> None:
    """A job for every chunk without a mark, and one that finishes if there is none."""
    marked = set(book.done.filter(attempt=book.attempt).values_list("chunk", flat=True))
    for chunk in range(book.chunks):
        if chunk not in marked:
            jobs.enqueue("takeover.take_chunk", number=book.number, attempt=book.attempt, chunk=chunk)
    jobs.enqueue("takeover.finish_book", number=book.number)


def take_chunk(book: Takeover, attempt: int, chunk: int, *, by: Actor) -> TakeoverChunk | None:
    """Take the loans of one chunk that have not come yet, once: the mark goes in first. None when it is done already."""
    started = perf_counter()
    if book.status != "taking" or book.attempt != attempt:
        return None
    mark = _mark(book, chunk)
    if mark is None:
        return None
    waiting = list(book.rows.filter(chunk=chunk).exclude(status="taken").order_by("id"))
    today = business_date.current()
    shared = Chunk(judging.surroundings(book.as_of, today), today, f"{book.reference}/{attempt}/{chunk}")
    coming = _still_fine(waiting, shared)
    if coming:
        _together(coming, shared, by)
    mark.taken = sum(row.status == "taken" for row in waiting)
    mark.failed = len(waiting) - mark.taken
    bulk.update(waiting, OURS)
    mark.seconds = Decimal(str(round(perf_counter() - started, 3)))
    mark.save()
    jobs.enqueue("takeover.finish_book", number=book.number)
    return mark


def _mark(book: Takeover, chunk: int) -> TakeoverChunk | None:
    try:
        with transaction.atomic():
            return TakeoverChunk.objects.create(takeover=book, attempt=book.attempt, chunk=chunk, started_at=clock.now())
    except IntegrityError:
        return None


def _still_fine(waiting: Sequence[TakenLoan], shared: Chunk) -> list[Coming]:
    """Judged again: what the house has learnt since the trial may stand against a loan."""
    olds = [old_of(row) for row in waiting]
    refused: dict[str, Fault] = {}
    faults: list[Fault] = []
    for old in olds:
        begun = len(faults)
        if not judging.fits(old, shared.around, faults):
            refused[old.loan.number] = faults[begun]
    for old, fault in judging.each_against_house([old for old in olds if old.loan.number not in refused]):
        refused.setdefault(old.loan.number, fault)
    pairs = [(row, old) for row, old in zip(waiting, olds, strict=True) if old.loan.number not in refused]
    made = planning.rows_of([(old, shared.around.house(old.loan.product)) for _row, old in pairs])
    coming = []
    for (row, old), rows in zip(pairs, made, strict=True):
        try:
            coming.append(Coming(row, old, arrange(old, shared.around.house(old.loan.product), rows)))
        except Contradiction as found:
            refused[old.loan.number] = found.fault
    for row, old in zip(waiting, olds, strict=True):
        if fault := refused.get(old.loan.number):
            _fail(row, fault.code, {"column": fault.column, "sheet": fault.sheet, "row": fault.row, "given": fault.given, **fault.facts})
    return coming


def old_of(row: TakenLoan) -> OldLoan:
    """What the files said about the loan."""
    return values.from_json(OldLoan, json.loads(row.content))


def _fail(row: TakenLoan, code: str, facts: dict[str, Any]) -> None:
    row.status, row.code, row.facts = "failed", code, facts


def _together(coming: Sequence[Coming], shared: Chunk, by: Actor) -> None:
    """All at once; when anything stands against it nothing was written, and each loan is tried by itself."""
    try:
        with appending.part():
            arrivals = _arrivals(coming, shared, by)
            loans = loan_takeovers.take_over_all(arrivals, reference=shared.reference, by=by)
    except (BusinessError, IntegrityError):
        for one in coming:
            _alone(one, shared, by)
        return
    for one, loan in zip(coming, loans, strict=True):
        _taken(one, loan)


def _alone(one: Coming, shared: Chunk, by: Actor) -> None:
    """One loan by the ordinary steps; what is refused is written down and nothing of it stays."""
    try:
        with appending.part():
            (arrival,) = _arrivals([one], shared, by)
            loan = loan_takeovers.take_over(arrival, reference=shared.reference, by=by)
    except BusinessError as refusal:
        with override("zh-hans"):
            _fail(one.row, refusal.code, {"zh": str(refusal)})
    except IntegrityError as refusal:
        name = getattr(getattr(refusal.__cause__, "diag", None), "constraint_name", "") or "constraint"
        _fail(one.row, "constraint", {"name": name})
    else:
        _taken(one, loan)


def _taken(one: Coming, loan: Loan) -> None:
    row, ours = one.row, one.arranged.balances
    row.status, row.loan, row.code, row.facts = "taken", loan, "", {}
    row.principal_ours, row.interest_ours = Money(ours.principal_fen), Money(ours.interest_fen)
    row.fee_ours, row.unapplied_ours = Money(ours.fee_fen), Money(ours.unapplied_fen)
    row.penalty_ours, row.deposit_ours = Money(ours.penalty_fen + ours.compound_fen), Money(ours.deposit_fen)


def _arrivals(coming: Sequence[Coming], shared: Chunk, by: Actor) -> list[loan_takeovers.Arrival]:
    """Customers, cars and contracts of the loans; the loans themselves are still to come."""
    filings = [_filing(one, customer, shared, by) for one in coming for customer in one.old.people]
    accounts = customer_filing.file_all(filings, on=shared.today, source=SOURCE, by=by)
    people = customer_filing.known(party.customer.paper for one in coming for party in one.old.parties)
    of = [accounts[one.old.customer.paper] for one in coming]
    cars = vehicle_filing.register_all(
        [(one.old.vehicle.facts, account.customer) for one, account in zip(coming, of, strict=True)], on=shared.today, by=by,
    )
    agreed = [
        replace(_contract(one, account, cars[one.old.vehicle.facts.vin], shared, by), parties=tuple(
            (people[party.customer.paper], party.role) for party in one.old.parties))
        for one, account in zip(coming, of, strict=True)
    ]
    contracts = contract_takeovers.take_over_all(agreed, on=shared.around.as_of, by=by)
    return [_arrival(one, contract) for one, contract in zip(coming, contracts, strict=True)]


def _filing(one: Coming, customer: CustomerRow, shared: Chunk, by: Actor) -> customer_filing.Filing:
    loan = one.old.loan
    return customer_filing.Filing(
        facts=customer.facts, card_number=customer.card, bank_name=customer.bank_name,
        branch_id=shared.around.branches[loan.branch].pk, owner_id=_owner(one, shared, by),
    )


def _owner(one: Coming, shared: Chunk, by: Actor) -> int:
    """The colleague named in the file, else who began the takeover."""
    named = one.old.loan.owner
    return shared.around.colleagues[named] if named else int(one.row.takeover.begun_by_id or 0)


def _contract(one: Coming, account: BankAccount, car: Vehicle, shared: Chunk, by: Actor) -> contract_takeovers.OldContract:
    loan = one.old.loan
    secured = loan.mortgage
    return contract_takeovers.OldContract(
        old_number=loan.contract, signed_on=loan.signed_on, paid_out_on=loan.paid_out_on, account=account, vehicle=car,
        version=shared.around.versions[loan.product], branch_id=shared.around.branches[loan.branch].pk, owner_id=_owner(one, shared, by),
        terms=one.arranged.terms, principal=Money(loan.principal_fen), periods=loan.periods,
        mortgage=contract_takeovers.Registered(secured.office, secured.receipt, secured.on) if secured else None,
    )


def _arrival(one: Coming, contract: Contract) -> loan_takeovers.Arrival:
    return loan_takeovers.Arrival(
        contract=contract, old_number=one.old.loan.number, terms=one.arranged.terms, rows=one.arranged.rows, brought=one.arranged.brought,
        paid_out_on=one.old.loan.paid_out_on, position=one.arranged.position,
        receipts=tuple(loan_takeovers.OldReceipt(r.paid_on, r.amount_fen, r.reference) for r in one.old.receipts),
    )


# ---- the end --------------------------------------------------------------------------------------------------


def is_complete(book: Takeover) -> bool:
    """Whether every chunk of this attempt has its mark."""
    return book.done.filter(attempt=book.attempt).count() == book.chunks


def finish(book: Takeover, *, by: Actor) -> Takeover:
    """When all chunks are done: announce it. Repeating changes nothing."""
    if book.status != "taking" or not is_complete(book):
        return book
    book.finished_at = clock.now()
    book.save(update_fields=["finished_at"])
    moves.move(book, TAKEOVER, "finish", by=by)
    failed = book.rows.filter(status="failed").count()
    events.publish("takeover.taken", book.subject, {"number": book.number, "taken": book.loans - failed, "failed": failed})
    return book


def take_again(book: Takeover, *, by: Actor) -> Takeover:
    """Loans that were refused are tried once more. The caller asks for the chunks."""
    TAKEOVER.require(book.status, "take_again")
    book.attempt += 1
    book.save(update_fields=["attempt"])
    moves.move(book, TAKEOVER, "take_again", by=by)
    return book
