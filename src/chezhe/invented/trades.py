"""The trade that a person runs (个体工商户), as a part of that person's life: the same number tells the same trade.

Who works for himself has one; of the others some keep a stall beside their work. Digits of the identity number choose here, too
(`fates`): 90 a trade of many years in good order, 96 one whose licence was revoked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chezhe.identifiers import synthetic
from chezhe.invented import fates, words
from chezhe.invented.chance import Chance
from chezhe.invented.months import later
from chezhe.invented.people import PersonLife

REVOKED_ON = date(2024, 6, 1)


@dataclass(frozen=True, slots=True)
class TradeLife:
    """Everything true about one trade. Tax of `arrears_fen` is owed from `arrears_since` on."""

    uscc: str
    name: str
    registered_on: date
    closed_on: date | None
    closed_as: str
    arrears_since: date | None
    arrears_fen: int

    def status_on(self, on: date) -> str:
        """active, or revoked or cancelled once it was closed."""
        return self.closed_as if self.closed_on is not None and self.closed_on <= on else "active"

    def arrears_on(self, on: date) -> int:
        """Tax owed and not paid, in fen."""
        return self.arrears_fen if self.arrears_since is not None and self.arrears_since <= on else 0


def of(life: PersonLife) -> TradeLife | None:
    """The trade of a person; None for whoever has none, and for whoever never worked."""
    works_alone = any(job.kind == "self_employed" for job in life.jobs)
    has_one = works_alone or life.fate.code in (fates.GOOD, fates.BAD) or life.chance.happens("keeps a trade", 0.06)
    if not has_one or not life.jobs:
        return None
    draws = life.chance.stream("trade")
    code = synthetic.invent_uscc(draws, life.id_number[:2], kind="92")
    return _trade(life.chance, code, life.jobs[0].from_on, life.fate.code)


def behind(uscc: str) -> TradeLife:
    """The trade behind a code of which nothing else is known: somebody else runs it."""
    return _trade(Chance(uscc), uscc, date(2012, 1, 1), "")


def _trade(chance: Chance, code: str, first: date, fate: str) -> TradeLife:
    """Opened some time after `first`; a few close again, most of them by their own wish."""
    registered_on = later(first, chance.whole("registered", 0, 24 if fate else 150))
    closed_on, closed_as = _closing(chance, registered_on, fate)
    owes = fate != fates.GOOD and chance.happens("trade owes tax", 0.05)
    return TradeLife(
        uscc=code, name=words.firm_name(chance, "trade name").replace("有限公司", "经营部"), registered_on=registered_on,
        closed_on=closed_on, closed_as=closed_as,
        arrears_since=later(registered_on, chance.whole("trade owes since", 12, 90)) if owes else None,
        arrears_fen=chance.whole("trade arrears", 5, 300) * 10_000,
    )


def _closing(chance: Chance, registered_on: date, fate: str) -> tuple[date | None, str]:
    if fate == fates.BAD:
        return max(REVOKED_ON, later(registered_on, 1)), "revoked"
    if fate == fates.GOOD or not chance.happens("closes", 0.12):
        return None, ""
    return later(registered_on, chance.whole("closed after", 8, 120)), "revoked" if chance.happens("struck off", 0.3) else "cancelled"
