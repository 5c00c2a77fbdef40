"""What the rooms of policies and risk hold in the sample beside what the simulation brings: two of everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.customers import steps as customer_steps
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import WANG
from chezhe.finmath.money import Money
from chezhe.identifiers import synthetic
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.policies.actions.draft_version import draft_version
from chezhe.policies.tests.acting import saved
from chezhe.risk.actions.accept_security import accept_security
from chezhe.risk.actions.begin_backtest import begin_backtest
from chezhe.risk.actions.begin_report import begin_report
from chezhe.risk.actions.draft_live_trial import draft_live_trial
from chezhe.risk.actions.import_watch_list import import_watch_list
from chezhe.risk.actions.offer_security import offer_security
from chezhe.risk.actions.propose_blacklist_entry import propose_blacklist_entry
from chezhe.risk.actions.record_deal import record_deal
from chezhe.risk.actions.record_holding import record_holding
from chezhe.risk.actions.review_diligence import review_diligence
from chezhe.risk.actions.score_customers import score_customers
from chezhe.risk.actions.screen_chunk import screen_chunk
from chezhe.risk.actions.settle_backtest import settle_backtest
from chezhe.risk.actions.start_backtest import start_backtest
from chezhe.risk.actions.submit_live_trial import submit_live_trial
from chezhe.risk.actions.trace_customer import trace_customer
from chezhe.risk.actions.upload_model import upload_model
from chezhe.risk.actions.watch_model import watch_model
from chezhe.risk.guarantees.steps import Offered
from chezhe.risk.lab import figures
from chezhe.risk.lab.figures import Parameters
from chezhe.risk.lab.steps import Question, Report
from chezhe.risk.lab.trying import Trial
from chezhe.risk.profiles import steps as profile_steps
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.relations.blacklist import Proposal
from chezhe.risk.screening.diligence import Shares
from chezhe.risk.screening.lists import Entry, Heading
from chezhe.risk.screening.rules import Answers
from chezhe.risk.tests.registry.desk import another, zipped
from chezhe.risk.trials.planning import Plan
from chezhe.risk.valuing.deals import Sold
from chezhe.risk.valuing.models import AppraiserRatio
from chezhe.servicing.models import Loan
from chezhe.staff import steps as staff_steps
from chezhe.staff.models import User
from chezhe.vehicles.models import Vehicle


def judge(by: Actor, today: date) -> None:
    """Fill the two rooms."""
    _try_a_draft(by, today)
    loan = Loan.objects.select_related("customer", "contract__application").order_by("pk")[0]
    _resemble(loan.customer.branch_id, by, today)
    _hold_against_a_list(by)
    for turn in (1, 2):
        _list(turn, by, today)
        _appraise(turn, by, today)
        _stand_surety(turn, loan, by, today)
    _look_into(loan.customer, by, today)
    _bring_in_a_model(by, today)
    _pay_for_a_year(today)


def _try_a_draft(by: Actor, today: date) -> None:
    """A draft of the tiers, and two backtests of it: one that is done and one that waits."""
    draft = saved(draft_version(policy_code="tier", business_date=today, by=by), by, score=">= 700", on=today)
    trial = Trial({"tier": draft.number})
    tests = [
        start_backtest(question=Question(title=f"试用 {turn}", trial=trial, book="invented"), business_date=today, by=by) for turn in (1, 2)
    ]
    side = figures.told([], Parameters())
    result = {"champion": side, "challenger": side, "moves": [], "changed": 2}
    change = {name: value for end in ("", "_new") for name, value in (
        (f"outcome{end}", "referred"), (f"route{end}", "review"), (f"tier{end}", "B"), (f"reasons{end}", ["R12"]))}
    _try_it_live({"tier": draft.number}, by, today)
    begin_backtest(backtest_number=tests[0].number, by=SYSTEM)
    settle_backtest(backtest_number=tests[0].number, report=Report(result=result, applications=10, changes=[change, change]), by=SYSTEM)


def _try_it_live(versions: dict[str, str], by: Actor, today: date) -> None:
    """The same draft on a tenth of the applications: one trial that runs, and the draft of another."""
    plan = Plan(
        title="A 层更严", hypothesis="不良率降低一半", versions=versions, share=Decimal("0.1"), begins_on=today,
        ends_on=today + timedelta(days=90), approval_gap_max=Decimal("0.1"))
    trials = [draft_live_trial(plan=plan, business_date=today, by=by) for _turn in (1, 2)]
    asked = submit_live_trial(live_trial_number=trials[0].number, business_date=today, by=by)
    compliance = staff_steps.actor_for(User.objects.get(username="audit"), clock.now())
    cast_vote(request_number=asked.request_number, verdict="agree", by=compliance)


def _resemble(branch_id: int, by: Actor, today: date) -> None:
    """Three files of what may be one person."""
    for turn in (1, 2, 3):
        number = synthetic.invent_id_number(Random(turn), date(1990, 1, turn), "male", "31")
        twin = customer_steps.create_person(replace(WANG, id_number=number), branch_id=branch_id, owner_id=by.user_id, on=today, by=by)
        trace_customer(customer_number=twin.number, known_at=clock.now(), by=SYSTEM)


def _hold_against_a_list(by: Actor) -> None:
    """Two versions of a list; the newer one names two customers."""
    people = Customer.objects.filter(kind="person").order_by("pk")[:2]
    entries = [Entry(f"P-{turn}", "person", one.name, id_numbers=(one.id_number,)) for turn, one in enumerate(people)]
    for version in ("2026-03-15", "2026-03-16"):
        heading = Heading("UN-SC", "sanction", "安理会制裁名单", version, "联合国安理会")
        brought = import_watch_list(heading=heading, entries=entries, by=by)
        for chunk in range(brought.chunks):
            screen_chunk(watchlist_number=brought.number, chunk=chunk, by=SYSTEM)


def _list(turn: int, by: Actor, today: date) -> None:
    proposal = Proposal("phone", f"1541111000{turn}", "fraud", "以假资料申请", "internal", today, evidence=f"CASE-{turn}")
    propose_blacklist_entry(proposal=proposal, business_date=today, by=by)


def _appraise(turn: int, by: Actor, today: date) -> None:
    """A car is looked at, another one like it was sold; how right the appraiser was is known of both."""
    car = Vehicle.objects.order_by("pk")[turn]
    report = begin_report(vehicle_number=car.number, business_date=today, by=by)
    ratio = Decimal("0.95") + Decimal("0.05") * turn
    AppraiserRatio.objects.create(report=report, appraiser_id=by.user_id, against="blend", truth=Money(10**7), ratio=ratio, measured_on=today)
    sold = Sold(price=Money(8_000_000 * turn), listed_on=today - timedelta(days=30), sold_on=today, mileage_km=30_000, source="同行")
    record_deal(vehicle_number=car.number, sold=sold, business_date=today, by=by)


def _stand_surety(turn: int, loan: Loan, by: Actor, today: date) -> None:
    """Somebody who does not owe it stands for the loan, which another person accepts."""
    owing = [loan.customer_id, *loan.contract.application.parties.values_list("customer_id", flat=True)]
    other = Customer.objects.filter(kind="person").exclude(pk__in=owing).order_by("pk")[turn + 1]
    offered = Offered(kind="guarantor", amount=Money(5_000_000), liability="joint", income_monthly=Money(800_000), agreed_until=None)
    made = offer_security(
        subject=loan.contract.application.subject, offered=offered, guarantor_number=other.number, business_date=today, by=by)
    officer = staff_steps.actor_for(User.objects.get(username="risk.officer"), clock.now())
    accept_security(security_number=made.number, reason="收入已核实", by=officer)


def _look_into(borrower: Customer, by: Actor, today: date) -> None:
    """The borrower is reviewed; a company says who holds it."""
    calm = Answers(occupation="ordinary", region="ordinary", purpose="own_use")
    review_diligence(customer_number=borrower.number, answers=calm, note="", business_date=today, by=by)
    company = Customer.objects.filter(kind="company").order_by("pk")[0]
    record_holding(customer_number=company.number, shares=Shares(Decimal("0.8"), holder_name="王小明"), by=by)


def _bring_in_a_model(by: Actor, today: date) -> None:
    """A second card is registered; the one in force is looked at."""
    upload_model(data=zipped(another()), name="个人卡二号", purpose="person", by=by)
    watch_model(scoring_model_number=ScoringModel.objects.get(purpose="person", status="active").number, business_date=today, by=by)


def _pay_for_a_year(today: date) -> None:
    """Two people whose loans run long enough to be judged by how they pay."""
    paying = {
        "behaviour_loans_running": 1, "behaviour_months_on_book": 12, "behaviour_on_time_rate_12m": "0.75", "behaviour_worst_dpd_12m": 12,
        "behaviour_utilisation": "0.6", "behaviour_instalments_left": 24,
    }
    people = Customer.objects.filter(kind="person").order_by("pk")[:2]
    profile_steps.tell({one: {**paying, "behaviour_dpd_now": 9 * turn} for turn, one in enumerate(people)})
    score_customers(customers=[one.pk for one in people], business_date=today, by=SYSTEM)
