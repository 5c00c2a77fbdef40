"""Digits by which somebody who tries the product chooses what happens. No other invented number carries them.

| code | person or company | car | what every outside source does |
|---|---|---|---|
| 90 | a model of a life | a sound car | |
| 91 | | | answers only after its caller has given up |
| 92 | | | is down (503) |
| 93 | | | answers something that is no answer |
| 94 | | | answers what cannot be true together |
| 95 | | | knows nothing of this number |
| 96 | enforcement, court cases, a bad debt; a company struck off | mortgaged elsewhere, title not clear | |
| 97 | a liar: income, debts, statement; a company with false books | an odometer turned back | |
| 98 | somebody else's identity; a company whose owner hides | flood and a major accident | |
| 99 | member of a fraud ring | valuers who differ by far | |

Where the code stands, and the two digits that say of which source (`SOURCES`; 00 of all of them; for 99 the ring's number):

| number | code | source |
|---|---|---|
| identity number | digits 5–6 (county) | digits 15–16 (sequence) |
| company code | characters 7–8 (county) | characters 5–6 (city) |
| VIN | characters 12–13, when the plant (11) is 0 | characters 14–15 |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chezhe.identifiers import id_card, uscc, vin

GOOD, SLOW, DOWN, GARBLED, CONTRADICTORY, UNKNOWN, BAD, LIAR, STRANGER, RING = (str(code) for code in range(90, 100))
FALSE_BOOKS, HIDDEN_OWNER = LIAR, STRANGER
MORTGAGED, ROLLED_BACK, WRECK, FAR_OFF = BAD, LIAR, STRANGER, RING
EVERY = "00"
SOURCES = {
    "bureau": "01", "identity": "02", "courts": "03", "lenders": "04", "enterprise": "05", "watchlists": "06", "valuers": "07",
    "vehicle_registry": "08", "social_insurance": "09",
}
PLANT = "0"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a number's digits choose: a code of the table or "", and the source (or ring) that it speaks of."""

    code: str = ""
    source: str = EVERY

    def strikes(self, code: str, service: str) -> bool:
        """Whether this fate is `code`, for this source."""
        return self.code == code and self.source in (EVERY, SOURCES.get(service, ""))


NONE = Fate()


def of_person(id_number: str) -> Fate:
    """What an identity number chooses."""
    return _fate(id_number[4:6], id_number[14:16]) if len(id_number) == 18 else NONE


def of_company(code: str) -> Fate:
    """What a unified social credit code chooses."""
    return _fate(code[6:8], code[4:6]) if len(code) == 18 else NONE


def of_car(number: str) -> Fate:
    """What a VIN chooses."""
    return _fate(number[11:13], number[13:15]) if len(number) == 17 and number[10] == PLANT else NONE


def id_number(code: str, *, source: str = "", born_on: date = date(1990, 6, 15), is_male: bool = True, ring: int = 0) -> str:
    """An identity number of that fate, for one source by its name, else for all."""
    digits = f"{ring:02d}" if code == RING else SOURCES.get(source, EVERY)
    body = f"3399{code}{born_on:%Y%m%d}{digits}{'1' if is_male else '2'}"
    return body + id_card.check_character(body)


def company_code(code: str, *, source: str = "", serial: str = "AAA") -> str:
    """A company's code of that fate; `serial` (three letters or digits of the code's alphabet) tells several apart."""
    organisation = f"MATEY{serial}"
    body = f"9133{SOURCES.get(source, EVERY)}{code}{organisation}{uscc.organisation_check(organisation)}"
    return body + uscc.check_character(body)


def car_vin(code: str, *, source: str = "", model_year: int = 2022, maker_code: str = "LSV", serial: int = 1) -> str:
    """A VIN of that fate."""
    year = vin.YEAR_CODES[(model_year - vin.YEAR_FIRST) % vin.YEAR_CYCLE]
    body = f"{maker_code}TEST10{year}{PLANT}{code}{SOURCES.get(source, EVERY)}{serial % 100:02d}"
    return body[: vin.CHECK_POSITION] + vin.check_character(body) + body[vin.CHECK_POSITION + 1 :]


def _fate(code: str, source: str) -> Fate:
    return Fate(code, source) if code.isascii() and code.isdigit() and code >= GOOD else NONE
