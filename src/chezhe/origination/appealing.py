"""Appeals: against whom one goes, who decides on it, and what was said before it and is said now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeGuard

from django.utils.translation import gettext as _

from chezhe.approvals.models import Vote
from chezhe.origination import errors
from chezhe.origination.models import Application
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.deciding import reasons
from chezhe.risk.deciding.asking import APPEAL
from chezhe.risk.deciding.models import Decision
from chezhe.risk.screening.silence import spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """One verdict of a person that was against it."""

    who: str
    role: str
    opinion: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """What an appeal says, what it is against, and what became of the reasons since. `decision` is None until the machine has answered."""

    words: str
    asked_on: date
    declined: tuple[Declined, ...]
    earlier: str
    decision: str | None
    gone: tuple[str, ...]
    stayed: tuple[str, ...]
    new: tuple[str, ...]


def appealable(application: Application) -> Decision:
    """The last decision about an application that the machine or people declined. Raises NothingToAppeal (409) where there is none, or
    AppealedBefore (409): whoever decided on an appeal has heard it with fresh facts."""
    found = deciding_queries.latest(application.subject)
    if found is None:
        raise errors.NothingToAppeal(number=application.number)
    if found.kind == APPEAL:
        raise errors.AppealedBefore(number=application.number)
    return found


def is_appealable(application: Application) -> bool:
    """Whether the customer may still appeal."""
    found = deciding_queries.latest(application.subject)
    return found is not None and found.kind != APPEAL


def reviewable(application: Application) -> Decision:
    """The last decision, which the machine made alone against it and at which nobody has looked since; raises NotByMachine (409) where
    people have decided, as they always do on an appeal."""
    found = deciding_queries.latest(application.subject)
    if not _is_by_machine_alone(found):
        raise errors.NotByMachine(number=application.number)
    return found


def is_reviewable(application: Application) -> bool:
    """Whether the customer may still ask people to look at it."""
    return _is_by_machine_alone(deciding_queries.latest(application.subject))


def _is_by_machine_alone(found: Decision | None) -> TypeGuard[Decision]:
    return found is not None and found.outcome == "declined" and found.kind != APPEAL and not found.wishes.filter(kind="review").exists()


def decliners(application: Application) -> frozenset[int]:
    """Who may not decide on a running appeal, because they said no to what it is against."""
    found = deciding_queries.latest(application.subject)
    if found is None or found.kind != APPEAL:
        return frozenset()
    return frozenset(person for vote in _against(application) for person in vote.people)


def _against(application: Application) -> list[Vote]:
    rows = Vote.objects.filter(request__subject_text=application.subject, request__status="rejected", verdict="reject")
    return list(rows.order_by("id"))


def appeal_of(application: Application) -> Appeal | None:
    """The last appeal about an application; None for most."""
    found = deciding_queries.latest(application.subject)
    first = found.earlier if found is not None and found.kind == APPEAL else found
    wish = first.wishes.filter(kind="appeal").first() if first is not None else None
    if first is None or wish is None:
        return None
    again = found if found is not None and found.pk != first.pk else None
    before, after = _titles(first), _titles(again) if again is not None else ()
    said = tuple(
        Declined(who=vote.voter_name, role=vote.seat_label, opinion=vote.opinion, at=vote.voted_at)
        for vote in _against(application) if vote.voted_at <= wish.recorded_at)
    return Appeal(
        words=wish.words, asked_on=wish.asked_on, declined=said, earlier=first.number, decision=again.number if again else None,
        gone=tuple(one for one in before if one not in after) if again else (), stayed=tuple(one for one in before if one in after),
        new=tuple(one for one in after if one not in before))


def _titles(decision: Decision) -> tuple[str, ...]:
    """The reasons of a decision by name; a list that somebody stands on is in none."""
    return tuple(str(title) for _code, title in reasons.titled(spoken(decision.reasons)))


def sentences(appeal: Appeal) -> list[str]:
    """What is different, for a page."""
    join = _("、").join
    told = (
        (_("不再成立的原因：%(reasons)s"), appeal.gone), (_("仍然成立的原因：%(reasons)s"), appeal.stayed),
        (_("新出现的原因：%(reasons)s"), appeal.new),
    )
    return [words % {"reasons": join(found)} for words, found in told if found]
