import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from chezhe.kernel import audit, clock, roles
from chezhe.kernel.client_address import networks
from chezhe.kernel.models import AuditEntry
from chezhe.staff import second_factor
from chezhe.staff.models import RecoveryCode, SecondFactor, StaffSession
from chezhe.staff.tests.cast import AT, PASSWORD, SECRET, branch, person, signed_in

pytestmark = pytest.mark.django_db
FIELD_ERROR = re.compile(r'<div class="error-summary".*?</ul>', re.S)


def enter(client, username, password=PASSWORD, **more):
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def error_of(response):
    return re.sub(r"<[^>]+>|\s+", " ", FIELD_ERROR.search(response.content.decode()).group())


@pytest.fixture(autouse=True)
def _monday():
    with clock.at(AT):
        yield


def test_password_then_code_then_inside():
    person("chen", roles.APPROVER, enrolled=True)
    client = Client()
    first = enter(client, "Chen ", next="/me/")
    assert (first.status_code, first.url) == (302, "/sign-in/code/")
    assert not StaffSession.objects.exists()
    assert client.get("/me/").url.startswith("/sign-in/")
    second = client.post("/sign-in/code/", {"code": second_factor.code_at(SECRET, AT)})
    assert (second.status_code, second.url) == (302, "/me/")
    assert client.get("/me/").status_code == 200
    entry = AuditEntry.objects.get(verb="staff.sign_in")
    assert (entry.subject, entry.outcome, entry.facts) == ("staff:chen", "done", {"second_factor": True})


def test_five_wrong_passwords_lock_and_an_unknown_name_reads_the_same():
    person("chen", roles.APPROVER, enrolled=True)
    answers = {}
    for name in ("chen", "nobody"):
        client = Client()
        answers[name] = [enter(client, name, "wrong-Password-1") for _index in range(6)]
        statuses = [a.status_code for a in answers[name]]
        assert statuses == [422, 422, 422, 422, 422, 429]
        assert answers[name][5]["Retry-After"] == "900"
        assert "15 分钟" in error_of(answers[name][5])
    assert [error_of(a) for a in answers["chen"]] == [error_of(a) for a in answers["nobody"]]
    assert enter(Client(), "chen").status_code == 429, "the right password does not open a lock"
    clock.tick(14 * 60)
    assert enter(Client(), "chen").status_code == 429
    clock.tick(61)
    assert enter(Client(), "chen").status_code == 302


def test_behind_the_proxy_each_client_has_an_address_of_its_own(settings):
    settings.TRUSTED_PROXIES = networks(["127.0.0.1"])
    person("lin", roles.SALES, at=branch())
    here, there = "203.0.113.9", "203.0.113.10"
    statuses = [_from(f"198.51.100.{index}, {here}", "wrong-Password-1").status_code for index in range(6)]
    assert statuses == [422, 422, 422, 422, 422, 429], "what a client writes in front does not open the lock"
    assert _from(there).status_code == 302
    assert StaffSession.objects.get().ip_address == there
    rows = AuditEntry.objects.filter(verb="staff.sign_in").values_list("ip_address", "outcome")
    assert set(rows) == {(here, "refused"), (there, "done")}


def _from(forwarded, password=PASSWORD):
    return Client(headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="127.0.0.1").post("/sign-in/", {"username": "lin", "password": password})


def test_the_lock_counts_the_name_however_it_is_written():
    person("chen", roles.APPROVER, enrolled=True)
    for written in ("chen", "CHEN", " Chen", "chen ", "cHen"):
        enter(Client(), written, "wrong-Password-1")
    assert enter(Client(), "chen").status_code == 429


def test_a_name_that_does_not_exist_is_not_written_down():
    enter(Client(), "my-secret-password", "x")
    row = AuditEntry.objects.get(verb="staff.sign_in")
    assert (row.subject, row.outcome) == ("", "refused")
    assert "my-secret-password" not in str(row.facts)


def test_the_failure_cannot_be_undone_by_asking_for_idempotency():
    person("chen", roles.APPROVER, enrolled=True)
    assert enter(Client(), "chen", "wrong-Password-1", _once="abc").status_code == 400
    for _index in range(5):
        enter(Client(), "chen", "wrong-Password-1")
    assert enter(Client(), "chen").status_code == 429


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_all_counted():
    from chezhe.staff import locks

    tried, barrier = [], threading.Barrier(12)

    def guess():
        try:
            barrier.wait(timeout=10)
            locks.spend_attempt("one-key", AT)
            tried.append("judged")
        except locks.LockedOut:
            tried.append("locked")
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _index in range(12)]
    [t.start() for t in threads]
    [t.join(timeout=20) for t in threads]
    assert (tried.count("judged"), tried.count("locked")) == (5, 7)


def test_a_code_is_accepted_once_and_one_step_around():
    chen = person("chen", enrolled=True)
    for steps_away, works in ((-2, False), (2, False), (-1, True), (0, True), (1, True)):
        SecondFactor.objects.update(counter_used=0)
        code = second_factor.code_at(SECRET, AT + timedelta(seconds=30 * steps_away))
        if works:
            second_factor.check(chen, code, AT)
            with pytest.raises(second_factor.WrongCode):
                second_factor.check(chen, code, AT)
        else:
            with pytest.raises(second_factor.WrongCode):
                second_factor.check(chen, code, AT)


def test_an_earlier_code_is_dead_once_a_later_one_was_used():
    chen = person("chen", enrolled=True)
    second_factor.check(chen, second_factor.code_at(SECRET, AT), AT)
    with pytest.raises(second_factor.WrongCode):
        second_factor.check(chen, second_factor.code_at(SECRET, AT - timedelta(seconds=30)), AT)


@pytest.mark.django_db(transaction=True)
def test_the_same_code_at_the_same_moment_opens_one_door():
    chen = person("chen", enrolled=True)
    code, answers, barrier = second_factor.code_at(SECRET, AT), [], threading.Barrier(4)

    def use():
        try:
            barrier.wait(timeout=10)
            second_factor.check(chen, code, AT)
            answers.append("in")
        except second_factor.WrongCode:
            answers.append("out")
        finally:
            connection.close()

    threads = [threading.Thread(target=use) for _index in range(4)]
    [t.start() for t in threads]
    [t.join(timeout=20) for t in threads]
    assert sorted(answers) == ["in", "out", "out", "out"]


def test_wrong_codes_lock_too():
    person("chen", roles.APPROVER, enrolled=True)
    client = Client()
    enter(client, "chen")
    statuses = [client.post("/sign-in/code/", {"code": "000000"}).status_code for _index in range(6)]
    assert statuses == [422, 422, 422, 422, 422, 429]
    assert client.post("/sign-in/code/", {"code": second_factor.code_at(SECRET, AT)}).status_code == 429


def test_the_password_waits_five_minutes_for_its_code():
    person("chen", roles.APPROVER, enrolled=True)
    client = Client()
    enter(client, "chen")
    clock.tick(301)
    late = client.post("/sign-in/code/", {"code": second_factor.code_at(SECRET, clock.now())})
    assert (late.status_code, late.url) == (302, "/sign-in/")
    assert not StaffSession.objects.exists()


def test_money_roles_enrol_before_anything_else_and_recovery_codes_work_once():
    person("chen", roles.APPROVER)
    client = Client()
    assert enter(client, "chen").status_code == 302
    for address in ("/me/", "/staff/matrix/", "/staff/delegations/"):
        assert client.get(address).url == "/me/second-factor/"
    assert client.get("/api/v1/staff/me").json()["code"] == "account_not_ready"
    page = client.get("/me/second-factor/")
    secret = page.context["secret"]
    assert client.post("/me/second-factor/", {"code": "123"}).status_code == 422
    done = client.post("/me/second-factor/", {"code": second_factor.code_at(secret, AT)})
    assert done.url == "/me/shown-once/"
    codes = re.findall(r"<li><code>([A-Z2-7-]{11})</code>", client.get(done.url).content.decode())
    assert len(codes) == 10
    assert client.get("/me/shown-once/").status_code == 302, "shown once means once"
    assert client.get("/me/").status_code == 200
    for expected in (302, 422):
        other = Client()
        enter(other, "chen")
        assert other.post("/sign-in/code/", {"code": codes[3].lower()}).status_code == expected
    assert RecoveryCode.objects.filter(used_at__isnull=True).count() == 9


def test_a_role_that_moves_no_money_may_work_without_a_second_factor():
    person("lin", roles.SALES, at=branch())
    client = Client()
    enter(client, "lin")
    assert client.get("/me/").status_code == 200


def test_an_initial_password_is_changed_first():
    lin = person("lin", roles.SALES, at=branch())
    lin.must_change_password = True
    lin.save()
    client = Client()
    enter(client, "lin")
    assert client.get("/staff/matrix/").url == "/me/password/"
    fields = {"current": PASSWORD, "password": "Quiet-harbour-77", "again": "Quiet-harbour-77"}
    assert client.post("/me/password/", fields | {"password": "short", "again": "short"}).status_code == 422
    assert client.post("/me/password/", fields | {"current": "nope"}).status_code == 422
    assert client.post("/me/password/", fields).status_code == 302
    assert client.get("/staff/matrix/").status_code == 200


def test_passwords_grow_old_in_one_profile_and_not_in_the_other(settings):
    lin = person("lin", roles.SALES, at=branch())
    with clock.at(AT + timedelta(days=91)):
        client = signed_in(lin, at=clock.now())
        settings.AUTH_PROFILE = "mlps3"
        assert client.get("/me/").url == "/me/password/"
        settings.AUTH_PROFILE = "asvs"
        assert client.get("/me/").status_code == 200


def test_a_changed_password_ends_the_other_sign_ins_and_is_not_used_again():
    lin = person("lin", roles.SALES, at=branch())
    here, elsewhere = signed_in(lin), signed_in(lin)
    fields = {"current": PASSWORD, "password": "Quiet-harbour-77", "again": "Quiet-harbour-77"}
    here.post("/me/password/", fields)
    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302
    back = {"current": "Quiet-harbour-77", "password": PASSWORD, "again": PASSWORD}
    assert "最近 5 次" in here.post("/me/password/", back).content.decode()


def test_the_trail_of_the_doors_is_intact():
    person("lin", roles.SALES, at=branch())
    enter(Client(), "lin", "wrong-Password-1")
    enter(Client(), "lin")
    audit.seal()
    assert audit.verify().is_intact
