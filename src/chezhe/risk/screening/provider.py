"""The provider's list as versions of ours: one list for each kind, whoever was struck off left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

from chezhe.risk.screening.lists import Entry, Heading
from chezhe.risk.screening.models import ListVersion
from chezhe.risk.vendors.asking import Question
from chezhe.risk.vendors.watchlists import client
from chezhe.risk.vendors.watchlists.answers import ListEntry, WatchList

# The list is public; our duty to keep it (Anti-Money-Laundering Law, Art. 40) stands in the place of a consent.
DUTY: Final = "AML-40"
PREFIX: Final = "PROVIDER"
SOURCE: Final = gettext_noop("名单服务商")
_KINDS: Final[Mapping[str, str]] = {"sanction": "sanction", "terror": "terror", "pep": "pep", "wanted": "adverse"}


def newest(reference: str) -> list[tuple[Heading, list[Entry]]]:
    """What the provider has that is new to us, list by list; nothing when we have its newest version.

    Never inside a transaction. Raises outside.Unreachable when the provider gives no answer that can be believed.
    """
    found = client.latest(Question(reference=reference, consent=DUTY, purpose="aml"), have=_held())
    return [] if found is None else _split(found)


def _held() -> str:
    """The provider's version that all of its lists are at; nothing while one of them is missing or behind."""
    rows = ListVersion.objects.filter(is_current=True, code__startswith=f"{PREFIX}-").values_list("version", flat=True)
    versions = set(rows)
    return versions.pop() if len(rows) == len(_KINDS) and len(versions) == 1 else ""


def _split(found: WatchList) -> list[tuple[Heading, list[Entry]]]:
    made = []
    for theirs, kind in _KINDS.items():
        mine = [entry for entry in found.entries if entry.kind == theirs and entry.delisted_on is None]
        code = f"{PREFIX}-{theirs.upper()}"
        if mine and not ListVersion.objects.filter(code=code, version=found.version).exists():
            heading = Heading(code, kind, mine[0].list_name, found.version, SOURCE)
            made.append((heading, [_entry(entry) for entry in mine]))
    return made


def _entry(theirs: ListEntry) -> Entry:
    name, *aliases = theirs.names
    return Entry(
        code=theirs.number, kind="person" if theirs.is_person else "company", name=name, aliases=tuple(aliases),
        birth=str(theirs.born_year) if theirs.is_person and theirs.born_year else "", id_numbers=theirs.id_numbers,
        programme=theirs.list_name,
    )
