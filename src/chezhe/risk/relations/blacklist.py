"""The blacklist: one person proposes, another decides; lifted the same way; what runs out is asked of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chezhe.approvals import steps as approvals
from chezhe.finmath.days import month_step
from chezhe.identifiers import id_card, uscc
from chezhe.kernel import clock, events, moves, numbers, parameters, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, NotFound, require_reason
from chezhe.risk.relations import errors, labels, normalising
from chezhe.risk.relations.models import BLACKLIST_PREFIX, BlacklistEntry
from chezhe.risk.relations.states import BLACKLIST
from chezhe.risk.relations.steps import digest_of, masked

KIND = "risk.blacklist"
REVIEW_MONTHS = "BLACKLIST_REVIEW_MONTHS"
WORDS_MAX = 1000
# Under which kind of trace the value of an entry is met.
_TRACED = {"person": "id", "company": "id", "dealer": "id"}
_LICENSED = ("company", "dealer")
_VERBS = {"approved": "approve", "rejected": "reject", "returned": "reject", "withdrawn": "withdraw"}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What shall be listed and why; `evidence` is our own number of the paper or case."""

    kind: str
    value: str
    reason_code: str
    words: str
    source: str
    starts_on: date
    expires_on: date | None = None
    evidence: str = ""

    @property
    def audit_facts(self) -> dict[str, Any]:
        """The value and the words stay out of the trail."""
        return {"kind": self.kind, "reason_code": self.reason_code, "starts_on": self.starts_on, "expires_on": self.expires_on}


def propose(proposal: Proposal, on: date, by: Actor) -> BlacklistEntry:
    """Ask for an entry. Raises Invalid (422) beside the field, ValueUnreadable (422) or EntryTwice (409)."""
    words = require_reason(proposal.words, most=WORDS_MAX)
    _require_known(proposal)
    traced = _TRACED.get(proposal.kind, proposal.kind)
    key = normalising.normalise(traced, proposal.value)
    if not key or not _is_whole(proposal.kind, key):
        raise errors.ValueUnreadable(kind=dict(labels.BLACKLIST_KINDS)[proposal.kind])
    entry = BlacklistEntry(
        number=numbers.next_number(BLACKLIST_PREFIX, on), kind=proposal.kind, digest=digest_of(traced, key),
        masked=key if proposal.kind in _LICENSED else masked(traced, proposal.value, key), reason_code=proposal.reason_code, words=words,
        evidence=proposal.evidence.strip(), source=proposal.source, starts_on=proposal.starts_on, expires_on=proposal.expires_on,
        review_on=_next_review(on), proposed_by_id=by.user_id, proposed_by_name=by.name, proposed_at=clock.now(),
    )
    entry.request_number = _ask(entry, _("列入黑名单：%(kind)s %(value)s"), by)
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
    except IntegrityError:
        raise errors.EntryTwice() from None
    moves.record(entry.subject, "propose", "", "proposed", by=by, reason=words)
    return entry


def propose_lift(entry: BlacklistEntry, reason: str, by: Actor) -> None:
    """Ask for an entry, locked by the caller, to be taken off; it stays in force until a second person agrees."""
    kept = require_reason(reason, most=WORDS_MAX)
    moves.move(entry, BLACKLIST, "propose_lift", by=by, reason=kept)
    entry.request_number = _ask(entry, _("移出黑名单：%(kind)s %(value)s"), by)
    entry.save(update_fields=["request_number"])


def review(entry: BlacklistEntry, on: date, by: Actor) -> None:
    """Somebody has looked again and the entry, locked by the caller, stays. Raises EntryNotInForce (409)."""
    if entry.status != "in_force":
        raise errors.EntryNotInForce(number=entry.number)
    entry.review_on, entry.reviewed_at, entry.reviewed_by_name = _next_review(on), clock.now(), by.name
    entry.save(update_fields=["review_on", "reviewed_at", "reviewed_by_name"])


def settle_decision(subject: str, outcome: str, by: Actor) -> None:
    """Carry out what the vote came to, in the transaction of the deciding vote."""
    entry = lock(subject.partition(":")[2])
    was_lift = entry.status == "lift_proposed"
    moves.move(entry, BLACKLIST, _VERBS[outcome], by=by)
    entry.decided_by_name = by.name
    if outcome == "approved" and was_lift:
        entry.lifted_at = clock.now()
    elif outcome == "approved":
        entry.in_force_at = clock.now()
    entry.save(update_fields=["decided_by_name", "lifted_at", "in_force_at"])
    if outcome == "approved":
        events.publish("blacklist.lifted" if was_lift else "blacklist.listed", entry.subject, {"number": entry.number, "kind": entry.kind})


def lock(number: str) -> BlacklistEntry:
    """The entry with its row locked; raises NotFound (404)."""
    entry = BlacklistEntry.objects.select_for_update(no_key=True).filter(number=number).first()
    if entry is None:
        raise NotFound(what=number)
    return entry


def _require_known(proposal: Proposal) -> None:
    choices = (("kind", labels.BLACKLIST_KINDS), ("reason_code", labels.BLACKLIST_REASONS), ("source", labels.BLACKLIST_SOURCES))
    for field, known in choices:
        if getattr(proposal, field) not in dict(known):
            raise Invalid(field=field, code=f"{field}_unknown", sentence=_("没有这个选项，请从列表中选择。"))
    if proposal.expires_on is not None and proposal.expires_on < proposal.starts_on:
        raise Invalid(field="expires_on", code="ends_before", sentence=_("失效日不能早于生效日。"))


def _is_whole(kind: str, key: str) -> bool:
    """A person by a valid ID number, a company or dealer by a valid credit code."""
    if kind == "person":
        return bool(id_card.judge(key).number)
    return kind not in _LICENSED or uscc.judge(key).valid


def _ask(entry: BlacklistEntry, title: str, by: Actor) -> str:
    said = title % {"kind": entry.get_kind_display(), "value": entry.masked}
    # What risk management proposes is checked by compliance, everything else by risk management.
    checker = roles.COMPLIANCE if roles.RISK_MANAGER in by.roles else roles.RISK_MANAGER
    request = approvals.open_request(
        kind=KIND, subject=entry.subject, title=said, stages=[{"role": checker}],
        maker_ids={*by.user_ids, *([entry.proposed_by_id] if entry.proposed_by_id else [])}, branch_id=None, by=by,
    )
    return request.number


def _next_review(on: date) -> date:
    return month_step(on, parameters.count(REVIEW_MONTHS, on), on.day)
