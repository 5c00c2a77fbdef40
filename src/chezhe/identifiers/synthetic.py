"""Invented identifiers for the simulation: they pass every judge and are made so that nobody owns them.

ID numbers use county codes that were never given out, company codes spell MATEY, VINs spell TEST, cards use an
issuer code no bank has, and mobiles the unassigned prefix 154. Plates cannot be told from real ones: a likeness is chance.
All take a seeded `random.Random` and are a function of it alone.
"""

from __future__ import annotations

from datetime import date
from random import Random

from chezhe.identifiers import bank_card, id_card, uscc, vin
from chezhe.identifiers.regions import PLATE_CHARACTERS

UNASSIGNED_COUNTY = "99"
UNASSIGNED_ISSUER = "629999"
UNASSIGNED_MOBILE = "154"
ORGANISATION_WORD = "MATEY"
VIN_WORD = "TEST"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def invent_id_number(rng: Random, birth_date: date, sex: str, province_code: str = "33") -> str:
    """An 18-digit ID number for a birth date, "male" or "female", and a two-digit province code."""
    sequence = rng.randrange(500) * 2 + (1 if sex == "male" else 0)
    body = f"{province_code}{UNASSIGNED_COUNTY}{rng.randrange(1, 90):02d}{birth_date:%Y%m%d}{sequence:03d}"
    return body + id_card.check_character(body)


def invent_uscc(rng: Random, province_code: str = "33", kind: str = "91") -> str:
    """A company code; `kind` 91 enterprise, 92 individual business, 93 farmer cooperative."""
    organisation = ORGANISATION_WORD + "".join(rng.choices(uscc.ALPHABET, k=3))
    region = f"{province_code}{rng.randrange(1, 20):02d}{rng.randrange(1, 30):02d}"
    body = f"{kind}{region}{organisation}{uscc.organisation_check(organisation)}"
    return body + uscc.check_character(body)


def invent_vin(rng: Random, model_year: int, maker_code: str = "LFV") -> str:
    """A VIN of a maker (three characters) and model year with a right check digit."""
    year = vin.YEAR_CODES[(model_year - vin.YEAR_FIRST) % vin.YEAR_CYCLE]
    body = f"{maker_code}{VIN_WORD}{rng.randrange(10)}0{year}{rng.choice('23456789')}{rng.randrange(10**6):06d}"
    return body[: vin.CHECK_POSITION] + vin.check_character(body) + body[vin.CHECK_POSITION + 1 :]


def invent_plate(rng: Random, province: str = "浙", office: str = "A", energy: str = "") -> str:
    """A plate of a province character and office letter; `energy` "pure_electric", "not_pure_electric" or "" for fuel."""
    if province not in PLATE_CHARACTERS:
        raise ValueError(f"no such province character: {province}")
    if energy:
        letter = rng.choice("DABCE" if energy == "pure_electric" else "FGHJK")
        return f"{province}{office}{letter}{rng.randrange(10**5):05d}"
    shape = rng.choice(("90000", "A0000", "0A000", "000AB", "00A0B"))
    return province + office + "".join(rng.choice(LETTERS if c.isalpha() else "0123456789") for c in shape)


def invent_bank_card(rng: Random) -> str:
    """A 19-digit UnionPay number."""
    body = f"{UNASSIGNED_ISSUER}{rng.randrange(10**12):012d}"
    return body + bank_card.luhn_digit(body)


def invent_mobile(rng: Random) -> str:
    """An 11-digit mobile number."""
    return f"{UNASSIGNED_MOBILE}{rng.randrange(10**8):08d}"
