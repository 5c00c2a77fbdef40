from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from chezhe.customers import queries
from chezhe.customers.actions.add_bank_account import add_bank_account
from chezhe.customers.actions.close_bank_account import close_bank_account
from chezhe.customers.actions.end_relation import end_relation
from chezhe.customers.actions.relate_customers import relate_customers
from chezhe.customers.errors import AccountTwice, RelationToSelf, RelationTwice
from chezhe.customers.models import BankAccount
from chezhe.customers.tests.filing import CARD, CARD_OTHER, FLEET, OUYANG, WANG, company, person
from chezhe.documents.tests.people import Cast
from chezhe.kernel.actor import Reach
from chezhe.kernel.errors import Invalid, NotFound, ReasonRequired
from chezhe.kernel.models import AuditEntry


def add(cast: Cast, number: str, card: str = CARD, **more: object) -> BankAccount:
    return add_bank_account(customer_number=number, account=card, bank_name="农业银行", by=cast.lin, **more)


def test_it_registers_a_card_and_shows_only_its_tail(cast: Cast) -> None:
    account = add(cast, person(WANG, cast.lin).number, "6228 4804 0256 4890 018")
    assert (account.masked, account.holder_name, account.is_main) == ("***************0018", "王小明", True)
    assert CARD not in str(list(AuditEntry.objects.values()))


def test_a_later_account_becomes_the_main_one(cast: Cast) -> None:
    customer = person(WANG, cast.lin)
    add(cast, customer.number)
    newer = add(cast, customer.number, CARD_OTHER)
    assert queries.main_account(customer) == newer and customer.accounts.filter(is_main=True).count() == 1


@pytest.mark.parametrize(("kind", "card", "code"), [
    ("card", "6228480402564890019", "card.check_digit"), ("card", "12", "card.form"), ("corporate", "12A", "account.form"),
])
def test_it_refuses_a_wrong_number(cast: Cast, kind: str, card: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        add(cast, person(WANG, cast.lin).number, card, kind=kind)
    assert (refused.value.field, refused.value.code) == ("card_number", code)


def test_the_same_account_twice_is_told_until_it_is_closed(cast: Cast) -> None:
    customer = person(WANG, cast.lin)
    account = add(cast, customer.number)
    with pytest.raises(AccountTwice):
        add(cast, customer.number)
    with pytest.raises(ReasonRequired):
        close_bank_account(customer_number=customer.number, account=account.pk, reason="", by=cast.lin)
    close_bank_account(customer_number=customer.number, account=account.pk, reason="卡已挂失", by=cast.lin)
    assert queries.main_account(customer) is None
    assert add(cast, customer.number).pk != account.pk


def test_it_says_who_stands_behind_a_company_from_both_sides(cast: Cast) -> None:
    fleet, wang = company(FLEET, cast.lin), person(WANG, cast.lin)
    relate_customers(customer_number=fleet.number, other_number=wang.number, kind="owner", share_rate=Decimal("0.6"), by=cast.lin)
    (forward,), (backward,) = queries.relations_of(fleet, cast.lin), queries.relations_of(wang, cast.lin)
    assert (str(forward.label), forward.share_rate, forward.url != "") == ("受益所有人（≥25%）", Decimal("0.6"), True)
    assert "对方的" in str(backward.label) and backward.is_reverse


@pytest.mark.parametrize(("kind", "share", "code"), [
    ("owner", None, "relation.share_too_small"), ("owner", Decimal("0.24"), "relation.share_too_small"),
    ("owner", Decimal("1.01"), "relation.share_too_small"), ("spouse", Decimal("0.5"), "relation.share_without_owner"),
])
def test_only_an_owner_of_a_quarter_has_a_share(cast: Cast, kind: str, share: Decimal | None, code: str) -> None:
    wang, other = person(WANG, cast.lin), person(OUYANG, cast.lin)
    with pytest.raises(Invalid) as refused:
        relate_customers(customer_number=wang.number, other_number=other.number, kind=kind, share_rate=share, by=cast.lin)
    assert refused.value.code == code


def test_a_relation_is_registered_once_and_can_end(cast: Cast) -> None:
    wang, other = person(WANG, cast.lin), person(OUYANG, cast.lin)
    relation = relate_customers(customer_number=wang.number, other_number=other.number, kind="spouse", by=cast.lin)
    with pytest.raises(RelationTwice):
        relate_customers(customer_number=wang.number, other_number=other.number, kind="spouse", by=cast.lin)
    end_relation(customer_number=wang.number, relation=relation.pk, reason="已离婚", by=cast.lin)
    assert not queries.relations_of(wang, cast.lin)


def test_it_refuses_itself_and_strangers(cast: Cast) -> None:
    wang, hidden = person(WANG, cast.lin), person(OUYANG, cast.mei)
    with pytest.raises(RelationToSelf):
        relate_customers(customer_number=wang.number, other_number=wang.number, kind="spouse", by=cast.lin)
    with pytest.raises(Invalid) as refused:
        relate_customers(customer_number=wang.number, other_number=hidden.number, kind="spouse", by=cast.lin)
    assert refused.value.field == "other_number"
    with pytest.raises(NotFound):
        relate_customers(customer_number=hidden.number, other_number=wang.number, kind="spouse", by=cast.lin)


def test_a_relative_out_of_reach_is_named_masked_without_a_link(cast: Cast) -> None:
    wang, hidden = person(WANG, cast.lin), person(OUYANG, cast.mei)
    relate_customers(customer_number=wang.number, other_number=hidden.number, kind="guarantor", by=replace(cast.gao, reach=Reach.ALL))
    (line,) = queries.relations_of(wang, cast.lin)
    assert line.url == "" and line.other.masked_name == "欧阳*远"

