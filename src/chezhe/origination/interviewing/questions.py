"""What is asked, as dated data: the list in force on a day, for a kind of borrower and a product."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("questions.toml")
YES_NO, TEXT = "yes_no", "text"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `expected` is yes or no where one of them is as it should be."""

    code: str
    text: str
    english: str
    answer: str
    expected: str = ""
    borrowers: tuple[str, ...] = ()
    products: tuple[str, ...] = ()

    def is_asked_of(self, borrower: str, product: str) -> bool:
        """Whether it is asked of a person or a company for this product."""
        return (not self.borrowers or borrower in self.borrowers) and (not self.products or product in self.products)


@dataclass(frozen=True, slots=True)
class Edition:
    """A list of questions, asked from a day on."""

    code: str
    starts_on: date
    questions: tuple[Question, ...]


@lru_cache(maxsize=1)
def editions() -> tuple[Edition, ...]:
    """All of them, the oldest first. Raises ValueError for a question twice in a list or one of another kind."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["edition"]
    return tuple(sorted((_edition(row) for row in rows), key=lambda one: one.starts_on))


def _edition(row: dict[str, object]) -> Edition:
    asked = tuple(
        Question(**{name: tuple(value) if isinstance(value, list) else value for name, value in question.items()})
        for question in row["question"]  # type: ignore[attr-defined]
    )
    if len({one.code for one in asked}) != len(asked) or {one.answer for one in asked} - {YES_NO, TEXT}:
        raise ValueError(f"edition {row['code']}: a question twice, or one that is answered otherwise")
    return Edition(str(row["code"]), row["from"], asked)  # type: ignore[arg-type]


def asked_on(on: date, *, borrower: str, product: str) -> Edition:
    """The list in force on a day, with the questions for this borrower and product alone. Before the first list the first one counts."""
    in_force = [one for one in editions() if one.starts_on <= on] or [editions()[0]]
    newest = in_force[-1]
    return Edition(newest.code, newest.starts_on, tuple(one for one in newest.questions if one.is_asked_of(borrower, product)))
