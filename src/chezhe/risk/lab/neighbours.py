"""Who shares what with whom, as far as it was known when somebody came: later applicants never change an earlier row."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from chezhe.invented.people import PersonLife

_THINGS = {
    "same_phone_people": "mobile", "same_address_people": "address", "same_device_people": "device",
    "same_employer_phone_people": "employer_phone",
}


class Neighbours:
    """What earlier applicants used, and how their loans went (a bad one is known only once it is, so with a delay of ten rows)."""

    DELAY = 400

    def __init__(self) -> None:
        self._users: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._outcomes: list[tuple[str, bool]] = []
        self._known: dict[str, bool] = {}

    def seen(self, life: PersonLife) -> dict[str, Any]:
        """Facts of relations: other people with the same phone, address, device or employer's phone, and the ring they make."""
        others = {code: self._others(code, life) for code in _THINGS}
        ring = set().union(*others.values())
        facts: dict[str, Any] = {code: len(found) for code, found in others.items()}
        facts["ring_size"] = len(ring) + 1 if ring else 0
        known = [self._known[number] for number in ring if number in self._known]
        if known:
            facts["ring_bad_rate"] = f"{sum(known) / len(known):.4f}"
        return facts

    def remember(self, life: PersonLife, is_bad: bool) -> None:
        """Somebody has applied."""
        for code, attribute in _THINGS.items():
            self._users[code, getattr(life, attribute)].add(life.id_number)
        self._outcomes.append((life.id_number, is_bad))
        if len(self._outcomes) > self.DELAY:
            number, outcome = self._outcomes[-self.DELAY - 1]
            self._known[number] = outcome

    def _others(self, code: str, life: PersonLife) -> set[str]:
        return self._users[code, getattr(life, _THINGS[code])] - {life.id_number}
