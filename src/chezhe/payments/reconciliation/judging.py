"""Keep on each tally what follows from its items."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, moves, parameters
from chezhe.kernel.actor import SYSTEM
from chezhe.payments.models import ChannelFile, Tally, TallyItem
from chezhe.payments.reconciliation import rules
from chezhe.payments.states import TALLY

_FIELDS = ["first_on", "last_on", "kind", "difference", "how", "matched_at"]


def judge(tallies: Sequence[Tally]) -> None:
    """Judge these anew. What somebody explained and is now something else, is open again."""
    if not tallies:
        return
    items: dict[int, list[TallyItem]] = defaultdict(list)
    for item in TallyItem.objects.filter(tally__in=[tally.pk for tally in tallies]).order_by("id"):
        items[item.tally_id].append(item)
    settled_days, days_max = _channel_days(), parameters.count("RECONCILIATION_DAYS", business_date.current())
    for tally in tallies:
        _judge_one(tally, items[tally.pk], settled_days, days_max)
    Tally.objects.bulk_update(tallies, _FIELDS, batch_size=500)


def judge_again(day: date) -> None:
    """A settlement file of this day has come: what it should have named is now judged with it."""
    orders = TallyItem.objects.filter(on=day, key__regex=r"^(order|return):")
    judge(list(Tally.objects.filter(pk__in=orders.values("tally"))))


def _judge_one(tally: Tally, items: list[TallyItem], settled_days: set[date], days_max: int) -> None:
    said = rules.judge([item.piece for item in items], expects_channel=_expects_channel(items, settled_days), days_max=days_max)
    if tally.status == "explained" and said.kind and said.kind != tally.kind:
        moves.move(tally, TALLY, "reopen", by=SYSTEM)
    tally.kind, tally.difference, tally.first_on, tally.last_on = said.kind, Money(said.fen), said.first_on, said.last_on
    if tally.how in ("", "exact"):
        is_joined = len({item.side for item in items}) > 1
        tally.how, tally.matched_at = ("exact", tally.matched_at or clock.now()) if is_joined else ("", None)


def _expects_channel(items: Iterable[TallyItem], settled_days: set[date]) -> bool:
    """Only what went through the channel, and only of days of which its file is here."""
    return any(item.key.startswith(("order:", "return:")) and item.side == rules.LEDGER and item.on in settled_days for item in items)


def _channel_days() -> set[date]:
    return set(ChannelFile.objects.values_list("day", flat=True))
