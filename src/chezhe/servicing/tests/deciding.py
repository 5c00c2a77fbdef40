"""People who decide about loans in the tests of this room, and what they do."""

from __future__ import annotations

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.approvals.models import ApprovalRequest
from chezhe.documents.tests.people import hire
from chezhe.finmath.money import Money
from chezhe.kernel import events, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.testing import actor
from chezhe.payments.actions.settle_payout import settle_payout
from chezhe.payments.models import Payout
from chezhe.payments.steps import BankAnswer
from chezhe.servicing.actions.pay_refund import pay_refund
from chezhe.servicing.actions.request_refund import request_refund
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.models import Loan, LoanChange, LoanEvent
from chezhe.servicing.tests.lending import Bank
from chezhe.staff.models import User


def someone(bank: Bank, name: str, role: str) -> Actor:
    """One person of this name; asked for again, the same."""
    known = User.objects.filter(name=name, branch=bank.cast.east).first()
    return actor(name, role, user_id=known.pk, branch_id=known.branch_id, reach=Reach.ALL) if known else hire(
        name, bank.cast.east, role, reach=Reach.ALL)


def risk(bank: Bank) -> Actor:
    """Risk management, who agrees last."""
    return someone(bank, "险", roles.RISK_MANAGER)


def agree(change: LoanChange, *voters: Actor, verdict: str = "agree") -> LoanChange:
    """Everybody votes, one stage after the other."""
    for voter in voters:
        cast_vote(request_number=change.approval_number, verdict=verdict, opinion="已核对", by=voter)
    change.refresh_from_db()
    return change


def all_agree(bank: Bank, change: LoanChange) -> LoanChange:
    """Whoever is asked agrees, one after the other."""
    voters = {roles.BRANCH_MGR: bank.cast.gao, roles.RISK_MANAGER: risk(bank)}
    request = ApprovalRequest.objects.get(number=change.approval_number)
    return agree(change, *(voters[stage.role] for stage in request.stage_list))


def take_back(bank: Bank, event: LoanEvent, reason: str = "记错贷款") -> LoanEvent:
    """Finance takes it back; what others agreed to, with their agreement."""
    done = reverse_repayment(loan_number=event.loan.number, event_id=event.pk, reason=reason, by=bank.fang)
    if isinstance(done, LoanEvent):
        return done
    taken_back = all_agree(bank, done).event
    assert taken_back is not None
    return taken_back


def ask_refund(bank: Bank, loan: Loan, fen: int) -> LoanChange:
    return request_refund(loan_number=loan.number, amount=Money(fen), reason="客户多付", by=bank.fang)


def pay_out(bank: Bank, change: LoanChange, outcome: str = "paid", code: str = "") -> LoanChange:
    """A funding clerk lets it go and the bank answers."""
    pay_refund(change_number=change.number, by=someone(bank, "付", roles.FUNDING))
    return answer(change, outcome, code)


def answer(change: LoanChange, outcome: str, code: str = "") -> LoanChange:
    change.refresh_from_db()
    payout = Payout.objects.get(number=change.payout_number)
    settle_payout(payout_number=payout.number, answer=BankAnswer(payout.attempt, outcome, "B1", code), by=SYSTEM)  # type: ignore[arg-type]
    events.deliver_all()
    change.refresh_from_db()
    return change
