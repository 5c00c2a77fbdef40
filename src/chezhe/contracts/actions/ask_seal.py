"""Somebody asks for a paper to be stamped."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import errors, permissions, queries
from chezhe.contracts.models import SEAL_PREFIX, Contract, Seal, SealUse
from chezhe.contracts.printing import sealing
from chezhe.kernel import clock, events, moves, numbers
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid


@action(permissions.ASK_SEAL)
def ask_seal(
    *, contract_number: str, paper_code: str, seal_code: str, copies: int = 1, reason: str, business_date: date, by: Actor,
) -> SealUse:
    """Ask for a seal on a paper that counts; the keeper's branch manager stamps it.

    Raises NotFound (404), PaperVoid, SealAway or SealAskedAlready (409), Invalid (422) without a reason or for too many copies.
    """
    contract = Contract.objects.visible_to(by).lock(contract_number)
    paper = queries.paper(contract_number, paper_code, by)
    if not queries.counts(paper):
        raise errors.PaperVoid(code=paper.code)
    seal = Seal.objects.visible_to(by).lock(seal_code)
    if not seal.is_kept:
        raise sealing.SealAway(seal=seal.name)
    if not 1 <= copies <= sealing.COPIES_MAX:
        raise Invalid(field="copies", code="copies_wrong", sentence=_("份数须在 1 到 20 之间。"))
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明用印事由。"))
    standing = SealUse.objects.filter(seal=seal, paper=paper, status="asked").first()
    if standing is not None:
        raise sealing.SealAskedAlready(seal=seal.name, number=standing.number)
    use = SealUse.objects.create(
        number=numbers.next_number(SEAL_PREFIX, business_date), seal=seal, paper=paper, copies=copies, reason=reason.strip()[:200],
        asked_at=clock.now(), asked_by_ids=sorted(by.user_ids), asked_by_name=by.name,
    )
    moves.record(use.subject, "ask", "", use.status, by=by, reason=use.reason)
    events.publish("contract.seal_asked", use.subject, {"number": use.number, "contract": contract.number})
    return use
