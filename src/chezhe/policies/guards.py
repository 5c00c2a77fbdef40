"""What the database itself refuses: changing a version that has left the draft, reopening one, and deleting any."""

from __future__ import annotations

from chezhe.kernel.append_only import Refusal, altered, keeping

KEEPS_VERSIONS = keeping(
    "policies_policyversion", "table version",
    Refusal(altered("policy_id", "version", "number"), "table version % keeps its number"),
    Refusal(
        f"OLD.status <> 'draft' AND {altered('content', 'content_hash', 'findings', 'base_id', 'restores_id', 'drafted_by_id')}",
        "table version % has left the draft"),
    Refusal(
        "OLD.status IN ('published', 'cancelled', 'discarded') AND "
        f"{altered('effective_from', 'published_by_name', 'published_at', 'approval_number')}", "table version % has been decided"),
    Refusal(
        "NOT (NEW.status = OLD.status OR (OLD.status = 'draft' AND NEW.status IN ('submitted', 'discarded'))"
        " OR (OLD.status = 'submitted' AND NEW.status IN ('published', 'draft'))"
        " OR (OLD.status = 'published' AND NEW.status = 'cancelled'))", "table version % cannot become %", beside="NEW.status"),
)
