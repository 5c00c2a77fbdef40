"""A version's way from draft to the shelf: two people, within the caps, and never changed afterwards."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chezhe.approvals import steps as approval_steps
from chezhe.compliance.seeds import lender, parameters
from chezhe.compliance.steps import CapExceeded
from chezhe.finmath.money import Money
from chezhe.finmath.terms import FeeWhen, Method
from chezhe.kernel import roles
from chezhe.kernel.errors import Invalid, NotPermitted, SamePerson, WrongState
from chezhe.kernel.models import Event
from chezhe.kernel.testing import WU, actor, moment
from chezhe.products import queries, seeds, worklists
from chezhe.products.actions.create_product import create_product
from chezhe.products.actions.discard_version import discard_version
from chezhe.products.actions.draft_version import DraftExists, draft_version
from chezhe.products.actions.edit_version import EditedMeanwhile, NotADraft, edit_version
from chezhe.products.actions.publish_version import publish_version
from chezhe.products.actions.retire_version import retire_version
from chezhe.products.actions.return_version import return_version
from chezhe.products.actions.submit_version import BeginsInThePast, submit_version
from chezhe.products.models import ProductVersion
from chezhe.products.rules import FeeRule, MethodPrice
from chezhe.staff.models import User

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 20)


@pytest.fixture(autouse=True)
def licensed() -> None:
    parameters.sow()
    lender.sow_lender()


def _person(name: str, *held: str):
    user = User.objects.create(username=name, name=name, password="!", created_at=moment("2026-01-01 09:00"))
    return actor(name, *held, user_id=user.pk)


@pytest.fixture
def maker():
    return _person("maker", roles.RISK_MANAGER)


@pytest.fixture
def checker():
    return _person("checker", roles.COMPLIANCE)


@pytest.fixture
def draft(maker) -> ProductVersion:
    return draft_version(product_code="P01", business_date=DAY, by=maker)


def edited(draft: ProductVersion, maker, **changes) -> ProductVersion:
    terms = replace(draft.terms, **changes)
    return edit_version(version_number=draft.number, terms=terms, effective_from=date(2026, 4, 1), note="试", by=maker)


def submit(draft: ProductVersion, by) -> ProductVersion:
    return submit_version(version_number=draft.number, business_date=DAY, by=by)


def test_a_draft_begins_with_the_newest_terms_and_there_is_one_at_a_time(draft, maker) -> None:
    assert (draft.number, draft.terms) == ("P01-v2", seeds.new_car())
    with pytest.raises(DraftExists):
        draft_version(product_code="P01", business_date=DAY, by=maker)


def test_the_second_person_publishes_and_the_day_decides_which_version_holds(draft, maker, checker) -> None:
    edited(draft, maker, amount_max=Money(90_000_000))
    submit(draft, maker)
    published = publish_version(version_number=draft.number, by=checker)
    assert (published.status, published.published_by_name) == ("published", "checker")
    assert queries.current("P01", date(2026, 3, 31)).number == "P01-v1"
    assert queries.current("P01", date(2026, 4, 1)).terms.amount_max == Money(90_000_000)
    assert Event.objects.filter(name="product.published").get().payload["version"] == "P01-v2"


def test_who_wrote_or_submitted_it_cannot_publish_it(draft, maker) -> None:
    both = _person("both", roles.RISK_MANAGER, roles.COMPLIANCE)
    edited(draft, both)
    submit(draft, maker)
    for person in (both, replace(maker, permissions=both.permissions, roles=both.roles)):
        with pytest.raises(SamePerson):
            publish_version(version_number=draft.number, by=person)
    assert ProductVersion.objects.get(number=draft.number).status == "submitted"


def test_what_is_submitted_is_not_edited_and_what_is_returned_is(draft, maker, checker) -> None:
    edited(draft, maker)
    submit(draft, maker)
    with pytest.raises(NotADraft):
        edited(draft, maker)
    assert return_version(version_number=draft.number, opinion="期限太长", by=checker).status == "draft"
    assert edited(draft, maker, periods_max=48).terms.periods_max == 48
    submit(draft, maker)
    approval_steps.withdraw(request_number=ProductVersion.objects.get(number=draft.number).approval_number, by=maker)
    assert ProductVersion.objects.get(number=draft.number).status == "draft"


def _dear(draft: ProductVersion) -> dict[str, dict]:
    fee = FeeRule(code="x", label="服务费", english="Service", when=FeeWhen.UPFRONT, amount=Money(150_000))
    price = MethodPrice(method=Method.FLAT_EQUAL, rate_min=Decimal("0.05"), rate_default=Decimal("0.1"), rate_max=Decimal("0.14"))
    return {
        "CAP_ALLIN_24 by a fee on the smallest loan": {"fees": (fee, replace(fee, code="y"))},
        "CAP_ALLIN_24 by a flat rate": {"prices": (price,)},
        "TERM_MAX_NEW": {"periods_max": 61},
        "LTV_USED": {"vehicle": replace(draft.terms.vehicle, conditions=("new", "used"))},
        "PENALTY_MULT_OVERDUE": {"penalty": replace(draft.terms.penalty, multiple=Decimal("1.6"))},
    }


def test_a_version_whose_worst_corner_breaks_a_cap_is_refused(draft, maker) -> None:
    for rule, changes in _dear(draft).items():
        edited(draft, maker, **{**{name: getattr(seeds.new_car(), name) for name in ("fees", "prices", "periods_max", "vehicle", "penalty")}, **changes})
        with pytest.raises(CapExceeded) as refusal:
            submit(draft, maker)
        assert refusal.value.facts["rule"] == rule.split()[0], rule
    assert ProductVersion.objects.get(number=draft.number).status == "draft"


def test_a_cap_that_came_down_since_refuses_the_publication(draft, maker, checker) -> None:
    from chezhe.kernel.models import Parameter

    edited(draft, maker)
    submit(draft, maker)
    Parameter.objects.create(code="CAP_ALLIN_24", value="0.10", unit="rate", effective_from=DAY, source="试")
    with pytest.raises(CapExceeded):
        publish_version(version_number=draft.number, by=checker)


@pytest.mark.parametrize(("changes", "field"), [
    ({"prices": ()}, "methods"), ({"periods_min": 0}, "periods_max"), ({"amount_min": Money(0)}, "amount_max"),
    ({"ltv_max": Decimal("1.2")}, "ltv_max"), ({"borrower_kinds": ()}, "borrower_kinds"), ({"guarantees": ("x",)}, "guarantees"),
    ({"description": ""}, "description"), ({"allocations": ()}, "allocation"),
])
def test_incomplete_terms_are_refused_at_their_field(draft, maker, changes, field) -> None:
    with pytest.raises(Invalid) as refusal:
        edited(draft, maker, **changes)
    assert refusal.value.field == field


def test_two_editors_notice_each_other(draft, maker) -> None:
    seen = draft.content_hash
    edited(draft, maker, periods_max=48)
    with pytest.raises(EditedMeanwhile):
        edit_version(version_number=draft.number, terms=seeds.new_car(), effective_from=DAY, note="", based_on=seen, by=maker)


def test_a_version_cannot_begin_in_the_past(draft, maker) -> None:
    edit_version(version_number=draft.number, terms=draft.terms, effective_from=date(2026, 3, 19), note="", by=maker)
    with pytest.raises(BeginsInThePast):
        submit(draft, maker)


def test_a_retired_version_is_offered_until_its_day(maker) -> None:
    retired = retire_version(version_number="P03-v1", retire_on=date(2026, 4, 1), reason="换代", business_date=DAY, by=maker)
    assert retired.status == "retired" and queries.current("P03", date(2026, 3, 31)) == retired
    with pytest.raises(queries.NotOnOffer):
        queries.current("P03", date(2026, 4, 1))
    with pytest.raises(WrongState):
        retire_version(version_number="P03-v1", retire_on=DAY, reason="x", business_date=DAY, by=maker)
    for wrong in ({"retire_on": date(2026, 3, 1)}, {"reason": " "}):
        with pytest.raises(Invalid):
            retire_version(**{"version_number": "P02-v1", "retire_on": DAY, "reason": "x", "business_date": DAY, "by": maker, **wrong})


def test_a_discarded_draft_makes_room_for_another(draft, maker) -> None:
    assert discard_version(version_number=draft.number, by=maker).status == "discarded"
    assert draft_version(product_code="P01", business_date=DAY, by=maker).number == "P01-v3"


def test_a_new_product_begins_with_cautious_terms(maker) -> None:
    create_product(code="P09", name="试点产品", english="Pilot", by=maker)
    assert draft_version(product_code="P09", business_date=DAY, by=maker).terms.methods == (Method.EQUAL_INSTALMENT,)
    for wrong in ({"code": "p9"}, {"code": "P01"}, {"name": ""}):
        with pytest.raises(Invalid):
            create_product(**{"code": "P10", "name": "试点", "english": "Pilot", **wrong}, by=maker)


def test_wu_may_do_nothing(draft) -> None:
    with pytest.raises(NotPermitted):
        submit(draft, WU)
    with pytest.raises(NotPermitted):
        publish_version(version_number=draft.number, by=WU)


def test_a_draft_waits_until_it_is_submitted_or_thrown_away(maker) -> None:
    before = worklists.drafts().count()
    create_product(code="P09", name="测试", english="Test", by=maker)
    draft = draft_version(product_code="P09", business_date=DAY, by=maker)
    assert worklists.drafts().count() == before + 1 and draft in worklists.drafts()
    discard_version(version_number=draft.number, by=maker)
    assert worklists.drafts().count() == before
