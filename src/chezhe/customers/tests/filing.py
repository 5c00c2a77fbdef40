"""Customers for the tests of this room and of those above it."""

from __future__ import annotations

from datetime import date

from chezhe.customers import steps
from chezhe.customers.models import Customer
from chezhe.customers.values import CompanyFacts, PersonFacts
from chezhe.kernel.actor import Actor

TODAY = date(2026, 3, 16)
WANG = PersonFacts(name="王小明", id_number="110101199001010007", mobile="15412345678", address="北京市朝阳区光华路1号")
OUYANG = PersonFacts(name="欧阳修远", id_number="33010619881212003X", mobile="15487654321")
SHAN = PersonFacts(name="单雄信", id_number="510107199506230016", mobile="15400001111")
FLEET = CompanyFacts(
    name="杭州捷运汽车租赁有限公司", uscc="91310115MA1TEYT17L", legal_representative="赵立", mobile="15433334444"
)
CARD, CARD_OTHER = "6228480402564890018", "6217000000000000004"


def person(facts: PersonFacts, by: Actor) -> Customer:
    return steps.create_person(facts, branch_id=by.branch_id, owner_id=by.user_id, on=TODAY, by=by)


def company(facts: CompanyFacts, by: Actor) -> Customer:
    return steps.create_company(facts, branch_id=by.branch_id, owner_id=by.user_id, on=TODAY, by=by)
