"""Securities and coverage, for our own actions and for the rooms above that know when a debt falls due or is gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.identifiers.text import clean_code
from chezhe.kernel import appending, business_date, clock, events, moves, numbers, subjects
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, require_reason
from chezhe.risk import proposals
from chezhe.risk.facts import steps as fact_steps
from chezhe.risk.guarantees import errors, figures, queries, rules, standing
from chezhe.risk.guarantees.choices import FIELD_LABELS
from chezhe.risk.guarantees.models import PREFIX, CoverageCheck, Security
from chezhe.risk.guarantees.states import HOLDING, SECURITY
from chezhe.risk.proposals import FurtherCar, Proposal
from chezhe.risk.valuing import curves
from chezhe.risk.valuing import queries as valuing_queries
from chezhe.risk.valuing.models import Valuing

log = structlog.get_logger("chezhe.risk")
# What a decision asks of a measurement.
_MEASURED = ("coverage", "coverage_value", "owed_to_maturity")
# What stands on the value of a car, by who tells it.
_DISPUTED = {"decision": (*_MEASURED, "ltv", "forward_ltv_max"), "application": ("ltv",)}
# By which its paper is known again, however it is spaced.
_PAPERS = ("proof_number", "policy_number")
_SIX, _FOUR = Decimal("0.000001"), Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A security as it is offered. Which fields belong to which kind: `errors.SecurityIncomplete` names what is missing."""

    kind: str
    amount: Money
    liability: str = ""
    agreed_until: date | None = None
    income_monthly: Money | None = None
    net_assets: Money | None = None
    thing: str = ""
    holder: str = ""
    policy_number: str = ""
    proof_number: str = ""
    covered_share: Decimal | None = None
    valid_to: date | None = None
    note: str = ""


NEEDED = {
    rules.GUARANTOR: ("liability",), rules.PLEDGE: ("thing", "holder", "proof_number"), rules.DEPOSIT: ("holder", "proof_number"),
    rules.INSURANCE: ("holder", "policy_number", "covered_share", "valid_to"),
}


def offer(subject: str, given: Offered, *, guarantor: Customer | None, on: date, by: Actor) -> Security:
    """Put a security beside a subject; it counts once another person accepted it.

    Raises NotFound (404) for a subject out of reach, SecurityIncomplete or GuarantorIsBorrower (422), GuarantorTwice or SecurityTwice
    (409).
    """
    behind, proposal = subjects.open_subject(subject, by), proposals.read(subject, on)
    given = replace(given, **{name: clean_code(getattr(given, name)) for name in _PAPERS})
    _require_whole(given, guarantor)
    if guarantor is not None:
        _require_other(guarantor, subject)
    security = _kept(Security(
        number=numbers.next_number(PREFIX, on), subject_text=subject, guarantor=guarantor, branch_id=behind.branch_id,
        owner_id=behind.owner_id, maker_ids=sorted(by.user_ids), offered_by_id=by.user_id, offered_by_name=by.name, offered_at=clock.now(),
        **{name: getattr(given, name) for name in given.__dataclass_fields__},
    ), by)
    moves.record(security.subject, "offer", "", "offered", by=by)
    if proposal is not None:
        fall_due(subject, proposal.matures_on, on=on)
        security.refresh_from_db()
    return security


def _kept(security: Security, by: Actor) -> Security:
    """Written down, unless what it names stands for a debt already; of two who offer it at once the database lets one."""
    if appending.append_once(security):
        return security
    twins = queries.twins_of(security)
    if security.guarantor is not None:
        raise errors.GuarantorTwice(name=security.guarantor.masked_name, number=twins.values_list("number", flat=True)[0])
    seen = twins.visible_to(by).values_list("number", flat=True).first()
    raise errors.SecurityTwice(kind=security.kind_label, paper=security.proof_number or security.policy_number, number=seen or "—")


def _require_whole(given: Offered, guarantor: Customer | None) -> None:
    if given.kind == rules.GUARANTOR and guarantor is None:
        raise errors.SecurityIncomplete(what=FIELD_LABELS["guarantor_number"])
    for name in NEEDED[given.kind]:
        if getattr(given, name) in ("", None):
            raise errors.SecurityIncomplete(what=FIELD_LABELS[name])


def _require_other(guarantor: Customer, subject: str) -> None:
    if guarantor.number in proposals.debtors(subject):
        raise errors.GuarantorIsBorrower()


def decide(security: Security, verb: str, *, reason: str = "", by: Actor) -> Security:
    """Accept or refuse what another offered, or withdraw one's own. The row is locked by the caller.

    Raises WrongState or OwnSecurity (409), ReasonRequired (422) for a refusal or withdrawal without a reason, GuarantorIsBorrower (422)
    for who has become a debtor since the offer.
    """
    SECURITY.require(security.status, verb)
    kept = reason.strip() if verb == "accept" else require_reason(reason, most=300)
    if verb != "withdraw" and set(security.maker_ids) & set(by.user_ids):
        raise errors.OwnSecurity(name=security.offered_by_name)
    if verb == "accept" and security.guarantor is not None:
        _require_other(security.guarantor, security.subject_text)
    security.decided_by_name, security.decided_at = by.name, clock.now()
    security.save(update_fields=["decided_by_name", "decided_at"])
    moves.move(security, SECURITY, verb, by=by, reason=kept)
    events.publish(f"security.{verb}", security.subject_text, {"number": security.number})
    return security


def claim(security: Security, *, claimed_on: date, reason: str, on: date, by: Actor) -> Security:
    """Note that the guarantor was claimed (joint) or the debtor sued (general) within the period (民法典 §693).

    Raises WrongState or ClaimTooLate (409), ReasonRequired or Invalid (422) for a day to come. The row is locked by the caller.
    """
    kept = require_reason(reason, most=300)
    if claimed_on > on:
        raise Invalid(field="claimed_on", code="claimed_ahead", sentence=_("主张日期不能晚于今天。"))
    SECURITY.require(security.status, "claim")
    if security.claim_until is not None and claimed_on > security.claim_until:
        raise errors.ClaimTooLate(until=security.claim_until)
    security.claimed_on = claimed_on
    security.save(update_fields=["claimed_on"])
    moves.move(security, SECURITY, "claim", by=by, reason=kept)
    return security


def release(security: Security, *, reason: str, by: Actor) -> Security:
    """The security is no longer needed. Raises WrongState (409) or ReasonRequired (422). The row is locked by the caller."""
    kept = require_reason(reason, most=300)
    moves.move(security, SECURITY, "release", by=by, reason=kept)
    return security


def give_back(security: Security, *, reason: str, by: Actor) -> Security:
    """Release one before the debt is gone: while a contract stands, only if what is left covers what is still owed to maturity, which of
    a contract that is not paid out yet is all that was agreed.

    Every security of the subject is locked by the caller (`lock_all`). Raises WrongState, SecurityNeeded with the missing sum,
    LendingValueMissing or ProposalMissing (409), ReasonRequired (422).
    """
    SECURITY.require(security.status, "release")
    require_reason(reason, most=300)
    if standing.stands(security.subject_text):
        on = business_date.current()
        others = queries.of(security.subject_text).exclude(pk=security.pk)
        missing = _cover(_still_owed(security.subject_text, on), others, on).missing
        if missing:
            raise errors.SecurityNeeded(number=security.number, missing=missing)
    return release(security, reason=reason, by=by)


def lock_all(subject: str) -> list[Security]:
    """Every security of a subject, locked in the order of their offering: a release and a payout cannot pass one another."""
    return list(queries.of(subject).order_by("pk").select_for_update(of=("self",), no_key=True))


def fall_due(subject: str, matures_on: date, *, on: date) -> int:
    """The day on which the debt behind a subject is due, as planned, extended or called in: every guarantee's period follows.

    For the rooms above; says how many guarantees it moved.
    """
    held, moved = figures.on(on), 0
    running = queries.of(subject).filter(kind=rules.GUARANTOR, status__in=("offered", "accepted"))
    for security in running.select_for_update(of=("self",), no_key=True):
        until = rules.claim_until(matures_on, agreed_until=security.agreed_until, default_months=held.period_months)
        if (security.matures_on, security.claim_until) != (matures_on, until):
            security.matures_on, security.claim_until = matures_on, until
            security.save(update_fields=["matures_on", "claim_until"])
            moved += 1
    return moved


def release_all(subject: str, *, reason: str, by: Actor) -> int:
    """The debt behind a subject is gone, and with it every security. For the rooms above; says how many there were."""
    held = queries.of(subject).filter(status__in=HOLDING).select_for_update(of=("self",), no_key=True)
    return len([release(security, reason=reason, by=by) for security in held])


def measure_since(subject: str, before: int, *, vehicle: str, on: date, by: Actor) -> None:
    """Measure a subject that was not measured after the check `before`, as far as it can be: a decision is not to lack what could be known,
    nor to stand on securities of another day. Where a figure of the day or the plan is wanting, or nobody stands by the value of the
    `vehicle`, the coverage is unknown from now on, which refers; nothing else of the attempt is kept."""
    if vehicle and valuing_queries.is_disputed(vehicle, on):
        for source, codes in _DISPUTED.items():
            fact_steps.refuse_facts(subject, dict.fromkeys(codes, "not_proved"), source=source, known_at=clock.now(), by=by)
        return
    if queries.is_measured_since(subject, before):
        return
    try:
        with transaction.atomic():
            measure(subject, on=on, by=by)
    except BusinessError as refusal:
        if isinstance(refusal, (errors.LendingValueMissing, errors.ProposalMissing)) and not before:
            return
        log.warning("coverage not measured", subject=subject, code=refusal.code)
        fact_steps.refuse_facts(subject, dict.fromkeys(_MEASURED, "absent"), source="decision", known_at=clock.now(), by=by)


def measure_in_tier(subject: str, tier: str, *, on: date, by: Actor) -> bool:
    """Measure once more what was measured for a borrower of another tier, on whose car more or less is lent; whether it was."""
    check = queries.latest_check(subject)
    if not tier or check is None or not valuing_queries.tiers_differ(check.tier, tier, on):
        return False
    measure(subject, tier=tier, on=on, by=by)
    return True


def measure(subject: str, *, tier: str = "", on: date, by: Actor) -> CoverageCheck:
    """Measure the coverage and the loan-to-value of a subject, keep them, and make them facts; for a borrower of the `tier`, or else of
    the one that the proposal tells.

    Raises ProposalMissing or LendingValueMissing (409): what is not known is never taken for nothing.
    """
    proposal = _proposed(subject, on)
    proposal = replace(proposal, tier=tier or proposal.tier)
    covered = _cover(proposal, queries.of(subject), on)
    check = _keep(subject, proposal, covered, valuing_queries.in_effect(proposal.vehicle_number, on), on, by)
    fact_steps.record_facts(subject, _facts(check), source="decision", known_at=clock.now(), by=by)
    if proposal.further:
        # The application told its ratio by what the cars were worth when it was handed in: what is measured now takes its place.
        fact_steps.refuse_facts(subject, {"ltv": "not_proved"}, source="application", known_at=clock.now(), by=by)
        if check.forward_max is None:
            fact_steps.refuse_facts(subject, {"forward_ltv_max": "not_proved"}, source="decision", known_at=clock.now(), by=by)
    if not covered.is_enough:
        events.publish("coverage.short", subject, {"missing_fen": covered.missing.fen, "on": on.isoformat()})
    return check


def _proposed(subject: str, on: date) -> Proposal:
    proposal = proposals.read(subject, on)
    if proposal is None:
        raise errors.ProposalMissing()
    return proposal


def _still_owed(subject: str, on: date) -> Proposal:
    """The loan as it runs; as it would be paid out where none runs yet."""
    proposal, running = _proposed(subject, on), standing.owed(subject, on)
    if running is None:
        return proposal
    return _on_cars_left(replace(
        proposal, principal=running.principal, interest=running.interest, matures_on=running.matures_on), running.cars_gone)


def _on_cars_left(proposal: Proposal, gone: frozenset[str]) -> Proposal:
    """Without the cars that are released; where the first one is, the next that stands takes its place."""
    left = tuple(car for car in proposal.further if car.vehicle_number not in gone)
    if proposal.vehicle_number not in gone or not left:
        return replace(proposal, further=left)
    first, *others = left
    return replace(proposal, vehicle_number=first.vehicle_number, price_base=first.price_base, price=None, further=tuple(others))


def _cover(proposal: Proposal, securities: Iterable[Security], on: date) -> rules.Coverage:
    valuing, held = valuing_queries.in_effect(proposal.vehicle_number, on), figures.on(on)
    return rules.cover(
        vehicle=_lent(proposal, valuing, on), securities=queries.counted(securities, held), principal=proposal.principal,
        interest=proposal.interest, matures_on=proposal.matures_on, shares=held.shares, least_rate=held.least_rate,
        further={car.vehicle_number: _lent_further(proposal, car, on) for car in proposal.further},
    )


def _lent_further(proposal: Proposal, car: FurtherCar, on: date) -> Money | None:
    """What is lent on a further car; None, which counts for nothing, where nobody stands by its value."""
    lent = valuing_queries.lent(car.vehicle_number, price=None, base=car.price_base, tier=proposal.tier, on=on)
    return None if lent is None else lent.amount


def require_covered(subject: str, *, on: date, by: Actor) -> CoverageCheck:
    """Measure anew, by the figures of the day, and go on only if it is enough; exactly enough is. Nothing that was counted is released
    before the transaction ends.

    Raises CoverageShort with what of each security would make it up, or what `measure` raises (409): unknown is not enough.
    """
    lock_all(subject)
    check = measure(subject, on=on, by=by)
    if check.missing:
        sums = dict.fromkeys(("deposit", "pledge", "insurance", rules.JOINT, rules.GENERAL), "—")
        sums |= {kind: str(amount) for kind, amount in figures.on(on).shares.making_up(check.missing).items()}
        raise errors.CoverageShort(rate=_percent(check), least=f"{check.least_rate:.2%}", missing=check.missing, **sums)
    return check


def _percent(check: CoverageCheck) -> str:
    """Never rounded up: what is short is not shown as enough."""
    owed = (check.principal + check.interest).fen
    return f"{(Decimal(check.value.fen) / owed).quantize(_FOUR, ROUND_DOWN):.2%}" if owed else "—"


def _lent(proposal: Proposal, valuing: Valuing | None, on: date) -> Money:
    """What is lent on the car: by its agreed valuation, else by the price base it has on file. Raises LendingValueMissing or
    ValueDisputed (409)."""
    if valuing is not None:
        return valuing_queries.lending_value(valuing, price=proposal.price, tier=proposal.tier, on=on).amount
    filed = valuing_queries.lending_value_of_record(proposal.vehicle_number, base=proposal.price_base, tier=proposal.tier, on=on)
    if filed is None:
        is_disputed = valuing_queries.is_disputed(proposal.vehicle_number, on)
        raise (errors.ValueDisputed if is_disputed else errors.LendingValueMissing)(vehicle=proposal.vehicle_number)
    return filed.amount


def _keep(
    subject: str, proposal: Proposal, covered: rules.Coverage, valuing: Valuing | None, on: date, by: Actor
) -> CoverageCheck:
    """A loan on a car without an agreed valuation has no path of its residual, and so no worst month."""
    path = _path(proposal, covered, valuing, on)
    forward = curves.forward_ltv(proposal.balances, path) if path is not None else None
    worst = forward.worst if forward is not None and forward.worst.is_finite() else None
    base = _base(proposal, covered)
    return CoverageCheck.objects.create(
        subject_text=subject, measured_on=on, vehicle_value=covered.vehicle, principal=proposal.principal, interest=proposal.interest,
        value=covered.value, missing=covered.missing, rate=_rounded(covered.rate), least_rate=covered.least_rate, tier=proposal.tier,
        ltv=_rounded(Decimal(proposal.amount.fen) / base.fen) if base else None, forward_max=_rounded(worst),
        forward_month=None if forward is None else forward.worst_month, measured_at=clock.now(), measured_by_name=by.name,
        lines=[
            {"number": one.key, "kind": one.kind, "amount_fen": one.amount.fen, "reason": one.reason} for one in covered.securities
        ],
    )


def _counting(covered: rules.Coverage) -> set[str]:
    """The further cars whose value counts."""
    return {one.key for one in covered.securities if one.kind == rules.VEHICLE and one.amount}


def _base(proposal: Proposal, covered: rules.Coverage) -> Money | None:
    """What all cars count for together in the loan-to-value; a further one only as long as its value stands."""
    counting = _counting(covered)
    others = [car.price_base for car in proposal.further if car.vehicle_number in counting and car.price_base is not None]
    return sum(others, proposal.price_base) if proposal.price_base else None


def _path(proposal: Proposal, covered: rules.Coverage, valuing: Valuing | None, on: date) -> list[Money] | None:
    """What all cars together will be worth month by month; None where one that counts has no agreed valuation."""
    if valuing is None:
        return None
    counting = _counting(covered)
    others = [valuing_queries.in_effect(car.vehicle_number, on) for car in proposal.further if car.vehicle_number in counting]
    paths = [one.path for one in (valuing, *others) if one is not None and (one.path or not others)]
    return [Money(sum(month)) for month in zip(*paths, strict=False)] if len(paths) == 1 + len(others) else None


def _facts(check: CoverageCheck) -> dict[str, Any]:
    facts = {"coverage": check.rate, "ltv": check.ltv, "forward_ltv_max": check.forward_max}
    sums = {"coverage_value": check.value.fen, "owed_to_maturity": (check.principal + check.interest).fen}
    return sums | {code: str(rate) for code, rate in facts.items() if rate is not None}


def _rounded(rate: Decimal | None) -> Decimal | None:
    return None if rate is None else rate.quantize(_SIX, ROUND_HALF_UP)
