"""A loan that another system's books brought along: where it stood on the evening it was taken over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from msgspec.structs import replace

from chezhe.finmath.allocation import Due
from chezhe.finmath.penalty import OverdueStretch
from chezhe.servicing.position.arrears import worst_before
from chezhe.servicing.position.effects import Aged, Effect, TakenOver
from chezhe.servicing.position.values import LinePosition, Position


@dataclass(frozen=True, slots=True, kw_only=True)
class BroughtLine:
    """An instalment that fell due under the old books and was not simply paid on its day: what is paid of it, for which
    stretches penalties were charged since it fell due, and the penalties that the old books ask for it beyond those."""

    period: int
    paid: Due
    cleared_on: date | None = None
    stretches: tuple[OverdueStretch, ...] = ()
    penalty_fen: int = 0
    compound_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Where a loan stood on the evening of `as_of`, and for how many days it was late at worst before. Instalments due until then that
    are not among `lines` were paid on their day."""

    as_of: date
    lines: tuple[BroughtLine, ...] = ()
    unapplied_fen: int = 0
    deposit_fen: int = 0
    is_off_book: bool = False
    dpd_worst: int = 0


def owing(due: Due, *, line: LinePosition, as_of: date) -> BroughtLine:
    """An instalment of which the old books say what is still owed, penalties included; from `as_of` on ours are charged."""
    asked = line.line
    paid = Due(
        period=asked.period, due_date=asked.due_date, principal_fen=asked.principal_fen - due.principal_fen,
        interest_fen=asked.interest_fen - due.interest_fen, fee_fen=asked.fee_fen - due.fee_fen,
    )
    charged = OverdueStretch(from_date=asked.due_date, to_date=as_of, principal_fen=0, interest_fen=0)
    return BroughtLine(
        period=asked.period, paid=paid, stretches=(charged,), penalty_fen=due.penalty_fen, compound_fen=due.compound_fen,
        cleared_on=None if due.principal_fen or due.interest_fen else as_of,
    )


def brought_of(position: Position, effects: Iterable[Effect]) -> Brought:
    """What a loan whose old life was folded to the evening of its day brings along."""
    aged = [effect.dpd for effect in effects if isinstance(effect, Aged)]
    fallen = position.lines[: position.recognised]
    return Brought(
        as_of=position.as_of, lines=tuple(_kept(held) for held in fallen if not _is_plain(held)), unapplied_fen=position.unapplied_fen,
        deposit_fen=position.deposit_fen, is_off_book=position.is_off_book, dpd_worst=max([position.dpd, *aged]),
    )


def _is_plain(held: LinePosition) -> bool:
    return held.cleared_on == held.line.due_date and not held.instalment_left_fen


def _kept(held: LinePosition) -> BroughtLine:
    return BroughtLine(period=held.line.period, paid=held.paid, cleared_on=held.cleared_on, stretches=held.stretches)


def bring_in(untouched: Position, brought: Brought) -> Position:
    """The loan as it stands on the evening it was taken over; our books begin with it."""
    kept = {line.period: line for line in brought.lines}
    recognised = sum(1 for held in untouched.lines if held.line.due_date <= brought.as_of)
    fallen = [_fallen(held, kept.get(held.line.period)) for held in untouched.lines[:recognised]]
    stands = replace(
        untouched, lines=(*fallen, *untouched.lines[recognised:]), as_of=brought.as_of, recognised=recognised,
        unapplied_fen=brought.unapplied_fen, deposit_fen=brought.deposit_fen, is_off_book=brought.is_off_book,
    )
    return replace(stands, worst_before=worst_before(stands, brought.dpd_worst, brought.as_of))


def _fallen(held: LinePosition, kept: BroughtLine | None) -> LinePosition:
    line = held.line
    if kept is None:
        paid = Due(period=line.period, due_date=line.due_date, principal_fen=line.principal_fen, interest_fen=line.interest_fen,
                   fee_fen=line.fee_fen)
        return replace(held, paid=paid, cleared_on=line.due_date, is_closed=True)
    return replace(
        held, paid=kept.paid, cleared_on=kept.cleared_on, stretches=kept.stretches, brought_penalty_fen=kept.penalty_fen,
        brought_compound_fen=kept.compound_fen,
    )


def taken_over(position: Position) -> TakenOver:
    """What our books begin with."""
    return TakenOver(
        on=position.as_of, principal_fen=position.principal_fen, interest_fen=position.interest_due_fen, fee_fen=position.fee_due_fen,
        unapplied_fen=position.unapplied_fen, deposit_fen=position.deposit_fen, is_off_book=position.is_off_book,
    )


def owed_in_all(dues: Iterable[Due]) -> dict[str, int]:
    """Fen owed by item over several instalments."""
    names = ("principal", "interest", "fee", "penalty", "compound")
    listed = list(dues)
    return {name: sum(getattr(due, f"{name}_fen") for due in listed) for name in names}
