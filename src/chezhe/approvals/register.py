"""The register of exceptions: what was let pass, and by whom."""

from __future__ import annotations

from chezhe.approvals.models import AgreedException, ApprovalRequest


def enter(request: ApprovalRequest) -> list[AgreedException]:
    """Write down each exception of a case that has just been agreed to, with everybody who agreed."""
    exceptions = request.about.get("exceptions", [])
    votes = [vote for vote in request.votes.all() if vote.verdict == "agree"] if exceptions else []
    names, reasons = [vote.voter_name for vote in votes], [vote.opinion for vote in votes if vote.opinion]
    return AgreedException.objects.bulk_create([
        AgreedException(
            request=request, subject_text=request.subject_text, kind=request.kind, branch_id=request.branch_id,
            opened_by_id=request.opened_by_id, amount=request.amount, code=code, words=words[:200],
            agreed_by=sorted({i for vote in votes for i in vote.people}), agreed_by_names="、".join(names)[:400],
            reason="\n".join(reasons), agreed_at=request.decided_at,
        )
        for code, words in exceptions
    ])
