"""What the room of approvals holds in the sample beside requests: two limits, two interests, two exceptions that were let pass."""

from __future__ import annotations

from datetime import date

from chezhe.approvals import register
from chezhe.approvals.actions.declare_interest import declare_interest
from chezhe.approvals.actions.propose_limit import propose_limit
from chezhe.approvals.limiting import Proposed
from chezhe.approvals.models import ApprovalRequest
from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.kernel import clock, roles
from chezhe.kernel.actor import Actor
from chezhe.origination.queries import APPROVAL_KIND


def agree(by: Actor, today: date) -> None:
    """Fill the three lists."""
    customers = Customer.objects.order_by("pk")[:2]
    requests = ApprovalRequest.objects.filter(kind=APPROVAL_KIND).order_by("pk")[:2]
    for turn, (customer, request) in enumerate(zip(customers, requests, strict=True), start=1):
        bound = Proposed(kind=APPROVAL_KIND, role=roles.REGIONAL_MGR, amount_max=Money(10**8 * turn), starts_on=today)
        propose_limit(bound=bound, reason="年度授权", business_date=today, by=by)
        declare_interest(subject=customer.subject, kind="relative", words="表亲", business_date=today, by=by)
        request.about, request.decided_at = {"exceptions": [["R15", "贷款成数超限"]]}, clock.now()
        register.enter(request)
