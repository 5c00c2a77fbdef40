"""What identity checks tell of a life: the register believes any name of an honest person, since only the number makes the life."""

from __future__ import annotations

from datetime import date
from hashlib import blake2b

from chezhe.invented.chance import Chance
from chezhe.invented.months import between, later
from chezhe.invented.people import PersonLife
from chezhe.risk.vendors.identity.answers import CardCheck, FaceCheck, IdentityCheck, PhoneCheck

FACE_THRESHOLD = 800
BANKS = {"629999": "示例银行", "622848": "澄江银行", "621700": "远山银行", "622202": "北辰银行"}
OPERATORS = ("示例移动", "示例联通", "示例电信")


def identity_of(life: PersonLife, *, contradicts: bool = False) -> IdentityCheck:
    """A borrowed identity is found here only now and then: the thief knows the name as well."""
    knows_not_the_name = life.lies.borrows_identity and (bool(life.fate.code) or life.chance.happens("gets name wrong", 0.3))
    return IdentityCheck(
        result="mismatch" if knows_not_the_name else "match", is_deceased=contradicts, has_photo=not life.chance.happens("no photo", 0.01))


def face_of(life: PersonLife, photo: str, *, contradicts: bool = False) -> FaceCheck:
    """The same picture gives the same score."""
    chance = Chance(f"{life.id_number}:{photo}")
    is_other = life.lies.borrows_identity
    attack = "replay" if is_other and chance.happens("attack", 0.25) else "none"
    score = 520 + 180 * chance.share("other face") if is_other else 965 - 42 * abs(chance.normal("face")) ** 1.4
    # One picture in a hundred is too dark, whoever stands there.
    score = 640 + 100 * chance.share("dark") if chance.happens("bad picture", 0.01) else score
    return FaceCheck(
        score=int(min(999, max(300, score))), threshold=FACE_THRESHOLD, is_live=attack == "none" and not contradicts,
        attack=attack)  # type: ignore[arg-type]


def card_of(life: PersonLife, card: str, mobile: str, *, contradicts: bool = False) -> CardCheck:
    """Somebody else's card, or an old number at the bank."""
    chance = Chance(f"{life.id_number}:{_short(card)}")
    known = {"bank": BANKS.get(card[:6], "其他银行"), "kind": "debit"}
    if contradicts:
        return CardCheck(result="match", code="mobile", **known)  # type: ignore[arg-type]
    if life.lies.borrows_identity:
        return CardCheck(result="mismatch", code="name", **known)  # type: ignore[arg-type]
    if chance.happens("restricted", 0.004):
        return CardCheck(result="card_restricted", code="", **known)  # type: ignore[arg-type]
    wrong = "mobile" if chance.happens("old mobile", 0.015 + 0.02 * (1 - life.character)) else ""
    return CardCheck(result="mismatch" if wrong else "match", code=wrong, **known)  # type: ignore[arg-type]


def phone_of(life: PersonLife, mobile: str, on: date, *, contradicts: bool = False) -> PhoneCheck:
    """The number of the life is known to the month; of any other the register tells what such a person's second number is like."""
    since = life.mobile_since if mobile == life.mobile else _other_since(life, mobile)
    since = min(since, on)
    is_ring_phone = life.ring is not None and life.ring.shares_mobile and mobile == life.mobile
    is_other = life.lies.borrows_identity or is_ring_phone or Chance(f"{life.id_number}:{mobile}").happens("family's", 0.03)
    return PhoneCheck(
        result="mismatch" if is_other else "match", months_in_use=min(480, between(since, on)),
        in_use_since=later(since, 24) if contradicts else since, status="active", operator=life.chance.one_of("operator", OPERATORS))


def _other_since(life: PersonLife, mobile: str) -> date:
    """As old as this life keeps numbers."""
    chance = Chance(f"{life.id_number}:{mobile}")
    if chance.happens("kept", 0.45 + 0.4 * life.character):
        return later(life.mobile_since, -chance.whole("older", 0, 60))
    return later(date(2019, 1, 1), chance.whole("taken", 0, 86))


def _short(card: str) -> str:
    """A card's number does not stay in memory as a key."""
    return blake2b(card.encode(), digest_size=8).hexdigest()
