"""A stricter table of tiers on a share of the applications: drafts, trials that run, and applications of either arm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Any

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.customers import steps as customer_steps
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import WANG
from chezhe.identifiers import synthetic
from chezhe.identifiers.numbers import format_number
from chezhe.kernel import business_date, clock, events, jobs
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.policies.models import PolicyVersion
from chezhe.policies.tests.acting import drafted, saved
from chezhe.risk.actions.draft_live_trial import draft_live_trial
from chezhe.risk.actions.submit_live_trial import submit_live_trial
from chezhe.risk.deciding.models import Decision
from chezhe.risk.tests.deciding.telling import asking, begin, tell
from chezhe.risk.tests.registry.desk import TODAY, Desk
from chezhe.risk.trials import rules
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.trials.planning import Plan

ENDS_ON = date(2026, 6, 1)
_SERIALS = count(1)
_CUSTOMERS: dict[str, Customer] = {}


def stricter(by: Actor, score: str = ">= 1100") -> PolicyVersion:
    """A draft in which nobody is of tier A."""
    return saved(drafted(by), by, score=score, on=date(2026, 3, 20))


def plan(**changes: Any) -> Plan:
    return Plan(**{
        "title": "A 层更严", "hypothesis": "A 层不良率降低一半，批准率少降不超过两个百分点", "share": Decimal("0.5"), "begins_on": TODAY,
        "ends_on": ENDS_ON, **changes,
    })


def written(desk: Desk, by: Actor | None = None, **changes: Any) -> LiveTrial:
    """A draft by Fei, of a table that she wrote."""
    by = by or desk.fei
    if "versions" not in changes and "model_number" not in changes:
        changes["versions"] = {"tier": stricter(by).number}
    return draft_live_trial(plan=plan(**changes), business_date=TODAY, by=by)


def agreed(desk: Desk, trial: LiveTrial) -> LiveTrial:
    """Handed in by Fei and agreed to by Rui, and by He where it tries tables."""
    asked = submit_live_trial(live_trial_number=trial.number, business_date=TODAY, by=desk.fei)
    agree(desk, asked)
    return LiveTrial.objects.get(number=trial.number)


def agree(desk: Desk, asked: LiveTrial) -> None:
    """Rui, and He where compliance is asked too."""
    for who in (desk.rui, desk.he) if asked.versions else (desk.rui,):
        cast_vote(request_number=asked.request_number, verdict="agree", opinion="", by=who)


def running(desk: Desk, **changes: Any) -> LiveTrial:
    return agreed(desk, written(desk, **changes))


def days_pass(days: int) -> None:
    """The calendar and the books go on."""
    clock.tick(timedelta(days=days).total_seconds())
    business_date.open_day(clock.today())


def subjects(trial: LiveTrial, arm: str) -> Iterator[str]:
    """Applications that fall into an arm, one after another; each is filed by somebody else who shares nothing with anybody."""
    for serial in _SERIALS:
        subject, wang = f"application:{format_number('A', 2026, serial)}", Customer.objects.order_by("id")[0]
        facts = replace(
            WANG, id_number=synthetic.invent_id_number(Random(serial), date(1990, 1, 1), "male", "31"), mobile=f"154{serial:08d}",
            address=f"上海市静安区第{serial}号")
        whose = customer_steps.create_person(facts, branch_id=wang.branch_id, owner_id=wang.owner_id, on=TODAY, by=SYSTEM)
        if rules.arm(trial.number, whose.subject, trial.agreed_share) == arm:
            _CUSTOMERS[subject] = whose
            yield subject


def decide(desk: Desk, subject: str, kind: str = "live", figures: Mapping[str, Any] | None = None, **told: Any) -> Decision:
    """One application, decided by the worker: of whom `subjects` says, else of Wang's."""
    customer = _CUSTOMERS.get(subject, desk.wang)
    tell(customer, subject, subject, **told)
    with jobs.in_line():
        begun = begin(asking(customer, desk.lin, subject=subject, kind=kind, **(figures or {})), desk.lin)
        while events.deliver_all() + jobs.run_due():
            pass
    return Decision.objects.exclude(kind="shadow").get(round=begun)
