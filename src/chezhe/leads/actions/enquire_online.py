"""Somebody who is no customer yet asks for a loan on a phone."""

from __future__ import annotations

from datetime import date

from chezhe.compliance import steps as compliance
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.leads import errors, permissions, queries, steps
from chezhe.leads.models import Lead
from chezhe.leads.steps import LeadFacts

CONSENT = "personal_info"


@action(permissions.ENQUIRE)
def enquire_online(*, facts: LeadFacts, branch_code: str, agrees: bool, evidence: str, business_date: date, by: Actor) -> Lead:
    """Take the enquiry down for the branch that was chosen; a manager there gives it to somebody. The mobile number is the one that was
    signed in with. One number asks once at a time.

    Raises EnquiryUnagreed or Invalid (422), EnquiryStands (409).
    """
    if not agrees:
        raise errors.EnquiryUnagreed()
    branch = queries.open_branch(branch_code)
    if queries.has_open(facts.mobile):
        raise errors.EnquiryStands()
    lead = steps.create(facts, branch_id=branch.pk, owner_id=None, on=business_date, by=by)
    compliance.grant(subject=lead.subject, kind=CONSENT, on=business_date, channel="online", evidence=evidence, by=by)
    return lead
