"""A model, its artefact or its data that cannot be used: a stable code, the column or file it is about, the facts."""

from __future__ import annotations


class ModelError(Exception):
    """A refusal of this room. `code` is stable and public; `field` names a column, file or option, "" for the whole.

    The sentences in both languages stand in `scorecards.papers.sentences`; doors show them, programs read the code.
    """

    def __init__(self, code: str, field: str = "", **facts: object) -> None:
        super().__init__(code, field)
        self.code = code
        self.field = field
        self.facts: dict[str, object] = {"field": field} | facts

    def __str__(self) -> str:
        told = ", ".join(f"{key}={value}" for key, value in self.facts.items() if value != "")
        return f"{self.code} ({told})" if told else self.code
