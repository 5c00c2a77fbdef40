"""Identity checks. Digits of the identity number choose what goes wrong (`chezhe.invented.fates`): 98 is somebody else's identity,
94 an answer against itself, 95 a number that was never given out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from chezhe.invented import person
from chezhe.kernel import simulators
from chezhe.kernel.simulators import Call, Faults
from chezhe.risk.vendors.identity import telling
from chezhe.risk.vendors.source import NoRecord, Source, day_of, person_number, text_of


@simulators.register
class IdentitySimulator(Source):
    name = service = "identity"
    faults: ClassVar[Faults] = Faults(answer_seconds=(0.1, 0.7))

    def paths(self) -> Mapping[str, Callable[[Mapping[str, Any], Call], object]]:
        return {"/identity": self._identity, "/face": self._face, "/card": self._card, "/phone": self._phone}

    def _identity(self, body: Mapping[str, Any], call: Call) -> object:
        return telling.identity_of(person(person_number(body)), contradicts=self.contradicts(body))

    def _face(self, body: Mapping[str, Any], call: Call) -> object:
        life, photo = person(person_number(body)), text_of(body, "photo_sha256", length=64)
        if not telling.identity_of(life).has_photo:
            raise NoRecord
        return telling.face_of(life, photo, contradicts=self.contradicts(body))

    def _card(self, body: Mapping[str, Any], call: Call) -> object:
        card, mobile = text_of(body, "card"), text_of(body, "mobile")
        return telling.card_of(person(person_number(body)), card, mobile, contradicts=self.contradicts(body))

    def _phone(self, body: Mapping[str, Any], call: Call) -> object:
        return telling.phone_of(person(person_number(body)), text_of(body, "mobile"), day_of(call), contradicts=self.contradicts(body))

