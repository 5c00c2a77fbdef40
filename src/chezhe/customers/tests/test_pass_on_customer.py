from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chezhe.customers import errors, queries
from chezhe.customers.actions.pass_on_customer import pass_on_customer
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.people import Cast, hire
from chezhe.kernel import business_date, roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import NotFound, NothingChanged, NotPermitted, ReasonRequired
from chezhe.kernel.testing import WU
from chezhe.staff.models import User

TODAY = date(2026, 3, 16)


@pytest.fixture
def wang(cast: Cast) -> Customer:
    return person(WANG, cast.lin)


@pytest.fixture
def fang(cast: Cast) -> Actor:
    return hire("方", cast.east, roles.SALES, reach=Reach.OWN)


def name_of(actor: Actor) -> str:
    return User.objects.get(pk=actor.user_id).username


def pass_on(wang: Customer, to: str, by: Actor, reason: str = "调整分工") -> Customer:
    return pass_on_customer(customer_number=wang.number, owner_username=to, reason=reason, business_date=TODAY, by=by)


def test_the_manager_gives_the_customer_to_a_colleague_and_the_history_says_so(wang: Customer, fang: Actor, cast: Cast) -> None:
    passed = pass_on(wang, name_of(fang), cast.gao)
    assert (passed.owner_id, passed.owned_since) == (fang.user_id, TODAY)
    line = queries.history(passed)[0]
    assert (str(line.label), line.before, line.after) == ("客户经理", "林", "方")
    assert Customer.objects.visible_to(fang).count() == 1 and Customer.objects.visible_to(cast.lin).count() == 0


def test_only_somebody_of_the_branch_for_a_reason_by_a_manager(wang: Customer, fang: Actor, cast: Cast) -> None:
    for to in (name_of(cast.mei), name_of(cast.chen), "nobody", ""):
        with pytest.raises(errors.ColleagueUnknown):
            pass_on(wang, to, cast.gao)
    with pytest.raises(ReasonRequired):
        pass_on(wang, name_of(fang), cast.gao, reason=" ")
    with pytest.raises(NothingChanged):
        pass_on(wang, name_of(cast.lin), cast.gao)
    with pytest.raises(NotPermitted):
        pass_on(wang, name_of(fang), cast.lin)
    with pytest.raises((NotFound, NotPermitted)):
        pass_on(wang, name_of(fang), WU)
    wang.refresh_from_db()
    assert (wang.owner_id, wang.owned_since, wang.changes.count()) == (cast.lin.user_id, None, 0)


def test_by_page_and_over_the_api(wang: Customer, fang: Actor, cast: Cast, browser: Any) -> None:
    business_date.open_day(TODAY)
    client = browser.acts_as(cast.gao)
    page = client.get(f"/customers/{wang.number}/pass-on/").content.decode()
    assert "方" in page and name_of(cast.lin) not in page
    assert client.post(f"/customers/{wang.number}/pass-on/", {"owner_username": name_of(fang), "reason": ""}).status_code == 422
    gone = client.post(f"/customers/{wang.number}/pass-on/", {"owner_username": name_of(fang), "reason": "调整分工"})
    assert gone.status_code == 302 and "转交客户" in client.get(f"/customers/{wang.number}/").content.decode()
    wang.refresh_from_db()
    assert wang.owner_id == fang.user_id
    back = {"owner_username": name_of(cast.lin), "reason": "原客户经理休假结束"}
    assert client.api(f"customers/{wang.number}/pass-on", {**back, "owner_username": "nobody"}).json()["code"] == "colleague_unknown"
    assert client.api(f"customers/{wang.number}/pass-on", back).json()["owner"] == "林"
