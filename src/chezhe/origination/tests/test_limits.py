"""The limits that a new house begins with."""

from __future__ import annotations

import pytest

from chezhe.approvals import limits
from chezhe.approvals.models import Limit
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.origination import queries, seeds
from chezhe.origination.tests import asking
from chezhe.origination.tests.asking import TODAY, House


def test_every_role_that_decides_has_a_dated_limit_and_sowing_again_changes_nothing(db: None) -> None:
    rows = list(limits.in_force(queries.APPROVAL_KIND, TODAY))
    assert {row.role: row.amount_max for row in rows} == seeds.AMOUNTS
    assert {(row.starts_on, row.settled_by_name, row.status) for row in rows} == {(seeds.STARTS_ON, "系统", "in_force")}
    seeds.sow()
    assert Limit.objects.filter(kind=queries.APPROVAL_KIND).count() == len(rows)


def test_a_house_that_has_its_own_keeps_them(db: None) -> None:
    Limit.objects.filter(kind=queries.APPROVAL_KIND).exclude(role=roles.APPROVER).delete()
    seeds.sow()
    assert [row.role for row in limits.in_force(queries.APPROVAL_KIND, TODAY)] == [roles.APPROVER]


@pytest.mark.parametrize(("fen", "wanted"), [(30_000_000, [roles.REVIEWER]), (30_000_001, [roles.REVIEWER, roles.APPROVER])])
def test_a_reviewer_alone_goes_as_far_as_the_limit(house: House, fen: int, wanted: list[str]) -> None:
    made = asking.submitted(house)
    assert made.approval is not None
    request = made.approval
    request.amount, request.stages = Money(fen), request.stages[:1]
    request.save()
    asking.vote(made, house.chen, opinion="收入流水核实无误")
    request.refresh_from_db()
    assert [stage.role for stage in request.stage_list] == wanted
    assert request.status == ("approved" if len(wanted) == 1 else "open")
