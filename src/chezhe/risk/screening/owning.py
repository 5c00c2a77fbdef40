"""Who in the end owns a company: shares through chains and cycles, exact, and who controls it otherwise. Pure.

Source: rules on beneficial owner information (People's Bank and market regulator, order 2024 No. 3, in force 2024-11-01), Art. 6: a natural
person who directly or indirectly holds 25 % or more; failing that, who has 25 % of the income or votes, or controls it in fact; failing
that, who runs it day to day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

OWNERSHIP, CONTROL, MANAGEMENT = "ownership", "control", "management"
CHAINS_MAX: Final = 50
_PLACES: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Holding:
    """`holder` has `share` (a fraction of 1) of `company`. Parties are texts; `is_person` tells a person from a company."""

    company: str
    holder: str
    is_person: bool
    share: Decimal


@dataclass(frozen=True, slots=True)
class Owner:
    """A beneficial owner. `share_rate` is the whole share through all chains; `chains` name the companies on the way, nearest first."""

    person: str
    basis: str
    share_rate: Decimal
    chains: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Owners:
    """`known_rate`: which part of the company is traced to people. `is_unknown`: nobody is found, or an owner may hide in the other part.

    `layers` is the longest chain of companies above; `cycles` the companies that hold themselves through others.
    """

    owners: tuple[Owner, ...]
    known_rate: Decimal
    is_unknown: bool
    layers: int
    cycles: tuple[str, ...]
    people: Mapping[str, Decimal]


class SharesOverWhole(ValueError):
    """More than the whole of a company is held; `company` and `total` say which and how much."""

    def __init__(self, company: str, total: Decimal) -> None:
        self.company, self.total = company, total
        super().__init__(f"{company} {total}")


def beneficial_owners(
    company: str, holdings: Sequence[Holding], *, controllers: Sequence[str] = (), managers: Sequence[str] = (), least: Decimal,
) -> Owners:
    """The owners of `company` by law. `least` is the share from which somebody counts (0.25); it is included.

    A company that holds itself through others (a cycle) is solved exactly: what people hold of the whole is the fixed point of the shares.
    Raises SharesOverWhole when the holders of one company have more than all of it.
    """
    above = _above(company, holdings)
    shares = _solved(company, above)
    people = {person: _decimal(share) for person, share in sorted(shares.items()) if share > 0}
    chains = _chains(company, above)
    owners = [
        Owner(person, OWNERSHIP, share, tuple(chains.get(person, ())))
        for person, share in people.items() if shares[person] >= Fraction(least)
    ]
    named = {owner.person for owner in owners}
    # Whoever controls the company in fact is an owner beside those who hold it.
    in_control = [person for person in dict.fromkeys(controllers) if person not in named]
    owners += [Owner(person, CONTROL, people.get(person, Decimal(0))) for person in in_control]
    # In a part of the company that nobody is traced to another owner may hide; then who runs it does not stand in for them.
    may_hide = 1 - sum(shares.values(), Fraction(0)) >= Fraction(least) and not controllers
    if not owners and not may_hide:
        owners = [Owner(person, MANAGEMENT, people.get(person, Decimal(0))) for person in dict.fromkeys(managers)]
    owners.sort(key=lambda owner: (-owner.share_rate, owner.person))
    layers = max((len(chain) for found in chains.values() for chain in found), default=0)
    return Owners(tuple(owners), _decimal(sum(shares.values(), Fraction(0))), may_hide or not owners, layers, _cycles(above), people)


def holders(company: str, holdings: Sequence[Holding], *, least: Decimal) -> frozenset[str]:
    """Everybody who holds at least `least` of the company through all chains, the companies on the way among them. Where more than the
    whole of a company is said to be held that is everybody above it: nobody hides behind a wrong file."""
    above = {holding.holder for holding in holdings} - {company}
    try:
        shares = {one: _share_of(one, company, holdings) for one in above}
    except SharesOverWhole:
        return frozenset(above)
    return frozenset(one for one, share in shares.items() if share >= Fraction(least))


def _share_of(party: str, company: str, holdings: Sequence[Holding]) -> Fraction:
    """What a party holds of the company, whoever holds the party."""
    ended = [replace(one, is_person=one.is_person or one.holder == party) for one in holdings if one.company != party]
    return _solved(company, _above(company, ended)).get(party, Fraction(0))


def _above(company: str, holdings: Sequence[Holding]) -> dict[str, list[Holding]]:
    """The holdings of the company and of every company that holds it, however far up."""
    by_company: dict[str, list[Holding]] = {}
    for holding in holdings:
        by_company.setdefault(holding.company, []).append(holding)
    above: dict[str, list[Holding]] = {}
    waiting = [company]
    while waiting:
        one = waiting.pop()
        if one in above:
            continue
        above[one] = by_company.get(one, [])
        total = sum((holding.share for holding in above[one]), Decimal(0))
        if total > 1:
            raise SharesOverWhole(one, total)
        waiting += [holding.holder for holding in above[one] if not holding.is_person]
    return above


def _solved(company: str, above: Mapping[str, Sequence[Holding]]) -> dict[str, Fraction]:
    """Each person's share of the company: x = p + D·x over the companies, by elimination in exact fractions."""
    known = _with_people(above)
    people = sorted({h.holder for found in above.values() for h in found if h.is_person})
    rows: dict[str, dict[str, Fraction]] = {}
    values: dict[str, dict[str, Fraction]] = {}
    for one in known:
        rows[one], values[one] = {one: Fraction(1)}, dict.fromkeys(people, Fraction(0))
        for holding in above[one]:
            if holding.is_person:
                values[one][holding.holder] += Fraction(holding.share)
            elif holding.holder in known:
                rows[one][holding.holder] = rows[one].get(holding.holder, Fraction(0)) - Fraction(holding.share)
    _eliminate(sorted(known), rows, values)
    return values.get(company, {})


def _eliminate(order: Sequence[str], rows: dict[str, dict[str, Fraction]], values: dict[str, dict[str, Fraction]]) -> None:
    for pivot in order:
        scale = rows[pivot][pivot]
        rows[pivot] = {name: cell / scale for name, cell in rows[pivot].items()}
        values[pivot] = {name: cell / scale for name, cell in values[pivot].items()}
        for other in order:
            factor = rows[other].get(pivot, Fraction(0))
            if other == pivot or not factor:
                continue
            for name, cell in rows[pivot].items():
                rows[other][name] = rows[other].get(name, Fraction(0)) - factor * cell
            for name, cell in values[pivot].items():
                values[other][name] -= factor * cell


def _with_people(above: Mapping[str, Sequence[Holding]]) -> set[str]:
    """The companies from which a chain leads to a person; the others, closed circles among them, are traced to nobody."""
    found: set[str] = set()
    while True:
        more = {
            one for one, holdings in above.items()
            if one not in found and any(h.share > 0 and (h.is_person or h.holder in found) for h in holdings)
        }
        if not more:
            return found
        found |= more


def _chains(company: str, above: Mapping[str, Sequence[Holding]]) -> dict[str, list[tuple[str, ...]]]:
    """The ways up to each person without going round in a circle, CHAINS_MAX at most."""
    found: dict[str, list[tuple[str, ...]]] = {}
    waiting: list[tuple[str, tuple[str, ...]]] = [(company, ())]
    count = 0
    while waiting and count < CHAINS_MAX:
        one, way = waiting.pop(0)
        for holding in above[one]:
            if holding.share <= 0:
                continue
            if holding.is_person:
                found.setdefault(holding.holder, []).append(way)
                count += 1
            elif holding.holder not in way and holding.holder != company:
                waiting.append((holding.holder, (*way, holding.holder)))
    return found


def _cycles(above: Mapping[str, Sequence[Holding]]) -> tuple[str, ...]:
    """Companies that hold themselves, directly or through others."""
    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [h.holder for h in above[start] if not h.is_person and h.share > 0]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting += [h.holder for h in above[one] if not h.is_person and h.share > 0]
        return seen

    return tuple(sorted(one for one in above if one in reached(one)))


def _decimal(share: Fraction) -> Decimal:
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(_PLACES, ROUND_HALF_UP)
