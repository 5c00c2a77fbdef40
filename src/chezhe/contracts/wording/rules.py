"""Templates as values: how they are read, what is wrong with them, and how they are filled. Pure.

A clause is plain text with `{{name}}` in it. It stands always, or `when` a flag is set (`not flag`: when it is not).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chezhe.contracts.papers.fields import BLOCKS, FIELDS, FLAGS
from chezhe.contracts.papers.obliged import FORBIDDEN, OBLIGATORY

_NAMED = re.compile(r"\{\{\s*([a-z_]{1,40})\s*\}\}")
_BRACES = re.compile(r"[{}]")
BODY_MAX, TITLE_MAX, CLAUSES_MAX, ARTICLES_MAX = 2_000, 60, 60, 30
CLAUSE_NAME_MAX, CLAUSE_NOTE_MAX = 60, 200


class FieldMissing(ValueError):
    """A paper names a value that this case does not have: `name` is the field, `clause` where it stands."""

    def __init__(self, name: str, clause: str) -> None:
        self.name, self.clause = name, clause
        super().__init__(f"{clause}: {name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A clause of the library in its place: which version, and when it stands."""

    clause: str
    version: int
    body: str
    when: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """`block` is a table made by the code that stands before the clauses; `is_strong` prints them bold."""

    title: str
    clauses: tuple[Use, ...]
    block: str = ""
    is_strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Everything a paper of a kind says beside its figures."""

    title: str
    before: str
    articles: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """An article ready to print."""

    title: str
    block: str
    is_strong: bool
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong: a stable code, where, and the word it is about. Errors stand in the way of publishing, hints do not."""

    code: str
    where: str
    what: str = ""
    is_error: bool = True


def names_in(text: str) -> tuple[str, ...]:
    """The placeholders of a text, each once, in order."""
    return tuple(dict.fromkeys(_NAMED.findall(text)))


def texts_of(wording: Wording) -> Iterator[tuple[str, str]]:
    """Every text of a template with where it stands."""
    yield "before", wording.before
    for article in wording.articles:
        for use in article.clauses:
            yield use.clause, use.body


def content_hash(wording: Wording) -> str:
    """A digest of everything that a template says."""
    said = [wording.title, wording.before, [
        [article.title, article.block, article.is_strong, [[use.clause, use.version, use.body, use.when] for use in article.clauses]]
        for article in wording.articles
    ]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def lint(kind: str, wording: Wording) -> tuple[Finding, ...]:
    """Everything that is wrong with a template of a kind, in the order in which it is read."""
    found: list[Finding] = []
    if not wording.title.strip():
        found.append(Finding("title_missing", "title"))
    if not wording.articles:
        found.append(Finding("articles_missing", "articles"))
    for where, text in texts_of(wording):
        found += lint_text(where, text, is_body=where != "before")
    for place, article in enumerate(wording.articles, 1):
        found += _lint_article(f"{place}", article)
    said = "\n".join(use.body for article in wording.articles for use in article.clauses)
    obliged = (words for words in OBLIGATORY.get(kind, ()) if not any(word in said for word in words))
    found += [Finding("obligatory_missing", "articles", words[0]) for words in obliged]
    found += [Finding("forbidden_words", "articles", word) for word in FORBIDDEN.get(kind, ()) if word in said]
    return tuple(found)


def lint_text(where: str, text: str, *, is_body: bool = True) -> list[Finding]:
    """What is wrong with one text: unknown names, braces that are no placeholder, length, emptiness."""
    found = [Finding("field_unknown", where, name) for name in names_in(text) if name not in FIELDS]
    if _BRACES.search(_NAMED.sub("", text)):
        found.append(Finding("braces_unbalanced", where))
    if is_body and not text.strip():
        found.append(Finding("clause_empty", where))
    if len(text) > BODY_MAX:
        found.append(Finding("clause_too_long", where, str(BODY_MAX)))
    return found


def _lint_article(place: str, article: Article) -> list[Finding]:
    found = []
    if not article.title.strip():
        found.append(Finding("article_title_missing", place))
    if article.block not in BLOCKS:
        found.append(Finding("block_unknown", place, article.block))
    if not article.clauses and not article.block:
        found.append(Finding("article_empty", place, article.title))
    found += [Finding("flag_unknown", place, use.when) for use in article.clauses if use.when and _flag(use.when) not in FLAGS]
    twice = {use.clause for use in article.clauses if sum(use.clause == other.clause for other in article.clauses) > 1}
    return found + [Finding("clause_twice", place, code, is_error=False) for code in sorted(twice)]


def _flag(when: str) -> str:
    return when.removeprefix("not ").strip()


def stands(when: str, flags: Collection[str]) -> bool:
    """Whether a clause stands in a case with these flags."""
    if not when:
        return True
    return (_flag(when) in flags) is not when.startswith("not ")


def fill(text: str, values: Mapping[str, str], where: str) -> str:
    """The text with its values. What a value says is text: it is never read again. Raises FieldMissing for an empty or unknown one."""

    def value(found: re.Match[str]) -> str:
        said = values.get(found[1], "")
        if not said:
            raise FieldMissing(found[1], where)
        return said

    return _NAMED.sub(value, text)


def filled(wording: Wording, values: Mapping[str, str], flags: Collection[str]) -> tuple[str, tuple[Filled, ...]]:
    """What stands before the articles, and the articles with their clauses. Raises FieldMissing."""
    articles = tuple(
        Filled(article.title, article.block, article.is_strong, tuple(
            fill(use.body, values, use.clause) for use in article.clauses if stands(use.when, flags)))
        for article in wording.articles
    )
    return fill(wording.before, values, "before"), articles


def as_json(wording: Wording) -> dict[str, Any]:
    """The template with references into the library instead of bodies: what an editor sends and a version keeps."""
    return {
        "title": wording.title, "before": wording.before,
        "articles": [
            {"title": article.title, "block": article.block, "is_strong": article.is_strong,
             "clauses": [{"clause": use.clause, "version": use.version, "when": use.when} for use in article.clauses]}
            for article in wording.articles
        ],
    }
