from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chezhe.documents.tests.people import Cast
from chezhe.kernel import clock, roles
from chezhe.kernel.errors import NotFound, NotPermitted
from chezhe.kernel.testing import moment
from chezhe.leads.models import Lead
from chezhe.leads.tests.asking import WANG, lead
from chezhe.staff.models import RoleGrant
from chezhe.workbench.actions.count_view import count_view
from chezhe.workbench.actions.subscribe_view import subscribe_view
from chezhe.workbench.actions.unsubscribe_view import unsubscribe_view
from chezhe.workbench.models import SavedView, Subscription
from chezhe.workbench.tasks import count_views
from chezhe.workbench.tests.test_saved_views import keep, text


def morning_of(day: str, time: str = "08:30") -> None:
    with clock.at(moment(f"{day} {time}")):
        count_views()


def counted() -> tuple[Any, Any]:
    row = Subscription.objects.get()
    return row.rows, row.change


def enquiry(owner: Any, mobile: str) -> Lead:
    return lead(owner, replace(WANG, mobile=mobile))


def test_a_subscribed_view_is_counted_once_a_morning_with_the_subscribers_rights(cast: Cast) -> None:
    view = keep(cast.gao, "门店的", query="", role=roles.SALES)
    subscribe_view(view_key=view.key, by=cast.lin)
    assert subscribe_view(view_key=view.key, by=cast.lin).pk == Subscription.objects.get().pk, "twice is once"
    morning_of("2026-11-24", "08:29")
    assert counted() == (None, None), "not before half past eight"
    morning_of("2026-11-24")
    assert counted() == (0, None)
    enquiry(cast.lin, "13812345678")
    enquiry(cast.mei, "13912345678")
    morning_of("2026-11-24", "17:00")
    assert counted() == (0, None), "once a day"
    morning_of("2026-11-25")
    assert counted() == (1, 1), "the other branch's is not hers to see"


def test_what_is_no_longer_open_has_no_number(cast: Cast) -> None:
    view = keep(cast.gao, "门店的", query="", role=roles.SALES)
    subscribe_view(view_key=view.key, by=cast.lin)
    morning_of("2026-11-24")
    RoleGrant.objects.filter(user_id=cast.lin.user_id).delete()
    morning_of("2026-11-25")
    assert counted() == (None, None)


def test_a_view_that_one_cannot_see_cannot_be_subscribed_to(cast: Cast) -> None:
    view = keep(cast.gao)
    with pytest.raises(NotFound):
        subscribe_view(view_key=view.key, by=cast.lin)
    subscribe_view(view_key=view.key, by=cast.gao)
    with pytest.raises(NotFound):
        unsubscribe_view(view_key=view.key, by=cast.lin)
    assert Subscription.objects.count() == 1, "only one's own ends"
    unsubscribe_view(view_key=view.key, by=cast.gao)
    assert not Subscription.objects.exists()
    with pytest.raises(NotPermitted):
        count_view(subscription_id=1, rows=1, on=clock.today(), by=cast.gao)


def test_it_is_subscribed_to_by_page_and_shown_at_home(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.gao)
    view = keep(cast.gao, "跟进中", query="")
    assert f"/views/{view.key}/subscribe/" in text(client.get("/views/"))
    assert "每天 08:30 统计" in text(client.post(f"/views/{view.key}/subscribe/", follow=True))
    morning_of("2026-11-24")
    enquiry(cast.lin, "13812345678")
    morning_of("2026-11-25")
    assert "/today/subscribed/" in text(client.get("/"))
    home = text(client.get("/today/subscribed/"))
    assert "订阅的视图" in home and "比上次多 1" in home and f"/leads/?view={view.key}" in home
    assert f"/views/{view.key}/unsubscribe/" in text(client.get("/views/"))
    client.post(f"/views/{view.key}/unsubscribe/")
    assert "订阅的视图" not in text(client.get("/today/subscribed/"))
    SavedView.objects.all().delete()
