"""Fraud rings: a few hands behind many applications, who share a flat, a handset, a number or a workplace that only answers calls."""

from __future__ import annotations

from dataclasses import dataclass

from chezhe.invented import fates, words
from chezhe.invented.chance import Chance
from chezhe.invented.fates import Fate

RINGS, MEMBER_RATE = 24, 0.012


@dataclass(frozen=True, slots=True)
class Ring:
    """What a ring owns, and what of it one member uses."""

    number: int
    address: str
    mobile: str
    device: str
    employer: str
    employer_phone: str
    shares_address: bool = False
    shares_mobile: bool = False
    shares_device: bool = False
    shares_employer: bool = False


def of(chance: Chance, fate: Fate) -> Ring | None:
    """The ring that somebody belongs to; None for nearly everybody. A member uses at least one thing of it."""
    if fate.code == fates.RING:
        number = int(fate.source)
    elif fate.code != fates.GOOD and chance.happens("ring", MEMBER_RATE):
        number = chance.whole("ring number", 0, RINGS - 1)
    else:
        return None
    own = Chance(f"ring {number}")
    shared = {what: chance.happens(f"shares {what}", rate) for what, rate in (("address", 0.4), ("mobile", 0.2), ("device", 0.6))}
    return Ring(
        number=number, address=f"杭州市示例路 {own.whole('street', 400, 480)} 号 {own.whole('flat', 101, 1206)} 室",
        mobile=words.mobile_number(own, "mobile"), device=f"DV{own.stream('device').getrandbits(64):016x}",
        employer=words.firm_name(own), employer_phone=f"0571-{own.whole('office', 10**7, 10**8 - 1)}",
        shares_address=shared["address"], shares_mobile=shared["mobile"], shares_device=shared["device"],
        shares_employer=not any(shared.values()) or chance.happens("shares employer", 0.5),
    )
