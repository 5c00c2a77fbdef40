"""Splitting a payout, holding it to law and limits, ordering its parts and following them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chezhe.contracts.models import Contract, Disbursement, Leg, PayeeAccount, PayoutLimit
from chezhe.contracts.paying import errors, queries, rules
from chezhe.contracts.paying.states import LEG
from chezhe.contracts.states import DISBURSEMENT
from chezhe.finmath.money import Money
from chezhe.kernel import clock, locks, moves, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.machine import Machine
from chezhe.payments import steps as payment_steps

PARTS_MAX = 9
_VERBS = {"sent": "send", "paid": "settle", "failed": "fail", "returned": "return"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What somebody else is to be paid of a payout, to an account that two people stand by."""

    payee_number: str
    amount: Money


def decide(row: PayeeAccount | PayoutLimit, states: Machine, verb: str, opinion: str, *, by: Actor) -> None:
    """Write down what the second person says of something proposed; the row is locked by the caller, the verb allowed. Raises
    SamePersonDecides (409)."""
    if by.user_ids & set(row.proposed_by_ids):
        raise errors.SamePersonDecides(number=row.number)
    row.decided_at, row.decided_by_name, row.opinion = clock.now(), by.name, opinion.strip()[:200]
    row.save(update_fields=["decided_at", "decided_by_name", "opinion"])
    moves.move(row, states, verb, by=by, reason=row.opinion)


def split(contract: Contract, total: Money, parts: Sequence[Part], on: date) -> list[tuple[PayeeAccount | None, Money]]:
    """Who gets what: the parts as asked, the rest for the borrower. Raises PartInvalid, PayeeUnfit or PartsTooMuch (422), or
    EntrustedPaymentNeeded (409)."""
    numbers = [part.payee_number for part in parts]
    if len(parts) > PARTS_MAX or len(set(numbers)) < len(numbers) or any(part.amount.fen <= 0 for part in parts):
        raise errors.PartInvalid(most=PARTS_MAX)
    fit = {payee.number: payee for payee in queries.payable_to(contract).filter(number__in=numbers)}
    for number in numbers:
        if number not in fit:
            raise errors.PayeeUnfit(number=number)
    own = rules.own_part(total, [part.amount for part in parts])
    if own.fen < 0:
        raise errors.PartsTooMuch(parts=total - own, total=total)
    require_entrusted(contract, total, own, on)
    rest: list[tuple[PayeeAccount | None, Money]] = [(None, own)] if own else []
    return [*((fit[part.payee_number], part.amount) for part in parts), *rest]


def require_entrusted(contract: Contract, total: Money, own: Money, on: date) -> None:
    """Raises EntrustedPaymentNeeded (409) when the borrower would be handed money above the law's threshold."""
    application = contract.application
    if not own or application is None:
        return
    code = rules.threshold_of(is_person=application.customer.is_person, purpose=application.purpose)
    threshold = parameters.amount(code, on, product=contract.product_version.product.code)
    if rules.must_entrust(total, threshold):
        raise errors.EntrustedPaymentNeeded(amount=total, threshold=threshold, own=own)


def write_legs(disbursement: Disbursement, parts: Sequence[tuple[PayeeAccount | None, Money]], *, by: Actor) -> None:
    """The parts of a new payout, in their order."""
    for place, (payee, amount) in enumerate(parts, 1):
        leg = Leg.objects.create(disbursement=disbursement, place=place, payee=payee, amount=amount)
        moves.record(leg.subject, "prepare", "", leg.status, by=by)


def legs_of(disbursement: Disbursement) -> list[Leg]:
    """Its parts, locked, in their order."""
    rows = Leg.objects.select_for_update(of=("self",), no_key=True).filter(disbursement=disbursement)
    return list(rows.select_related("payee__dealer", "disbursement__account"))


def require_within_limits(disbursement: Disbursement, leaving: Money, on: date) -> None:
    """Raises PayoutTooLarge or DayUsedUp (409). Two payouts at once are measured one after the other."""
    branch = disbursement.contract.branch
    found = queries.ceilings(branch, on)
    if found:
        locks.hold_all([f"payout-day:{on}:{whose.pk if whose else 'house'}" for whose, _ceiling in found])
    for whose, ceiling in found:
        over = rules.excess(ceiling, payout=disbursement.amount, leaving=leaving, used=queries.ordered_on(on, whose))
        if over and over.is_of_day:
            raise errors.DayUsedUp(whose=over.label, limit=over.limit, used=over.used, amount=leaving)
        if over:
            raise errors.PayoutTooLarge(whose=over.label, limit=over.limit, amount=disbursement.amount)


def require_payable(leg: Leg) -> None:
    """Raises PayeeUnfit (422) when the account of somebody else may not be paid any more."""
    if leg.payee and not queries.payable_to(leg.disbursement.contract).filter(pk=leg.payee_id).exists():
        raise errors.PayeeUnfit(number=leg.payee.number)


def order(disbursement: Disbursement, on: date, *, by: Actor) -> None:
    """Hand every part that has not been ordered to payments; the same attempt of a part can only be ordered once.

    Raises LegStillFailed, EntrustedPaymentNeeded, PayoutTooLarge or DayUsedUp (409), or PayeeUnfit (422)."""
    legs = legs_of(disbursement)
    failed = next((leg for leg in legs if leg.status in ("failed", "returned")), None)
    if failed:
        raise errors.LegStillFailed(number=disbursement.number, place=failed.place)
    waiting = [leg for leg in legs if leg.status == "prepared"]
    own = next((leg.amount for leg in legs if leg.payee_id is None), Money(0))
    require_entrusted(disbursement.contract, disbursement.amount, own, on)
    require_within_limits(disbursement, Money(sum(leg.amount.fen for leg in waiting)), on)
    for leg in waiting:
        leg.disbursement = disbursement
        require_payable(leg)
        _order(leg, on, by)


def _order(leg: Leg, on: date, by: Actor) -> None:
    contract = leg.disbursement.contract
    payout = payment_steps.request_payout(
        reference=leg.reference, amount=leg.amount, memo=contract.number, branch_id=contract.branch_id, way=leg.disbursement.way, by=by,
        payee=payment_steps.Payee(name=leg.payee_name, account=leg.account_number),
    )
    leg.payout_number, leg.ordered_on = payout.number, on
    leg.save(update_fields=["payout_number", "ordered_on"])
    moves.move(leg, LEG, "check", by=by)


def follow(disbursement: Disbursement, legs: Sequence[Leg], *, by: Actor, reason: str = "") -> str:
    """Let the whole follow its parts; returns the status it came to, empty when it stays where it was."""
    standing = rules.standing_of([leg.status for leg in legs])
    verb = _VERBS.get(standing, "")
    if standing == disbursement.status or not DISBURSEMENT.allows(disbursement.status, verb):
        return ""
    return moves.move(disbursement, DISBURSEMENT, verb, by=by, reason=reason)
