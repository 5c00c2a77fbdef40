"""Whoever has an interest in a case does not decide it, and what is let pass is registered."""

import pytest

from chezhe.approvals.actions.declare_interest import declare_interest
from chezhe.approvals.errors import Biased
from chezhe.approvals.models import AgreedException, ApprovalRequest
from chezhe.origination.tests.asking import TODAY, House, approved, complete, submit, submitted, vote


def test_a_relative_of_the_borrower_does_not_vote(house: House) -> None:
    made = submitted(house)
    declare_interest(subject=made.customer.subject, kind="other", words="同学", business_date=TODAY, by=house.chen)
    with pytest.raises(Biased):
        vote(made, house.chen)


def test_a_case_of_a_colleague_goes_to_the_committee(house: House) -> None:
    made = complete(house)
    declare_interest(subject=made.customer.subject, kind="self", business_date=TODAY, by=house.lin)
    submit(made, house.lin)
    request = ApprovalRequest.objects.get(subject_text=made.subject)
    assert len(request.stages) == 3


def test_a_request_says_what_limits_read_and_whom_it_concerns(house: House) -> None:
    made = approved(house)
    request = ApprovalRequest.objects.get(subject_text=made.subject)
    assert request.about["product"] == "P03" and request.concerns[0] == made.customer.subject
    let_pass = request.about.get("exceptions", [])
    assert [[row.code, row.words] for row in AgreedException.objects.order_by("id")] == let_pass
