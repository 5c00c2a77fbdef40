from __future__ import annotations

from datetime import date

from chezhe.customers.models import Customer
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.screening import diligence, permissions
from chezhe.risk.screening.models import Diligence
from chezhe.risk.screening.rules import Answers


@action(permissions.REVIEW)
def review_diligence(*, customer_number: str, answers: Answers, note: str = "", business_date: date, by: Actor) -> Diligence:
    """Ask once more who the customer is; the grade decides when to ask again."""
    customer = Customer.objects.visible_to(by).lock(customer_number)
    return diligence.record_review(customer, answers, note, business_date, by)
