"""What the exchange tells of a life on a day: not every lender reports to it, and some applications never reach the bureau."""

from __future__ import annotations

from datetime import date, timedelta

from chezhe.invented import troubles
from chezhe.invented.debts import standing
from chezhe.invented.people import PersonLife
from chezhe.risk.vendors.lenders.answers import DAYS, LendersAnswer, Window

HARD = (troubles.LOAN, troubles.CARD, troubles.FINANCING)
_REPORTS_RATE, _UNSEEN_RATE = 0.8, 0.35


def applications_of(life: PersonLife, on: date, *, contradicts: bool = False) -> LendersAnswer:
    """Windows of 7, 30 and 90 days."""
    told = _told(life, on)
    windows = tuple(_window(told, on, days) for days in DAYS)
    if contradicts:
        windows = (Window(days=DAYS[0], lenders=9, applications=9), *(Window(days=days, lenders=2, applications=2) for days in DAYS[1:]))
    standings = [standing(account, on) for account in life.accounts_on(on)]
    is_late = any(stands.overdue_fen for stands in standings)
    was_late = any(any(month >= 2 for month in stands.history[-24:]) for stands in standings)
    return LendersAnswer(as_of=on, windows=windows, arrears="present" if is_late else "past" if was_late else "none", listed_by=())


def _told(life: PersonLife, on: date) -> list[tuple[date, str]]:
    found, chance = [], life.chance
    for event in life.enquiries_in(on - timedelta(days=DAYS[-1]), on):
        if event.kind not in HARD:
            continue
        if chance.happens(f"exchange {event.on}", _REPORTS_RATE):
            found.append((event.on, event.party))
        if chance.happens(f"platform {event.on}", _UNSEEN_RATE):
            found.append((event.on, f"平台 {chance.whole(f'which {event.on}', 1, 40)}"))
    return found


def _window(told: list[tuple[date, str]], on: date, days: int) -> Window:
    inside = [party for day, party in told if day >= on - timedelta(days=days)]
    return Window(days=days, lenders=len(set(inside)), applications=len(inside))
