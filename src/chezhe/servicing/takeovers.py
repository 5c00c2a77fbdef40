"""Loans of another system's books begin with us: many at once by COPY, or one the ordinary way. Both leave the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from chezhe.contracts.models import Contract
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Row
from chezhe.finmath.transfers import Transfer, moving
from chezhe.kernel import bulk, business_date, clock, locks, moves, numbers, parameters, values
from chezhe.kernel.actor import Actor
from chezhe.kernel.models import StatusMove
from chezhe.ledger import chart
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.rules import EntryContent
from chezhe.products.models import Product
from chezhe.servicing import accruals, lives, postings, rules, schedules, steps
from chezhe.servicing import position as positions
from chezhe.servicing.models import PREFIX, AccrualChange, Loan, LoanEvent, Schedule
from chezhe.servicing.position import Brought, Position
from chezhe.servicing.position.days import DPD_MARKS

EVENT, BEFORE, ACCRUED = "taken_over", "paid_before", "taken_over_accrued"


@dataclass(frozen=True, slots=True)
class OldReceipt:
    """Money that the old books had taken; it is told, and its effect stands in what the loan brought."""

    on: date
    amount_fen: int
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A loan that comes: its contract, the plan that runs (`rows` of `terms`), and how it stood on its evening."""

    contract: Contract
    old_number: str
    terms: ContractTerms
    rows: tuple[Row, ...]
    brought: Brought
    paid_out_on: date
    receipts: tuple[OldReceipt, ...] = ()
    # Where it stands, when that has been worked out already.
    position: Position | None = None


def promised(contract: Contract, off_book_after_days: int) -> rules.Promised:
    """What holds beside the contract."""
    free = contract.product_version.terms.settlement.free_after_periods
    return rules.Promised(free_after_periods=free, off_book_after_days=off_book_after_days)


def take_over_all(arrivals: Sequence[Arrival], *, reference: str, by: Actor) -> list[Loan]:
    """The loans in the order given. `reference` names their entries: one a branch for the loans, one a product and branch for
    interest that is earned and not due. All stand on one evening."""
    if not arrivals:
        return []
    on = arrivals[0].brought.as_of
    after = parameters.count("OFF_BOOK_DPD", on)
    places = [arrival.position or _position(arrival, after) for arrival in arrivals]
    given = numbers.next_numbers(PREFIX, on, len(arrivals))
    loans = [_loan(*each, after) for each in zip(arrivals, places, given, strict=True)]
    bulk.insert(loans)
    bulk.insert([_schedule(*each) for each in zip(loans, arrivals, strict=True)])
    entries = _post(loans, places, reference, on, by)
    booked_on = steps.booking_day(on)
    bulk.insert([event for each in zip(loans, arrivals, strict=True) for event in _events(*each, entries, booked_on, by)])
    bulk.insert([
        StatusMove(subject=loan.subject, verb="take_over", status_from="", status_to=loan.status, actor_key=by.key, actor_name=by.name,
                   reason=arrival.old_number, moved_at=clock.now())
        for loan, arrival in zip(loans, arrivals, strict=True)
    ])
    _accrue(loans, reference, on, by)
    _catch_up(loans, by)
    return loans


def take_over(arrival: Arrival, *, reference: str, by: Actor) -> Loan:
    """The same of one loan, by the steps that every loan takes."""
    locks.hold(accruals.BOOKS)
    on = arrival.brought.as_of
    after = parameters.count("OFF_BOOK_DPD", on)
    position = _position(arrival, after)
    loan = _blank(arrival, position, numbers.next_number(PREFIX, on), after)
    loan.save()
    moves.record(loan.subject, "take_over", "", loan.status, by=by, reason=arrival.old_number)
    schedules.keep(loan, arrival.rows, effective_on=on, terms=arrival.terms, brought=arrival.brought)
    steps.store(loan, lives.opening_of(loan))
    entry = steps.book(loan, [positions.taken_over(position)], event=EVENT, reference=f"{reference}/{loan.number}",
                       on=steps.booking_day(on), by=by)
    for event in _events(loan, arrival, {loan.branch_id: entry} if entry else {}, steps.booking_day(on), by):
        event.save()
    _post_accrued([loan], f"{reference}/{loan.number}", on, by)
    _catch_up([loan], by)
    return loan


def _position(arrival: Arrival, after: int) -> Position:
    return rules.taken_over(arrival.terms, rules.arrays(arrival.rows), arrival.brought, promised(arrival.contract, after))


def _blank(arrival: Arrival, position: Position, number: str, after: int) -> Loan:
    contract, terms = arrival.contract, arrival.terms
    return Loan(
        number=number, contract=contract, customer_id=contract.customer_id, product_version_id=contract.product_version_id,
        branch_id=contract.branch_id, owner_id=contract.owner_id, principal=contract.principal, annual_rate=contract.annual_rate,
        periods=contract.periods, paid_out_on=arrival.paid_out_on, taken_over_on=position.as_of, matures_on=arrival.rows[-1].due_date,
        as_of=position.as_of, principal_left=Money(position.principal_fen), runs_on=rules.runs_on(terms), off_book_after_days=after,
    )


def _loan(arrival: Arrival, position: Position, number: str, after: int) -> Loan:
    loan, cached = _blank(arrival, position, number, after), rules.cache(position)
    for name in steps.AMOUNTS:
        setattr(loan, name, Money(getattr(cached, name)))
    for name in steps.PLAIN:
        setattr(loan, name, getattr(cached, name))
    share = cached.share
    loan.accrual_basis, loan.accrual_denominator = share.day_count.value, share.denominator
    loan.accrual_weight, loan.accrual_origin = share.weight, share.origin
    return loan


def _schedule(loan: Loan, arrival: Arrival) -> Schedule:
    stored = rules.arrays(arrival.rows)
    return Schedule(
        loan=loan, version=1, effective_on=arrival.brought.as_of, due_dates=stored.due_dates, principal_fen=stored.principal_fen,
        interest_fen=stored.interest_fen, fee_fen=stored.fee_fen, terms=values.to_json(arrival.terms),
        brought=values.to_json(arrival.brought),
    )


def _events(
    loan: Loan, arrival: Arrival, entries: dict[int, JournalEntry], booked_on: date, by: Actor
) -> Iterable[LoanEvent]:
    """That it was taken over, and what had been paid before."""
    on, now = arrival.brought.as_of, clock.now()
    for place, receipt in enumerate(arrival.receipts):
        yield LoanEvent(
            loan=loan, kind=BEFORE, value_on=receipt.on, posted_on=on, recorded_at=now, amount=Money(receipt.amount_fen),
            reference=f"{loan.number}/{BEFORE}/{place}", memo=receipt.reference, actor_name=by.name,
        )
    if marks := [mark for mark in DPD_MARKS if mark <= arrival.brought.dpd_worst]:
        # The position brings the days themselves along (`Position.worst_before`): that is what the class goes by.
        yield LoanEvent(
            loan=loan, kind="aged", value_on=on, posted_on=booked_on, recorded_at=now, facts={"dpd": marks[-1]},
            reference=f"{loan.number}/{EVENT}/aged", actor_name=by.name,
        )
    yield LoanEvent(
        loan=loan, kind=EVENT, value_on=on, posted_on=booked_on, recorded_at=now, amount=loan.principal_left,
        reference=f"{loan.number}/{EVENT}", memo=arrival.old_number, entry=entries.get(loan.branch_id), actor_name=by.name,
    )


def _post(loans: Sequence[Loan], places: Sequence[Position], reference: str, on: date, by: Actor) -> dict[int, JournalEntry]:
    """One entry a branch; by branch."""
    moved: defaultdict[int, list[Transfer]] = defaultdict(list)
    for loan, position in zip(loans, places, strict=True):
        moved[loan.branch_id] += postings.for_effect(positions.taken_over(position), loan.subject)
    contents = {
        branch: EntryContent(event=EVENT, reference=f"{reference}/{branch}", posted_on=steps.booking_day(on), branch_id=branch,
                             memo=reference, transfers=tuple(transfers))
        for branch, transfers in sorted(moved.items()) if transfers
    }
    return dict(zip(contents, ledger_steps.post_all(list(contents.values()), by=by), strict=True))


def _accrue(loans: Sequence[Loan], reference: str, on: date, by: Actor) -> None:
    """The loans' shares join their groups; last of all, since a close of the day waits for it."""
    locks.hold(accruals.BOOKS)
    sums: defaultdict[accruals.Key, list[int]] = defaultdict(lambda: [0, 0])
    for loan in loans:
        key = (loan.product_version_id, loan.branch_id, loan.accrual_basis, loan.accrual_denominator)
        sums[key][0] += loan.accrual_weight
        sums[key][1] += loan.accrual_origin
    AccrualChange.objects.bulk_create([
        AccrualChange(product_version_id=version, branch_id=branch, basis=basis, denominator=denominator, weight=weight, origin=origin)
        for (version, branch, basis, denominator), (weight, origin) in sums.items() if weight or origin
    ])
    _post_accrued(loans, reference, on, by)


def _post_accrued(loans: Sequence[Loan], reference: str, on: date, by: Actor) -> None:
    shares = [
        ((loan.product_version_id, loan.branch_id, loan.accrual_basis, loan.accrual_denominator), accruals.share_of(loan))
        for loan in loans
    ]
    added = accruals.bring_in(shares, on)
    codes = dict(Product.objects.values_list("pk", "code"))
    contents = [
        EntryContent(
            event=ACCRUED, reference=f"{reference}/{branch}/{codes[product]}", posted_on=steps.booking_day(on), branch_id=branch,
            memo=reference, transfers=tuple(moving(chart.ACCRUED_INTEREST, chart.MIGRATION_CLEARING, fen, f"accrual:{codes[product]}")),
        )
        for (product, branch), fen in sorted(added.items()) if fen
    ]
    if contents:
        ledger_steps.post_all(contents, by=by)


def _catch_up(loans: Sequence[Loan], by: Actor) -> None:
    """What fell due between the evening of the takeover and the business date happens now, the ordinary way."""
    today = business_date.current()
    waiting = [loan for loan in loans if loan.next_event_on is not None and loan.next_event_on <= today]
    recalled = lives.recall(waiting)
    for loan in waiting:
        steps.bring_up_to(loan, today, by=by, before=recalled(loan, None))
        steps.finish_if_over(loan, by=by)
