"""Leads for the tests of this room and of those above it."""

from __future__ import annotations

from datetime import date

from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.leads import steps
from chezhe.leads.models import Lead
from chezhe.leads.steps import LeadFacts

TODAY = date(2026, 3, 16)
WANG = LeadFacts(
    name="王先生", mobile="15412345678", source="walk_in", product_interest="P03", amount_wanted=Money(80_000_00), city="上海",
    note="想用车抵押周转",
)
ZHOU = LeadFacts(name="周晓", mobile="15422223333", source="phone")


def lead(by: Actor, facts: LeadFacts = WANG, on: date = TODAY, *, is_owned: bool = True) -> Lead:
    return steps.create(facts, branch_id=by.branch_id, owner_id=by.user_id if is_owned else None, on=on, by=by)
