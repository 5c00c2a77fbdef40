"""What higher rooms ask of banks, and what the bank's answers do to a payout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import bulk, business_date, clock, events, jobs, locks, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.ledger import steps as ledger_steps
from chezhe.payments import postings, rules
from chezhe.payments.models import PAYOUT_PREFIX, BankLine, BankNotice, Payout
from chezhe.payments.states import BANK_LINE, HELD_BACK, PAYOUT, TROUBLING, failure_label

Outcome = Literal["processing", "paid", "failed", "returned"]
Verdict = Literal["applied", "stale", "contradicts"]


class PayoutDiffers(BusinessError):
    code = "payout_reference_reused"
    sentence = _("付款凭据“%(reference)s”已用于另一笔付款（%(number)s），不能改变金额或收款人。")


@dataclass(frozen=True, slots=True)
class Payee:
    """Where the money goes: an account in the payee's own name."""

    name: str
    account: str


def request_payout(
    *, reference: str, amount: Money, payee: Payee, memo: str, branch_id: int, way: str = "api", by: Actor
) -> Payout:
    """Ask for one payout under the caller's `reference`; asking again gives the same payout.

    The bank is told by the worker after the transaction has committed; one that goes by `file` waits for the next batch. Raises
    PayoutDiffers (409) when the reference stands for another sum or payee.
    """
    locks.hold(f"payout:{reference}")
    standing = Payout.objects.select_for_update(no_key=True).filter(reference=reference).first()
    if standing:
        if (standing.amount, standing.payee_account, standing.payee_name) != (amount, payee.account, payee.name):
            raise PayoutDiffers(reference=reference, number=standing.number)
        return standing
    now = clock.now()
    payout = Payout.objects.create(
        number=numbers.next_number(PAYOUT_PREFIX, business_date.current()), reference=reference, amount=amount,
        payee_name=payee.name, payee_account=payee.account, payee_tail=payee.account[-4:], memo=memo[:60],
        branch_id=branch_id, way=way, requested_at=now,
    )
    moves.record(payout.subject, "request", "", payout.status, by=by)
    let_leave(payout)
    return payout


def let_leave(payout: Payout) -> None:
    """The worker sends a requested payout now, unless it waits for somebody to put it into a file."""
    if payout.way == "api":
        jobs.enqueue("payments.send_payout", number=payout.number)


def abandon_payout(*, reference: str, reason: str, by: Actor) -> Payout:
    """The failed payout under the caller's `reference` will not be repeated: something else takes its place.

    Raises NotFound (404), or WrongState (409) unless the bank has refused it for good.
    """
    payout = Payout.objects.select_for_update(no_key=True).filter(reference=reference).first()
    if payout is None:
        raise NotFound(what=reference)
    moves.move(payout, PAYOUT, "abandon", by=by, reason=reason)
    return payout


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """What the bank says of one order: `attempt` is ours, `failure_code` the bank's."""

    attempt: int
    outcome: Outcome
    bank_serial: str = ""
    failure_code: str = ""


def settle(payout: Payout, answer: BankAnswer, *, by: Actor) -> Verdict:
    """Record the bank's word on a locked payout once, however often and in whatever order the bank says it.

    `stale` is old news and changes nothing; `contradicts` is news that cannot be true together with what is booked:
    nothing is booked then, and somebody must speak with the bank.
    """
    if answer.outcome == "processing":
        return _acknowledge(payout, answer)
    if answer.attempt != payout.attempt:
        # A failed order may be repeated only because it failed; that it was paid after all must not pass unseen.
        return "stale" if answer.outcome == "failed" else "contradicts"
    if payout.status == answer.outcome or (payout.status, answer.outcome) == ("returned", "paid"):
        return "stale"
    if answer.outcome == "returned" and PAYOUT.allows(payout.status, "settle"):
        _apply(payout, "settle", answer, by)  # the news of the payment itself was lost or is late
    verb = {"paid": "settle", "failed": "fail", "returned": "return"}[answer.outcome]
    if not PAYOUT.allows(payout.status, verb):
        return "contradicts"
    _apply(payout, verb, answer, by)
    return "applied"


def hold_back(payout: Payout, *, by: Actor) -> None:
    """The room that ordered a locked payout does not let it go now: it fails as if the bank had refused it, and says nothing of why."""
    settle(payout, BankAnswer(payout.attempt, "failed", failure_code=HELD_BACK), by=by)


def _acknowledge(payout: Payout, answer: BankAnswer) -> Verdict:
    if answer.attempt != payout.attempt or payout.acknowledged_at is not None or payout.status != "sent":
        return "stale"
    payout.acknowledged_at, payout.bank_serial = clock.now(), answer.bank_serial
    payout.save(update_fields=["acknowledged_at", "bank_serial"])
    return "applied"


def _apply(payout: Payout, verb: str, answer: BankAnswer, by: Actor) -> None:
    payout.bank_serial, payout.settled_at = answer.bank_serial or payout.bank_serial, clock.now()
    payout.failure_code = "" if verb == "settle" else answer.failure_code
    payout.save(update_fields=["bank_serial", "failure_code", "settled_at"])
    status = moves.move(payout, PAYOUT, verb, by=by, reason=failure_label(payout.failure_code))
    on = business_date.current()
    transfers = _transfers(payout, status)
    if transfers:
        ledger_steps.post(
            event=f"payout_{status}", reference=f"payout-{status}:{payout.bank_reference}", transfers=transfers, on=on,
            branch_id=payout.branch_id, memo=payout.memo, by=by,
        )
    events.publish(f"payout.{status}", payout.subject, {
        "number": payout.number, "reference": payout.reference, "amount_fen": payout.amount.fen,
        "on": on.isoformat(), "failure_code": payout.failure_code,
    })


def _transfers(payout: Payout, status: str) -> tuple[Transfer, ...]:
    if status == "paid":
        return postings.payout_paid(payout.amount, payout.subject)
    return postings.payout_returned(payout.amount, payout.subject) if status == "returned" else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a signed callback says; `notice_id` is the bank's and comes again with every repetition."""

    notice_id: str
    bank_reference: str
    outcome: str
    amount: Money
    bank_serial: str = ""
    failure_code: str = ""


def judge(notice: Notice, *, by: Actor) -> tuple[Payout | None, str]:
    """Act on what the bank says of one order; what cannot be true books nothing. Gives the payout it is about and the verdict."""
    number, attempt = rules.split_reference(notice.bank_reference)
    payout = Payout.objects.select_for_update(no_key=True).filter(number=number).first()
    if payout is None or not 1 <= attempt <= payout.attempt:
        return None, "unknown"
    if notice.amount != payout.amount:
        return payout, "wrong_amount"
    answer = BankAnswer(attempt, notice.outcome, notice.bank_serial, notice.failure_code)  # type: ignore[arg-type]
    return payout, settle(payout, answer, by=by)


def keep_notice(notice: Notice, verdict: str, payout: Payout | None) -> BankNotice:
    """Keep what the bank said and what we made of it; what cannot be true is announced."""
    kept, is_new = BankNotice.objects.get_or_create(notice_id=notice.notice_id, defaults={
        "bank_reference": notice.bank_reference, "outcome": notice.outcome, "amount": notice.amount,
        "bank_serial": notice.bank_serial, "failure_code": notice.failure_code, "verdict": verdict, "payout": payout,
        "received_at": clock.now(),
    })
    if is_new and verdict in TROUBLING:
        events.publish("payment.notice_troubling", kept.subject, {
            "verdict": verdict, "outcome": notice.outcome, "bank_reference": notice.bank_reference, "amount_fen": notice.amount.fen,
        })
    return kept


def match_line(line: BankLine, *, subject: str, outcome: str, by: Actor) -> None:
    """A higher room has booked the receipt on `subject` ("loan:L26-…")."""
    line.matched_subject, line.outcome = subject, outcome
    line.save(update_fields=["matched_subject", "outcome"])
    moves.move(line, BANK_LINE, "match", by=by, reason=outcome)


def match_lines(matches: Sequence[tuple[BankLine, str, str]], *, by: Actor) -> None:
    """`match_line` for many: line, subject and outcome of each; the rows by one statement."""
    for line, subject, outcome in matches:
        line.matched_subject, line.outcome = subject, outcome
        status_from, line.status = line.status, BANK_LINE.require(line.status, "match")
        moves.record(line.subject, "match", status_from, line.status, by=by, reason=outcome)
    bulk.update([line for line, _, _ in matches], ["matched_subject", "outcome", "status"])


def park_line(line: BankLine, *, outcome: str, by: Actor) -> None:
    """Nobody knows yet whose money it is: it stays in suspense, with the reason."""
    line.outcome = outcome[:200]
    line.save(update_fields=["outcome"])
    if line.status == "open":
        moves.move(line, BANK_LINE, "park", by=by, reason=outcome)


def reopen_line(line: BankLine, *, reason: str, by: Actor) -> None:
    """The booking on a subject was reversed: the receipt waits again."""
    line.matched_subject, line.outcome = "", ""
    line.save(update_fields=["matched_subject", "outcome"])
    moves.move(line, BANK_LINE, "unmatch", by=by, reason=reason)
