from __future__ import annotations

import pytest

from chezhe.customers import steps
from chezhe.customers.actions.reveal_field import reveal_field
from chezhe.customers.tests.filing import CARD, CARD_OTHER, OUYANG, WANG, person
from chezhe.documents.tests.people import Cast
from chezhe.kernel.errors import FieldUnknown, NotFound, NotPermitted, ReasonRequired
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU


def test_it_shows_one_value_and_writes_down_who_and_why(cast: Cast) -> None:
    customer = person(WANG, cast.lin)
    revealed = reveal_field(customer_number=customer.number, field_code="id_number", reason="电话核实身份", by=cast.chen)
    entry = AuditEntry.objects.get(verb="customers.reveal_field")
    assert revealed.value == WANG.id_number
    assert (entry.subject, entry.actor_name, entry.reason) == (customer.subject, "陈", "电话核实身份")
    assert entry.facts["field_code"] == "id_number" and WANG.id_number not in str(entry.facts)


def test_a_mobile_and_a_card_can_be_named(cast: Cast) -> None:
    customer = person(WANG, cast.lin)
    steps.add_account(customer, kind="card", card_number=CARD, bank_name="农业银行")
    second = steps.add_account(customer, kind="card", card_number=CARD_OTHER, bank_name="建设银行", is_main=False)
    assert reveal_field(customer_number=customer.number, field_code="mobile", reason="回访", by=cast.lin).value == WANG.mobile
    assert reveal_field(customer_number=customer.number, field_code="card_number", reason="放款", by=cast.lin).value == CARD
    shown = reveal_field(customer_number=customer.number, field_code="card_number", item=second.pk, reason="放款", by=cast.lin)
    assert shown.value == CARD_OTHER


def test_another_customers_account_is_not_shown_under_this_one(cast: Cast) -> None:
    customer, other = person(WANG, cast.lin), person(OUYANG, cast.lin)
    account = steps.add_account(other, kind="card", card_number=CARD, bank_name="农业银行")
    with pytest.raises(FieldUnknown):
        reveal_field(customer_number=customer.number, field_code="card_number", item=account.pk, reason="放款", by=cast.lin)


def test_it_wants_a_reason_and_a_field_it_knows(cast: Cast) -> None:
    customer = person(WANG, cast.lin)
    with pytest.raises(ReasonRequired):
        reveal_field(customer_number=customer.number, field_code="name", reason=" x ", by=cast.lin)
    with pytest.raises(FieldUnknown):
        reveal_field(customer_number=customer.number, field_code="owner", reason="好奇", by=cast.lin)


def test_out_of_scope_is_not_found(cast: Cast) -> None:
    customer = person(WANG, cast.lin)
    with pytest.raises(NotFound):
        reveal_field(customer_number=customer.number, field_code="name", reason="好奇", by=cast.mei)
    with pytest.raises(NotPermitted):
        reveal_field(customer_number=customer.number, field_code="name", reason="好奇", by=WU)
