"""Structured logs: one JSON object a line, with the request id and without personal data."""

from __future__ import annotations

import logging
import re
from typing import Any

import structlog

# A last net under the rule not to log people's data: ID cards, mobiles and cards in any text become ***.
_PERSONAL = re.compile(r"(?<![0-9A-Za-z-])(\d{17}[\dXx]|\d{16,19}|1[3-9]\d{9})(?![0-9A-Za-z-])")


def mask_personal(_: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = _PERSONAL.sub("***", value)
    return event


def configure(level: int = logging.INFO, *, as_json: bool = True) -> None:
    """Send the standard library's records and structlog's through one chain."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars, structlog.stdlib.add_log_level, structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"), structlog.processors.format_exc_info, mask_personal,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(), cache_logger_on_first_use=True,
    )
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False) if as_json else structlog.dev.ConsoleRenderer(colors=False)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers, root.level = [handler], level
    for chatty in ("procrastinate", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
