"""Structured logs: one JSON object a line, with the request id and without personal data."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

import structlog

from chezhe.identifiers.plate import SPECIAL_LAST
from chezhe.identifiers.regions import PLATE_CHARACTERS

# A last net under the rule not to log people's data. Letters may stand before a number, digits may not.
_PLATE = rf"[{''.join(PLATE_CHARACTERS)}][A-Za-z][-·. ]?[0-9A-Za-z]{{4,5}}[0-9A-Za-z{''.join(SPECIAL_LAST)}]"
_VIN = r"(?<![0-9A-Za-z])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-HJ-NPR-Za-hj-npr-z\d]{17}(?![0-9A-Za-z])"
_MOBILE = r"(?<!\d)(?:\+?(?:00)?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)"
_CARD = r"(?<!\d)\d{4}(?:[ -]\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)"
_IDENTITY = r"(?<!\d)(?:\d{15,19}|\d{17}[Xx]|\d{6}[ -]\d{4}[ -]?\d{4}[ -]?\d{3}[\dXx])(?!\d)"
_PERSONAL = re.compile("|".join((_PLATE, _VIN, _IDENTITY, _CARD, _MOBILE)))
# What PostgreSQL repeats of a row when it refuses it: any column may hold a name or an address.
_ROW_VALUES = (
    (re.compile(r"(Key \([^\n]*?\))=\([^\n]*\)"), r"\1=(***)"),
    (re.compile(r"(Failing row contains )\(.*?\)(?=\.?\s*$)", re.DOTALL | re.MULTILINE), r"\1(***)"),
    (re.compile(r"(invalid input (?:syntax|value) for [^:\n]*: )\"[^\n]*\""), r'\1"***"'),
)
# Ours, and made of digits and letters that could look like a number.
_OURS = ("request_id", "timestamp")


def mask_personal(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Identity cards, mobiles, bank cards, VINs, plates and PostgreSQL's row values become ***, however deep they lie."""
    for name, value in event.items():
        if name not in _OURS and not name.startswith("_"):
            event[name] = _masked(value)
    return event


def without_address(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Django's own lines end in the path, and paths hold what people typed; our line beside it names the route."""
    record, given = event.get("_record"), event.pop("positional_args", None)
    is_django = record is not None and record.name.startswith(("django.request", "django.security"))
    if is_django and isinstance(given, tuple) and given and str(record.msg).endswith(": %s"):
        event["event"] = record.msg.removesuffix(": %s") % given[:-1]
    return event


def configure(level: int = logging.INFO, *, as_json: bool = True) -> None:
    """Send the standard library's records and structlog's through one chain."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"), structlog.processors.format_exc_info, without_address, mask_personal,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(), cache_logger_on_first_use=True,
    )
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer(colors=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        pass_foreign_args=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers, root.level = [handler], level
    for chatty in ("procrastinate", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        text = _PERSONAL.sub("***", value)
        for pattern, instead in _ROW_VALUES:
            text = pattern.sub(instead, text)
        return text
    if isinstance(value, Mapping):
        return {_masked(name): _masked(held) for name, held in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_masked(held) for held in value]
    if value is None or isinstance(value, (bool, float)):
        return value
    # Integers, and whatever the renderer would print by its repr.
    shown = str(value) if isinstance(value, int) else repr(value)
    masked = _masked(shown)
    return value if masked == shown else masked
