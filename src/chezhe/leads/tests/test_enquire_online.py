"""Somebody new asks on a phone: once, at a branch that is open, and with consent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chezhe.compliance import steps as compliance
from chezhe.documents.tests.people import Cast
from chezhe.kernel.actor import BORROWER, Actor, Reach
from chezhe.kernel.errors import Invalid, NotPermitted
from chezhe.kernel.permission import held_by_outsiders
from chezhe.leads import errors
from chezhe.leads.actions.enquire_online import enquire_online
from chezhe.leads.models import Lead
from chezhe.leads.tests.asking import TODAY, WANG

pytestmark = pytest.mark.django_db
VISITOR = Actor(key="borrower:1", name="访客", kind=BORROWER, permissions=held_by_outsiders(BORROWER), reach=Reach.CUSTOMER)
FACTS = replace(WANG, source="website")


def enquire(cast: Cast, *, code: str = "", agrees: bool = True, by: Actor = VISITOR) -> Lead:
    return enquire_online(
        facts=FACTS, branch_code=code or cast.east.code, agrees=agrees, evidence="portal/1", business_date=TODAY, by=by)


def test_it_lands_unassigned_at_the_branch_and_once(cast: Cast) -> None:
    lead = enquire(cast)
    assert (lead.status, lead.owner_id, lead.branch) == ("new", None, cast.east)
    assert compliance.has_consent(lead.subject, "personal_info", TODAY)
    with pytest.raises(errors.EnquiryStands):
        enquire(cast)
    assert Lead.objects.count() == 1


def test_without_consent_or_a_branch_that_is_open_nothing_is_kept(cast: Cast) -> None:
    with pytest.raises(errors.EnquiryUnagreed):
        enquire(cast, agrees=False)
    cast.east.is_open = False
    cast.east.save()
    with pytest.raises(Invalid):
        enquire(cast)
    with pytest.raises(NotPermitted):
        enquire(cast, by=cast.lin)
    assert not Lead.objects.exists()
