"""On which conditions people may agree to what the table of limits could not judge: the hardest that any of its rows asks for."""

from __future__ import annotations

from typing import Any

import pytest

from chezhe.customers.models import Customer
from chezhe.customers.tests import filing
from chezhe.documents.tests.people import Cast
from chezhe.policies.models import PolicyVersion
from chezhe.risk.deciding import conditions, replaying
from chezhe.risk.deciding.models import Decision
from chezhe.risk.deciding.values import LIMITS
from chezhe.risk.tests.deciding.telling import asking, decided, tell

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("house")]
SUBJECT = "application:A26-000001-8"


@pytest.fixture
def wang(cast: Cast) -> Customer:
    return filing.person(filing.WANG, cast.lin)


def stage_of(made: Decision) -> dict[str, Any]:
    return next(stage for stage in replaying.told(made)["verdict"]["stages"] if stage["name"] == LIMITS)


def hardest(made: Decision) -> bool:
    found = conditions.of(made)
    return (found.guarantor_needed, found.gps_wired, found.gps_wireless) == (True, 1, 2)


def test_a_tier_has_its_own_conditions(wang: Customer, cast: Cast) -> None:
    tell(wang, SUBJECT, SUBJECT)
    made = decided(asking(wang, cast.lin), cast.lin)
    assert made.tier == "A" and not hardest(made) and conditions.of(made).gps_wired == 1


def test_a_company_without_a_card_has_those_of_the_hardest_row(firm: Customer, cast: Cast) -> None:
    made = decided(asking(firm, cast.lin, borrower_kind="company"), cast.lin)
    assert (made.tier, stage_of(made)["outputs"]) == ("", []) and made.outcome != "approved"
    assert hardest(made) and conditions.of_subject(SUBJECT).words == ["须有担保人", "安装有线 GPS 1 台", "安装无线 GPS 2 台"]


def test_a_fact_that_is_wanting_makes_no_condition_easier(wang: Customer, cast: Cast) -> None:
    tell(wang, SUBJECT, SUBJECT, without=("bureau_score",))
    assert hardest(decided(asking(wang, cast.lin), cast.lin))


def test_where_no_row_asks_for_anything_nothing_is_asked_for(wang: Customer, cast: Cast) -> None:
    """The hardest row is that of the table which judged, by its hash: one of the house's own may ask for less."""
    version = PolicyVersion.objects.get(policy__code=LIMITS)
    table = version.content
    for rule in table["rules"]:
        rule["then"][-3:] = ["false", "", "1"]
    plain = PolicyVersion(
        policy=version.policy, version=2, number="limits-v2", status="published", effective_from=version.effective_from,
        drafted_by_name="", drafted_at=version.drafted_at, published_at=version.published_at, content=table)
    plain.write(plain.table)
    plain.save()
    found = conditions.of(decided(asking(wang, cast.lin), cast.lin))
    assert (found.guarantor_needed, found.gps_wired, found.gps_wireless) == (False, 0, 1)


def test_without_a_table_there_is_nothing_to_ask_for(wang: Customer, cast: Cast) -> None:
    told = replaying.told(decided(asking(wang, cast.lin), cast.lin))
    told["policies"][LIMITS] = None
    assert conditions.in_record(told).words == []


def test_a_table_that_is_gone_may_have_asked_for_a_guarantor(wang: Customer, cast: Cast) -> None:
    told = replaying.told(decided(asking(wang, cast.lin), cast.lin))
    told["policies"][LIMITS]["hash"] = "0" * 64
    assert conditions.in_record(told).words == ["须有担保人"]
