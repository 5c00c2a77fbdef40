"""What is kept of a loan, folded: where it stands, what that books, and what the ledger holds in its name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import values
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import position as positions
from chezhe.servicing import postings, rules
from chezhe.servicing.models import MONEY_KINDS, Loan, LoanEvent
from chezhe.servicing.position import Effect, Incoming, Position


def opening_of(loan: Loan) -> Position:
    """The loan as it was on the day of payout."""
    stored = loan.schedules.order_by("version").first()
    assert stored is not None, f"{loan.number} has no schedule"
    arrays = rules.PlanArrays(
        due_dates=stored.due_dates, principal_fen=stored.principal_fen, interest_fen=stored.interest_fen, fee_fen=stored.fee_fen
    )
    promised = rules.Promised(
        free_after_periods=loan.product_version.terms.settlement.free_after_periods, off_book_after_days=loan.off_book_after_days
    )
    return rules.opening(values.from_json(ContractTerms, stored.terms), arrays, loan.paid_out_on, promised)


def incoming_of(loan: Loan, but: LoanEvent | None = None) -> list[Incoming]:
    """Money that came in and still stands (without `but`), in the order of value dates."""
    standing = loan.events.filter(kind__in=MONEY_KINDS, reversal__isnull=True).order_by("value_on", "id")
    standing = standing.exclude(pk=but.pk) if but else standing
    return [_incoming(event) for event in standing]


def _incoming(event: LoanEvent) -> Incoming:
    mode = event.facts.get("mode")
    return Incoming(
        on=event.value_on, source=event.source, amount_fen=event.amount.fen, settles=event.kind == "settled",
        prepays=PrepaymentMode(mode) if event.kind == "prepaid" and mode else None,
    )


def life_of(loan: Loan, to: date | None = None, extra: Sequence[Incoming] = ()) -> tuple[Position, list[Effect]]:
    """The fold of the loan's events (and `extra` ones) up to `to` (or where the row stands), with all it books."""
    return positions.fold(opening_of(loan), [*incoming_of(loan), *extra], to or loan.as_of)


def position_of(loan: Loan, on: date) -> Position:
    """The loan as it stands on `on`; before the row's own date it is what was known then by value date."""
    incoming = [money for money in incoming_of(loan) if money.on <= on]
    return positions.fold(opening_of(loan), incoming, max(on, loan.paid_out_on))[0]


def missing_transfers(loan: Loan, effects: Iterable[Effect], actual: dict[str, int] | None = None) -> tuple[Transfer, ...]:
    """What brings the ledger (or the balances `actual`) to what the fold's `effects` say; empty when they agree."""
    said = [transfer for effect in effects for transfer in postings.for_effect(effect, loan.subject)]
    target = postings.balances([*postings.for_payout(loan.principal, loan.subject), *said])
    return postings.difference(booked_balances(loan) if actual is None else actual, target, loan.subject)


def booked_balances(loan: Loan) -> dict[str, int]:
    """What the ledger holds in the loan's name: fen by account, debit positive, nothing left out but zeros."""
    grows_on_credit = {spec.code for spec in chart.CHART if spec.side is chart.Side.CREDIT}
    standing = ledger_queries.balances_of(loan.subject).items()
    return {code: -sum_.fen if code in grows_on_credit else sum_.fen for code, sum_ in standing if sum_.fen}
