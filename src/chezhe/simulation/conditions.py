"""One more thing before the money leaves: somebody words it, and it is brought, or let go by two people above."""

from __future__ import annotations

from django.db.models import QuerySet

from chezhe.approvals import permissions as approval_permissions
from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.contracts import permissions
from chezhe.contracts.actions.ask_condition import ask_condition
from chezhe.contracts.actions.satisfy_condition import satisfy_condition
from chezhe.contracts.actions.waive_condition import waive_condition
from chezhe.contracts.models import ContractCondition
from chezhe.kernel import roles
from chezhe.simulation import paper
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track

ASKED, LET_GO = 0.15, 0.4
WORDED = (("提交车辆购置税完税证明", roles.COLLATERAL_OPS), ("电话回访确认用款用途", roles.SALES))


def maybe_ask(track: Track, scene: Scene) -> None:
    """Now and then the signed contract waits for something that no list knows."""
    if not scene.happens(ASKED):
        return
    label, owner_role = scene.rng.choice(WORDED)
    ask_condition(
        contract_number=track.contract, label=label, owner_role=owner_role, business_date=scene.today,
        by=scene.who(permissions.ASK_CONDITION, track.branch_code, role=roles.COLLATERAL_OPS))
    scene.note("own_conditions")


def are_open(track: Track) -> bool:
    """Whether something of that kind is waited for."""
    return _open(track).exists()


def fulfil(track: Track, scene: Scene) -> None:
    """It is brought, or the branch manager and risk let it go."""
    for row in _open(track):
        if scene.happens(LET_GO):
            _let_go(row, track, scene)
            continue
        is_sellers = row.owner_role == roles.SALES
        owner = scene.cast.called(track.seller) if is_sellers else scene.who(
            permissions.SATISFY_CONDITION, track.branch_code, role=row.owner_role)
        satisfy_condition(
            contract_number=track.contract, code=row.code, proof="已办妥，材料入档", by=owner,
            evidence=paper.scan("condition", track.serial))
        scene.note("own_conditions_met")
    track.goes_on("paying_out", scene, 1, 2)


def _let_go(row: ContractCondition, track: Track, scene: Scene) -> None:
    clerk = scene.who(permissions.WAIVE_CONDITION, track.branch_code, role=roles.COLLATERAL_OPS)
    asked = waive_condition(
        contract_number=track.contract, code=row.code, reason="材料补办中，风险可控", business_date=scene.today, by=clerk)
    assert asked.waiver is not None
    for role in (roles.BRANCH_MGR, roles.RISK_MANAGER):
        voter = scene.who(approval_permissions.VOTE, track.branch_code, role=role)
        cast_vote(request_number=asked.waiver.number, verdict="agree", opinion="同意豁免", by=voter)
    scene.note("own_conditions_waived")


def _open(track: Track) -> QuerySet[ContractCondition]:
    rows = ContractCondition.objects.filter(contract__number=track.contract, code__startswith="own_")
    return rows.filter(met_at__isnull=True, waived_at__isnull=True).order_by("code")


STAGES = {"fulfilling": fulfil}
