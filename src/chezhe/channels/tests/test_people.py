"""Who may sign in for a dealer."""

from __future__ import annotations

from typing import Any

import pytest

from chezhe.channels import errors, queries
from chezhe.channels.actions.add_dealer_person import add_dealer_person
from chezhe.channels.actions.disable_dealer_person import disable_dealer_person
from chezhe.channels.actions.suspend_dealer import suspend_dealer
from chezhe.channels.models import DealerPerson
from chezhe.channels.tests.dealing import dealer
from chezhe.documents.tests.people import Cast
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired
from chezhe.kernel.models import AuditEntry

MOBILE = "15477778888"


def add(number: str, by: Any, **more: Any) -> DealerPerson:
    return add_dealer_person(dealer_number=number, **{"name": "孙海", "mobile": MOBILE} | more, by=by)


def test_a_number_is_one_persons_until_the_access_ends(cast: Cast) -> None:
    made = dealer(cast.gao)
    person = add(made.number, cast.gao, mobile="154 7777 8888")
    assert queries.person_at(person.mobile_hash) == person and MOBILE not in str(list(AuditEntry.objects.values()))
    with pytest.raises(errors.DealerPersonExists):
        add(made.number, cast.gao, name="孙洋")
    with pytest.raises(ReasonRequired):
        disable_dealer_person(dealer_number=made.number, person_id=person.pk, reason=" ", by=cast.gao)
    for _twice in range(2):
        ended = disable_dealer_person(dealer_number=made.number, person_id=person.pk, reason="离职", by=cast.gao)
    assert ended.disabled_by_name == cast.gao.name and queries.person_at(person.mobile_hash) is None
    assert [one.name for one in (add(made.number, cast.gao, name="孙洋"), person)] == ["孙洋", "孙海"]


@pytest.mark.parametrize(("field", "value", "code"), [("name", "7", "person_name.form"), ("mobile", "123", "mobile.form")])
def test_it_refuses_a_bad_value(cast: Cast, field: str, value: str, code: str) -> None:
    made = dealer(cast.gao)
    with pytest.raises(Invalid) as refused:
        add(made.number, cast.gao, **{field: value})
    assert (refused.value.field, refused.value.code) == (field, code)


def test_only_managers_of_the_branch_and_only_while_the_dealer_works_with_us(cast: Cast) -> None:
    made = dealer(cast.gao)
    with pytest.raises(NotPermitted):
        add(made.number, cast.lin)
    with pytest.raises(NotFound):
        disable_dealer_person(dealer_number=made.number, person_id=1, reason="离职", by=cast.gao)
    suspend_dealer(dealer_number=made.number, reason="首逾偏高", by=cast.gao)
    with pytest.raises(errors.DealerClosed):
        add(made.number, cast.gao)
