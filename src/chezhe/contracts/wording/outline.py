"""A template as lines that people edit: `## title | table | bold` begins an article, `- clause/version when flag` is a clause in it.

    ## 利率与年化利率 | rates | bold
    - rate_measure/1
    - rate_floating/1 when floats
    - rate_fixed/2 when not floats
"""

from __future__ import annotations

import re
from typing import Any

from chezhe.contracts.wording.rules import Wording

BOLD = "bold"
_CLAUSE = re.compile(r"-\s*([a-z][a-z0-9_]{2,38})/(\d{1,4})(?:\s+when\s+((?:not\s+)?[a-z_]{1,40}))?")


class OutlineWrong(ValueError):
    """A line that is neither an article nor a clause: `line` is its number, `said` the line."""

    def __init__(self, line: int, said: str) -> None:
        self.line, self.said = line, said
        super().__init__(f"{line}: {said}")


def written(wording: Wording) -> str:
    """The lines of a template."""
    lines = []
    for article in wording.articles:
        lines.append(" | ".join(["## " + article.title, article.block, *([BOLD] if article.is_strong else [])]).rstrip(" |"))
        lines += [f"- {use.clause}/{use.version}" + (f" when {use.when}" if use.when else "") for use in article.clauses]
        lines.append("")
    return "\n".join(lines).strip() + "\n"


def read(text: str) -> list[dict[str, Any]]:
    """The articles that the lines say, as `rules.as_json` writes them. Raises OutlineWrong."""
    articles: list[dict[str, Any]] = []
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        if not said:
            continue
        if said.startswith("##"):
            title, *marks = [part.strip() for part in said.removeprefix("##").split("|")]
            block = next((mark for mark in marks if mark and mark != BOLD), "")
            articles.append({"title": title, "block": block, "is_strong": BOLD in marks, "clauses": []})
            continue
        found = _CLAUSE.fullmatch(said)
        if found is None or not articles:
            raise OutlineWrong(number, said[:60])
        when = " ".join((found[3] or "").split())
        articles[-1]["clauses"].append({"clause": found[1], "version": int(found[2]), "when": when})
    return articles
