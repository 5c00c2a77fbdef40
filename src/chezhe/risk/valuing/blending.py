"""Several opinions of one car's worth become one value, or a reason why they do not. Pure.

Every opinion has a weight by the quality of its source. Who stands further from the weighted median than `outlier_rate` is set
aside, with how far it stands away, never silently; it takes two against one. With fewer than two that agree there is no value:
a person looks at the car. Witnesses (who know the market or have seen the car) that differ by more than `recheck_rate`, or that are
set aside, ask for a second look (DOMAIN.md §5); a formula only supports the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from chezhe.finmath.money import Money

AGREED, RECHECK, REFER = "agreed", "recheck", "refer"
AGREEING_MIN = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What one source says; `low` and `high` when it says how sure it is. `weight` is a whole number of 1 or more."""

    source: str
    amount: Money
    weight: int
    is_witness: bool = True
    low: Money | None = None
    high: Money | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """An opinion after the vote: how far it stands from the weighted median, and whether it counts."""

    opinion: Opinion
    deviation_rate: Decimal
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Blended:
    """`value`, `low` and `high` are None when nobody agrees (`refer`). `spread_rate` is the largest distance of a witness that
    counts from the value."""

    outcome: str
    voices: tuple[Voice, ...]
    value: Money | None = None
    low: Money | None = None
    high: Money | None = None
    spread_rate: Decimal | None = None

    @property
    def kept(self) -> tuple[Opinion, ...]:
        return tuple(voice.opinion for voice in self.voices if voice.is_kept)


def blend(opinions: Sequence[Opinion], *, outlier_rate: Decimal, recheck_rate: Decimal) -> Blended:
    """One value of many. The order of the opinions makes no difference to it."""
    if any(opinion.amount.fen <= 0 or opinion.weight < 1 for opinion in opinions):
        raise ValueError("an opinion has an amount and a weight above nothing")
    if not opinions:
        return Blended(REFER, ())
    voices = _voted(opinions, outlier_rate)
    kept = [voice.opinion for voice in voices if voice.is_kept]
    if len(kept) < AGREEING_MIN:
        return Blended(REFER, voices)
    value = _mean([(opinion.amount, opinion.weight) for opinion in kept])
    half = max(_half_width(kept), max(abs(opinion.amount.fen - value.fen) for opinion in kept))
    spread = max((_distance(opinion.amount, value) for opinion in kept if opinion.is_witness), default=Decimal(0))
    is_doubted = any(voice.opinion.is_witness and not voice.is_kept for voice in voices)
    outcome = RECHECK if spread > recheck_rate or is_doubted else AGREED
    return Blended(outcome, voices, value, Money(max(0, value.fen - half)), value + Money(half), spread)


def weighted_median(opinions: Sequence[Opinion]) -> Money:
    """The amount at which half of the weight lies on either side; between two of them when it falls exactly there."""
    ordered = sorted(opinions, key=lambda opinion: (opinion.amount, opinion.source))
    whole, seen = sum(opinion.weight for opinion in ordered), 0
    for place, opinion in enumerate(ordered):
        seen += opinion.weight
        if 2 * seen == whole:
            return (opinion.amount + ordered[place + 1].amount).times(Decimal("0.5"))
        if 2 * seen > whole:
            return opinion.amount
    raise ValueError("no median of nothing")


def _voted(opinions: Sequence[Opinion], outlier_rate: Decimal) -> tuple[Voice, ...]:
    """Nobody is outvoted by one other: of two that differ too much, neither is believed."""
    middle = weighted_median(opinions)
    distances = [_distance(opinion.amount, middle) for opinion in opinions]
    if len(opinions) == AGREEING_MIN:
        apart = _distance(max(o.amount for o in opinions), min(o.amount for o in opinions))
        distances = [apart] * AGREEING_MIN
    voices = [Voice(opinion, far, far <= outlier_rate) for opinion, far in zip(opinions, distances, strict=True)]
    return tuple(sorted(voices, key=lambda voice: (-voice.opinion.weight, voice.opinion.source)))


def _distance(amount: Money, middle: Money) -> Decimal:
    return abs(Decimal(amount.fen - middle.fen)) / middle.fen


def _mean(parts: Sequence[tuple[Money, int]]) -> Money:
    whole = sum(weight for _amount, weight in parts)
    total = sum(amount.fen * weight for amount, weight in parts)
    return Money((2 * total + whole) // (2 * whole))


def _half_width(kept: Sequence[Opinion]) -> int:
    """In fen, the weighted mean of those that say how sure they are."""
    sure = [(Money(o.high.fen - o.low.fen), o.weight) for o in kept if o.low is not None and o.high is not None]
    return (_mean(sure).fen + 1) // 2 if sure else 0
