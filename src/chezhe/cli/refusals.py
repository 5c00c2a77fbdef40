"""What the calculators refuse: a stable code, the JSON key it is about, and a sentence in the user's language."""

from __future__ import annotations

import os

from chezhe.cli.messages import SENTENCES


class Refusal(Exception):
    """A request that cannot be answered. `field` is the dotted JSON key (`fees.0.amount`), "" for the whole."""

    def __init__(self, code: str, field: str = "", facts: dict[str, object] | None = None) -> None:
        super().__init__(code, field)
        self.code = code
        self.field = field
        self.facts = facts or {}

    def as_json(self) -> dict[str, object]:
        """`{"error":{"code","message","field"?}}`."""
        error: dict[str, object] = {"code": self.code, "message": sentence(self.code, self.facts)}
        return {"error": error | ({"field": self.field} if self.field else {})}


def in_english() -> bool:
    """Chinese is the language of the house; `CHEZHE_LANGUAGE=en` asks for English."""
    return os.environ.get("CHEZHE_LANGUAGE", "").lower().startswith("en")


def sentence(code: str, facts: dict[str, object]) -> str:
    """The sentence of a code with its facts filled in."""
    zh, en = SENTENCES[code]
    return (en if in_english() else zh).format_map(facts)
