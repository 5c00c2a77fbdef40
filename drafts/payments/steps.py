"""What higher rooms ask of banks."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.payments.models import PAYOUT_PREFIX, BankLine, Payout
from chezhe.payments.states import BANK_LINE


class PayoutDiffers(BusinessError):
    code = "payout_reference_reused"
    sentence = _("付款凭据“%(reference)s”已用于另一笔付款（%(number)s），不能改变金额或收款人。")


@dataclass(frozen=True, slots=True)
class Payee:
    """Where the money goes: an account in the payee's own name."""

    name: str
    account: str


def request_payout(*, reference: str, amount: Money, payee: Payee, memo: str, branch_id: int, by: Actor) -> Payout:
    """Ask for one payout under the caller's `reference`; asking again gives the same payout.

    The bank is told by the worker after the transaction has committed. Raises PayoutDiffers (409) when the
    reference stands for another sum or payee.
    """
    standing = Payout.objects.select_for_update().filter(reference=reference).first()
    if standing:
        if (standing.amount, standing.payee_account) != (amount, payee.account):
            raise PayoutDiffers(reference=reference, number=standing.number)
        return standing
    now = clock.now()
    payout = Payout.objects.create(
        number=numbers.next_number(PAYOUT_PREFIX, now.date()), reference=reference, amount=amount, payee_name=payee.name,
        payee_account=payee.account, payee_tail=payee.account[-4:], memo=memo, branch_id=branch_id, requested_at=now,
    )
    moves.record(payout.subject, "request", "", payout.status, by=by)
    jobs.enqueue("payments.send_payout", number=payout.number)
    return payout


def match_line(line: BankLine, *, subject: str, outcome: str, by: Actor) -> None:
    """A higher room has booked the receipt on `subject` ("loan:L26-…")."""
    line.matched_subject, line.outcome = subject, outcome
    line.save(update_fields=["matched_subject", "outcome"])
    moves.move(line, BANK_LINE, "match", by=by, reason=outcome)


def park_line(line: BankLine, *, outcome: str, by: Actor) -> None:
    """Nobody knows yet whose money it is: it stays in suspense, with the reason."""
    line.outcome = outcome
    line.save(update_fields=["outcome"])
    if line.status == "open":
        moves.move(line, BANK_LINE, "park", by=by, reason=outcome)


def reopen_line(line: BankLine, *, reason: str, by: Actor) -> None:
    """The booking on a subject was reversed: the receipt waits again."""
    line.matched_subject = ""
    line.save(update_fields=["matched_subject"])
    moves.move(line, BANK_LINE, "unmatch", by=by, reason=reason)
