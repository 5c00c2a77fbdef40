import html
import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse

from chezhe.kernel import action, clock, roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.permission import REGISTRY
from chezhe.staff import queries, steps
from chezhe.staff.models import AccessChange, ApiToken, Branch, Delegation, Region, RoleGrant, RolePermission, User
from chezhe.staff.tests.cast import AT, PASSWORD, branch, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(AT):
        yield


@pytest.fixture
def ada():
    return signed_in(person("ada", roles.ADMIN, enrolled=True))


def text_of(response):
    return html.unescape(re.sub(r"<[^>]+>", "\n", response.content.decode()))


def test_the_matrix_lists_every_registered_permission_and_every_role(ada):
    page = text_of(ada.get("/staff/matrix/"))
    for code, permission in REGISTRY.items():
        assert code in page, code
        assert str(permission.label) in page, code
    for label in roles.LABELS.values():
        assert str(label) in page
    for spec in action.REGISTRY.values():
        assert str(spec.label) in page, f"{spec.name} is opened by no row"


def test_the_matrix_shows_what_the_table_says_and_narrows(ada):
    full = ada.get("/staff/matrix/").content.decode()
    of_finance = ada.get("/staff/matrix/?role=finance&room=staff").content.decode()
    assert full.count('class="rights-cell') > of_finance.count('class="rights-cell') > 0
    assert "staff.manage_people" not in text_of(ada.get("/staff/matrix/?role=finance&room=staff"))
    assert "staff.grant_roles" in text_of(ada.get("/staff/matrix/?q=grant_roles"))
    by_verb = text_of(ada.get("/staff/matrix/?q=领取线索"))
    assert "leads.follow" in by_verb and "leads.assign" not in by_verb
    assert "没有符合条件的权限" in text_of(ada.get("/staff/matrix/?q=zzzz"))
    assert ada.get("/staff/matrix/?role=king&room=moon").status_code == 200


def test_the_responsibility_page_has_every_action_with_its_letters(ada):
    page = ada.get("/staff/responsibility/")
    for name, spec in action.REGISTRY.items():
        assert name in text_of(page), name
        assert page.content.decode().count(f">{html.escape(str(spec.label))}</span>") == 1, name
    for letters in ("R", "RA", "A", "C", "I"):
        assert f">{letters}</span>" in page.content.decode()


def test_the_letters_say_who_does_answers_is_asked_and_is_told():
    table = {line.action.name: line for lines in queries.responsibilities().values() for line in lines}
    suspend = dict(zip(roles.ALL, table["channels.suspend_dealer"].letters(), strict=True))
    assert {role: letters for role, letters in suspend.items() if letters} == {
        roles.RISK_MANAGER: "R", roles.BRANCH_MGR: "R", roles.REGIONAL_MGR: "RA", roles.CHANNEL_MGR: "C", roles.COMPLIANCE: "C",
        roles.SALES: "I",
    }
    asked = [line.action.name for line in queries.responsibilities(role=roles.APPRAISER)["origination"]]
    assert asked == ["origination.vote_on_application", "origination.waive_condition"], "a consulted role finds its verbs"


def test_whoever_was_given_the_right_carries_it_out_and_is_no_longer_consulted():
    RolePermission.objects.create(role=roles.COMPLIANCE, permission="channels.suspend")
    [line] = [one for one in queries.responsibilities()["channels"] if one.action.name == "channels.exit_dealer"]
    assert line.letters()[roles.ALL.index(roles.COMPLIANCE)] == "R"


PAGES = [
    "staff:people", "staff:person_new", "staff:matrix", "staff:responsibility", "staff:access_changes", "staff:places",
    "staff:branch_new", "staff:region_new", "staff:account", "staff:token_new", "staff:change_password",
]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_for_an_administrator_and_not_for_a_stranger(ada, name):
    address = reverse(name)
    assert ada.get(address).status_code == 200
    stranger = Client().get(address)
    assert (stranger.status_code, stranger.url) == (302, f"/sign-in/?next={address}")


@pytest.mark.parametrize("name", ["staff:people", "staff:person_new", "staff:access_changes", "staff:places", "staff:branch_new"])
def test_wu_and_a_salesperson_are_told_who_can_grant(name):
    for user in (person("wu"), person("lin", roles.SALES, at=branch())):
        refused = signed_in(user).get(reverse(name))
        assert refused.status_code == 403
        assert "管理员" in text_of(refused)


def test_a_person_is_made_granted_and_switched_off_on_pages(ada):
    shop = branch()
    made = ada.post(reverse("staff:person_new"), {"username": "lin", "name": "林晓", "branch_code": shop.code})
    assert made.url == "/me/shown-once/"
    secret = re.search(r"secret-box\"><code>([^<]{20})</code>", ada.get(made.url).content.decode()).group(1)
    assert User.objects.get(username="lin").check_password(html.unescape(secret))
    granted = ada.post(reverse("staff:person_grant", args=["lin"]), {
        "role": "sales", "reach": "branch", "branch_code": shop.code, "starts_on": "2026-03-16", "reason": "入职"})
    assert granted.status_code == 302
    page = text_of(ada.get(reverse("staff:person", args=["lin"])))
    assert "等待另一位管理员复核" in page and AccessChange.objects.get().number in page
    assert ada.post(reverse("staff:person_disable", args=["lin"]), {"reason": ""}).status_code == 422
    ada.post(reverse("staff:person_disable", args=["lin"]), {"reason": "离职"})
    assert "已停用" in text_of(ada.get(reverse("staff:person", args=["lin"])))
    ada.post(reverse("staff:person_enable", args=["lin"]))
    assert User.objects.get(username="lin").is_active


def test_a_refusal_stands_beside_its_field(ada):
    person("lin", at=branch())
    answer = ada.post(reverse("staff:person_new"), {"username": "lin", "name": "林晓"})
    assert answer.status_code == 422
    assert "用户名 lin 已经有人使用" in text_of(answer)
    assert 'name="name" value="林晓"' in answer.content.decode()


def test_rights_of_a_role_are_proposed_on_a_page(ada):
    held = [c for c, p in REGISTRY.items() if roles.SALES in p.roles and c != "staff.delegate"]
    answer = ada.post(reverse("staff:role_permissions", args=["sales"]), {"wanted": held, "reason": "新分工"})
    change = AccessChange.objects.get()
    assert answer.url == reverse("staff:access_change", args=[change.number])
    page = text_of(ada.get(answer.url))
    assert "委托他人代办" in page and "待复核" in page
    ada.post(reverse("staff:access_change_withdraw", args=[change.number]))
    assert "已撤回" in text_of(ada.get(answer.url))


def test_a_role_is_taken_away_on_a_page(ada):
    lin = person("lin", roles.SALES, at=branch())
    address = reverse("staff:grant_revoke", args=["lin", RoleGrant.objects.get(user=lin).pk])
    assert ada.get(address).status_code == 200
    ada.post(address, {"reason": "转岗"})
    assert RoleGrant.objects.get(user=lin).ends_on == AT.date()


def test_places_are_made_on_pages(ada):
    ada.post(reverse("staff:region_new"), {"code": "NORTH", "name": "华北区"})
    ada.post(reverse("staff:branch_new"), {"code": "BJ01", "name": "北京一店", "city": "北京", "region_code": "NORTH"})
    assert Branch.objects.get().region == Region.objects.get()
    page = text_of(ada.get(reverse("staff:places")))
    assert "华北区" in page and "北京一店" in page


def test_a_delegation_is_given_and_ended_on_pages():
    chen, du = person("chen", roles.RISK_OFFICER, at=branch()), person("du", roles.SALES, at=branch())
    client = signed_in(chen)
    address = reverse("staff:delegation_new")
    assert client.get(address).status_code == 200
    given = {"delegate_username": "du", "role_ids": ["risk_officer"], "starts_on": "2026-03-16", "ends_on": "2026-03-20", "reason": "休假"}
    assert client.post(address, given | {"ends_on": "2026-03-16"}).status_code == 422
    assert client.post(address, given).status_code == 302
    other = signed_in(du)
    assert "开始代办" in text_of(other.get(reverse("staff:delegations")))
    client.post(reverse("staff:delegation_end", args=[Delegation.objects.get().pk]))
    assert "开始代办" not in text_of(other.get(reverse("staff:delegations")))


def test_a_token_is_issued_shown_once_and_revoked_on_pages(ada):
    assert ada.post(reverse("staff:token_new"), {"label": "接口", "days": "30"}).status_code == 422
    made = ada.post(reverse("staff:token_new"), {"label": "接口", "days": "30", "scopes": ["staff.view"]})
    assert "czt_" in ada.get(made.url).content.decode()
    assert "接口" in text_of(ada.get("/me/"))
    ada.post(reverse("staff:revoke_token", args=[ApiToken.objects.get().pk]))
    assert ApiToken.objects.get().revoked_at is not None


@pytest.mark.parametrize("address", ["/staff/people/", "/staff/matrix/", "/staff/responsibility/", "/staff/places/"])
def test_pages_ask_the_database_few_questions_however_much_there_is(ada, address, django_assert_max_num_queries):
    for index in range(30):
        shop = branch(f"B{index:02}", f"门店{index}")
        user = User.objects.create(username=f"user{index}", name=f"人{index}", branch=shop, created_at=AT)
        steps.grant(user=user, role=roles.SALES, reach=Reach.BRANCH, branch=shop, starts_on=AT.date(), at=AT)
    with django_assert_max_num_queries(22):
        assert ada.get(address).status_code == 200


def test_a_page_in_english_has_no_chinese_left(ada):
    ada.cookies["django_language"] = "en"
    person("lin", roles.SALES, at=None)
    chinese = re.compile(r"[\u4e00-\u9fff]+")
    for address in ("/staff/people/", "/staff/matrix/?room=", "/staff/responsibility/?room=", "/staff/places/", "/me/"):
        main = re.search(r"<main.*</main>", ada.get(address).content.decode(), re.S).group()
        main = main[main.index("</form>") :] if "filters" in main and "room=" in address else main
        assert not chinese.findall(re.sub(r"<[^>]+>", " ", main)), address


def test_the_first_administrator_is_made_once_and_must_change_everything(capsys):
    call_command("create_first_admin")
    username, secret = capsys.readouterr().out.split()
    client = Client()
    client.post("/sign-in/", {"username": username, "password": secret})
    assert client.get("/staff/people/").url == "/me/password/"
    client.post("/me/password/", {"current": secret, "password": PASSWORD, "again": PASSWORD})
    assert client.get("/staff/people/").url == "/me/second-factor/"
    with pytest.raises(CommandError, match="已有管理员"):
        call_command("create_first_admin", username="other")


def test_the_people_list_shows_roles_in_force_only(ada):
    lin = person("lin", roles.SALES, at=branch())
    assert "客户经理（上海一店）" in text_of(ada.get("/staff/people/"))
    RoleGrant.objects.filter(user=lin).update(ends_on=AT.date() + timedelta(days=1))
    with clock.at(AT + timedelta(days=1)):
        later = signed_in(User.objects.get(username="ada"), at=clock.now())
        assert "客户经理（上海一店）" not in text_of(later.get("/staff/people/"))
