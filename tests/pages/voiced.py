"""What customers have told the sample's house: two complaints, two ratings, and two who mean to settle early."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from chezhe.compliance.models import Rating
from chezhe.compliance.steps import voices
from chezhe.customers.models import Customer
from chezhe.kernel.actor import Actor
from chezhe.servicing.early import asking
from chezhe.servicing.models import Loan


@transaction.atomic
def speak(by: Actor, today: date) -> None:
    """Fill the three lists."""
    for customer in Customer.objects.order_by("pk")[:2]:
        voices.file_complaint(subject=customer.subject, kind="service", words="电话没人接", on=today, by=by)
    active = Loan.objects.filter(status="active").select_related("product_version", "customer").order_by("pk")
    rated = set(Rating.objects.values_list("about", flat=True))
    for loan in [loan for loan in active if loan.subject not in rated][:2]:
        voices.rate(subject=loan.customer.subject, about=loan.subject, occasion="payout", stars=4, words="很快", on=today)
        asking.ask(loan, today, asking.quote(loan, today, today).to_pay, today, by=by)
