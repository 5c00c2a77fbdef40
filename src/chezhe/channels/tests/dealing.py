"""Dealers for the tests of this room and of those above it."""

from __future__ import annotations

from datetime import date

from chezhe.channels import steps
from chezhe.channels.models import Dealer
from chezhe.channels.steps import DealerFacts
from chezhe.kernel.actor import Actor

TODAY = date(2026, 3, 16)
HARBOUR = DealerFacts(
    kind="used_car_dealer", name="上海海港二手车有限公司", uscc="91310115MA1TEYT17L", tier="B", city="上海", contact_name="孙海",
    contact_mobile="15466667777",
)


def dealer(by: Actor, facts: DealerFacts = HARBOUR) -> Dealer:
    return steps.create(facts, branch_id=by.branch_id, owner_id=by.user_id, on=TODAY, by=by)
