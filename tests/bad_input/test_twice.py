"""The same request twice is one deed with one answer; another request under the same key is refused and told nothing."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import WANG
from chezhe.kernel.models import IdempotencyKey
from chezhe.leads.models import Lead
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.models import JournalEntry
from chezhe.servicing.models import Loan, LoanEvent
from tests.bad_input.doors import CHINESE, api_refuses
from tests.bad_input.watch import nothing_written
from tests.journeys.house import TODAY, Team, scan, statement
from tests.journeys.walk import said

pytestmark = pytest.mark.django_db
LEAD = {"name": "赵六", "mobile": "15466667777", "source": "phone"}
RECEIPT = {"amount": "100.00", "paid_on": TODAY.isoformat(), "channel": "bank", "reference": "N1"}


def test_the_same_request_is_answered_with_the_same_words_and_done_once(team: Team) -> None:
    lin = team.program("lin")
    first = lin.post("leads", LEAD, key="once")
    assert first.status_code == 201 and "Idempotent-Replay" not in first
    with nothing_written():
        again = [lin.post("leads", LEAD, key="once") for _ in range(3)]
    assert all(answer["Idempotent-Replay"] == "true" and (answer.status_code, answer.content) == (201, first.content) for answer in again)
    assert Lead.objects.count() == 1


@pytest.mark.parametrize("other", ["body", "spacing", "person", "route", "rights"])
def test_another_request_under_the_same_key_is_refused_and_told_nothing(team: Team, other: str) -> None:
    lin = team.program("lin")
    said(lin.post("leads", LEAD, key="once"), 201)
    narrow = team.program("lin", scopes=["leads.view", "leads.create"])
    chen = team.program("mei")
    with nothing_written():
        answer: Any = {
            "body": lambda: lin.post("leads", {**LEAD, "note": "x"}, key="once"), "spacing": lambda: lin.post("leads", str(LEAD).replace("'", '"'), key="once"),
            "person": lambda: chen.post("leads", LEAD, key="once"), "route": lambda: lin.post("customers/search", LEAD, key="once"),
            "rights": lambda: narrow.post("leads", LEAD, key="once"),
        }[other]()
    problem = api_refuses(answer, "", "idempotency_key_reused", 409)
    assert "facts" not in problem and "field" not in problem and LEAD["mobile"] not in str(problem)


def test_a_refused_request_may_be_corrected_under_its_key(team: Team) -> None:
    lin = team.program("lin")
    with nothing_written():
        assert lin.post("leads", {**LEAD, "mobile": "1"}, key="once").status_code == 422
    assert said(lin.post("leads", LEAD, key="once"), 201)["number"] and Lead.objects.count() == 1


def test_money_is_taken_once_however_often_it_is_sent(team: Team, loan: Loan) -> None:
    """By the key, by the slip's number under another key, by another cashier; and never for other money."""
    cai, cao = team.program("cai"), team.program("cao")
    for person in (cai, cao):
        said(person.step_up())
    path = f"servicing/loans/{loan.number}/repayments"
    first = said(cai.post(path, RECEIPT, key="once"), 201)
    entries = JournalEntry.objects.count()
    assert said(cai.post(path, RECEIPT, key="once"), 201) == first
    for person in (cai, cao):
        again = said(person.post(path, RECEIPT), 201)
        assert {name: again[name] for name in ("id", "amount", "value_on")} == {name: first[name] for name in ("id", "amount", "value_on")}, "the slip is known"
    api_refuses(cai.post(path, {**RECEIPT, "amount": "200.00"}), "reference", "receipt_reference_taken", 409)
    api_refuses(cai.post(path, {**RECEIPT, "amount": "200.00"}, key="once"), "", "idempotency_key_reused", 409)
    assert LoanEvent.objects.filter(kind="repaid").count() == 1 and JournalEntry.objects.count() == entries
    assert ledger_queries.trial_balance(TODAY).difference.fen == 0


def test_a_double_click_is_one_click(team: Team, loan: Loan) -> None:
    """The form carries a key of its own; without it the slip's number still holds."""
    cai, cao = team.browser("cai"), team.browser("cao")
    path = f"/servicing/loans/{loan.number}/repay/"
    looked = cai.post(path, RECEIPT).content.decode()
    found = re.search(r'name="seen" value="([0-9a-f]+)"', looked)
    assert found is not None
    form = {**RECEIPT, "seen": found[1], "_once": str(uuid4())}
    first = cai.post(path, form)
    assert first.status_code == 302
    with nothing_written():
        again = cai.post(path, form)
        assert (again.status_code, again["Location"], again["Idempotent-Replay"]) == (302, first["Location"], "true")
        other = cai.post(path, {**form, "amount": "200.00"})
        assert other.status_code == 409 and "幂等键" in other.content.decode() and CHINESE.search(other.content.decode())
        english = cai.post(path, {**form, "amount": "200.00"}, headers={"Accept-Language": "en"}).content.decode()
        assert "another request" in english
        assert cao.post(path, form).status_code == 409
    cai.post(path, {**form, "_once": str(uuid4())})
    assert LoanEvent.objects.filter(kind="repaid").count() == 1


def test_a_customer_and_a_file_are_kept_once(team: Team, wang: Customer) -> None:
    lin, page = team.program("lin"), team.browser("lin")
    person = {"name": "单雄信", "id_number": "510107199506230016", "mobile": "15400001111", "marital_status": "unknown", "_once": str(uuid4())}
    assert page.post("/customers/new/person/", person)["Location"] == page.post("/customers/new/person/", person)["Location"]
    without = {**person, "_once": str(uuid4())}
    with nothing_written():
        answer = page.post("/customers/new/person/", without)
        assert answer.status_code == 422 and "请直接使用，不要重复建档" in answer.content.decode()
        body = {name: person[name] for name in ("name", "id_number", "mobile")}
        api_refuses(lin.post("customers/persons", body), "id_number", "customer_exists", 409)
        api_refuses(team.program("mei").post("customers/persons", body), "id_number", "customer_exists_elsewhere", 409)
    paper = scan()
    said(lin.send("documents", subject=wang.subject, category="id_front", file=paper), 201)
    paper.seek(0)
    with nothing_written():
        api_refuses(lin.send("documents", subject=wang.subject, category="id_front", file=paper), "file", "document_twice", 409)


def test_a_statement_is_booked_once_under_any_name_and_in_any_company(team: Team) -> None:
    cai = team.program("cai")
    said(cai.step_up())
    rows = [("2026-09-01", "8.88", "F0001", "x"), ("2026-09-01", "9.99", "F0002", "y")]
    assert said(cai.send("payments/bank-files", file=statement(rows)), 201)["new_lines"] == 2
    entries = JournalEntry.objects.count()
    assert said(cai.send("payments/bank-files", file=statement(rows)), 201)["new_lines"] == 0
    longer = said(cai.send("payments/bank-files", file=statement([*rows, ("2026-09-01", "1.00", "F0003", "z")])), 201)
    assert (longer["new_lines"], longer["known_lines"]) == (1, 2) and JournalEntry.objects.count() == entries + 1


def test_what_is_shown_once_is_not_shown_again_under_its_key(team: Team, wang: Customer) -> None:
    """The answer is kept nowhere: the key that asked for it is spent, and another look is another line in the trail."""
    lin, path = team.program("lin"), f"customers/{wang.number}/fields/mobile/reveal"
    assert said(lin.post(path, {"reason": "回访核实"}, key="once"))["value"] == WANG.mobile
    assert not IdempotencyKey.objects.get(key="once").body
    api_refuses(lin.post(path, {"reason": "回访核实"}, key="once"), "", "shown_once", 409)
