"""What goes over the wire: strict values in, our own shapes out. A value that is nearly right is refused, never guessed."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, Strict, WithJsonSchema
from pydantic_core import PydanticCustomError

from chezhe.finmath.money import Money

T = TypeVar("T")
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
MONEY_MAX_FEN = 10_000_000_000_00
WHOLE_MAX = 2_000_000_000
_AMOUNT = re.compile(r"(-?)(\d{1,13})(?:\.(\d+))?", re.ASCII)
_RATE = re.compile(r"-?\d{1,3}(?:\.(\d+))?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class _Shape(Schema):
    """Shapes of two rooms may have one name in Python; in the OpenAPI document each carries its room's."""

    def __init_subclass__(cls, **named: Any) -> None:
        parts = cls.__module__.split(".")
        if parts[0] == "chezhe" and parts[1] != "kernel" and "[" not in cls.__name__:
            cls.__name__ = cls.__qualname__ = f"{parts[1].title()}{cls.__name__.lstrip('_')}"
        super().__init_subclass__(**named)


class In(_Shape):
    """A request body: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid")


class Out(_Shape):
    """An answer."""


class Page(Schema, Generic[T]):
    """One page of a list; ask again with `cursor=next_cursor` while it is not null."""

    items: list[T]
    next_cursor: str | None = None


class MoveOut(Schema):
    """One step of a status: who did what, when and why."""

    verb: str
    status_from: str
    status_to: str
    who: str
    reason: str
    at: datetime

    @classmethod
    def of(cls, move: Any) -> MoveOut:
        return cls(
            verb=move.verb, status_from=move.status_from, status_to=move.status_to, who=move.actor_name, reason=move.reason,
            at=move.moved_at,
        )


class Problem(Schema):
    """RFC 9457 problem details; `code` is stable, `title` names the kind of problem, `detail` is the sentence for people."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    request_id: str
    field: str | None = None
    facts: dict[str, str] | None = None
    errors: list[dict[str, str]] | None = None


def _parse_yuan(value: Any) -> Money:
    if isinstance(value, Money):
        return value
    match = _AMOUNT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("money_form", "yuan as text")
    sign, whole, part = match.groups(default="")
    if len(part) > 2:
        raise PydanticCustomError("money_precision", "two decimals")
    fen = int(whole) * 100 + int(part.ljust(2, "0"))
    if fen > MONEY_MAX_FEN:
        raise PydanticCustomError("money_high", "too much money")
    return Money(-fen if sign else fen)


def _parse_amount(value: Any) -> Money:
    amount = _parse_yuan(value)
    if amount.fen < 0:
        raise PydanticCustomError("money_low", "negative money")
    return amount


def _parse_rate(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    match = _RATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("rate_form", "a fraction as text")
    if value.startswith("-"):
        raise PydanticCustomError("rate_low", "negative rate")
    if len(match.group(1) or "") > 10:
        raise PydanticCustomError("rate_precision", "ten decimals")
    return Decimal(value)


def _parse_day(value: Any) -> date:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise PydanticCustomError("date_form", "a day such as 2026-11-23")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("date_form", "no such day") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise PydanticCustomError("date_range", "too far away")
    return day


def _schema(**said: Any) -> Any:
    return WithJsonSchema({"type": "string", **said})


# On the wire money is a string of yuan with two decimals and a rate a string fraction.
Yuan = Annotated[
    Money, BeforeValidator(_parse_yuan), PlainSerializer(str, return_type=str),
    _schema(pattern=r"^-?\d{1,13}\.\d{2}$", examples=["100000.00"]),
]
# Money that comes in: never less than nothing.
Amount = Annotated[
    Money, BeforeValidator(_parse_amount), PlainSerializer(str, return_type=str),
    _schema(pattern=r"^\d{1,10}(\.\d{1,2})?$", examples=["100000.00"]),
]
_as_text = PlainSerializer(lambda rate: f"{rate:f}", return_type=str)
Fraction = Annotated[Decimal, BeforeValidator(Decimal), _as_text, _schema(pattern=r"^-?\d+(\.\d+)?$", examples=["0.1188"])]
# A rate that comes in: a fraction of at most ten decimals, never less than nothing.
Rate = Annotated[
    Decimal, BeforeValidator(_parse_rate), _as_text, _schema(pattern=r"^\d{1,3}(\.\d{1,10})?$", examples=["0.1188"])
]
Day = Annotated[date, BeforeValidator(_parse_day), _schema(format="date", examples=["2026-11-23"])]
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict(), Field(ge=0, le=WHOLE_MAX)]


class Text:
    """`Text[100]` is a text of at most 100 characters: the same limit as the field of the page."""

    def __class_getitem__(cls, length: int) -> Any:
        return Annotated[str, Field(max_length=length)]


def sentence_of(error: dict[str, Any]) -> str:
    """What is wrong with one value, for the person who sent it."""
    kind, limits = str(error.get("type", "")), error.get("ctx") or {}
    sentence = _sentences().get(kind) or _("此项的值不正确。")
    return sentence % {name: str(value) for name, value in limits.items()} if "%(" in sentence else sentence


def _sentences() -> dict[str, str]:
    whole, text = _("须为整数。"), _("须为文本。")
    return {
        "missing": _("此项必填。"), "extra_forbidden": _("没有这个字段。"), "string_type": text, "string_unicode": text,
        "string_too_long": _("最多 %(max_length)s 个字符。"), "string_too_short": _("至少 %(min_length)s 个字符。"),
        "date_form": _("没有这一天，请按 2026-11-23 的样子填写真实日期。"), "date_range": _("日期应在 1900 年至 2100 年之间。"),
        "money_form": _("金额须为文本，例如 \"12000.00\"。"), "money_precision": _("金额最多两位小数（精确到分）。"),
        "money_low": _("金额不能是负数。"), "money_high": _("金额过大，请核对。"),
        "rate_form": _("利率须为小数文本，例如 \"0.1188\"。"), "rate_low": _("利率不能是负数。"),
        "rate_precision": _("利率最多十位小数。"),
        "int_type": whole, "int_parsing": whole, "int_from_float": whole, "int_parsing_size": whole,
        "bool_type": _("须为 true 或 false。"), "bool_parsing": _("须为 true 或 false。"),
        "greater_than_equal": _("不能小于 %(ge)s。"), "less_than_equal": _("不能大于 %(le)s。"),
        "literal_error": _("可选的值：%(expected)s。"), "enum": _("可选的值：%(expected)s。"),
        "list_type": _("须为列表。"), "dict_type": _("须为 JSON 对象。"), "model_type": _("须为 JSON 对象。"),
        "model_attributes_type": _("须为 JSON 对象。"),
        "too_long": _("最多 %(max_length)s 项。"), "too_short": _("至少 %(min_length)s 项。"),
    }
