"""Seals and their uses over REST."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest

from chezhe.contracts import permissions
from chezhe.contracts.actions.ask_seal import ask_seal
from chezhe.contracts.actions.refuse_seal import refuse_seal
from chezhe.contracts.actions.register_seal import register_seal
from chezhe.contracts.actions.stamp_paper import stamp_paper
from chezhe.contracts.api.contracts import ReasonIn, router
from chezhe.contracts.models import Seal, SealUse
from chezhe.contracts.printing import sealing
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Flag, In, Out, Page, Text, Whole, page_of


class SealIn(In):
    code: Text[20]
    kind: Literal["contract", "company", "legal"]
    name: Text[60]
    branch_code: Text[40]
    is_kept: Flag = True


class AskSealIn(In):
    seal_code: Text[20]
    copies: Whole = 1
    reason: Text[200]


class SealOut(Out):
    code: str
    kind: str
    name: str
    branch_code: str
    is_kept: bool


class SealUseOut(Out):
    number: str
    status: str
    seal_code: str
    contract_number: str
    paper_code: str
    paper_kind: str
    copies: int
    reason: str
    asked_by: str
    asked_at: datetime
    stamped_by: str
    stamped_at: datetime | None


@router.get("/seals", response=Page[SealOut], summary="Seals and the branches that keep them")
@needs(permissions.VIEW_SEALS)
def seals(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(sealing.seals(request.actor), cursor, limit, _seal)


@router.post("/seals", response={201: SealOut}, summary="Register a seal, or change who keeps it and whether it is in use")
@needs(permissions.REGISTER_SEAL)
def keep_seal(request: HttpRequest, payload: SealIn) -> tuple[int, dict[str, Any]]:
    return 201, _seal(register_seal(**payload.dict(), by=request.actor))


@router.get("/seal-uses", response=Page[SealUseOut], summary="The register of seals, newest first")
@needs(permissions.VIEW_SEALS)
def seal_uses(request: HttpRequest, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = sealing.uses(request.actor)
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _use)


@router.post("/contracts/{number}/papers/{code}/seal", response={201: SealUseOut}, summary="Ask for a seal on a paper")
@needs(permissions.ASK_SEAL)
def ask(request: HttpRequest, number: str, code: str, payload: AskSealIn) -> tuple[int, dict[str, Any]]:
    return 201, _use(ask_seal(
        contract_number=number, paper_code=code, **payload.dict(), business_date=business_date.current(), by=request.actor))


@router.post("/seal-uses/{number}/stamp", response=SealUseOut, summary="Stamp the paper (second person)")
@needs(permissions.USE_SEAL)
def stamp(request: HttpRequest, number: str) -> dict[str, Any]:
    return _use(stamp_paper(use_number=number, by=request.actor))


@router.post("/seal-uses/{number}/refuse", response=SealUseOut, summary="Do not stamp the paper")
@needs(permissions.USE_SEAL)
def refuse(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _use(refuse_seal(use_number=number, reason=payload.reason, by=request.actor))


def _seal(seal: Seal) -> dict[str, Any]:
    return {"branch_code": seal.branch.code, **{name: getattr(seal, name) for name in ("code", "kind", "name", "is_kept")}}


def _use(use: SealUse) -> dict[str, Any]:
    same = ("number", "status", "copies", "reason", "asked_at", "stamped_at")
    return {"seal_code": use.seal.code, "contract_number": use.paper.contract.number, "paper_code": use.paper.code,
            "paper_kind": use.paper.kind, "asked_by": use.asked_by_name, "stamped_by": use.stamped_by_name,
            **{name: getattr(use, name) for name in same}}
