"""What the courts' lists tell of a life on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from chezhe.invented.chance import Chance
from chezhe.invented.troubles import Event
from chezhe.risk.vendors.courts.answers import CourtAnswer, CourtEntry

_MARKS = {"enforcement": "执", "ban": "执限", "civil": "民初"}


def entries_of(cases: Iterable[Event], chance: Chance, on: date, *, contradicts: bool = False) -> CourtAnswer:
    """The lists are a week behind; one that `contradicts` has closed a case before it was filed."""
    told = on - timedelta(days=7)
    entries = tuple(
        CourtEntry(
            kind=case.kind, number=f"（{case.on.year}）浙{chance.whole(f'number {at}', 100, 9999):04d}{_MARKS[case.kind]}{at + 1} 号",  # type: ignore[arg-type]
            court=case.party, filed_on=case.on, amount_fen=case.amount_fen,
            closed_on=case.over_on if case.over_on is not None and case.over_on <= told else None)
        for at, case in enumerate(cases) if case.on <= told
    )
    if contradicts:
        entries = (_impossible(on), *(replace(entry, closed_on=entry.filed_on - timedelta(days=1)) for entry in entries))
    return CourtAnswer(as_of=on, entries=entries)


def _impossible(on: date) -> CourtEntry:
    return CourtEntry(
        kind="civil", number="（2020）浙0001民初1 号", court="人民法院", filed_on=on - timedelta(days=30), amount_fen=0,
        closed_on=on - timedelta(days=60))
