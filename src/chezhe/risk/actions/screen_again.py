"""Customers are held against the watch lists again after a while."""

from __future__ import annotations

from datetime import timedelta

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk import permissions
from chezhe.risk.facts import asking
from chezhe.risk.facts.asking import Wished

# Half a year, the pace of a customer of ordinary risk; so many at a time, oldest first.
REVIEW_AFTER = timedelta(days=182)
AT_ONCE = 200
LISTS = ("watch_list", "company_watch_list")


@action(permissions.SCREEN_AGAIN)
def screen_again(*, by: Actor) -> list[Wished]:
    """Ask the lists again about everybody whose last screening is older than half a year. Without a consent nothing is asked."""
    before = clock.now() - REVIEW_AFTER
    return [
        asking.wish(subject, services=[service], reason="post_loan", by=by)
        for service in LISTS for subject in asking.due_for_review(service, before, AT_ONCE)
    ]
