"""What is done with a request besides voting: handed on, signed by more people, copied, urged, paused, given up, given to others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chezhe.approvals import errors, moving, permissions, rules, seats
from chezhe.approvals.choices import HANDLINGS, PAUSES, PLACES
from chezhe.approvals.models import ApprovalRequest, Copy, Vote
from chezhe.approvals.states import REQUEST
from chezhe.kernel import clock, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, SamePerson, WrongState
from chezhe.staff import queries as staff_queries
from chezhe.staff.models import RoleGrant, User

SIGNERS_MAX = 5
WORDS_MAX = 200


def lock_open(number: str, by: Actor, verb: str) -> tuple[ApprovalRequest, list[Vote]]:
    """An open request in reach, locked, with its votes; raises NotFound (404) or WrongState (409)."""
    request = ApprovalRequest.objects.visible_to(by).lock(number)
    if request.status != "open":
        raise WrongState(
            subject=REQUEST.subject, status=REQUEST.label(request.status), verb=HANDLINGS[verb], possible="—")
    return request, list(request.votes.all())


def require_turn(request: ApprovalRequest, votes: Iterable[Vote], by: Actor, verb: str) -> None:
    """Raise NotYours (403) unless the request waits for this actor: their turn, no maker, not voted, not stepped back."""
    is_spent = rules.is_maker(by.user_ids, {*request.maker_ids, *request.spent_ids})
    if is_spent or not seats.turn_of(request, votes).is_of(by.roles, by.user_ids):
        raise errors.NotYours(verb=HANDLINGS[verb], role=request.role_label)


def require_words(words: str) -> str:
    """The reason as it is kept; raises Invalid (422)."""
    words = words.strip()
    if not words:
        raise Invalid(field="reason", code="reason_missing", sentence=pgettext_lazy("handling", "请写明原因。"))
    if len(words) > WORDS_MAX:
        raise Invalid(field="reason", code="reason_too_long", sentence=gettext_lazy("原因最多 %(most)s 个字。"), most=WORDS_MAX)
    return words


def _person(username: str, among: Iterable[seats.Seat]) -> User:
    """One of these people by user name; raises NoSuchVoter (422)."""
    wanted = username.strip().lower()
    found = next((seat for seat in among if seat.username == wanted), None)
    if found is None:
        raise errors.NoSuchVoter()
    return User.objects.get(pk=found.user_id)


def claim(request: ApprovalRequest, votes: list[Vote], by: Actor) -> None:
    """Take it into one's own hands; of two who reach for it, one gets it."""
    require_turn(request, votes, by, "claim")
    if request.current_stage.is_committee:
        raise errors.NotClaimable()
    if request.assigned_to is not None and request.assigned_to_id not in by.user_ids:
        raise errors.ClaimedByAnother(name=request.assigned_to.name)
    if request.assigned_to_id is None:
        request.assigned_to_id = by.user_id
        request.save(update_fields=["assigned_to"])
        moving.note(request, "claim", by)


def release(request: ApprovalRequest, by: Actor) -> None:
    """Let go of what one has claimed."""
    if request.assigned_to_id is None or request.assigned_to_id not in by.user_ids:
        raise errors.NotClaimed()
    request.assigned_to = None
    request.save(update_fields=["assigned_to"])
    moving.note(request, "release", by)


def transfer(request: ApprovalRequest, votes: list[Vote], username: str, reason: str, by: Actor) -> None:
    """Hand it on to a colleague who could vote now. Whose turn it is may do so, and whoever answers for the routing."""
    if not by.can(permissions.REROUTE.code):
        require_turn(request, votes, by, "transfer")
    words = require_words(reason)
    if request.current_stage.is_committee:
        raise errors.NotClaimable()
    others = [seat for seat in seats.voters(request, votes, clock.today()) if seat.user_id not in by.user_ids]
    person = _person(username, others)
    request.assigned_to = person
    request.save(update_fields=["assigned_to"])
    moving.note(request, "transfer", by, other=person, words=words)


def add_signer(request: ApprovalRequest, votes: list[Vote], username: str, place: str, reason: str, by: Actor) -> None:
    """Let one more colleague sign, before the others or after them."""
    require_turn(request, votes, by, f"sign_{rules.AFTER}")
    if place not in PLACES:
        raise Invalid(field="place", code="place_unknown", sentence=gettext_lazy("请选择加签的先后。"))
    words, stage = require_words(reason), request.current_stage
    if len(stage.before) + len(stage.after) >= SIGNERS_MAX:
        raise errors.TooManySigners(most=SIGNERS_MAX)
    free = [seat for seat in seats.others(request, votes, clock.today()) if seat.user_id not in by.user_ids]
    person = _person(username, free)
    put_stage(request, votes, stage.signed_by(person.pk, place))
    moving.note(request, f"sign_{place}", by, other=person, words=words)


def put_stage(request: ApprovalRequest, votes: list[Vote], stage: rules.Stage) -> None:
    """Another shape of the stage that a request is at; whose turn it is follows. The claim ends where it is another's turn."""
    request.stages = [*request.stages[: request.stage], stage.as_json(), *request.stages[request.stage + 1 :]]
    moving.stand(request, votes)
    if seats.turn_of(request, votes).is_signing:
        request.assigned_to = None
    request.save()
    moving.look_for_people(request, votes)


def copy_to(request: ApprovalRequest, user: User, words: str, by: Actor) -> Copy:
    """Let a colleague know of it; each once."""
    if request.copies.filter(user=user).exists():
        raise errors.CopiedAlready(name=user.name)
    moving.note(request, "copy", by, other=user, words=words.strip()[:WORDS_MAX])
    return Copy.objects.create(request=request, user=user, sent_by_name=by.name, sent_at=clock.now())


def urge(request: ApprovalRequest, by: Actor) -> None:
    """Tell whoever is to vote that somebody waits; not again before some time has passed."""
    is_concerned = rules.is_maker(by.user_ids, request.maker_ids) or request.copies.filter(user_id__in=by.user_ids).exists()
    if not is_concerned and not by.can(permissions.REROUTE.code):
        raise errors.NotUrgeable()
    at = clock.now()
    minutes = parameters.count("URGE_EVERY_MINUTES", clock.today())
    if request.urged_at is not None and at - request.urged_at < timedelta(minutes=minutes):
        raise errors.UrgedJustNow(at=request.urged_at.astimezone(clock.SHANGHAI).strftime("%H:%M"), minutes=minutes)
    request.urged_at, request.urged_count = at, request.urged_count + 1
    request.save(update_fields=["urged_at", "urged_count"])
    moving.note(request, "urge", by)


def pause(request: ApprovalRequest, votes: list[Vote], why: str, words: str, by: Actor) -> None:
    """Let the time limit stand while something is waited for that none of us can do."""
    if not by.can(permissions.REROUTE.code):
        require_turn(request, votes, by, "pause")
    if why not in PAUSES:
        raise Invalid(field="why", code="pause_unknown", sentence=gettext_lazy("请选择暂停的原因。"))
    said = require_words(words)
    if request.due_at is None:
        raise errors.NoTimeLimit()
    if request.paused_at is not None:
        raise errors.AlreadyPaused(reason=PAUSES[request.pause_reason])
    request.paused_at, request.pause_reason = clock.now(), why
    request.save(update_fields=["paused_at", "pause_reason"])
    moving.note(request, "pause", by, words=_("%(why)s：%(words)s") % {"why": PAUSES[why], "words": said})


def resume(request: ApprovalRequest, votes: list[Vote], by: Actor) -> None:
    """Let the clock go on, its limit later by the pause."""
    if not by.can(permissions.REROUTE.code):
        require_turn(request, votes, by, "resume")
    if request.paused_at is None:
        raise errors.NotPaused()
    moving.resume(request, by)
    request.save(update_fields=["due_at", "paused_at", "pause_reason"])


def recuse(
    request: ApprovalRequest, votes: list[Vote], who: User, reason: str, replacement: str, by: Actor
) -> None:
    """Somebody steps back from the case for good; whoever takes their place is named at once, or found among the others."""
    if who.pk in {i for vote in votes for i in vote.people}:
        raise errors.AlreadyVoted(name=who.name)
    words, on = require_words(reason), clock.today()
    request.recused_ids = sorted({*request.recused_ids, who.pk})
    request.spent_ids = sorted({*request.spent_ids, who.pk})
    if request.assigned_to_id == who.pk:
        request.assigned_to = None
    moving.note(request, "recuse", by, other=who, words=words)
    stage = request.current_stage
    if replacement.strip():
        person = _person(replacement, [s for s in seats.stand_ins(request, votes, on) if s.user_id not in by.user_ids | {who.pk}])
        stage = _seated(stage, who.pk, person.pk)
        moving.note(request, "reroute", by, other=person, words=words)
    put_stage(request, votes, stage)


def _seated(stage: rules.Stage, old: int, new: int) -> rules.Stage:
    """Somebody in the seat of another, or as one more member where that one held none by name."""
    has_seat = old in (*stage.members, *stage.before, *stage.after)
    return stage.swapped(old, new) if has_seat else stage.joined_by(new)


def reroute(request: ApprovalRequest, votes: list[Vote], username: str, reason: str, by: Actor) -> None:
    """Name somebody who may vote where too few are left; nobody names themselves, nor does a maker name their checker."""
    if rules.is_maker(by.user_ids, request.maker_ids):
        raise SamePerson(name=by.name, verb=HANDLINGS["reroute"])
    on = clock.today()
    if not moving.look_for_people(request, votes):
        raise errors.NotMissing(names="、".join(seat.name for seat in seats.voters(request, votes, on)))
    words = require_words(reason)
    person = _person(username, [seat for seat in seats.stand_ins(request, votes, on) if seat.user_id not in by.user_ids])
    stage, whose = request.current_stage, seats.turn_of(request, votes)
    if whose.is_signing:
        missing = next(iter(set(whose.people) - {seat.user_id for seat in seats.voters(request, votes, on)}))
        stage = stage.swapped(missing, person.pk)
    else:
        stage = replace(stage, members=(*stage.members, person.pk))
    moving.note(request, "reroute", by, other=person, words=words)
    put_stage(request, votes, stage)


def check_people(request: ApprovalRequest, votes: list[Vote]) -> None:
    """Follow what the team and the calendar have changed: a claim of somebody who has gone is free again, and a request that nobody
    can decide any more is said aloud."""
    moving.drop_holder(request, votes)
    moving.look_for_people(request, votes)


def who_steps_back(request: ApprovalRequest, username: str, by: Actor) -> User:
    """The person who is to step back: oneself, or a colleague for whoever answers for the routing and is no maker of the case."""
    wanted = username.strip().lower()
    who = User.objects.filter(username=wanted).first() if wanted else User.objects.filter(pk=by.user_id).first()
    if who is None:
        raise errors.NoSuchVoter()
    if who.pk == by.user_id:
        if by.user_id in request.maker_ids:
            raise SamePerson(name=by.name, verb=HANDLINGS["recuse"])
        return who
    if not by.can(permissions.REROUTE.code) or rules.is_maker(by.user_ids, request.maker_ids):
        raise errors.NotYours(verb=HANDLINGS["recuse"], role=request.role_label)
    return who


def reader(request: ApprovalRequest, username: str) -> User:
    """A colleague who may look at approvals and reaches the branch; raises NoSuchReader (422)."""
    wanted = username.strip().lower()
    for grant in readers(request):
        if grant.user.username == wanted:
            return grant.user
    raise errors.NoSuchReader()


def readers(request: ApprovalRequest) -> list[RoleGrant]:
    """The grants of those whom it can be copied to."""
    return staff_queries.seated(permissions.VIEW.code, request.branch_id, on=clock.today())


def read_copy(request: ApprovalRequest, by: Actor) -> None:
    """What was copied to somebody has been read."""
    if not request.copies.filter(user_id__in=by.user_ids, read_at__isnull=True).update(read_at=clock.now()):
        raise errors.NotCopied()
