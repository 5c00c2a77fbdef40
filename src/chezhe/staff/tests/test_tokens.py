from datetime import timedelta

import pytest
from django.test import Client

from chezhe.kernel import clock, roles
from chezhe.kernel.errors import Invalid
from chezhe.staff import second_factor, tokens
from chezhe.staff.actions.issue_token import issue_token
from chezhe.staff.models import ApiToken, RolePermission
from chezhe.staff.tests.cast import AT, SECRET, acting, branch, person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(AT):
        yield


def issue(user, *scopes, days=30):
    return issue_token(label="对账接口", scopes=scopes or ["staff.view"], days=days, by=acting(user)).secret


def get(token, path="/api/v1/staff/users"):
    return Client().get(path, headers={"Authorization": f"Bearer {token}"})


def test_a_token_does_what_its_scopes_say_and_no_more():
    ada = person("ada", roles.ADMIN, enrolled=True)
    token = issue(ada, "staff.view")
    assert [u["username"] for u in get(token).json()["items"]] == ["ada"]
    post = Client().post(
        "/api/v1/staff/regions", {"code": "EAST", "name": "华东"}, content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"},
    )
    assert (post.status_code, post.json()["code"]) == (403, "not_permitted")


def test_only_the_digest_is_kept_and_the_hint_says_little():
    token = issue(person("ada", roles.ADMIN, enrolled=True))
    row = ApiToken.objects.get()
    assert token.startswith("czt_") and len(token) > 40
    assert token not in str(row.__dict__)
    assert len(row.hint) == 10


@pytest.mark.parametrize("given", ["", "czt_nonsense", "Bearer", "x" * 500])
def test_a_wrong_token_is_nobody(given):
    assert get(given).status_code == 401
    assert tokens.read_actor(given) is None


def test_it_ends_on_its_day_and_when_it_is_revoked():
    token = issue(person("ada", roles.ADMIN, enrolled=True), days=1)
    assert get(token).status_code == 200
    with clock.at(AT + timedelta(days=1)):
        assert get(token).status_code == 401
    ApiToken.objects.update(revoked_at=AT)
    assert get(token).status_code == 401


def test_it_loses_what_its_owner_loses():
    token = issue(person("mei", roles.BRANCH_MGR, at=branch(), enrolled=True))
    assert get(token).status_code == 200
    RolePermission.objects.filter(permission="staff.view").delete()
    assert get(token).status_code == 403


def test_it_never_falls_back_to_the_browsers_session():
    from chezhe.staff.tests.cast import signed_in

    client = signed_in(person("ada", roles.ADMIN, enrolled=True))
    assert client.get("/api/v1/staff/me").status_code == 200
    assert client.get("/api/v1/staff/me", headers={"Authorization": "Bearer czt_wrong"}).status_code == 401


def test_it_opens_no_pages():
    token = issue(person("ada", roles.ADMIN, enrolled=True))
    assert get(token, "/staff/people/").status_code == 302


@pytest.mark.parametrize(
    ("given", "field"),
    [({"scopes": ["staff.manage_people"]}, "scopes"), ({"scopes": []}, "scopes"), ({"days": 0}, "days"), ({"days": 366}, "days"),
     ({"label": " "}, "label")],
)
def test_a_token_cannot_exceed_its_owner_or_the_year(given, field):
    mei = acting(person("mei", roles.BRANCH_MGR, at=branch()))
    with pytest.raises(Invalid) as refused:
        issue_token(**{"label": "接口", "scopes": ["staff.view"], "days": 30, **given}, by=mei)
    assert refused.value.field == field


def test_a_token_steps_up_with_a_code_and_wrong_ones_are_counted():
    token = issue(person("ada", roles.ADMIN, enrolled=True))
    headers = {"Authorization": f"Bearer {token}"}

    def put(code):
        return Client().put("/api/v1/staff/step-up", {"code": code}, content_type="application/json", headers=headers)

    assert put("000000").json()["code"] == "wrong_code"
    assert put(second_factor.code_at(SECRET, AT)).status_code == 200
    assert tokens.read_actor(token).stepped_up_at == AT
    assert [put("000000").status_code for _index in range(6)][-1] == 429
