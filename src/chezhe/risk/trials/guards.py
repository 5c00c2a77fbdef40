"""What the database itself refuses: changing what a trial is once it was handed in, and deleting one."""

from __future__ import annotations

from chezhe.kernel.append_only import Refusal, altered, keeping

_HANDED_IN = (
    "number", "title", "hypothesis", "purpose", "versions", "model_id", "share", "begins_on", "ends_on", "applications_max",
    "approval_gap_max", "applications_min", "bad_rate_max", "loans_min", "submission", "champion", "maker_ids",
)
KEEPS_TRIALS = keeping(
    "risk_livetrial", "live trial",
    Refusal(f"OLD.status <> 'draft' AND {altered(*_HANDED_IN)}", "live trial % is what was handed in"),
    Refusal(f"OLD.began_at IS NOT NULL AND {altered('began_at')}", "live trial % has begun"),
    Refusal("OLD.status IN ('stopped', 'ended', 'refused', 'discarded') AND NEW.status <> OLD.status", "live trial % is over"),
)
