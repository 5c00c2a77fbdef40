"""What happens to a request before somebody votes: it is taken into one's own hands, handed on, or signed by one more colleague."""

from __future__ import annotations

from collections.abc import Collection

from chezhe.approvals.actions.add_signer import add_signer
from chezhe.approvals.actions.claim_request import claim_request
from chezhe.approvals.actions.transfer_request import transfer_request
from chezhe.approvals.models import ApprovalRequest
from chezhe.kernel.actor import Actor
from chezhe.origination import permissions
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track

CLAIMED, HANDED_ON, SIGNED_TOO = 0.3, 0.15, 0.15


def hand_round(request: ApprovalRequest, voter: Actor, apart_from: Collection[int], track: Track, scene: Scene) -> tuple[Actor, ...]:
    """Who votes, one after the other: mostly whoever was asked. `apart_from` are those who may not."""
    fate = scene.rng.random()
    if request.current_stage.is_committee:
        return (voter,)
    if fate < CLAIMED:
        claim_request(request_number=request.number, by=voter)
        scene.note("requests_claimed")
        return (voter,)
    colleague = _colleague(request, {*voter.user_ids, *apart_from}, track, scene)
    if colleague is None:
        return (voter,)
    username = scene.cast.username_of(colleague)
    if fate < CLAIMED + HANDED_ON:
        transfer_request(request_number=request.number, username=username, reason="外出拜访客户，请代为审批", by=voter)
        scene.note("requests_transferred")
        return (colleague,)
    if fate < CLAIMED + HANDED_ON + SIGNED_TOO and _is_first_round(request):
        add_signer(request_number=request.number, username=username, place="before", reason="收入结构复杂，请一同把关", by=voter)
        scene.note("signers_added")
        return (colleague, voter)
    return (voter,)


def _is_first_round(request: ApprovalRequest) -> bool:
    """Whoever reviewed in an earlier round does not sign in this one."""
    return not ApprovalRequest.objects.filter(subject_text=request.subject_text).exclude(pk=request.pk).exists()


def _colleague(request: ApprovalRequest, apart_from: Collection[int], track: Track, scene: Scene) -> Actor | None:
    """Somebody else of the role whose turn it is, who has no other duty on the case."""
    try:
        return scene.who(permissions.DECIDE, track.branch_code, apart_from=apart_from, role=request.stage_role)
    except LookupError:
        return None
