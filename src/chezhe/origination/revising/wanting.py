"""What a reviewer wants before a case is looked at again, and what of it has been brought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from chezhe.approvals.models import ApprovalRequest
from chezhe.documents import catalogue
from chezhe.documents import queries as document_queries
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.origination import choices
from chezhe.origination.models import Application, Wanted

WANTED_MAX, WORDS_MAX = 20, 120


@dataclass(frozen=True, slots=True)
class Item:
    """Something wanted and whether it is there: a paper filed since, a field changed since, or an answer in words."""

    wanted: Wanted
    is_brought: bool


def parse(lines: Iterable[str]) -> list[tuple[str, str, str]]:
    """(kind, code, words) of what a reviewer typed, one thing each: the name of a paper or of a field is known as such.

    Raises Invalid (422) for more things, or longer words, than anybody reads.
    """
    found = [" ".join(line.split()) for line in lines]
    typed = list(dict.fromkeys(filter(None, found)))
    if len(typed) > WANTED_MAX:
        raise Invalid(field="wanted", code="wanted_too_many", sentence=_("补件要求最多 %(most)s 项。"), most=WANTED_MAX)
    if any(len(words) > WORDS_MAX for words in typed):
        raise Invalid(field="wanted", code="wanted_too_long", sentence=_("每项补件要求最多 %(most)s 个字。"), most=WORDS_MAX)
    return [_known(words) for words in typed]


def _known(words: str) -> tuple[str, str, str]:
    for category in catalogue.BY_CODE.values():
        if words in (category.code, str(category.label)):
            return "document", category.code, str(category.label)
    for field, label in choices.FIELDS.items():
        if words in (field, str(label)):
            return "field", field, str(label)
    return "other", "", words


def ask(application: Application, request: ApprovalRequest, lines: Sequence[str], *, by: Actor) -> None:
    """Note what has to be brought before the round that sent the application back goes on."""
    at = clock.now()
    Wanted.objects.bulk_create([
        Wanted(application=application, request=request, kind=kind, code=code, words=words, asked_at=at, asked_by_name=by.name)
        for kind, code, words in parse(lines)
    ])


def items(application: Application) -> list[Item]:
    """What the last round that sent it back wants, with what is there already; nothing for one that was not sent back."""
    if application.approval_id is None:
        return []
    return [item for item in asked_before(application) if item.wanted.request_id == application.approval_id]


def asked_before(application: Application) -> list[Item]:
    """What was wanted in any round, with what of it has been brought, for whoever looks at it again."""
    wanted = list(application.wanted.all())
    if not wanted:
        return []
    filed, changed = _filed(application), dict(application.changes.order_by("id").values_list("field", "changed_at"))
    return [Item(one, _is_brought(one, filed, changed)) for one in wanted]


def _is_brought(one: Wanted, filed: dict[str, object], changed: dict[str, object]) -> bool:
    since = {"document": filed, "field": changed}.get(one.kind, {}).get(one.code)
    return one.answered_at is not None or (since is not None and since > one.asked_at)  # type: ignore[operator]


def _filed(application: Application) -> dict[str, object]:
    """Category → when its newest paper was filed, of the application, everybody who stands for it, and the car."""
    people = [application.customer, *(party.customer for party in application.parties.select_related("customer"))]
    places = [application.subject, *(person.subject for person in people)]
    if application.vehicle is not None:
        places.append(application.vehicle.subject)
    found: dict[str, object] = {}
    for place in places:
        for category, at in document_queries.of(place).order_by("id").values_list("category", "uploaded_at"):
            found[category] = max(at, found.get(category, at))  # type: ignore[type-var]
    return found


def still_open(application: Application) -> list[str]:
    """The words of what is still wanted of an application that was sent back."""
    if application.status != "supplement":
        return []
    return [item.wanted.words for item in items(application) if not item.is_brought]


def unanswered(application: Application, wanted_id: int) -> Wanted | None:
    """One thing wanted that still waits for its answer."""
    return application.wanted.filter(Q(answered_at__isnull=True), pk=wanted_id).first()
