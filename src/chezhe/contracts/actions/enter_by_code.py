"""A code opens a link."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.contracts import permissions
from chezhe.contracts.models import SigningLink
from chezhe.contracts.signing import guests, queries, rules, steps
from chezhe.contracts.signing.steps import Place
from chezhe.kernel import clock, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a code: with a right one the token of the sitting, else how many tries are left."""

    link: SigningLink
    token: str = ""
    left: int = 0

    @property
    def subject(self) -> str:
        return self.link.subject


@action(permissions.USE_LINK, label=_("核对签署验证码"))
def enter_by_code(*, typed: str, place: Place, by: Actor) -> Entry:
    """Judge a code. A right one uses the link up and begins a sitting; five wrong ones end the link, whatever comes then.

    A wrong code is counted, so it is an answer and no refusal."""
    link = guests.lock_link(by)
    if link.used_at is not None or link.ended_at is not None:
        return Entry(link)
    if _is_right(link, typed):
        token, link.used_at = secrets.token_urlsafe(32), clock.now()
        link.sitting_hash, link.device, link.address = queries.digest(token), place.device, place.address
        link.save(update_fields=["used_at", "sitting_hash", "device", "address"])
        moves.record(link.subject, "enter", "open", "used", by=by)
        return Entry(link, token)
    link.tries += 1
    link.save(update_fields=["tries"])
    left = rules.TRIES_MAX - link.tries
    if left <= 0:
        steps.end_link(link, gettext("验证码错误次数过多"), by=by)
    return Entry(link, left=max(0, left))


def _is_right(link: SigningLink, typed: str) -> bool:
    """Only the last code counts, and only for some minutes."""
    last = link.codes.order_by("-pk").first()
    is_fresh = last is not None and clock.is_within(last.sent_at, clock.now(), rules.CODE_LASTS)
    return last is not None and is_fresh and constant_time_compare(last.code_hash, queries.digest(f"{link.key}:{typed.strip()}"))
