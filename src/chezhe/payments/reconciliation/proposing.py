"""Suggestions for what is still open, from what the rows behind the items tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from chezhe.finmath.money import Money
from chezhe.ledger import chart
from chezhe.payments.models import BankLine, Payout, Tally, TallyItem, TallyRefusal
from chezhe.payments.reconciliation import rules, suggesting
from chezhe.payments.reconciliation.suggesting import Sight, Suggestion

# How far back open items are still offered, and how many at most.
DAYS_BACK, OPEN_MAX = 92, 3000


@dataclass(frozen=True, slots=True)
class Party:
    """Who stands behind a subject of the books: names, and last digits of their accounts."""

    names: frozenset[str]
    tails: frozenset[str]


# A higher room says who stands behind its subjects: `parties["loan"](["L26-…"])`.
parties: dict[str, Callable[[list[str]], dict[str, Party]]] = {}


@dataclass(frozen=True, slots=True)
class Offer:
    """A suggestion with the two tallies it is about."""

    first: Tally
    second: Tally
    said: Suggestion
    is_rivalled: bool

    @property
    def confidence(self) -> int:
        return self.said.confidence


def offers(on: date, *, account: str = "") -> list[Offer]:
    """What may be the same money among everything open up to the end of a day, the surest first."""
    rows = Tally.objects.filter(status="open", first_on__lte=on, first_on__gte=on - timedelta(days=DAYS_BACK)).exclude(kind="")
    rows = rows.filter(account=account) if account else rows
    tallies = {tally.pk: tally for tally in rows.order_by("-first_on", "id")[:OPEN_MAX]}
    items = _items_of(tallies)
    by_account: dict[str, list[Sight]] = defaultdict(list)
    for sight in _sights(tallies, items):
        by_account[tallies[sight.key].account].append(sight)
    apart = _refused(items)
    found = [said for sights in by_account.values() for said in suggesting.suggestions(sights, apart=apart)]
    alone = {(said.first, said.second) for said in suggesting.unrivalled(found)}
    made = [Offer(tallies[s.first], tallies[s.second], s, (s.first, s.second) not in alone) for s in found]
    return sorted(made, key=lambda offer: (-offer.confidence, offer.first.pk))


def offer_between(first: Tally, second: Tally) -> Suggestion | None:
    """What speaks for these two being the same money."""
    tallies = {tally.pk: tally for tally in (first, second)}
    sights = _sights(tallies, _items_of(tallies))
    return suggesting.compare(*sights) if len(sights) == 2 else None


@dataclass(frozen=True, slots=True)
class Double:
    """A receipt that waits in suspense, and what the counter booked of the same money before."""

    receipt: BankLine
    tally: Tally
    said: Suggestion


def doubles(on: date) -> list[Double]:
    """Receipts that may stand on the bank account twice: once by hand, once by the statement. The surest first."""
    booked = Tally.objects.filter(account=chart.BANK, kind=rules.LEDGER_ONLY, status="open", difference__lt=Money(0), first_on__lte=on)
    tallies = {tally.pk: tally for tally in booked.order_by("-first_on")[:OPEN_MAX]}
    hands = _sights(tallies, _items_of(tallies))
    sums = {Money(sight.fen) for sight in hands}
    rows = BankLine.objects.filter(status__in=["open", "parked"], amount__in=sums, value_on__lte=on).select_related("file")
    found = []
    for row in rows.defer("payer_account"):
        seen = Sight(-row.pk, frozenset([rules.BANK]), row.value_on, row.amount.fen, frozenset(filter(None, [row.payer_name])),
                     frozenset(filter(None, [row.payer_tail])), f"{row.memo} {row.bank_serial}")
        offered = [(said, sight) for sight in hands if (said := suggesting.compare(seen, sight)) is not None]
        found += [Double(row, tallies[sight.key], said) for said, sight in offered]
    return sorted(found, key=lambda double: -double.said.confidence)


def _items_of(tallies: dict[int, Tally]) -> dict[int, list[TallyItem]]:
    items: dict[int, list[TallyItem]] = defaultdict(list)
    rows = TallyItem.objects.filter(tally__in=tallies).select_related("bank_line", "statement_line", "entry")
    for item in rows.defer("bank_line__payer_account").order_by("id"):
        items[item.tally_id].append(item)
    return items


def _refused(items: dict[int, list[TallyItem]]) -> frozenset[tuple[int, int]]:
    """Refusals name items; here they name the tallies in which those lie now."""
    place = {item.pk: key for key, group in items.items() for item in group}
    rows = TallyRefusal.objects.filter(first__in=place, second__in=place).values_list("first_id", "second_id")
    return frozenset((min(place[a], place[b]), max(place[a], place[b])) for a, b in rows)


def _sights(tallies: dict[int, Tally], items: dict[int, list[TallyItem]]) -> list[Sight]:
    everybody = [item for group in items.values() for item in group]
    behind = _behind({item.subject for item in everybody if item.subject})
    return [_sight(key, items[key], behind) for key in tallies if items[key]]


def _sight(key: int, items: list[TallyItem], behind: dict[str, Party]) -> Sight:
    names, tails, words = set(), set(), []
    for item in items:
        line = item.bank_line or item.statement_line
        if line is not None:
            names.add(line.payer_name if item.bank_line else line.party_name)  # type: ignore[union-attr]
            tails.add(line.payer_tail if item.bank_line else line.party_tail)  # type: ignore[union-attr]
            words += [line.memo, line.bank_serial]
        party = behind.get(item.subject)
        names |= party.names if party else set()
        tails |= party.tails if party else set()
        words += [item.reference, item.subject, item.entry.memo if item.entry else ""]
    side = next((side for side in rules.SIDES if any(item.side == side for item in items)), rules.BANK)
    fen = sum(item.amount.fen for item in items if item.side == side)
    return Sight(
        key, frozenset(item.side for item in items), items[0].on, fen, frozenset(filter(None, names)), frozenset(filter(None, tails)),
        " ".join(words),
    )


def _behind(subjects: Iterable[str]) -> dict[str, Party]:
    numbers: dict[str, list[str]] = defaultdict(list)
    for subject in subjects:
        kind, _colon, number = subject.partition(":")
        numbers[kind].append(number)
    found = {f"{kind}:{number}": party for kind, ask in parties.items() if kind in numbers for number, party in ask(numbers[kind]).items()}
    for payout in Payout.objects.filter(number__in=numbers.get("payout", [])).defer("payee_account"):
        found[payout.subject] = Party(frozenset([payout.payee_name]), frozenset([payout.payee_tail]))
    return found
