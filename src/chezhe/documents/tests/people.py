"""The cast with rows in the database: two branches, and people with their reach."""

from __future__ import annotations

from dataclasses import dataclass

from chezhe.kernel import roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.testing import actor, moment
from chezhe.staff.models import Branch, Region, RoleGrant, User


@dataclass(frozen=True)
class Cast:
    """Lin sells in the east branch and sees her own; Chen reviews there; Gao manages it; Mei sells in the west; Xu audits all."""

    east: Branch
    west: Branch
    lin: Actor
    chen: Actor
    gao: Actor
    mei: Actor
    xu: Actor


def make_cast() -> Cast:
    region, _ = Region.objects.get_or_create(code="T", defaults={"name": "测试区"})
    east, _ = Branch.objects.get_or_create(code="T01", defaults={"name": "城东店", "region": region})
    west, _ = Branch.objects.get_or_create(code="T02", defaults={"name": "城西店", "region": region})
    return Cast(
        east, west,
        lin=hire("林", east, roles.SALES, reach=Reach.OWN), chen=hire("陈", east, roles.REVIEWER, reach=Reach.BRANCH),
        gao=hire("高", east, roles.BRANCH_MGR, reach=Reach.BRANCH), mei=hire("梅", west, roles.SALES, reach=Reach.OWN),
        xu=hire("许", east, roles.AUDITOR, reach=Reach.ALL),
    )


def hire(name: str, branch: Branch, role: str, *, reach: Reach) -> Actor:
    at = moment("2026-01-01 09:00")
    user = User.objects.create(username=f"t-{name}-{branch.code}".lower(), name=name, branch=branch, created_at=at)
    grant = {"branch": branch} if reach == Reach.BRANCH else {}
    RoleGrant.objects.create(user=user, role=role, reach=reach, starts_on=at.date(), granted_at=at, **grant)
    return actor(name, role, user_id=user.id, branch_id=branch.id, branch_ids=[branch.id], reach=reach)
