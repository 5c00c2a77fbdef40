"""Shared work that other rooms call: price checks, consents, contacts, and changes decided by two people."""

from chezhe.compliance.steps.changes import (
    LENDER_KIND,
    PARAMETER_KIND,
    Figure,
    FigureHeld,
    Particulars,
    decide,
    lock_change,
    open_lender_change,
    open_parameter_change,
    settle_decision,
)
from chezhe.compliance.steps.consents import (
    ConsentMissing,
    ConsentNotGiven,
    current_text,
    grant,
    has_consent,
    require_consent,
    with_consent,
    withdraw,
)
from chezhe.compliance.steps.contacts import (
    ContactRefused,
    block,
    complete_contact,
    lift_block,
    may_contact,
    policy_on,
    reserve_contact,
)
from chezhe.compliance.steps.days import confirm_year, set_day
from chezhe.compliance.steps.pricing import (
    CapExceeded,
    CostExceeded,
    bound,
    check_pricing,
    findings_for,
    limits_for,
    refuse_blocks,
    require_cost_within,
    sentence_of,
)

__all__ = [
    "LENDER_KIND", "PARAMETER_KIND", "CapExceeded", "ConsentMissing", "ConsentNotGiven", "ContactRefused", "CostExceeded", "Figure",
    "FigureHeld", "Particulars", "block", "bound", "check_pricing", "complete_contact", "confirm_year", "current_text", "decide",
    "findings_for", "grant", "has_consent", "lift_block", "limits_for", "lock_change", "may_contact",
    "open_lender_change", "open_parameter_change", "policy_on", "refuse_blocks", "require_consent", "require_cost_within",
    "reserve_contact", "sentence_of", "set_day", "settle_decision", "with_consent", "withdraw",
]
