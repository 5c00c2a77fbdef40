"""The lender's seal on printed contracts: one asks, the keeper's branch manager stamps, or sends the request away."""

from __future__ import annotations

from typing import Any

from chezhe.contracts import permissions
from chezhe.contracts.actions.ask_seal import ask_seal
from chezhe.contracts.actions.refuse_seal import refuse_seal
from chezhe.contracts.actions.register_seal import register_seal
from chezhe.contracts.actions.stamp_paper import stamp_paper
from chezhe.contracts.models import ContractPaper, Seal
from chezhe.simulation.people import BRANCHES
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track

STAMPED, REFUSED = 0.5, 0.08


def register_seals(scene: Scene) -> None:
    """Every branch keeps a contract seal."""
    by = scene.who(permissions.REGISTER_SEAL, BRANCHES[0][0])
    for code, name, *_ in BRANCHES:
        register_seal(code=_code(code), kind="contract", name=f"{name}合同专用章", branch_code=code, by=by)


def maybe_stamp(track: Track, scene: Scene) -> None:
    """Whoever signed on paper may want the seal on it; a request that says too little comes back once."""
    paper = ContractPaper.objects.filter(contract__number=track.contract, kind="loan_contract", voided_at__isnull=True).first()
    if paper is None or not scene.happens(STAMPED) or not Seal.objects.filter(code=_code(track.branch_code), is_kept=True).exists():
        return
    clerk = scene.who(permissions.ASK_SEAL, track.branch_code)
    keeper = scene.who(permissions.USE_SEAL, track.branch_code, apart_from=clerk.user_ids)
    said: Any = {
        "contract_number": track.contract, "paper_code": paper.code, "seal_code": _code(track.branch_code), "copies": 2,
        "business_date": scene.today,
    }
    if scene.happens(REFUSED):
        refuse_seal(use_number=ask_seal(**said, reason="用印", by=clerk).number, reason="请写明用途和份数", by=keeper)
        scene.note("seals_refused")
    stamp_paper(use_number=ask_seal(**said, reason="合同签署完成，一式两份", by=clerk).number, by=keeper)
    scene.note("seals_used")


def _code(branch_code: str) -> str:
    return f"HT-{branch_code}"


ERRANDS = (register_seals,)
