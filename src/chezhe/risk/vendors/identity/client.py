"""Identity checks of four kinds.

    POST /identity {…,"name","id_number"}
    POST /face     {…,"name","id_number","photo_sha256"}
    POST /card     {…,"name","id_number","card","mobile"}
    POST /phone    {…,"name","id_number","mobile"}
"""

from __future__ import annotations

from chezhe.kernel import clock
from chezhe.risk.vendors.asking import Question, WrongAnswer, ask
from chezhe.risk.vendors.identity.answers import MONTHS_MAX, CardCheck, FaceCheck, IdentityCheck, PhoneCheck

SERVICE = "identity"
TIMEOUT_SECONDS = 5


def check_identity(question: Question, *, name: str, id_number: str) -> IdentityCheck | None:
    """Whether name and number belong together; None when there is no such number. Raises as `asking.ask` does, here and below."""
    return ask(SERVICE, "/identity", question, IdentityCheck, timeout_seconds=TIMEOUT_SECONDS, name=name, id_number=id_number)


def compare_face(question: Question, *, name: str, id_number: str, photo_sha256: str) -> FaceCheck | None:
    """The picture taken at the counter against that of the register; None when the register has none. Only its digest is our
    reference to the picture; the picture itself goes from the device to the service."""
    found = ask(
        SERVICE, "/face", question, FaceCheck, timeout_seconds=TIMEOUT_SECONDS, name=name, id_number=id_number, photo_sha256=photo_sha256)
    if found is not None and found.is_live != (found.attack == "none"):
        raise WrongAnswer("identity: alive and an attack at once")
    return found


def check_card(question: Question, *, name: str, id_number: str, card: str, mobile: str) -> CardCheck | None:
    """Whether the bank knows the card under this name, number and mobile."""
    found = ask(
        SERVICE, "/card", question, CardCheck, timeout_seconds=TIMEOUT_SECONDS, name=name, id_number=id_number, card=card, mobile=mobile)
    if found is not None and (found.result == "mismatch") != bool(found.code):
        raise WrongAnswer("identity: a card that fits and does not")
    return found


def check_phone(question: Question, *, name: str, id_number: str, mobile: str) -> PhoneCheck | None:
    """Whether a mobile is this person's, and for how long."""
    found = ask(SERVICE, "/phone", question, PhoneCheck, timeout_seconds=TIMEOUT_SECONDS, name=name, id_number=id_number, mobile=mobile)
    if found is not None and not _is_of_that_age(found):
        raise WrongAnswer("identity: a number in use for longer than since its day")
    return found


def _is_of_that_age(found: PhoneCheck) -> bool:
    """Months and first day agree, give or take the one that is running; beyond the longest count only the day is told."""
    on, since = clock.today(), found.in_use_since
    months = (on.year - since.year) * 12 + on.month - since.month
    return since <= on and (found.months_in_use == MONTHS_MAX <= months or abs(months - found.months_in_use) <= 1)
