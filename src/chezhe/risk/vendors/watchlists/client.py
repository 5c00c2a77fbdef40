"""A provider of sanction and watch lists: the whole list by version, or one name at a time.

    POST /list   {…,"have"}                           → the list; 404 NO_RECORD when `have` is the newest version
    POST /screen {…,"name","id_number","is_person"}

The list is public: it carries no consent of anybody, but our reason for keeping it stands as one. Screening a customer carries his.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from chezhe.risk.vendors.asking import Question, WrongAnswer, ask
from chezhe.risk.vendors.shapes import not_after
from chezhe.risk.vendors.watchlists.answers import ListEntry, Screening, WatchList

SERVICE = "watchlists"
TIMEOUT_SECONDS = 10


def latest(question: Question, *, have: str = "") -> WatchList | None:
    """The newest version; None when it is the one we `have`. Raises as `asking.ask` does, here and below."""
    found = ask(SERVICE, "/list", question, WatchList, timeout_seconds=TIMEOUT_SECONDS, have=have)
    if found is not None:
        if found.digest != digest_of(found.entries):
            raise WrongAnswer("watchlists: the digest does not fit the entries")
        if len({entry.number for entry in found.entries}) != len(found.entries):
            raise WrongAnswer("watchlists: an entry stands there twice")
        if not not_after(found.published_on, *(entry.listed_on for entry in found.entries)):
            raise WrongAnswer("watchlists: somebody is listed in the future")
    return found


def screen(question: Question, *, name: str, id_number: str = "", is_person: bool = True) -> Screening | None:
    """Whom a name is like."""
    asked = {"name": name, "id_number": id_number, "is_person": is_person}
    found = ask(SERVICE, "/screen", question, Screening, timeout_seconds=TIMEOUT_SECONDS, **asked)
    if found is not None and any(hit.entry.is_person != is_person for hit in found.hits):
        raise WrongAnswer("watchlists: a hit of another kind")
    return found


def digest_of(entries: Iterable[ListEntry]) -> str:
    """SHA-256 over the entries as JSON, in their order."""
    return hashlib.sha256(msgspec.json.encode(list(entries))).hexdigest()
