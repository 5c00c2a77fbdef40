"""When a loan was in arrears, how late at worst, and since when it is free of them: whatever cleared an instalment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from chezhe.finmath.ageing import BUCKET_BOUNDS
from chezhe.servicing.position.values import Position, Spell

# A spell that never left the first bucket makes no loan bad; it is told only after one that may have.
SHORT_DAYS = BUCKET_BOUNDS[1]


def past_of(position: Position) -> tuple[tuple[Spell, ...], date | None]:
    """The spells of arrears of which something has been cleared, in order, from the first on that was longer than SHORT_DAYS; and since
    when the loan performs: the last day on which arrears were cleared whole, None if it never was late or has cleared only a part.

    Money of any kind, unapplied cash, a waiver, a settlement and a restructuring clear alike. Nothing here moves with the calendar
    alone: shards leave the row's figures as they are, and whoever asks knows what is overdue.
    """
    told = [spell for spell in _spells(position) if spell.days]
    first = next((at for at, spell in enumerate(told) if spell.days > SHORT_DAYS), len(told))
    return tuple(told[first:]), told[-1].ended_on if told else None


def arrears_of(position: Position) -> tuple[Spell, ...]:
    """The spells of `past_of`."""
    return past_of(position)[0]


def performing_since(position: Position) -> date | None:
    """The day of `past_of`."""
    return past_of(position)[1]


def _spells(position: Position) -> Iterator[Spell]:
    """Days of arrears that follow each other without a day between; `days` counts what is cleared."""
    spell: Spell | None = None
    for late in sorted(_late(position), key=lambda late: late.due_on):
        if spell is not None and (spell.ended_on is None or late.due_on < spell.ended_on):
            spell = _joined(spell, late)
        else:
            if spell is not None:
                yield spell
            spell = late
    if spell is not None:
        yield spell


def _late(position: Position) -> Iterable[Spell]:
    """Each instalment that was not paid by its due date as a spell of its own."""
    if position.worst_before is not None:
        yield position.worst_before
    for held in position.lines[: position.recognised]:
        due_on, ended_on = held.line.due_date, held.in_order_from
        if held.instalment_left_fen and not position.settled_on:
            yield Spell(due_on=due_on, ended_on=None)
        elif ended_on is not None and ended_on > due_on:
            yield Spell(due_on=due_on, ended_on=ended_on, days=(ended_on - due_on).days, has_moved=held.has_moved)


def _joined(spell: Spell, late: Spell) -> Spell:
    ends = (spell.ended_on, late.ended_on)
    return Spell(
        due_on=spell.due_on, ended_on=None if None in ends else max(end for end in ends if end), days=max(spell.days, late.days),
        has_moved=spell.has_moved or late.has_moved,
    )


def worst_before(position: Position, days: int, on: date) -> Spell | None:
    """What the old books tell of a loan taken over on `on` that was `days` late at worst, when its lines do not tell it."""
    told = max([position.dpd, *(spell.days for spell in _spells(position))])
    return None if days <= told else Spell(due_on=date.fromordinal(on.toordinal() - days), ended_on=on, days=days)
