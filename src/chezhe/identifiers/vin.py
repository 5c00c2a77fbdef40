"""Vehicle identification numbers, GB 16735 (ISO 3779): 17 characters without I, O, Q; position 9 checks.

Cars built for Europe often carry no check digit, so a form accepts them with a warning (`form_ok` and not
`check_digit_ok`), while `valid` demands both.
"""

from __future__ import annotations

from dataclasses import dataclass

from chezhe.identifiers.findings import Finding, Judgement, error, warning
from chezhe.identifiers.text import clean_code, is_digits
from chezhe.identifiers.vin_makers import country_of, maker_of

LENGTH = 17
LETTER_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
VALUES = {str(digit): digit for digit in range(10)} | LETTER_VALUES
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
CHECK_POSITION = 8
YEAR_POSITION = 9
YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"
YEAR_FIRST = 1980
YEAR_CYCLE = 30


@dataclass(frozen=True, slots=True)
class Vin(Judgement):
    """`model_years` are the years position 10 may mean, oldest first; it repeats every 30 years."""

    form_ok: bool = False
    check_digit_ok: bool = False
    maker_code: str = ""  # the world manufacturer identifier, positions 1–3
    maker: str = ""  # its usual Chinese name where we know it
    country: str = ""
    model_years: tuple[int, ...] = ()

    @property
    def is_foreign_form(self) -> bool:
        """A well-formed number whose check digit does not fit: an import, or a typing mistake."""
        return self.form_ok and not self.check_digit_ok

    def model_year(self, on_year: int) -> int | None:
        """The newest possible model year not after the year behind `on_year` (makers sell next year's cars)."""
        possible = [year for year in self.model_years if year <= on_year + 1]
        return possible[-1] if possible else None


def normalise(text: str) -> str:
    """The stored form of a pasted number: half-width, no separators, upper case. It does not guess I for 1."""
    return clean_code(text)


def check_character(vin: str) -> str:
    """The character that belongs at position 9 of a 17-character number (GB 16735)."""
    remainder = sum(w * VALUES[c] for w, c in zip(WEIGHTS, vin, strict=True)) % 11
    return "X" if remainder == 10 else str(remainder)


def judge(text: str) -> Vin:
    """Judge the exact string. A wrong check digit is an error here; see `findings_for_form` for forms."""
    if len(text) != LENGTH or not set(text) <= set(VALUES):
        return Vin(text, "", (BAD_FORM,))
    check_digit_ok = check_character(text) == text[CHECK_POSITION]
    years = model_years(text[YEAR_POSITION])
    findings = (
        *(() if check_digit_ok else (BAD_CHECK,)),
        *(() if years else (NO_YEAR,)),
        *(() if is_digits(text[-4:]) else (ODD_SERIAL,)),
    )
    return Vin(text, text, findings, True, check_digit_ok, text[:3], maker_of(text), country_of(text), years)


def model_years(code: str) -> tuple[int, ...]:
    """The three model years from 1980 to 2069 that a year code may mean; empty for I, O, Q, U, Z and 0."""
    if len(code) != 1 or code not in YEAR_CODES:
        return ()
    first = YEAR_FIRST + YEAR_CODES.index(code)
    return (first, first + YEAR_CYCLE, first + 2 * YEAR_CYCLE)


def findings_for_form(vin: Vin) -> tuple[Finding, ...]:
    """The same findings for data entry, where a foreign check digit warns and does not block."""
    return tuple(FOREIGN_CHECK if finding is BAD_CHECK else finding for finding in vin.findings)


BAD_FORM = error(
    "vin.form",
    "车架号应为 17 位数字或大写字母，不含 I、O、Q。",
    "A VIN has 17 digits or capital letters, without I, O and Q.",
)
BAD_CHECK = error(
    "vin.check_digit",
    "车架号第 9 位校验码不符，请与登记证书逐位核对。",
    "The check digit at position 9 does not fit; compare with the registration certificate.",
)
FOREIGN_CHECK = warning(
    "vin.foreign_check_digit",
    "车架号第 9 位校验码不符：进口车可能没有校验码，国产车请逐位核对。",
    "The check digit at position 9 does not fit: imports may not carry one; for a car built in China compare again.",
)
NO_YEAR = warning(
    "vin.model_year",
    "车架号第 10 位不是年款代码，无法得出年款。",
    "Position 10 is not a model-year code, so the model year is unknown.",
)
ODD_SERIAL = warning(
    "vin.serial",
    "车架号末四位通常为数字，请核对是否误认字母。",
    "The last four characters are usually digits; check for a misread letter.",
)
