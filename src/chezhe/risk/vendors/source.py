"""What all simulated outside sources have in common: consent, the outcomes that digits choose, and their usual time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from chezhe.identifiers import id_card, uscc, vin
from chezhe.invented import fates
from chezhe.invented.fates import Fate
from chezhe.kernel import clock
from chezhe.kernel.simulators import Answer, Call, Simulator, World
from chezhe.risk.vendors import shapes

# Longer than anybody's patience.
NEVER_SECONDS = 60.0


class NoRecord(Exception):
    """The source knows nothing of this number."""


class BadQuestion(Exception):
    """The question lacks something, or something in it is no number of this kind."""


class Source(Simulator):
    """A service that only tells. A subclass gives `paths`: for each a method that takes the body and the day and returns an answer
    (a frozen dataclass). Which digits choose what stands in `chezhe.invented.fates`."""

    remembers = False
    service: ClassVar[str]
    """The name in `fates.SOURCES`; two providers may share it."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._asked: Counter[str] = Counter()
        self._day = date.min

    def whim(self, call: Call) -> str:
        """Who or what is asked about, the day, and which time the question comes: a caller's own numbers depend on who was served
        first, and a second try has luck of its own."""
        if self._day != (day := day_of(call)):
            self._asked, self._day = Counter(), day
        reference = str(call.body.get("reference", ""))
        self._asked[reference] += 1
        about = next((str(call.body[name]) for name in ("id_number", "uscc", "vin") if call.body.get(name)), reference)
        return f"{about}:{call.path}:{day}:{self._asked[reference]}"

    def paths(self) -> Mapping[str, Callable[[Mapping[str, Any], Call], object]]:
        """What can be asked."""
        raise NotImplementedError

    def fate(self, body: Mapping[str, Any]) -> Fate:
        """What the number in a question chooses; the first of person, company and car that is there."""
        if number := str(body.get("id_number", "")):
            return fates.of_person(number)
        if code := str(body.get("uscc", "")):
            return fates.of_company(code)
        return fates.of_car(str(body.get("vin", "")))

    def answer(self, call: Call) -> Answer:
        """Refuse without a consent, do what the digits say, else tell the truth of the life."""
        if not str(call.body.get("consent", "")).strip():
            return Answer(403, {"code": "NO_CONSENT"})
        tell, fate = self.paths().get(call.path), self.fate(call.body)
        if tell is None:
            return Answer(404, {"code": "NO_SUCH_PATH"})
        if fate.strikes(fates.DOWN, self.service):
            return Answer(503, {"code": "MAINTENANCE"})
        if fate.strikes(fates.UNKNOWN, self.service):
            return Answer(404, {"code": "NO_RECORD"})
        try:
            said = shapes.told(tell(call.body, call))
        except NoRecord:
            return Answer(404, {"code": "NO_RECORD"})
        except (BadQuestion, ValueError, KeyError) as failure:
            return Answer(400, {"code": "BAD_QUESTION", "reason": type(failure).__name__})
        if fate.strikes(fates.GARBLED, self.service):
            said = _garbled(said)
        seconds = NEVER_SECONDS if fate.strikes(fates.SLOW, self.service) else 0.0
        return Answer(200, {"reference": call.body.get("reference", ""), "answer": said}, seconds)

    def contradicts(self, body: Mapping[str, Any]) -> bool:
        """Whether this question is to be answered with what cannot be true."""
        return self.fate(body).strikes(fates.CONTRADICTORY, self.service)


def text_of(body: Mapping[str, Any], name: str, *, length: int = 60) -> str:
    """A text of the question. Raises BadQuestion when it is missing or far too long."""
    value = body.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > length:
        raise BadQuestion(name)
    return value.strip()


def person_number(body: Mapping[str, Any]) -> str:
    """The identity number of a question, with a name beside it. Raises BadQuestion, and NoRecord for a number that nobody can have."""
    text_of(body, "name")
    number = text_of(body, "id_number", length=18)
    if len(number) != 18 or not id_card.judge(number).valid:
        raise NoRecord
    return number


def company_number(body: Mapping[str, Any]) -> str:
    """The company's code of a question. Raises BadQuestion, and NoRecord for one that no company can have."""
    text_of(body, "name", length=100)
    number = text_of(body, "uscc", length=18)
    if not uscc.judge(number).valid:
        raise NoRecord
    return number


def car_number(body: Mapping[str, Any]) -> str:
    """The VIN of a question. Raises BadQuestion, and NoRecord for one that no car can have."""
    number = text_of(body, "vin", length=17)
    if not vin.judge(number).form_ok:
        raise NoRecord
    return number


def day_of(call: Call) -> date:
    """The business day of a call, in Shanghai."""
    return call.at.astimezone(clock.SHANGHAI).date()


def _garbled(said: Any) -> Any:
    """The same with its first number turned into words and its last part missing: no honest reader takes it."""
    if not isinstance(said, dict):
        return "ok"
    kept = dict(list(said.items())[:-1])
    return {name: ("N/A" if number == 0 else value) for number, (name, value) in enumerate(kept.items())}
