"""Number plates, GA 36: province character, office letter, serial. New-energy plates carry one character more."""

from __future__ import annotations

import re
from dataclasses import dataclass

from chezhe.identifiers.findings import Finding, Judgement, error, warning
from chezhe.identifiers.regions import PLATE_CHARACTERS, PROVINCES
from chezhe.identifiers.text import clean_code

PROVINCE = f"[{''.join(PLATE_CHARACTERS)}]"
SERIAL = "[A-HJ-NP-Z0-9]"
SPECIAL_LAST = {"挂": "trailer", "学": "driving_school", "警": "police", "港": "hong_kong", "澳": "macau"}
ORDINARY = re.compile(f"{PROVINCE}[A-HJ-Z]{SERIAL}{{5}}")
SPECIAL = re.compile(f"{PROVINCE}[A-HJ-Z]{SERIAL}{{4}}[{''.join(SPECIAL_LAST)}]")
NEW_ENERGY_SMALL = re.compile(f"{PROVINCE}[A-HJ-NP-Z][A-HJK]{SERIAL}[0-9]{{4}}")
NEW_ENERGY_LARGE = re.compile(f"{PROVINCE}[A-HJ-NP-Z][0-9]{{5}}[A-HJK]")
PURE_ELECTRIC = "ABCDE"
BORDER_OFFICE = "粤Z"


@dataclass(frozen=True, slots=True)
class Plate(Judgement):
    """`type`: ordinary, trailer, driving_school, police, hong_kong, macau, new_energy_small, new_energy_large.

    `energy` is pure_electric or not_pure_electric for a new-energy plate, otherwise "".
    """

    type: str = ""
    province: str = ""
    energy: str = ""

    @property
    def is_new_energy(self) -> bool:
        """True for the green eight-character plates."""
        return self.type.startswith("new_energy")


def normalise(text: str) -> str:
    """The stored form of a pasted plate: half-width, upper case, without blanks and the middle dot."""
    return clean_code(text)


def judge(text: str) -> Plate:
    """Judge the exact string."""
    plate_type = _type(text)
    if not plate_type:
        return Plate(text, "", (BAD_PROVINCE if text[:1] not in PLATE_CHARACTERS else BAD_FORM,))
    return Plate(text, text, _findings(text, plate_type), plate_type, _province(text), _energy(text, plate_type))


def _type(text: str) -> str:
    if NEW_ENERGY_SMALL.fullmatch(text):
        return "new_energy_small"
    if NEW_ENERGY_LARGE.fullmatch(text):
        return "new_energy_large"
    if SPECIAL.fullmatch(text):
        return SPECIAL_LAST[text[-1]]
    return "ordinary" if ORDINARY.fullmatch(text) else ""


def _findings(text: str, plate_type: str) -> tuple[Finding, ...]:
    if plate_type in ("hong_kong", "macau") and not text.startswith(BORDER_OFFICE):
        return (ODD_BORDER,)
    return ()


def _province(text: str) -> str:
    return PROVINCES[PLATE_CHARACTERS[text[0]]]


def _energy(text: str, plate_type: str) -> str:
    if not plate_type.startswith("new_energy"):
        return ""
    letter = text[2] if plate_type == "new_energy_small" else text[-1]
    return "pure_electric" if letter in PURE_ELECTRIC else "not_pure_electric"


BAD_FORM = error(
    "plate.form",
    "车牌号应为省份简称、发牌机关字母加 5 位号码；新能源车为 6 位号码。",
    "A plate is a province character, an office letter and 5 characters; 6 for new-energy cars.",
)
BAD_PROVINCE = error(
    "plate.province",
    "车牌号应以省份简称开头，例如“京”“沪”“粤”。",
    "A plate starts with a province character such as 京, 沪 or 粤.",
)
ODD_BORDER = warning(
    "plate.border",
    "港澳入出境车牌通常以“粤Z”开头，请核对。",
    "Plates for Hong Kong and Macau cars usually start with 粤Z; please compare.",
)
