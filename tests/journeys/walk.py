"""One loan's way through the house, step by step over REST. Each step asserts its own answer and hands on what it made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chezhe.contracts.tests.printing import printed
from chezhe.customers.tests.filing import CARD_OTHER, FLEET, SHAN, WANG
from chezhe.customers.values import PersonFacts
from chezhe.invented import fates
from chezhe.origination.tests.asking import work
from chezhe.vehicles.tests.filing import USED
from tests.journeys.house import TODAY, Team, scan


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody comes for. `price` only when the car is being bought."""

    product: str
    purpose: str
    amount: str
    periods: int
    worth: str
    is_company: bool = False
    finance: tuple[tuple[str, str], ...] = ()


# Nothing outside can be asked about them, so that people decide: what a machine makes of a life is the risk room's own matter.
BORROWER = replace(WANG, id_number=fates.id_number(fates.DOWN))
SURETY = replace(SHAN, id_number=fates.id_number(fates.DOWN, born_on=date(1995, 6, 23)))
COMPANY_FILE = replace(FLEET, uscc=fates.company_code(fates.DOWN))
PERSON = Wish(
    product="P03", purpose="consumption", amount="60000.00", periods=24, worth="100000.00",
    finance=(("monthly_income", "15000.00"), ("monthly_debt", "0.00")),
)
COMPANY = Wish(product="P05", purpose="working_capital", amount="120000.00", periods=6, worth="200000.00", is_company=True)


def said(answer: Any, status: int = 200) -> Any:
    """The answer's JSON, provided that it came with the status expected."""
    assert answer.status_code == status, f"{answer.status_code} {answer.content.decode()[:600]}"
    return answer.json()


def customer(team: Team, wish: Wish) -> str:
    """From an enquiry to a customer with an account; the number."""
    lin = team.program("lin")
    facts = COMPANY_FILE if wish.is_company else BORROWER
    lead = said(lin.post("leads", {
        "name": facts.name, "mobile": facts.mobile, "source": "walk_in", "product_interest": wish.product, "amount_wanted": wish.amount,
        "is_company": wish.is_company,
    }), 201)
    touch = {"channel": "phone", "outcome": "interested", "note": "周末来店"}
    assert said(lin.post(f"leads/{lead['number']}/touches", touch), 201)["status"] == "contacted"
    assert said(lin.post(f"leads/{lead['number']}/qualify", {}))["status"] == "qualified"
    converted = said(lin.post(f"leads/{lead['number']}/convert", {"company": _company()} if wish.is_company else {"person": person_body(BORROWER)}))
    assert converted["status"] == "converted"
    number = str(converted["customer_number"])
    kind = {"kind": "corporate"} if wish.is_company else {}
    account = said(lin.post(f"customers/{number}/accounts", {"card_number": CARD_OTHER, "bank_name": "某银行上海分行", **kind}), 201)
    assert account["card_number"].endswith(CARD_OTHER[-4:]) and CARD_OTHER not in str(account)
    return number


def person_body(facts: PersonFacts) -> dict[str, Any]:
    return {"name": facts.name, "id_number": facts.id_number, "mobile": facts.mobile, "address": "北京市朝阳区光华路1号"}


def _company() -> dict[str, Any]:
    same = ("name", "uscc", "legal_representative", "mobile")
    return {name: getattr(COMPANY_FILE, name) for name in same} | {"actual_controller": SURETY.name, "registered_capital": "2000000.00", "address": "杭州市西湖区文三路1号"}


def vehicle(team: Team, owner: str, wish: Wish) -> str:
    """The customer's car, valued by somebody else; the number."""
    car = said(team.program("lin").post("vehicles", {
        "owner_number": owner, "vin": USED.vin, "brand": USED.brand, "series": USED.series, "model": USED.model, "condition": "used",
        "energy_type": USED.energy_type, "plate": USED.plate, "engine_no": USED.engine_no, "first_registered_on": "2022-05-20",
        "mileage_km": USED.mileage_km,
    }), 201)
    valuation = {"source": "in_house", "amount": wish.worth, "valued_on": TODAY.isoformat(), "mileage_km": 56_000}
    said(team.program("ping").post(f"vehicles/{car['number']}/valuations", valuation), 201)
    return str(car["number"])


def application(team: Team, owner: str, car: str, wish: Wish) -> str:
    """Handed in and given to the reviewer, since nobody outside could be asked; the number."""
    number = handed_in(team, owner, car, wish)
    assert said(team.program("lin").get(f"origination/{number}"))["status"] == "first_review"
    return number


def handed_in(team: Team, owner: str, car: str, wish: Wish) -> str:
    """Written step by step, completed by what the gaps name, handed in and decided by the machine; the number."""
    lin = team.program("lin")
    made = said(lin.post("origination", {"customer_number": owner, "product_code": wish.product}), 201)
    number, version = str(made["number"]), made["version"]
    steps: dict[str, dict[str, Any]] = {
        "party": {"purpose": wish.purpose}, "vehicle": {"vehicle_number": car},
        "finance": {"amount": wish.amount, "periods": wish.periods, "due_day": 20, **dict(wish.finance)},
    }
    for step, values in steps.items():
        version = said(lin.patch(f"origination/{number}/steps/{step}", {"version": version, **values}))["version"]
    masked = {said(lin.get(f"origination/{number}"))["customer_name"]: owner}
    if wish.is_company:
        masked |= _controller(team, number, owner)
    for gap in said(lin.get(f"origination/{number}/gaps")):
        close(team, number, masked, gap)
    assert said(lin.get(f"origination/{number}/gaps")) == []
    assert said(lin.get(f"origination/{number}/figures"))["all_in_simple"]
    version = said(lin.get(f"origination/{number}"))["version"]
    assert said(lin.post(f"origination/{number}/submit", {"version": version}))["status"] == "checking"
    work()
    return number


def _controller(team: Team, application_number: str, company: str) -> dict[str, str]:
    """The company's controller becomes a customer and stands surety; masked name to number."""
    lin = team.program("lin")
    person = said(lin.post("customers/persons", person_body(SURETY)), 201)
    said(lin.post(f"customers/{company}/relations", {"other_number": person["number"], "kind": "controller"}), 201)
    surety = {"customer_number": person["number"], "role": "guarantor"}
    said(lin.post(f"origination/{application_number}/parties", surety), 201)
    return {str(person["name"]): str(person["number"])}


def close(team: Team, application_number: str, masked: dict[str, str], gap: dict[str, str]) -> None:
    """File the paper or the consent that a gap names."""
    lin = team.program("lin")
    if gap["code"] == "document_missing":
        said(lin.send("documents", subject=f"application:{application_number}", category=gap["what"], file=scan()), 201)
        return
    assert gap["code"] == "consent_missing", gap
    who = masked[gap["who"]]
    consent = {"subject": f"customer:{who}", "kind": gap["what"], "channel": "paper", "evidence": f"SQ-{application_number}"}
    said(lin.post("compliance/consents", consent), 201)


def decide(team: Team, number: str) -> None:
    """The reviewer and the approver agree, the customer takes the offer."""
    review = {"verdict": "agree", "opinion": "收入流水核实无误"}
    assert said(team.program("chen").post(f"origination/{number}/votes", review))["status"] == "final_review"
    assert said(team.program("zhou").post(f"origination/{number}/votes", {"verdict": "agree", "opinion": "同意"}))["status"] == "approved"
    assert said(team.program("lin").post(f"origination/{number}/accept", {}))["status"] == "accepted"


def contract(team: Team, application_number: str) -> str:
    """Printed, explained, signed and registered; the number."""
    he, day = team.program("he"), TODAY.isoformat()
    made = said(he.post("contracts/contracts", {"application_number": application_number}), 201)
    number = str(made["number"])
    printed(number)
    papers = said(he.get(f"contracts/contracts/{number}"))["papers"]
    assert {paper["kind"] for paper in papers} >= {"loan_contract", "mortgage_contract", "repayment_schedule", "consent_letter"}
    signers = [party["customer_number"] for party in made["parties"]]
    base = f"contracts/contracts/{number}"
    if made["needs_cost_sheet"]:
        sheet = said(he.send(f"{base}/cost-sheet", confirmed_on=day, channel="counter", evidence=scan()))
        assert sheet["cost_sheet_on"] == day
    signed = said(he.send(f"{base}/sign", signers=signers, signed_on=day, channel="counter", evidence=scan()))
    assert signed["status"] == "signed"
    registered = said(he.send(
        f"{base}/mortgage", office="上海市车辆管理所", receipt_number="HD20260901001", registered_on=day, evidence=scan(),
    ))
    assert registered["mortgage"]["status"] == "registered" and all(c["is_met"] for c in registered["conditions"])
    return number


def payout(team: Team, contract_number: str, wish: Wish) -> str:
    """One makes it ready, another one with a fresh code lets it go; the disbursement's number."""
    fang, gao = team.program("fang"), team.program("gao")
    base = f"contracts/contracts/{contract_number}/disbursements"
    made = said(fang.post(base, {}), 201)
    check = f"contracts/disbursements/{made['number']}/check"
    assert said(gao.post(check, {}), 403)["code"] == "step_up_required"
    said(fang.step_up())
    assert said(fang.post(check, {}), 409)["code"] == "same_person"
    said(gao.step_up())
    checked = said(gao.post(check, {}, key="let-it-go"))
    assert (checked["status"], checked["amount"]) == ("checked", wish.amount)
    again = gao.post(check, {}, key="let-it-go")
    assert again["Idempotent-Replay"] == "true" and said(again) == checked
    return str(made["number"])


def release(team: Team, contract_number: str, day: str) -> None:
    """The vehicle office has struck the mortgage off; the paper is filed."""
    he = team.program("he")
    struck = said(he.send(
        f"contracts/contracts/{contract_number}/release", receipt_number="JY20261001001", released_on=day, evidence=scan(),
    ))
    assert struck["mortgage"]["status"] == "released"
