import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from chezhe.kernel import clock, roles
from chezhe.staff import second_factor, steps
from chezhe.staff.actions.disable_user import disable_user
from chezhe.staff.browser_sessions import SessionStore
from chezhe.staff.models import SecondFactor, StaffSession
from chezhe.staff.tests.cast import AT, PASSWORD, SECRET, acting, branch, person, signed_in

pytestmark = pytest.mark.django_db


def enter(client, username, password=PASSWORD, **more):
    return client.post("/sign-in/", {"username": username, "password": password, **more})


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(AT):
        yield


def test_thirty_idle_minutes_or_twelve_hours_end_a_sign_in():
    client = signed_in(person("lin", roles.SALES, at=branch()))
    clock.tick(29 * 60)
    assert client.get("/me/").status_code == 200
    clock.tick(31 * 60)
    assert client.get("/me/").status_code == 302
    client = signed_in(person("hui", roles.SALES, at=branch()), at=clock.now())
    for _hour in range(24):
        clock.tick(29 * 60 + 50)
        assert client.get("/me/").status_code == 200
    clock.tick(10 * 60)
    assert client.get("/me/").status_code == 302


def test_who_is_disabled_is_out_at_the_next_request():
    lin, admin = person("lin", roles.SALES, at=branch()), person("ada", roles.ADMIN)
    client = signed_in(lin)
    assert client.get("/me/").status_code == 200
    disable_user(username="lin", reason="离职", by=acting(admin))
    assert client.get("/me/").status_code == 302
    assert enter(Client(), "lin").status_code == 422


def test_a_sign_in_can_be_ended_from_elsewhere():
    lin = person("lin", roles.SALES, at=branch())
    here, elsewhere = signed_in(lin), signed_in(lin)
    row = StaffSession.objects.order_by("pk").last()
    assert here.post(reverse("staff:end_session", args=[row.pk])).status_code == 302
    assert elsewhere.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200


def test_nobody_ends_the_sign_in_of_somebody_else():
    signed_in(person("lin", roles.SALES, at=branch()))
    row = StaffSession.objects.get()
    hui = signed_in(person("hui", roles.SALES, at=branch()))
    assert hui.post(reverse("staff:end_session", args=[row.pk])).status_code == 404
    row.refresh_from_db()
    assert row.ended_at is None


def test_the_sixth_place_signs_the_first_one_out():
    lin = person("lin", roles.SALES, at=branch())
    clients = [signed_in(lin, at=AT + timedelta(seconds=n)) for n in range(6)]
    assert [c.get("/me/").status_code for c in clients] == [302, 200, 200, 200, 200, 200]


def test_signing_out_ends_the_row():
    client = signed_in(person("lin", roles.SALES, at=branch()))
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert StaffSession.objects.get().ended_at == AT
    assert client.get("/me/").status_code == 302


def test_step_up_asks_again_and_comes_back_to_our_own_pages_only():
    client = signed_in(person("chen", roles.APPROVER, enrolled=True))
    clock.tick(11 * 60)
    code = second_factor.code_at(SECRET, clock.now())
    assert client.post("/step-up/", {"code": "000000", "next": "/me/"}).status_code == 422
    away = client.post("/step-up/", {"code": code, "next": "https://evil.example/"})
    assert away.url == "/"
    assert StaffSession.objects.get().stepped_up_at == clock.now()


def test_the_demo_signs_in_with_one_click_and_a_checked_code(settings):
    chen = person("chen", roles.APPROVER, is_demo=True)
    settings.DEMO_LOGINS = True
    page = Client().get("/sign-in/").content.decode()
    assert "终审" in page and 'value="chen"' in page
    first, second = Client(), Client()
    assert first.post("/sign-in/demo/", {"username": "chen"}).status_code == 302
    assert second.post("/sign-in/demo/", {"username": "chen"}).status_code == 302
    assert first.get("/me/").status_code == second.get("/me/").status_code == 200
    SecondFactor.objects.filter(user=chen).delete()
    assert Client().post("/sign-in/demo/", {"username": "chen"}).status_code == 409


def test_the_demo_door_is_shut_without_the_switch_and_for_real_people(settings):
    person("chen", roles.APPROVER, is_demo=True)
    person("real", roles.APPROVER, enrolled=True)
    assert settings.DEMO_LOGINS is False
    assert Client().post("/sign-in/demo/", {"username": "chen"}).status_code == 404
    assert Client().get("/demo-bar/").status_code == 404
    settings.DEMO_LOGINS = True
    assert Client().post("/sign-in/demo/", {"username": "real"}).status_code == 404


def test_production_refuses_the_demo_switch():
    program = "import chezhe.config.settings"
    environment = {
        "CHEZHE_MODE": "production", "CHEZHE_DEMO_LOGINS": "on", "SECRET_KEY": "x" * 50, "DATABASE_URL": "postgresql:///x",
        "PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path),
    }
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert run.returncode != 0
    assert "CHEZHE_DEMO_LOGINS must be off in production" in run.stderr


def test_acting_for_a_colleague_is_chosen_and_left_again():
    from chezhe.staff.models import Delegation

    chen, du = person("chen", roles.RISK_OFFICER), person("du", roles.SALES, at=branch())
    row = Delegation.objects.create(
        delegator=chen, delegate=du, roles=[roles.RISK_OFFICER], starts_on=AT.date(), ends_on=AT.date() + timedelta(days=1),
        reason="休假", created_at=AT,
    )
    client = signed_in(du)
    client.post("/me/act-for/", {"delegation": row.pk})
    me = client.get("/api/v1/staff/me").json()
    assert (me["username"], me["on_behalf_of"], me["roles"]) == ("du", "chen", ["risk_officer"])
    client.post("/me/act-for/", {})
    assert client.get("/api/v1/staff/me").json()["roles"] == ["sales"]
    hui = signed_in(person("hui", roles.SALES, at=branch()))
    assert hui.post("/me/act-for/", {"delegation": row.pk}).status_code == 404
    assert steps.actor_for(du, AT + timedelta(days=1), acting_for=row).on_behalf_of_id is None


@pytest.mark.parametrize(
    ("method", "minutes", "permission", "sent"),
    [
        ("get", 4, "ledger.reverse_entry", False), ("get", 6, "ledger.reverse_entry", True),
        ("post", 9, "ledger.reverse_entry", False), ("post", 11, "ledger.reverse_entry", True),
        ("get", 60, "ledger.view", False),
    ],
)
def test_a_page_of_money_asks_before_anything_is_typed(method, minutes, permission, sent):
    """The page is asked for while enough time is left to fill it in; the sent form while the ten minutes last."""
    from django.http import HttpResponse
    from django.test import RequestFactory

    from chezhe.kernel.doors import needs
    from chezhe.kernel.permission import REGISTRY
    from chezhe.staff.middleware import ActorMiddleware

    session = StaffSession.objects.create(
        user=person("qian", roles.FINANCE, enrolled=True), signed_in_at=AT, last_seen_at=AT, stepped_up_at=AT)
    view = needs(REGISTRY[permission])(lambda request: HttpResponse("form"))
    request = getattr(RequestFactory(), method)("/ledger/entries/1/reverse/", HTTP_REFERER="/ledger/entries/1/")
    request.staff_session, request.actor, request.waits_for = session, steps.actor_of_session(session, AT), ""
    request.resolver_match = None
    clock.tick(minutes * 60)
    answer = ActorMiddleware(view).process_view(request, view, (), {})
    assert (answer is not None) is sent
    if sent:
        back = "%2Fledger%2Fentries%2F1%2Freverse%2F" if method == "get" else "%2Fledger%2Fentries%2F1%2F"
        assert answer.url == f"/step-up/?next={back}"


def test_the_demo_bar_changes_the_role_with_one_click(settings):
    settings.DEMO_LOGINS = True
    chen, lin = person("chen", roles.APPROVER, is_demo=True), person("lin", roles.SALES, at=branch(), is_demo=True)
    client = signed_in(chen)
    assert "/demo-bar/" in client.get("/me/").content.decode()
    bar = client.get("/demo-bar/").content.decode()
    assert re.search(r'value="chen"[^>]*aria-current="true"[^>]*>终审<', bar)
    client.post("/sign-in/demo/", {"username": "lin"})
    assert client.get("/api/v1/staff/me").json()["username"] == "lin"
    assert StaffSession.objects.filter(user=chen, ended_at__isnull=True).count() == 0
    assert StaffSession.objects.filter(user=lin, ended_at__isnull=True).count() == 1


def test_a_browser_session_opens_until_it_expires_and_for_its_own_key_only() -> None:
    kept = SessionStore()
    kept["what"] = "mine"
    kept.save()
    assert SessionStore(kept.session_key).get("what") == "mine"
    other = SessionStore("nobodyhasthiskeyatall0123456789ab")
    assert other.get("what") is None and other.session_key is None
    Session.objects.update(expire_date=Now() - timedelta(seconds=1))
    assert SessionStore(kept.session_key).get("what") is None
