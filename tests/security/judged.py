"""What the risk rooms keep, in the populated house: one of each thing that a door can name."""

from __future__ import annotations

from typing import Any

from chezhe.customers.models import Customer
from chezhe.kernel import clock, events, jobs, numbers
from chezhe.origination.models import Application
from chezhe.policies.models import Policy, PolicyVersion
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts.models import Enquiry, Statement
from chezhe.risk.guarantees.models import Security
from chezhe.risk.lab.models import Backtest
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.relations.models import CANDIDATE_PREFIX, BlacklistEntry, Candidate
from chezhe.risk.screening.models import Hit, ListVersion
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.valuing.models import AppraiserReport, Valuing
from chezhe.vehicles.models import Vehicle
from tests.journeys import walk
from tests.journeys.house import TODAY, Program, Team
from tests.journeys.walk import said


def what_is_judged(team: Team) -> None:
    """A draft of a table, a proposed entry, a report begun, a value asked for, a security offered, a pair that is alike, a hit."""
    qin, ping, lin = (team.program(name) for name in ("qin", "ping", "lin"))
    draft = said(qin.post("policies/policies/tier/versions", {}), 201)["number"]
    whole = said(qin.get(f"policies/versions/{draft}"))
    whole["table"]["rules"][0]["note"] = "留一行不同"
    whole["table"]["rules"][1]["when"][1] = ">= 660"
    edited = {"table": whole["table"], "effective_from": TODAY.isoformat()}
    said(qin.post(f"policies/versions/{draft}/edit", edited))
    tried = {"title": "试一试", "versions": [{"table": "tier", "number": draft}], "from_on": TODAY.isoformat(),
             "to_on": TODAY.replace(year=TODAY.year + 1).isoformat()}
    said(qin.post("risk/backtests", tried), 202)
    trial = {"title": "试一试", "hypothesis": "更准", "versions": tried["versions"], "share": "0.1", "begins_on": TODAY.isoformat(),
             "ends_on": TODAY.replace(year=TODAY.year + 1).isoformat()}
    said(qin.post("risk/live-trials", trial), 201)
    application, vehicle = Application.objects.select_related("customer").get(status="accepted"), Vehicle.objects.get()
    customer = application.customer
    listed = {"kind": "phone", "value": "15412345678", "reason_code": "fraud", "words": "冒用他人身份申请", "source": "internal",
              "starts_on": TODAY.isoformat()}
    said(qin.post("risk/blacklist", listed), 201)
    said(ping.post(f"risk/vehicles/{vehicle.number}/appraisals", {}), 201)
    said(ping.post(f"risk/vehicles/{vehicle.number}/values", {}), 202)
    pledged = {"subject": application.subject, "kind": "pledge", "amount": "10000.00", "thing": "存单", "holder": "上海一店", "proof_number": "CD-2026-1"}
    said(lin.post("risk/securities", pledged), 201)
    _alike(customer, lin)
    _listed(team.program("lu"), customer)


def _alike(customer: Customer, lin: Program) -> None:
    """Two files that look like one person's."""
    other = Customer.objects.get(number=said(lin.post("customers/persons", walk.person_body(walk.SURETY)), 201)["number"])
    first, second = sorted([customer, other], key=lambda one: one.subject)
    Candidate.objects.create(
        number=numbers.next_number(CANDIDATE_PREFIX, TODAY), first=first.subject, second=second.subject, first_customer=first,
        second_customer=second, score=70, reasons=[["same_phone", 40]], suggestion="duplicate", found_at=clock.now(),
    )


def _listed(lu: Program, customer: Customer) -> None:
    """A list with the customer's own name; what is due is done until the hit is there."""
    listed = {"code": "test-list", "kind": "sanction", "title": "测试名单", "version": "1", "source": "测试",
              "entries": [{"code": "T-1", "kind": "person", "name": customer.name, "birth": str(customer.birth_date or "")}]}
    said(lu.post("risk/watch-lists", listed), 202)
    for _round in range(3):
        jobs.run_due()
        events.deliver_all()


def names_judged() -> dict[str, list[Any]]:
    """By the first part of the path, as `populated.names` has them."""

    def of(model: Any, field: str = "number") -> list[Any]:
        return [str(getattr(row, field)) for row in model.objects.order_by("-id")[:5]]

    return {
        "policies/versions": of(PolicyVersion), "policies/policies": of(Policy, "code"), "risk/decisions": of(Decision),
        "risk/reports": of(Enquiry), "risk/proofs": of(Customer), "risk/statements": of(Customer), "key": of(Statement, "key"),
        "risk/relations": of(Customer), "risk/relations/alike": of(Candidate), "risk/relation-candidates": of(Candidate),
        "risk/blacklist": of(BlacklistEntry), "risk/screening/hits": of(Hit), "risk/watch-list-hits": of(Hit),
        "risk/screening/lists": of(ListVersion), "risk/diligence": of(Customer), "risk/vehicles": of(Vehicle), "risk/values": of(Valuing),
        "risk/appraisals": of(AppraiserReport), "risk/guarantees": of(Security), "risk/securities": of(Security),
        "risk/models": of(ScoringModel), "risk/backtests": of(Backtest), "risk/live-trials": of(LiveTrial),
        "risk/profiles": of(Customer),
    }
