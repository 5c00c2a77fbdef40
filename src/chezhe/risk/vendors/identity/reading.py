"""What the answers of identity checks mean as facts."""

from __future__ import annotations

from datetime import date

from chezhe.risk.vendors.identity.answers import CardCheck, FaceCheck, IdentityCheck, PhoneCheck


def identity_facts(answer: IdentityCheck) -> dict[str, object]:
    """Nobody dead borrows."""
    return {"id_verified": answer.result == "match" and not answer.is_deceased}


def face_facts(answer: FaceCheck) -> dict[str, object]:
    """Alike enough, and alive."""
    return {"face_verified": answer.is_match}


def card_facts(answer: CardCheck) -> dict[str, object]:
    """All four agree, and the card may be used."""
    return {"card_verified": answer.result == "match"}


def phone_facts(answer: PhoneCheck) -> dict[str, object]:
    """A number that is not in service tells nothing of how long it was kept."""
    facts: dict[str, object] = {"phone_name_match": answer.result == "match"}
    return facts | {"phone_months": answer.months_in_use} if answer.status == "active" else facts


def age_facts(born_on: date, on: date) -> dict[str, object]:
    """Completed years, from the number itself."""
    return {"age_years": on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))}
