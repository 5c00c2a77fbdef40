"""Two people act at the same moment: exactly one gets through, the others are told why, and the books prove to 0.00."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from chezhe.contracts.models import Contract, Disbursement
from chezhe.customers.models import Customer, CustomerChange
from chezhe.customers.tests.filing import SHAN
from chezhe.kernel import business_date, clock, roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.simulators import World
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.models import JournalEntry
from chezhe.origination.models import Application
from chezhe.payments.models import BankLine, Payout
from chezhe.servicing import proof
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.staff.models import User
from chezhe.staff.tests import cast
from tests.bad_input.at_once import at_once, lost, won
from tests.bad_input.doors import CHINESE
from tests.journeys import walk
from tests.journeys.house import NOW, TODAY, Program, Team, live, statement
from tests.journeys.walk import PERSON, said

pytestmark = pytest.mark.django_db(transaction=True)
AGREE = {"verdict": "agree", "opinion": "收入流水核实无误"}


def hire(team: Team, name: str, role: str, reach: Reach) -> Program:
    """A second pair of hands."""
    team.people[name] = cast.person(name, role, at=team.east, reach=reach, enrolled=True)
    User.objects.filter(username=name).update(password_set_at=NOW)
    return team.program(name)


def prove(day: date = TODAY) -> None:
    assert ledger_queries.trial_balance(day).difference.fen == 0 and ledger_queries.prove(thorough=True).is_sound
    assert not list(proof.differences(Loan.objects.all()))


def one_wins(answers: list[Any], code: str) -> Any:
    """Exactly one got through; the others were refused with `code` and a sentence."""
    (winner,) = won(answers)
    for problem in lost(answers):
        assert problem["code"] == code and CHINESE.search(problem["detail"]), problem
    return winner


def test_two_who_decide_two_who_pay_out_and_two_who_cash_in(team: Team, bank: World) -> None:
    """One loan's life with a rival at every step."""
    number = _decided(team)
    contract = _contracted(team, number)
    payout = _paid_out(team, contract)
    live(bank, hours=3)
    assert Payout.objects.get().status == "paid" and Loan.objects.count() == 1, payout
    prove()
    _cashed_in(team, Loan.objects.get())
    prove()


def _decided(team: Team) -> str:
    owner = walk.customer(team, PERSON)
    number = walk.application(team, owner, walk.vehicle(team, owner, PERSON), PERSON)
    chen, rui = team.program("chen"), hire(team, "rui", roles.REVIEWER, Reach.BRANCH)
    path = f"origination/{number}/votes"
    reviewed = at_once(*[lambda who=who: who.post(path, AGREE) for who in (chen, rui, chen, rui)])
    assert len(won(reviewed)) == 1 and all(CHINESE.search(problem["detail"]) for problem in lost(reviewed))
    zhou, zheng = team.program("zhou"), hire(team, "zheng", roles.APPROVER, Reach.ALL)
    approved = at_once(*[lambda who=who: who.post(path, AGREE) for who in (zhou, zheng, zhou, zheng)])
    one_wins(approved, "wrong_state")
    application = Application.objects.get()
    assert application.status == "approved" and application.approval.votes.filter(verdict="agree").count() == 2
    lin, page = team.program("lin"), team.browser("lin")
    one_wins(at_once(*[lambda: lin.post(f"origination/{number}/accept", {})] * 4), "wrong_state")
    late = page.post(f"/origination/{number}/accept/", follow=True).content.decode()
    assert Application.objects.get().status == "accepted" and "不能" in late and "已接受" in late
    return number


def _contracted(team: Team, number: str) -> str:
    he, hong = team.program("he"), hire(team, "hong", roles.COLLATERAL_OPS, Reach.BRANCH)
    made = at_once(*[lambda who=who: who.post("contracts/contracts", {"application_number": number}) for who in (he, hong, he, hong)])
    first = one_wins(made, "contract_exists").json()["number"]
    assert Contract.objects.count() == 1
    said(he.post(f"contracts/contracts/{first}/void", {"reason": "日期有误"}))
    return walk.contract(team, number)


def _paid_out(team: Team, contract: str) -> str:
    fang, gao, page = team.program("fang"), team.program("gao"), team.browser("gao")
    base = f"contracts/contracts/{contract}/disbursements"
    made = one_wins(at_once(*[lambda: fang.post(base, {})] * 4), "disbursement_exists")
    number = str(made.json()["number"])
    said(gao.step_up())
    check = f"contracts/disbursements/{number}/check"
    checked = at_once(*[lambda key=key: gao.post(check, {}, key=key) for key in ("one", "two", "three", "three")])
    assert len({answer.content for answer in won(checked)}) == 1, "a replay gives the same answer"
    assert {problem["code"] for problem in lost(checked)} == {"wrong_state"}
    late = page.post(f"/contracts/payouts/{number}/check/", {"amount": PERSON.amount}, follow=True)
    assert late.status_code == 409 and CHINESE.search(late.content.decode())
    assert Payout.objects.count() == 1 and Disbursement.objects.get().status == "checked"
    return number


def _cashed_in(team: Team, loan: Loan) -> None:
    cai, cao = team.program("cai"), team.program("cao")
    for person in (cai, cao):
        said(person.step_up())
    path = f"servicing/loans/{loan.number}"
    slip = {"amount": "100.00", "paid_on": TODAY.isoformat(), "channel": "bank", "reference": "S1"}
    same = at_once(*[lambda who=who: who.post(f"{path}/repayments", slip) for who in (cai, cao, cai, cao)])
    assert {answer.status_code for answer in same} == {201} and len({answer.json()["id"] for answer in same}) == 1
    assert LoanEvent.objects.filter(kind="repaid").count() == 1
    quote = said(cai.get(f"{path}/settlement-quote?on={TODAY.isoformat()}"))
    settle = {"amount": quote["to_pay"], "channel": "bank"}
    settled = at_once(*[
        lambda who=who, place=place: who.post(f"{path}/settlement", {**settle, "reference": f"J{place}"}) for place, who in enumerate((cai, cao, cai, cao))
    ])
    one_wins(settled, "wrong_state")
    loan.refresh_from_db()
    assert loan.status == "settled" and LoanEvent.objects.filter(kind="settled").count() == 1


def test_settling_and_repaying_at_once_leaves_no_fen_unexplained(team: Team, loan: Loan) -> None:
    """Whoever is first: a payment before the settlement makes its sum wrong, one after it finds the loan closed."""
    cai, cao = team.program("cai"), team.program("cao")
    for person in (cai, cao):
        said(person.step_up())
    path = f"servicing/loans/{loan.number}"
    payoff = said(cai.get(f"{path}/settlement-quote?on={TODAY.isoformat()}"))["to_pay"]
    answers = at_once(
        lambda: cai.post(f"{path}/settlement", {"amount": payoff, "channel": "bank", "reference": "J1"}),
        lambda: cao.post(f"{path}/repayments", {"amount": "100.00", "paid_on": TODAY.isoformat(), "channel": "cash", "reference": "K1"}),
    )
    (problem,) = lost(answers)
    assert problem["code"] in ("wrong_state", "payoff_differs") and CHINESE.search(problem["detail"])
    prove()


def test_two_who_edit_one_customer_are_told_what_the_other_changed(team: Team, wang: Customer) -> None:
    lin, guan = team.program("lin"), team.program("guan")
    page, version = team.browser("lin"), wang.version
    path = f"customers/{wang.number}"
    answers = at_once(
        lambda: lin.patch(path, {"version": version, "reason": "搬家", "address": "上海市静安区南京西路1号"}),
        lambda: guan.patch(path, {"version": version, "reason": "换号", "mobile": "15499998888", "marital_status": "married"}),
    )
    one_wins(answers, "stale_edit")
    (problem,) = lost(answers)
    changed = set(CustomerChange.objects.values_list("field", flat=True))
    words = {"address": "地址"} if changed == {"address"} else {"mobile": "手机号", "marital_status": "婚姻状况"}
    assert changed == set(words) and all(word in problem["detail"] for word in words.values()), problem
    assert problem["facts"]["name"] in ("Lin", "Guan") and "没有保存" in problem["detail"]
    for language, sentence in (("zh-hans", "没有保存"), ("en", "not saved")):
        form = {"version": version, "reason": "再改", "marital_status": "single"}
        answer = page.post(f"/customers/{wang.number}/edit/", form, headers={"Accept-Language": language})
        text = answer.content.decode()
        assert answer.status_code == 409 and sentence in text and re.search("地址|婚姻状况|[Aa]ddress|[Mm]arital", text), text[-400:]
    wang.refresh_from_db()
    assert wang.version == version + 1


def test_two_who_file_one_person_file_one(team: Team) -> None:
    body = {"name": SHAN.name, "id_number": SHAN.id_number, "mobile": SHAN.mobile}
    lin, guan, mei = (team.program(name) for name in ("lin", "guan", "mei"))
    answers = at_once(*[lambda who=who: who.post("customers/persons", body) for who in (lin, guan, mei, mei)])
    assert len(won(answers)) == 1 and Customer.objects.count() == 1
    assert {problem["code"] for problem in lost(answers)} <= {"customer_exists", "customer_exists_elsewhere"}


def test_two_who_import_one_statement_or_claim_one_line_book_it_once(team: Team, loan: Loan) -> None:
    cai, cao = team.program("cai"), team.program("cao")
    for person in (cai, cao):
        said(person.step_up())
    rows = [("2026-09-01", "50.00", "F0001", "不知何款")]
    imported = at_once(*[lambda who=who: who.send("payments/bank-files", file=statement(rows)) for who in (cai, cao, cai, cao)])
    assert sum(said(answer, 201)["new_lines"] for answer in imported) == 1 and BankLine.objects.count() == 1
    claim = {"loan_number": loan.number, "reason": "客户来电"}
    claimed = at_once(*[lambda who=who: who.post("servicing/bank-lines/F0001/match", claim) for who in (cai, cao, cai, cao)])
    one_wins(claimed, "wrong_state")
    assert JournalEntry.objects.filter(event="repayment").count() == 1
    prove()


def test_a_day_is_opened_once_however_many_press(team: Team, loan: Loan) -> None:
    cai, cao = team.program("cai"), team.program("cao")
    clock.tick(86_400)
    answers = at_once(*[lambda who=who: who.post("servicing/business-day", {"day": "2026-09-02"}) for who in (cai, cao, cai, cao)])
    assert won(answers) and all(problem["code"] in ("end_of_day_running", "busy", "end_of_day_not_current") for problem in lost(answers))
    assert business_date.current() == date(2026, 9, 2) and JournalEntry.objects.filter(event="accrual").count() == 1
    prove(date(2026, 9, 2))
