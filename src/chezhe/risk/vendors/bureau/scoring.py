"""The bureau's own number (数字解读): made of what it sees, and of something it alone knows a little about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from chezhe.invented.debts import Account, Standing
from chezhe.invented.months import between
from chezhe.invented.people import PersonLife
from chezhe.risk.vendors.bureau.answers import Query

LOWEST, HIGHEST = 300, 950


def score(life: PersonLife, on: date, held: Sequence[tuple[Account, Standing]], queries: Sequence[Query]) -> int | None:
    """300 to 950, more is better; None for somebody without a credit of half a year."""
    if not held or max(between(account.opened_on, on) for account, _stands in held) < 6:
        return None
    missed = sum(sum(1 for month in stands.history[-24:] if month) for _account, stands in held)
    worst = max((max(stands.history[-24:], default=0) for _account, stands in held), default=0)
    cards = [(account.amount_fen, stands.balance_fen) for account, stands in held if account.kind in ("R2", "R3") and stands.is_open]
    use = sum(balance for _limit, balance in cards) / max(1, sum(limit for limit, _balance in cards))
    asked = sum(1 for query in queries if query.on > on - timedelta(days=180) and query.reason != "post_loan")
    age = min(120, max(between(account.opened_on, on) for account, _stands in held))
    seen = 640 - 9 * min(missed, 14) - 16 * worst - 55 * use - 9 * min(asked, 10) + 0.5 * age
    unseen = 16 * (life.character - 0.5) * 2 + 48 * life.chance.normal("bureau score")
    return int(min(HIGHEST, max(LOWEST, seen + unseen + 40)))
