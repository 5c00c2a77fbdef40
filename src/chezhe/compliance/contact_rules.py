"""When a debtor may be contacted (GB/T 45251-2025 and the banking association's guide of 2026-01-30): pure.

The figures come from dated parameters; a day is a natural day in Asia/Shanghai; own and agency contacts count together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

VOICE, SMS, WECHAT, EMAIL, VISIT = "voice", "sms", "wechat", "email", "visit"
SERVICE, NOTICE, MARKETING, COLLECTION = "service", "notice", "marketing", "collection"
CHANNELS = (VOICE, SMS, WECHAT, EMAIL, VISIT)
PURPOSES = (SERVICE, NOTICE, MARKETING, COLLECTION)

EFFECTIVE, CONNECTED, UNANSWERED, SENT, FAILED, NOT_MADE = "effective", "connected", "unanswered", "sent", "failed", "not_made"
OUTCOMES = (EFFECTIVE, CONNECTED, UNANSWERED, SENT, FAILED, NOT_MADE)
SPOKEN = (VOICE, VISIT)  # people say what came of these; what was written reports itself
OUTCOMES_OF = {
    VOICE: (EFFECTIVE, CONNECTED, UNANSWERED, FAILED, NOT_MADE),
    VISIT: (EFFECTIVE, CONNECTED, UNANSWERED, NOT_MADE),
    SMS: (SENT, FAILED, NOT_MADE), WECHAT: (SENT, FAILED, NOT_MADE), EMAIL: (SENT, FAILED, NOT_MADE),
}

DECEASED, DISPUTED, OPTED_OUT = "deceased", "disputed", "opted_out"
# Whom we may not approach for what. Somebody who opted out still receives what the contract owes them.
BLOCKED_PURPOSES = {DECEASED: frozenset(PURPOSES), DISPUTED: frozenset({COLLECTION, MARKETING}), OPTED_OUT: frozenset({MARKETING})}


@dataclass(frozen=True, slots=True)
class Policy:
    """The figures in force: quiet from/to, and the most contacts a day."""

    quiet_from: time
    quiet_to: time
    calls_effective_max: int
    notices_connected_max: int
    attempts_same_number_max: int


@dataclass(frozen=True, slots=True)
class Used:
    """A contact of the same day that already stands in the table: with this debtor, or with somebody at this number."""

    channel: str
    purpose: str
    status: str
    outcome: str
    address_index: str
    is_same_debtor: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why not: a stable code, the figure, and the moment it becomes possible (None: not before somebody lifts it)."""

    code: str
    limit: str
    possible_at: datetime | None


def refusal_of(
    *, channel: str, purpose: str, address_index: str, at: datetime, policy: Policy,
    used: Iterable[Used], blocks: Iterable[str],
) -> Refusal | None:
    """The first rule that forbids a contact at the local moment `at`, or None.

    `used` are the day's contacts with this debtor (whoever made them) and with this address (whoever the debtor is).
    """
    for reason in blocks:
        if purpose in BLOCKED_PURPOSES[reason]:
            return Refusal(f"contact_{reason}", "", None)
    if purpose == SERVICE:
        return None
    if is_quiet(at.time(), policy):
        return Refusal("contact_quiet_hours", f"{policy.quiet_from:%H:%M}–{policy.quiet_to:%H:%M}", quiet_ends_at(at, policy))
    return _over_count(channel, purpose, address_index, at, policy, [u for u in used if u.status != "cancelled"])


def _over_count(
    channel: str, purpose: str, address_index: str, at: datetime, policy: Policy, used: list[Used]
) -> Refusal | None:
    again_at = datetime.combine(at.date() + timedelta(days=1), policy.quiet_to, tzinfo=at.tzinfo)
    # A reservation still open may turn out effective: it holds its place until its outcome is known.
    calls = [u for u in used if u.channel == VOICE and u.is_same_debtor]
    effective = sum(1 for u in calls if u.purpose == COLLECTION and u.outcome in ("", EFFECTIVE))
    connected = sum(1 for u in calls if u.purpose == NOTICE and u.outcome in ("", CONNECTED, EFFECTIVE))
    same_number = sum(1 for u in used if address_index and u.address_index == address_index and u.purpose != SERVICE)
    if channel == VOICE and purpose == COLLECTION and effective >= policy.calls_effective_max:
        return Refusal("contact_calls_effective", str(policy.calls_effective_max), again_at)
    if channel == VOICE and purpose == NOTICE and connected >= policy.notices_connected_max:
        return Refusal("contact_notices_connected", str(policy.notices_connected_max), again_at)
    if same_number >= policy.attempts_same_number_max:
        return Refusal("contact_attempts_same_number", str(policy.attempts_same_number_max), again_at)
    return None


def is_quiet(clock_time: time, policy: Policy) -> bool:
    """Whether a local time lies in `[quiet_from, quiet_to)`, which may run over midnight."""
    if policy.quiet_from <= policy.quiet_to:
        return policy.quiet_from <= clock_time < policy.quiet_to
    return clock_time >= policy.quiet_from or clock_time < policy.quiet_to


def quiet_ends_at(at: datetime, policy: Policy) -> datetime:
    """The next moment after `at` at which the quiet hours end."""
    ends = datetime.combine(at.date(), policy.quiet_to, tzinfo=at.tzinfo)
    return ends if ends > at else ends + timedelta(days=1)
