"""What the exchange's answer means as facts."""

from __future__ import annotations

from chezhe.risk.vendors.lenders.answers import LendersAnswer


def lender_facts(answer: LendersAnswer) -> dict[str, object]:
    """Different lenders applied to in 7, 30 and 90 days."""
    return {f"lenders_applied_{window.days}d": window.lenders for window in answer.windows}
