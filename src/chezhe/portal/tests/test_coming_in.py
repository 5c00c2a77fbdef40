"""Coming in by a code: tries, minutes, resending, who is known, and that nobody can tell who is."""

from __future__ import annotations

import io
import logging
import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from chezhe.channels.actions.disable_dealer_person import disable_dealer_person
from chezhe.channels.actions.suspend_dealer import suspend_dealer
from chezhe.channels.tests.dealing import dealer
from chezhe.compliance import steps as compliance
from chezhe.customers import steps as customer_steps
from chezhe.customers.tests.filing import OUYANG, WANG, person
from chezhe.kernel import clock, jobs, simulators
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.models import AuditEntry, IdempotencyKey
from chezhe.kernel.testing import moment
from chezhe.messaging.models import Message
from chezhe.portal import entry, rules
from chezhe.portal.models import Account, OneTimeCode, OutsideSession
from chezhe.portal.tests.outside import DEALERS_MOBILE, Visitor, account_of, browser_for, code_sent, person_of, token_for
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank
from chezhe.staff.rules import FAILURES_MAX

STRANGER = "15400009999"
pytestmark = pytest.mark.django_db


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def signed_in(visitor: Visitor) -> bool:
    return bool(visitor.client.get(f"/{visitor.letter}/me/").status_code == 200)


def test_a_customer_comes_in_shows_who_he_is_and_sees_his_own(loan: Loan, bank: Bank) -> None:
    wang = Visitor(WANG.mobile)
    assert wang.comes_in().status_code == 302 and signed_in(wang)
    home = wang.client.get("/m/").content.decode()
    assert loan.number not in home and "/m/identity/" in home
    before = wang.client.cookies["portal-m"].value
    assert wang.client.post("/m/identity/", {"name": "王小明", "id_number": " 110101199001010007 "}).status_code == 302
    assert wang.client.cookies["portal-m"].value != before, "a sign-in that may see more has another token"
    home = wang.client.get("/m/").content.decode()
    assert loan.number in home and "100,000" in home and "林" not in home
    trail = list(AuditEntry.objects.filter(verb__startswith="portal.").order_by("id").values_list("verb", "subject"))
    assert trail == [("portal.sign_in", ""), ("portal.bind", bank.wang.subject)]
    assert wang.client.post("/m/sign-out/").status_code == 302 and not signed_in(wang)


def test_a_code_is_right_once_and_for_five_minutes(bank: Bank) -> None:
    wang = Visitor(WANG.mobile)
    wang.asks()
    code = code_sent(WANG.mobile)
    clock.tick(301)
    assert wang.types(code).status_code == 422 and not signed_in(wang)
    wang.asks()
    code = code_sent(WANG.mobile)
    clock.tick(299)
    assert wang.types(code).status_code == 302 and signed_in(wang)
    again = Visitor(WANG.mobile, to=wang.to)
    assert "已失效" in again.types(code).content.decode() and not signed_in(again)


def test_after_five_wrong_ones_the_right_one_is_wrong_too(bank: Bank) -> None:
    wang = Visitor(WANG.mobile)
    wang.asks()
    code = code_sent(WANG.mobile)
    said = [wang.types(other_than(code)).content.decode() for _try in range(rules.TRIES_MAX)]
    assert "还可以再试 4 次" in said[0] and "已失效" in said[-1]
    assert wang.types(code).status_code == 422 and not signed_in(wang)
    assert OneTimeCode.objects.get().tries == rules.TRIES_MAX


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "000000' OR 1=1", "\u202e123456"])
def test_what_is_no_code_is_counted_or_refused_and_lets_nobody_in(typed: str, bank: Bank) -> None:
    wang = Visitor(WANG.mobile)
    wang.asks()
    assert wang.types(typed).status_code == 422 and not signed_in(wang)


def test_only_the_newest_code_counts_and_only_for_its_own_number_and_portal(bank: Bank) -> None:
    wang = Visitor(WANG.mobile)
    wang.asks()
    first, place = code_sent(WANG.mobile), wang.to
    clock.tick(61)
    wang.asks()
    assert Visitor(WANG.mobile, to=place).types(first).status_code == 422
    stranger = Visitor(STRANGER)
    stranger.asks()
    assert Visitor(WANG.mobile, to=stranger.to).types(code_sent(WANG.mobile)).status_code == 422
    assert Visitor(WANG.mobile, letter="d", to=wang.to).types(code_sent(WANG.mobile)).status_code == 422
    assert not OutsideSession.objects.exists()


@pytest.mark.parametrize("to", ["", "x", "A" * 80])
def test_without_a_code_that_was_asked_for_one_begins_again(to: str, bank: Bank) -> None:
    answer = Client().post("/m/sign-in/code/", {"typed": "123456", "to": to})
    assert answer.status_code == 302 and answer["Location"] == "/m/sign-in/"


def test_a_number_is_sent_so_many_codes_and_no_more(bank: Bank) -> None:
    wang, at = Visitor(WANG.mobile), clock.now()
    assert wang.asks().status_code == 302
    hasty = wang.asks()
    assert hasty.status_code == 429 and int(hasty["Retry-After"]) == 60
    sent = 1
    while clock.now() - at < timedelta(hours=23):
        clock.tick(601)
        sent += wang.asks().status_code == 302
    assert sent == rules.PER_DAY and Message.objects.count() == sent
    within = [row.issued_at - at for row in OneTimeCode.objects.all()]
    assert sum(gap < timedelta(hours=1) for gap in within) == rules.PER_HOUR
    clock.tick(7200)
    assert wang.asks().status_code == 302


def test_an_address_asks_for_so_many_numbers_and_no_more(bank: Bank) -> None:
    answers = [Visitor(f"154000{number:05d}").asks().status_code for number in range(rules.PER_HOUR_OF_ADDRESS + 2)]
    assert answers == [302] * rules.PER_HOUR_OF_ADDRESS + [429, 429]


def test_nobody_can_tell_who_is_a_customer(loan: Loan, bank: Bank) -> None:
    asked = {}
    Visitor("15400001234").asks()
    for mobile in (WANG.mobile, STRANGER):
        with CaptureQueriesContext(connection) as captured:
            answer = Visitor(mobile).asks()
        asked[mobile] = (answer.status_code, answer["Location"].partition("to=")[0], len(captured))
    assert asked[WANG.mobile] == asked[STRANGER]
    pages = {}
    for mobile in (WANG.mobile, STRANGER):
        visitor = Visitor(mobile)
        clock.tick(61)
        visitor.comes_in()
        pages[mobile] = re.sub(r'value="[^"]*"|X-CSRFToken[^}]*', "", visitor.client.get("/m/").content.decode())
    assert pages[WANG.mobile] == pages[STRANGER]


@pytest.mark.parametrize(("name", "id_number"), [
    ("王小", "110101199001010007"), ("王小明", "33010619881212003X"), ("王小明", "nothing"), ("赵小明", "510107199506230016"),
])
def test_whose_number_it_is_is_shown_by_name_and_id_number_together(name: str, id_number: str, bank: Bank) -> None:
    person(OUYANG, bank.cast.lin)
    wang = Visitor(WANG.mobile)
    wang.comes_in()
    refused = wang.client.post("/m/identity/", {"name": name, "id_number": id_number})
    assert refused.status_code == 422 and "没有找到与此手机号、姓名和证件号码都相符的资料" in refused.content.decode()
    assert Account.objects.get().customer is None


def test_showing_who_one_is_is_tried_five_times(bank: Bank) -> None:
    wang = Visitor(WANG.mobile)
    wang.comes_in()
    wrong = [wang.client.post("/m/identity/", {"name": "王小明", "id_number": OUYANG.id_number}) for _try in range(FAILURES_MAX + 1)]
    assert [answer.status_code for answer in wrong] == [422] * FAILURES_MAX + [429]
    right = wang.client.post("/m/identity/", {"name": "王小明", "id_number": WANG.id_number})
    assert right.status_code == 429 and "管理员" not in right.content.decode()


def test_a_number_in_two_files_belongs_to_nobody(bank: Bank) -> None:
    customer_steps.add_mobile(person(OUYANG, bank.cast.lin), WANG.mobile, purpose="own", is_main=False)
    wang = Visitor(WANG.mobile)
    wang.comes_in()
    answer = wang.client.post("/m/identity/", {"name": "王小明", "id_number": WANG.id_number})
    assert answer.status_code == 409 and "到门店核实" in answer.content.decode() and Account.objects.get().customer is None


def test_a_number_that_left_the_file_opens_it_no_more(loan: Loan, bank: Bank) -> None:
    client = browser_for(account_of(bank.wang))
    assert loan.number in client.get("/m/").content.decode()
    bank.wang.mobiles.all().delete()
    assert loan.number not in client.get("/m/").content.decode()


def test_a_sign_in_is_over_after_half_an_hour_alone_and_after_twelve_hours_anyway(bank: Bank) -> None:
    account = account_of(bank.wang)
    client = browser_for(account)
    for _round in range(24):
        assert client.get("/m/").status_code == 200
        clock.tick(29 * 60)
    assert client.get("/m/").status_code == 200
    clock.tick(31 * 60)
    assert client.get("/m/").status_code == 302
    client = browser_for(account)
    for _round in range(26):
        client.get("/m/")
        clock.tick(29 * 60)
    assert client.get("/m/").status_code == 302


def test_the_sixth_place_ends_the_first(bank: Bank) -> None:
    account = account_of(bank.wang)
    clients = [browser_for(account) for _place in range(rules.SESSIONS_MAX + 1)]
    assert [client.get("/m/").status_code for client in clients] == [302] + [200] * rules.SESSIONS_MAX


def test_a_dealers_person_comes_in_as_long_as_dealer_and_person_stand(bank: Bank) -> None:
    assert Visitor(DEALERS_MOBILE, "d").comes_in().status_code == 422
    ours = dealer(bank.cast.gao)
    sun = person_of(ours, bank.cast.gao)
    clock.tick(61)
    visitor = Visitor(DEALERS_MOBILE, "d")
    assert visitor.comes_in().status_code == 302 and signed_in(visitor)
    assert visitor.client.get("/m/").status_code == 302, "a dealer's person is nobody at the customers' portal"
    suspend_dealer(dealer_number=ours.number, reason="首逾偏高", by=bank.cast.gao)
    assert not signed_in(visitor)
    ours.refresh_from_db()
    ours.status = "active"
    ours.save()
    assert signed_in(visitor)
    disable_dealer_person(dealer_number=ours.number, person_id=sun.pk, reason="离职", by=bank.cast.gao)
    assert not signed_in(visitor)
    clock.tick(61)
    assert "没有开通车商服务" in Visitor(DEALERS_MOBILE, "d").comes_in().content.decode()


def test_a_step_up_is_bound_to_its_sign_in_and_its_subject(bank: Bank) -> None:
    account = account_of(bank.wang)
    client, other = browser_for(account), browser_for(account)
    from chezhe.kernel import handles

    about = handles.handle_of("contract:K26-000001-7")
    shown = client.post("/m/step-up/", {"for": about, "next": "/m/me/"}).content.decode()
    to = re.findall(r'name="to" value="([^"]+)"', shown)[0]
    code = code_sent(WANG.mobile)
    assert other.post("/m/step-up/", {"typed": code, "to": to}).status_code == 422
    done = client.post("/m/step-up/", {"typed": code, "to": to, "next": "/m/me/"})
    assert done.status_code == 302 and done["Location"] == "/m/me/"
    first, second = OutsideSession.objects.order_by("id")
    assert first.stepped_up_for == "contract:K26-000001-7" and first.stepped_up_at == clock.now() and second.stepped_up_at is None
    assert client.post("/m/step-up/", {"typed": code, "to": to}).status_code == 422


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/m/", "/sign-in/", "javascript:alert(1)", "/d/"])
def test_a_code_leads_to_no_other_house(wanted: str, bank: Bank) -> None:
    visitor = Visitor(WANG.mobile)
    visitor.asks()
    there = visitor.client.post("/m/sign-in/code/", {"typed": code_sent(WANG.mobile), "to": visitor.to, "next": wanted})
    assert there["Location"] == "/m/"


def test_the_dead_are_sent_nothing_and_nothing_is_told(bank: Bank) -> None:
    compliance.block(subject=bank.wang.subject, reason="deceased", note="死亡证明", on=clock.today(), by=bank.cast.gao)
    assert Visitor(WANG.mobile).asks().status_code == 302 and not Message.objects.exists()


def test_no_code_stands_anywhere_in_the_house(loan: Loan, bank: Bank, caplog: pytest.LogCaptureFixture) -> None:
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    logging.getLogger().addHandler(handler)
    try:
        with simulators.in_process(seed=7) as world, jobs.in_line():
            wang = Visitor(WANG.mobile)
            wang.client.post("/m/sign-in/", {"mobile": WANG.mobile})
            wang.to = ""
            row = OneTimeCode.objects.get()
            code = code_sent(WANG.mobile)
            jobs.run_due()
            world.pump()
            assert Message.objects.get().status in ("sent", "delivered")
            assert entry.prove_code(str(row.key), code, "borrower", clock.now())
    finally:
        logging.getLogger().removeHandler(handler)
    kept = [str(vars(one)) for rows in (Message, OneTimeCode, OutsideSession, AuditEntry, IdempotencyKey) for one in rows.objects.all()]
    assert len(code) == 6 and not [text for text in [*kept, said.getvalue(), caplog.text] if code in text]


def test_at_half_past_eleven_at_night_the_code_leaves_at_once(bank: Bank) -> None:
    with clock.at(moment("2026-01-15 23:30")), simulators.in_process(seed=7), jobs.in_line():
        Client().post("/m/sign-in/", {"mobile": WANG.mobile})
        jobs.run_due()
        assert Message.objects.get().status == "sent"


def test_the_api_gives_a_token_for_a_code_and_opens_nothing_else(loan: Loan, bank: Bank) -> None:
    client = Client()

    def call(method: str, path: str, body: Any = None, token: str = "") -> Any:
        headers = {"Idempotency-Key": f"k{clock.now().timestamp()}{path}", **({"Authorization": f"Bearer {token}"} if token else {})}
        return client.generic(method, f"/api/v1/{path}", body or "{}", content_type="application/json", headers=headers)

    asked = call("POST", "portal/codes", f'{{"portal":"borrower","mobile":"{WANG.mobile}"}}')
    assert asked.status_code == 202
    proof = {"portal": "borrower", "code_handle": asked.json()["code_handle"], "typed": code_sent(WANG.mobile)}
    import json

    wrong = {**proof, "typed": other_than(proof["typed"])}
    assert call("POST", "portal/sessions", json.dumps(wrong)).json()["code"] == "code_wrong"
    given = call("POST", "portal/sessions", json.dumps(proof))
    assert given.status_code == 201
    token = given.json()["token"]
    assert call("GET", "portal/m/me", token=token).json()["is_known"] is False
    known = call("PUT", "portal/m/identity", json.dumps({"name": "王小明", "id_number": WANG.id_number}), token)
    assert call("GET", "portal/m/me", token=token).status_code == 401
    token = known.json()["token"]
    cases = call("GET", "portal/m/cases", token=token).json()["items"]
    assert [case["standing"] for case in cases] == ["已放款"]
    assert call("GET", "portal/d/cases", token=token).status_code == 404
    assert call("GET", "servicing/loans", token=token).status_code == 401
    assert call("POST", "portal/codes", f'{{"portal":"borrower","mobile":"{STRANGER}"}}', token).status_code == 404
    program = token_for(Account.objects.get(), is_program=True)
    client.cookies["portal-m"] = program
    assert client.get("/m/").status_code == 302, "a program's token is no cookie"


@pytest.mark.django_db(transaction=True)
def test_of_two_right_tries_at_once_one_comes_in(bank: Bank) -> None:
    Visitor(WANG.mobile).asks()
    row, code, came, start = OneTimeCode.objects.get(), code_sent(WANG.mobile), [], Barrier(4)
    at = clock.now()

    def tries(typed: str) -> None:
        start.wait()
        try:
            came.append(entry.prove_code(str(row.key), typed, "borrower", at))
        except (entry.CodeOver, entry.CodeWrong):
            pass
        finally:
            connections.close_all()

    with jobs.in_line():
        threads = [Thread(target=tries, args=[code]) for _one in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(came) == 1


def test_the_system_alone_writes_to_a_visitor(bank: Bank) -> None:
    from chezhe.kernel.errors import NotFound
    from chezhe.portal import queries

    assert queries.open_visitor(SYSTEM, "x").text == "visitor:x"
    with pytest.raises(NotFound):
        queries.open_visitor(bank.fang, "x")
