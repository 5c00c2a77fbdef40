"""Reading JSON strictly: known keys only, amounts and rates as strings, nothing guessed and nothing rounded."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NoReturn, TypeVar

from chezhe.cli.refusals import Refusal
from chezhe.finmath.money import FEN_MAX

AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?")
RATE = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,30})?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YUAN_DIGITS_MAX = 12
EIGHT_DECIMALS = Decimal("1e-8")
RATE_DECIMALS_MAX = 10
TEXT_LENGTH_MAX = 64
Choice = TypeVar("Choice", bound=StrEnum)
Item = TypeVar("Item")


def parse(raw: bytes) -> object:
    """The JSON value of some bytes, refusing NaN and anything that is not UTF-8."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal("not_utf8")
    if not text.strip():
        raise Refusal("empty_input")
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_object)
    except json.JSONDecodeError as problem:
        raise Refusal("invalid_json", facts={"reason": f"{problem.msg} (line {problem.lineno}, column {problem.colno})"})
    except RecursionError:
        raise Refusal("invalid_json", facts={"reason": "nested too deeply"})
    except ValueError:  # a whole number of thousands of digits
        raise Refusal("invalid_json", facts={"reason": "a number is too long"})


@dataclass(frozen=True, slots=True)
class TwiceKeyed:
    """A JSON object in which a key stands twice: a value, so that in an array only its own element is refused."""

    key: str


class Fields:
    """One JSON object, read key by key. A key set to null counts as absent."""

    def __init__(self, value: object, known: tuple[str, ...], where: str = "") -> None:
        """Refuse anything but an object whose keys are all `known`; `where` is its dotted place."""
        if isinstance(value, TwiceKeyed):
            raise Refusal("duplicate_key", f"{where}.{value.key}" if where else value.key, {"key": value.key})
        if not isinstance(value, dict):
            raise Refusal("not_an_object", where)
        self.where = where
        self.values: Mapping[str, object] = value
        for key in value:
            if key not in known:
                raise Refusal("unknown_key", self.place(key[:TEXT_LENGTH_MAX]), {"key": key[:TEXT_LENGTH_MAX], "known": ", ".join(known)})

    def place(self, key: str) -> str:
        """The dotted name of one of its keys."""
        return f"{self.where}.{key}" if self.where else key

    def has(self, key: str) -> bool:
        """True when the key is there and not null."""
        return self.values.get(key) is not None

    def required(self, key: str) -> object:
        """The raw value of a key that must be there."""
        if not self.has(key):
            raise Refusal("missing_key", self.place(key), {"key": key})
        return self.values[key]

    def amount(self, key: str) -> int:
        """A required amount, in fen."""
        return amount_fen(self.required(key), self.place(key))

    def amount_or_none(self, key: str) -> int | None:
        """An optional amount, in fen."""
        return self.amount(key) if self.has(key) else None

    def rate(self, key: str) -> Decimal:
        """A required rate as a fraction."""
        text = self.string(key, "0.12")
        if not RATE.fullmatch(text):
            raise Refusal("bad_rate", self.place(key))
        rate = Decimal(text)
        if len(text.partition(".")[2]) > RATE_DECIMALS_MAX:
            raise Refusal("rate_too_fine", self.place(key))
        return rate

    def rate_or_none(self, key: str) -> Decimal | None:
        """An optional rate as a fraction."""
        return self.rate(key) if self.has(key) else None

    def whole(self, key: str) -> int:
        """A required whole number."""
        value = self.required(key)
        if type(value) is not int:
            raise Refusal("not_a_whole_number", self.place(key))
        return value

    def whole_or_none(self, key: str) -> int | None:
        """An optional whole number."""
        return self.whole(key) if self.has(key) else None

    def day(self, key: str) -> date:
        """A required date, written 2026-01-15."""
        text = self.string(key, "2026-01-15")
        if not DAY.fullmatch(text):
            raise Refusal("bad_date", self.place(key))
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Refusal("bad_date", self.place(key))

    def day_or_none(self, key: str) -> date | None:
        """An optional date."""
        return self.day(key) if self.has(key) else None

    def string(self, key: str, example: str) -> str:
        """A required short string."""
        value = self.required(key)
        if not isinstance(value, str):
            raise Refusal("not_a_string", self.place(key), {"example": example})
        if len(value) > TEXT_LENGTH_MAX:
            raise Refusal("text_too_long", self.place(key), {"max": TEXT_LENGTH_MAX})
        return value

    def choice(self, key: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        """One of a few words; required unless there is a default."""
        if default is not None and not self.has(key):
            return default
        text = self.string(key, next(iter(choices)).value)
        for member in choices:
            if member.value == text:
                return member
        known = ", ".join(member.value for member in choices)
        raise Refusal("unknown_choice", self.place(key), {"value": text, "known": known})

    def items(self, key: str, most: int, read: Callable[[object, str], Item]) -> tuple[Item, ...]:
        """An optional array, each element read with its dotted place."""
        value = self.values.get(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise Refusal("not_an_array", self.place(key))
        if len(value) > most:
            raise Refusal("too_many", self.place(key), {"max": most})
        return tuple(read(item, f"{self.place(key)}.{index}") for index, item in enumerate(value))


def amount_fen(value: object, where: str) -> int:
    """The fen of an amount string; more than two decimals are refused, never rounded."""
    if not isinstance(value, str):
        raise Refusal("not_a_string", where, {"example": "100000.00"})
    if not AMOUNT.fullmatch(value):
        raise Refusal("bad_amount", where)
    yuan, _, decimals = value.removeprefix("-").partition(".")
    if len(decimals) > 2:
        raise Refusal("amount_too_precise", where)
    if len(yuan.lstrip("0")) > YUAN_DIGITS_MAX:  # before int(), which refuses thousands of digits
        raise Refusal("amount_too_large", where, {"max": FEN_MAX // 100})
    fen = int(yuan) * 100 + int(decimals.ljust(2, "0"))
    if fen > FEN_MAX:
        raise Refusal("amount_too_large", where, {"max": FEN_MAX // 100})
    return -fen if value.startswith("-") else fen


def amount_text(fen: int) -> str:
    """`-1234.50` for -123450."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}.{rest:02d}"


def rate_text(rate: Decimal | None) -> str | None:
    """A rate with eight decimals, or None for JSON null. A tiny negative one is not written as -0."""
    if rate is None:
        return None
    rounded = rate.quantize(EIGHT_DECIMALS, ROUND_HALF_UP)
    return f"{rounded:f}" if rounded else "0.00000000"


def _object(pairs: list[tuple[str, object]]) -> dict[str, object] | TwiceKeyed:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            return TwiceKeyed(key[:TEXT_LENGTH_MAX])
        found[key] = value
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise Refusal("invalid_json", facts={"reason": name})
