"""Shared work that other rooms call: price checks, consents, contacts, and changes decided by two people."""

from chezhe.compliance.steps.consents import ConsentMissing, grant, has_consent, require_consent, withdraw
from chezhe.compliance.steps.contacts import (
    ContactRefused,
    block,
    complete_contact,
    lift_block,
    may_contact,
    reserve_contact,
)
from chezhe.compliance.steps.pricing import CapExceeded, check_pricing, findings_for, limits_for

__all__ = [
    "CapExceeded", "ConsentMissing", "ContactRefused", "block", "check_pricing",
    "complete_contact", "findings_for", "grant", "has_consent", "lift_block", "limits_for", "may_contact",
    "require_consent", "reserve_contact", "withdraw",
]
