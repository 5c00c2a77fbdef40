from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chezhe.documents.tests.people import Cast, hire
from chezhe.kernel import roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted
from chezhe.kernel.testing import WU
from chezhe.workbench.actions.choose_default_view import choose_default_view
from chezhe.workbench.actions.edit_view import edit_view
from chezhe.workbench.actions.remove_view import remove_view
from chezhe.workbench.actions.save_view import save_view
from chezhe.workbench.models import SavedView
from chezhe.workbench.shelf import Shelf

LEADS = "leads:leads"


def keep(by: Any, name: str = "未结的", query: str = "state=open", **more: Any) -> SavedView:
    return save_view(**{"list_key": LEADS, "path": "/leads/", "query": query, "name": name, "by": by} | more)


def names(actor: Any) -> list[str]:
    return [view.name for view in Shelf().views_of(actor, LEADS)]


def text(response: Any) -> str:
    return response.content.decode()


def test_a_view_is_ones_own_until_it_is_shared(cast: Cast) -> None:
    keep(cast.lin)
    assert names(cast.lin) == ["未结的"] and names(cast.gao) == names(cast.mei) == names(WU) == []
    keep(cast.gao, "门店的", role=roles.SALES)
    assert names(cast.lin) == ["未结的", "门店的"]
    assert names(cast.mei) == [], "another branch"
    assert names(cast.chen) == [], "another role"


def test_who_sees_all_shares_with_every_branch(cast: Cast) -> None:
    keep(cast.xu, "审计看的", role=roles.SALES)
    assert names(cast.lin) == names(cast.mei) == ["审计看的"]


def test_the_same_name_replaces_and_another_list_is_another_list(cast: Cast) -> None:
    first, second = keep(cast.lin), keep(cast.lin, query="state=lost")
    assert first.pk == second.pk and SavedView.objects.get().query == "state=lost"
    save_view(list_key="vehicles:vehicles", path="/vehicles/", query="", name="未结的", by=cast.lin)
    assert names(cast.lin) == ["未结的"]


def test_it_keeps_no_search_no_page_and_shares_no_scope(cast: Cast) -> None:
    assert keep(cast.gao, query="q=王小明&page=3&scope=own&state=open&cols=number,owner.name").query == "cols=number,owner.name&scope=own&state=open"
    assert keep(cast.gao, query="scope=own&state=open", role=roles.SALES).query == "state=open"


@pytest.mark.parametrize(("name", "query"), [("", ""), ("  ", ""), ("长" * 41, ""), ("好", "x=" + "y" * 2000)])
def test_it_refuses_a_name_or_a_query_that_cannot_be_kept(cast: Cast, name: str, query: str) -> None:
    with pytest.raises(Invalid):
        keep(cast.lin, name, query)
    assert not SavedView.objects.exists()


def test_sharing_asks_for_its_own_permission_and_a_role_that_exists(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        keep(cast.lin, role=roles.SALES)
    with pytest.raises(Invalid):
        keep(cast.gao, role="emperor")
    mine = keep(cast.lin)
    with pytest.raises(NotPermitted):
        edit_view(view_key=mine.key, name=mine.name, role=roles.SALES, by=cast.lin)
    assert not SavedView.objects.exclude(role="").exists()


def test_editing_and_removing_is_for_the_owner(cast: Cast) -> None:
    shared = keep(cast.gao, role=roles.SALES)
    for act in (lambda: edit_view(view_key=shared.key, name="x", role="", by=cast.lin), lambda: remove_view(view_key=shared.key, by=cast.lin)):
        with pytest.raises(NotFound):
            act()
    keep(cast.gao, "另一个")
    with pytest.raises(Invalid, match="同名"):
        edit_view(view_key=shared.key, name="另一个", role="", by=cast.gao)
    edit_view(view_key=shared.key, name="改了名", role="", by=cast.gao)
    assert names(cast.lin) == [] and names(cast.gao) == ["另一个", "改了名"]
    remove_view(view_key=shared.key, by=cast.gao)
    assert names(cast.gao) == ["另一个"]


def test_each_person_chooses_what_a_list_opens_with(cast: Cast) -> None:
    shared = keep(cast.gao, role=roles.SALES, is_default=True)
    opens = {who.name: [v.is_default for v in Shelf().views_of(who, LEADS)] for who in (cast.gao, cast.lin)}
    assert opens == {"高": [True], "林": [False]}
    choose_default_view(list_key=LEADS, view_key=shared.key, by=cast.lin)
    assert [v.is_default for v in Shelf().views_of(cast.lin, LEADS)] == [True]
    choose_default_view(list_key=LEADS, view_key="", by=cast.lin)
    assert [v.is_default for v in Shelf().views_of(cast.lin, LEADS)] == [False]
    with pytest.raises(NotFound):
        choose_default_view(list_key=LEADS, view_key=shared.key, by=cast.mei)
    with pytest.raises(NotFound):
        choose_default_view(list_key="vehicles:vehicles", view_key=shared.key, by=cast.lin)


def test_acting_for_somebody_does_not_open_their_views(cast: Cast) -> None:
    keep(cast.lin)
    assert names(replace(cast.mei, on_behalf_of_id=cast.lin.user_id)) == []


def test_a_list_is_kept_opened_and_looked_after_by_page(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.gao)
    kept = client.post("/views/save/", {
        "path": "/leads/", "query": "state=open&cols=number,status&q=王", "name": "跟进中", "role": roles.SALES, "is_default": "yes"})
    view = SavedView.objects.get()
    assert kept["Location"] == f"/leads/?cols=number,status&state=open&view={view.key}"
    assert client.get("/leads/")["Location"] == kept["Location"]
    page = text(client.get(kept["Location"]))
    assert "跟进中" in page and "意向产品</th>" not in page
    assert client.get("/leads/?view=all").status_code == 200
    managed = text(client.get("/views/"))
    assert "跟进中" in managed and f"/views/{view.key}/remove/" in managed
    theirs = text(browser.acts_as(cast.lin).get("/views/"))
    assert "跟进中" in theirs and f"/views/{view.key}/remove/" not in theirs
    assert browser.get(f"/views/{view.key}/").status_code == 404
    client = browser.acts_as(cast.gao)
    assert client.post(f"/views/{view.key}/", {"name": "", "role": ""}).status_code == 422
    assert client.post(f"/views/{view.key}/", {"name": "都在跟", "role": ""}).status_code == 302
    assert client.post("/views/default/", {"list": LEADS, "view": ""}).status_code == 302
    assert client.get("/leads/").status_code == 200
    client.post(f"/views/{view.key}/remove/")
    assert "还没有视图" in text(client.get("/views/"))


def test_a_view_that_was_refused_says_why_on_the_list(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    answer = client.post("/views/save/", {"path": "/leads/", "query": "state=open", "name": " "}, follow=True)
    assert answer.redirect_chain[0][0] == "/leads/?state=open" and "1 至 40 个字" in text(answer)


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "/nothing/here/", "", "javascript:alert(1)"])
def test_only_pages_of_ours_can_be_kept(cast: Cast, browser: Any, path: str) -> None:
    answer = browser.acts_as(cast.lin).post("/views/save/", {"path": path, "query": "", "name": "x"})
    assert answer.status_code == 404 and not SavedView.objects.exists()


def test_views_over_the_api(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.gao)
    made = client.api("workbench/views", {"path": "/leads/", "name": "跟进中", "query": "state=open&q=王", "role": roles.SALES})
    assert made.status_code == 201 and made.json()["query"] == "state=open" and made.json()["is_mine"]
    assert client.api("workbench/views", {"path": "/nowhere/", "name": "x"}).status_code == 404
    assert client.api("workbench/views", {"path": "/leads/", "name": "x", "extra": 1}).status_code == 422
    key = made.json()["key"]
    theirs = browser.acts_as(cast.lin).api("workbench/views").json()["items"]
    assert [(view["key"], view["is_mine"]) for view in theirs] == [(key, False)]
    assert browser.api(f"workbench/views/{key}/remove", {}).status_code == 404
    chosen = browser.put("/api/v1/workbench/views/default", {"path": "/leads/", "key": key}, content_type="application/json")
    assert chosen.status_code == 204 and browser.api("workbench/views").json()["items"][0]["is_default"]
    renamed = {"name": "跟进", "role": roles.SALES}
    assert browser.patch(f"/api/v1/workbench/views/{key}", renamed, content_type="application/json").status_code == 404
    browser.acts_as(cast.gao)
    assert browser.patch(f"/api/v1/workbench/views/{key}", renamed, content_type="application/json").json()["name"] == "跟进"
    assert browser.acts_as(cast.gao).api(f"workbench/views/{key}/remove", {}).status_code == 204
    assert browser.api("workbench/views").json()["items"] == []


def test_the_list_in_sight_stays_in_english(cast: Cast, browser: Any) -> None:
    hire("管", cast.east, roles.ADMIN, reach=Reach.ALL)
    for path in ("/views/", "/leads/"):
        page = text(browser.acts_as(cast.gao).get(path, headers={"Accept-Language": "en"}))
        assert "List views" in page or "Save this view" in page
