"""The texts that a new database begins with: one file a kind, the library beside them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from chezhe.contracts.wording.rules import Article, Use, Wording

FOLDER = Path(__file__).resolve().parents[1] / "seeds" / "wording"
KINDS = (
    "loan_contract", "mortgage_contract", "guarantee_contract", "consent_letter", "gps_notice", "address_confirmation",
    "insurance_undertaking",
)


@cache
def clauses() -> dict[str, tuple[str, str]]:
    """The library: code → name and body, each told once among the files."""
    told = [clause for kind in KINDS for article in _file(kind)["articles"] for clause in article["clauses"] if "body" in clause]
    found = {clause["code"]: (clause["name"], clause["body"]) for clause in told}
    if len(found) != len(told):
        raise ValueError("a clause is told twice among the shipped texts")
    return found


@cache
def wording(kind: str) -> Wording:
    """The shipped template of a kind."""
    told, library = _file(kind), clauses()
    return Wording(title=told["title"], before=told["before"], articles=tuple(
        Article(
            title=article["title"], block=article.get("block", ""), is_strong=article.get("is_strong", False),
            clauses=tuple(Use(clause=one["code"], version=1, body=library[one["code"]][1], when=one.get("when", ""))
                          for one in article["clauses"]),
        )
        for article in told["articles"]
    ))


@cache
def _file(kind: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{kind}.toml").read_text(encoding="utf-8"))
