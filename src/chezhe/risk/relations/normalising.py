"""One form for values that people write in many ways, so that the same phone, address or employer is seen to be the same.

Pure. An empty result means "cannot be compared": a bare district or a freelancer's employer would join strangers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from chezhe.identifiers import id_card, phone
from chezhe.identifiers.addresses import address_key
from chezhe.identifiers.employers import employer_key
from chezhe.identifiers.text import clean, clean_code


def phone_key(text: str) -> str:
    """A mobile of eleven digits, a landline with its area code; "" for what is neither."""
    mobile = phone.normalise(text)
    if phone.judge(mobile).valid:
        return mobile
    landline = re.sub(r"\D", "", clean(text).partition("转")[0])
    return landline if landline.startswith("0") and 10 <= len(landline) <= 12 else ""


def identity_key(text: str) -> str:
    """The number of an ID card (15 digits become 18) or a credit code."""
    code = clean_code(text)
    return id_card.judge(code).number or code


def _card_key(text: str) -> str:
    digits = re.sub(r"\D", "", clean(text))
    return digits if len(digits) >= 8 else ""


def _code_key(text: str) -> str:
    code = clean_code(text)
    return code if len(code) >= 4 else ""


NORMALISERS: Final[Mapping[str, Callable[[str], str]]] = {
    "phone": phone_key, "employer_phone": phone_key, "address": address_key, "employer": employer_key, "device": _code_key,
    "guarantor": identity_key, "id": identity_key, "bank_card": _card_key, "vin": _code_key, "plate": _code_key,
}


def normalise(kind: str, text: str) -> str:
    """The comparable form of one value; "" when it cannot be compared. Raises KeyError for a kind that does not exist."""
    return NORMALISERS[kind](text)
