"""Asking for a decision, deciding, and noting that somebody wants it looked at: what the rooms above call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext_lazy as _

from chezhe.compliance.rules import SOLE_TRADER
from chezhe.finmath.money import Money
from chezhe.kernel import appending, business_date, clock, events, jobs, numbers
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import BusinessError, require_reason
from chezhe.risk.deciding import assembling, queries, record, rules, tracing
from chezhe.risk.deciding.asking import APPEAL, JOINT, ONLINE, Asking
from chezhe.risk.deciding.models import PREFIX, Decision, DecisionRound, Wish
from chezhe.risk.deciding.record import Heading
from chezhe.risk.deciding.states import ROUND
from chezhe.risk.deciding.values import Case, Figure, Verdict
from chezhe.risk.facts import asking as fact_asking
from chezhe.risk.facts import deriving
from chezhe.risk.facts import steps as fact_steps
from chezhe.risk.facts.services import TRADE
from chezhe.risk.guarantees import queries as guarantee_queries
from chezhe.risk.guarantees import steps as guarantee_steps
from chezhe.risk.relations import steps as relation_steps
from chezhe.risk.screening import diligence
from chezhe.risk.valuing import steps as valuing_steps
from chezhe.vehicles import queries as vehicle_queries
from chezhe.vehicles.models import Vehicle

# How long outside sources are waited for; then the case is decided by what is there, which refers whatever is wanting.
WAIT_SECONDS: Final = 120
DECIDE: Final = "risk.decide_application"


class AlreadyWished(BusinessError):
    code = "decision_wish_twice"
    sentence = _("决策 %(number)s 已登记过“%(kind)s”，不能重复登记。")


def begin(asking: Asking, *, by: Actor) -> DecisionRound:
    """Note what is asked, write down the figures of the loan as facts, and ask for everything outside; the worker decides.

    A round of the same subject that still waits is given up: its question has changed.
    """
    at = clock.now()
    for waiting in DecisionRound.objects.select_for_update(no_key=True).filter(subject=asking.subject, status="gathering"):
        give_up(waiting, by=by)
    begun = DecisionRound.objects.create(
        subject=asking.subject, kind=asking.kind, branch_id=asking.branch_id, owner_id=asking.owner_id, customer=asking.customer,
        asked=asking.as_json(), asked_at=at, due_at=at + timedelta(seconds=WAIT_SECONDS), earlier=queries.latest(asking.subject),
        check_before=guarantee_queries.last_check(asking.subject),
    )
    fact_steps.record_facts(
        asking.subject, {code: value for code, value in asking.figures.items() if value is not None}, source="application", known_at=at,
        by=by,
    )
    cars = tracing.cars_of(asking)
    relate(asking, cars, at)
    gather(asking, cars, by=by)
    jobs.enqueue(DECIDE, after_seconds=0 if queries.is_gathered(begun) else WAIT_SECONDS, round_id=begun.pk)
    return begun


def relate(asking: Asking, cars: Sequence[Vehicle], at: datetime) -> None:
    """Keep what the application shares with others, and write down what that says now of the borrower, the car and everybody who
    stands beside them, and how the dealer stands with us."""
    beside = tracing.trace(asking, cars, at)
    if asking.dealer:
        deriving.derive(asking.dealer, at=at)
    # Filed on-line from a device that we were not told of: with how many others it is shared is not known, and not nobody.
    untold = tracing.DEVICE_FACTS if asking.filed_through == ONLINE and not asking.device else ()
    relation_steps.record_relation_facts(asking.customer.subject, at, untold=untold)
    if not asking.customer.is_person:
        relation_steps.record_company_facts(asking.customer, at, behind=diligence.standing_behind(asking.customer))
    relation_steps.record_relation_facts(asking.subject, at, beside=beside)
    for _role, subject in asking.parties:
        relation_steps.record_relation_facts(subject, at)


def gather(asking: Asking, cars: Sequence[Vehicle], *, by: Actor) -> None:
    """Wish for everything that outside sources know of the people and the car; who did not agree is not asked about; all
    sources are asked at once. Every car without a value is valued beside that."""
    anew = asking.kind == APPEAL
    about = [(asking.customer.subject, "loan_approval")]
    about += [(subject, "loan_approval" if role in JOINT else "guarantee_check") for role, subject in asking.parties]
    about += [(car.subject, "loan_approval") for car in cars]
    also = {asking.customer.subject: (TRADE,)} if asking.figures.get("borrower_kind") == SOLE_TRADER else {}
    fact_asking.ask([
        fact_asking.note(subject, also=also.get(subject, ()), reason=reason, anew=anew, by=by) for subject, reason in about
    ])
    # A value that somebody has filed is what the figures were frozen on: another one would move them while they are decided.
    for car in cars:
        if vehicle_queries.latest_valuation(car, asking.on) is None and not queries.is_being_valued([car.subject]):
            valuing_steps.ask(car, on=asking.on, by=by, asked_for=asking.subject)


def give_up(waiting: DecisionRound, *, by: Actor) -> None:
    """A locked round that nobody needs any more."""
    waiting.status, waiting.decided_at = ROUND.require(waiting.status, "give_up"), clock.now()
    waiting.save(update_fields=["status", "decided_at"])


def withdraw(subject: str, *, by: Actor) -> None:
    """Whoever asked has no use for an answer any more."""
    for waiting in DecisionRound.objects.select_for_update(no_key=True).filter(subject=subject, status="gathering"):
        give_up(waiting, by=by)


def settle(waiting: DecisionRound) -> Decision:
    """Decide a locked round by what is known now, and announce it. Raises WrongState (409) when it is over already."""
    ROUND.require(waiting.status, "decide")
    on, car = business_date.current(), next((one for one in waiting.asked["subjects"] if one.startswith("vehicle:")), "")
    guarantee_steps.measure_since(waiting.subject, waiting.check_before, vehicle=car.partition(":")[2], on=on, by=SYSTEM)
    judged = _judged(waiting, clock.now())
    if guarantee_steps.measure_in_tier(waiting.subject, judged.verdict.tier, on=on, by=SYSTEM):
        judged = _judged(waiting, clock.now())
    at, decision = judged.at, _written(waiting, judged)
    waiting.status, waiting.decided_at = ROUND.require(waiting.status, "decide"), at
    waiting.save(update_fields=["status", "decided_at"])
    events.publish("decision.made", waiting.subject, {
        "number": decision.number, "subject": waiting.subject, "kind": decision.kind, "outcome": decision.outcome, "route": decision.route,
    })
    return decision


class _Judged(NamedTuple):
    """A case as it was known at a moment, and the answer to it."""

    at: datetime
    case: Case
    figures: tuple[Figure, ...]
    verdict: Verdict


def _judged(waiting: DecisionRound, at: datetime) -> _Judged:
    case, figures = assembling.case_at(waiting.asked, at)
    return _Judged(at, case, figures, rules.decide(case))


def decided(waiting: DecisionRound, at: datetime) -> Decision:
    """The decision of a round by what was known at a moment, written down."""
    return _written(waiting, _judged(waiting, at))


def _written(waiting: DecisionRound, judged: _Judged) -> Decision:
    at, case, figures, verdict = judged
    on = at.astimezone(clock.SHANGHAI).date()
    heading = Heading(
        number=numbers.next_number(PREFIX, on), subject=waiting.subject, kind=waiting.kind, decided_at=at.isoformat(), on=on,
    )
    kept = record.write(heading, case, figures, verdict)
    row = Decision(
        number=heading.number, subject=waiting.subject, kind=waiting.kind, round=waiting, branch_id=waiting.branch_id,
        owner_id=waiting.owner_id, customer_id=waiting.customer_id, earlier_id=waiting.earlier_id, decided_at=at, business_date=on,
        record=kept.body.decode(), digest=kept.digest, **columns(case, verdict),
    )
    appending.insert(row)
    return row


def columns(case: Case, verdict: Verdict) -> dict[str, Any]:
    """What lists show of a verdict."""
    amount, most, trial = case.value("amount"), verdict.terms.amount_max_fen, case.strategy.trial
    return {
        "trial": trial.number if trial else "", "arm": trial.arm if trial else "",
        "outcome": verdict.outcome, "route": verdict.route, "tier": verdict.tier,
        "score": verdict.scoring.score if verdict.scoring else None, "amount": Money(amount) if isinstance(amount, int) else None,
        "amount_max": None if most is None else Money(most), "annual_rate": verdict.terms.annual_rate, "ltv": case.value("ltv"),
        "dti": case.value("dti"), "periods": case.value("periods"), "reasons": list(verdict.reasons), "unknown": list(verdict.unknown),
    }


def wish(decision: Decision, kind: str, words: str, *, by: Actor) -> Wish:
    """Note that the customer wants a person to look at a decision, or wants it made again. Raises ReasonRequired (422) or
    AlreadyWished (409)."""
    said, at = require_reason(words), clock.now()
    if Wish.objects.filter(decision=decision, kind=kind).exists():
        raise AlreadyWished(number=decision.number, kind=dict(Wish._meta.get_field("kind").choices)[kind])
    return Wish.objects.create(
        decision=decision, kind=kind, words=said, asked_on=at.astimezone(clock.SHANGHAI).date(), recorded_at=at, recorded_by_name=by.name,
    )
