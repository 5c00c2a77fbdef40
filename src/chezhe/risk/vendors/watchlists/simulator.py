"""A provider of watch lists. Three names are always listed (`telling.EXAMPLES`); digits of the identity number choose what goes wrong
(`chezhe.invented.fates`): a person of code 94 is answered with a hit of a company."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

from chezhe.kernel import simulators
from chezhe.kernel.simulators import Call, Faults
from chezhe.risk.vendors.source import NoRecord, Source, day_of, text_of
from chezhe.risk.vendors.watchlists import matching, telling
from chezhe.risk.vendors.watchlists.answers import Hit, ListEntry, Screening, WatchList
from chezhe.risk.vendors.watchlists.client import digest_of


@simulators.register
class WatchListsSimulator(Source):
    name = service = "watchlists"
    faults: ClassVar[Faults] = Faults(answer_seconds=(0.1, 0.8))

    def paths(self) -> Mapping[str, Callable[[Mapping[str, Any], Call], object]]:
        return {"/list": self._list, "/screen": self._screen}

    def _list(self, body: Mapping[str, Any], call: Call) -> object:
        version = telling.version_on(day_of(call))
        if body.get("have") == version:
            raise NoRecord
        entries = _entries(call)
        return WatchList(
            version=version, published_on=day_of(call) - timedelta(days=day_of(call).weekday()), digest=digest_of(entries), entries=entries)

    def _screen(self, body: Mapping[str, Any], call: Call) -> object:
        entries, name = _entries(call), text_of(body, "name", length=100)
        hits = matching.screen(name, entries, id_number=str(body.get("id_number", "")), is_person=body.get("is_person") is not False)
        if self.contradicts(body):
            hits = [Hit(entry=replace(entries[0], is_person=False), score=1000, matched=name)]
        return Screening(version=telling.version_on(day_of(call)), screened_on=day_of(call), hits=tuple(hits[:100]))


def _entries(call: Call) -> tuple[ListEntry, ...]:
    return telling.entries_on(day_of(call) - timedelta(days=day_of(call).weekday()))
