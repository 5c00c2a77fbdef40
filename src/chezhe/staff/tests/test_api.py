import json
from itertools import count

import pytest

from chezhe.kernel import clock, roles
from chezhe.staff.models import AccessChange, ApiToken, RoleGrant, StaffSession, User
from chezhe.staff.tests.cast import AT, acting, branch, person, region, signed_in
from chezhe.staff.tokens import issue

pytestmark = pytest.mark.django_db
_keys = count()


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(AT):
        yield


class Caller:
    """A program with the token of a person."""

    def __init__(self, client, user):
        self.client = client
        self.row, token = issue(user, "test", sorted(acting(user).permissions), AT.replace(year=2027), AT)
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path):
        return self.client.get(f"/api/v1/staff/{path}", headers=self.headers)

    def post(self, path, **body):
        headers = self.headers | {"Idempotency-Key": f"key-{next(_keys)}"}
        return self.client.post(f"/api/v1/staff/{path}", json.dumps(body), content_type="application/json", headers=headers)


@pytest.fixture
def ada(client):
    return Caller(client, person("ada", roles.ADMIN, enrolled=True))


def test_a_persons_whole_life(ada):
    branch()
    made = ada.post("users", username="lin", name="林晓", branch="SH01")
    assert made.status_code == 201
    assert User.objects.get(username="lin").check_password(made.json()["secret"])
    proposed = ada.post("users/lin/grants", role="sales", reach="branch", branch="SH01", starts_on="2026-03-16", reason="入职")
    assert (proposed.status_code, proposed.json()["status"]) == (201, "proposed")
    number = proposed.json()["number"]
    assert ada.get(f"access-changes/{number}").json()["username"] == "lin"
    assert ada.post(f"access-changes/{number}/withdraw").json()["status"] == "withdrawn"
    assert ada.post("users/lin/disable", reason="离职").json()["is_active"] is False
    assert ada.post("users/lin/enable").json()["is_active"] is True
    assert len(ada.post("users/lin/reset", reason="忘记密码").json()["secret"]) == 20


def test_people_come_in_pages(ada):
    for index in range(5):
        person(f"user{index}", at=branch())
    first = ada.get("users?limit=3").json()
    second = ada.get(f"users?limit=3&cursor={first['next_cursor']}").json()
    assert len(first["items"]) == len(second["items"]) == 3
    assert second["next_cursor"] is None


def test_people_cost_few_queries(ada, django_assert_max_num_queries):
    for index in range(12):
        person(f"user{index}", roles.SALES, at=branch())
    with django_assert_max_num_queries(9):
        assert len(ada.get("users").json()["items"]) == 13


def test_places_and_rights(ada):
    assert ada.post("regions", code="EAST", name="华东区").status_code == 201
    assert ada.post("branches", code="SH01", name="上海一店", region="EAST").json()["region"] == "EAST"
    assert [r["code"] for r in ada.get("regions").json()["items"]] == ["EAST"]
    assert [b["code"] for b in ada.get("branches").json()["items"]] == ["SH01"]
    change = ada.post("roles/sales/permissions", permissions=["staff.own_account"], reason="精简")
    assert change.status_code == 201
    assert AccessChange.objects.get().kind == "permissions"


def test_a_role_is_revoked(ada):
    lin = person("lin", roles.SALES, at=branch())
    answer = ada.post(f"grants/{RoleGrant.objects.get(user=lin).pk}/revoke", reason="转岗")
    assert answer.json()["ends_on"] == "2026-03-16"


def test_delegations_tokens_and_sessions_of_ones_own(client):
    chen, du = person("chen", roles.RISK_OFFICER, at=branch()), person("du", roles.SALES, at=branch())
    caller = Caller(client, chen)
    given = caller.post(
        "delegations", delegate="du", roles=["risk_officer"], starts_on="2026-03-16", ends_on="2026-03-18", reason="休假")
    assert given.status_code == 201
    assert Caller(client, du).get("delegations").json()["items"][0]["delegator"] == "chen"
    assert caller.post(f"delegations/{given.json()['id']}/end").json()["is_ended"] is True
    assert caller.post("tokens", label="导出", scopes=["staff.own_account"], days=3).status_code == 403, "the second factor comes first"
    ApiToken.objects.filter(pk=caller.row.pk).update(stepped_up_at=AT)
    made = caller.post("tokens", label="导出", scopes=["staff.own_account"], days=3)
    assert made.json()["token"].startswith("czt_")
    assert "token" not in caller.get("tokens").json()["items"][0]
    assert caller.post(f"tokens/{made.json()['id']}/revoke").status_code == 200
    signed_in(chen)
    row = caller.get("sessions").json()["items"][0]
    caller.post(f"sessions/{row['id']}/end")
    assert StaffSession.objects.get(pk=row["id"]).ended_at == AT


def test_refusals_are_problem_details(ada):
    region()
    assert ada.post("users", username="lin").json()["errors"][0] == {"field": "name", "code": "missing", "message": "此项必填。"}
    unknown = ada.post("regions", code="A1", name="x", color="red")
    assert (unknown.status_code, unknown.json()["errors"][0]["code"]) == (422, "extra_forbidden")
    taken = ada.post("regions", code="EAST", name="又一个")
    assert (taken.status_code, taken.json()["code"], taken.json()["field"]) == (422, "place_exists", "code")
    assert ada.get("users/nobody").status_code == 404


def test_out_of_reach_is_not_there(client):
    person("han", roles.SALES, at=branch("HZ01", "杭州一店"))
    mei = Caller(client, person("mei", roles.BRANCH_MGR, at=branch(), enrolled=True))
    assert mei.get("users/han").status_code == 404
    assert [u["username"] for u in mei.get("users").json()["items"]] == ["mei"]
    wu = Caller(client, person("wu"))
    assert wu.get("users").status_code == 403
    assert wu.get("me").json()["roles"] == []
