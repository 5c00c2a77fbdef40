"""How programs read a dry run: the entries, where the loan stands before and after, its plan where that changes, and the payoff."""

from datetime import date
from typing import Any

from chezhe.kernel.rest import Out, Yuan
from chezhe.ledger import bookings
from chezhe.ledger.wire import EntriesOut, SumOut
from chezhe.servicing import pages, queries, rules
from chezhe.servicing.api.loans import LineOut, plan_out
from chezhe.servicing.batch_previews import BatchPreview
from chezhe.servicing.models import Loan
from chezhe.servicing.position import Position
from chezhe.servicing.previews import Preview
from chezhe.servicing.states import LOAN


class StandOut(Out):
    as_of: date
    principal_left: Yuan
    due: Yuan
    unapplied: Yuan
    deposit: Yuan
    days_past_due: int
    payoff: Yuan | None


class PreviewOut(EntriesOut):
    is_replay: bool
    principal_left: Yuan
    due: Yuan
    unapplied: Yuan
    before: StandOut
    after: StandOut
    plan_before: list[LineOut] | None
    plan_after: list[LineOut] | None


class CountOut(Out):
    verdict: str
    count: int
    amount: Yuan


class OutcomeOut(Out):
    name: str
    verdict: str
    amount: Yuan
    subject: str
    reason: str


class BatchPreviewOut(Out):
    counts: list[CountOut]
    entries: int
    accounts: list[SumOut]
    outcomes: list[OutcomeOut]


def preview_out(loan: Loan, said: Preview) -> dict[str, Any]:
    """`PreviewOut` of what would happen to a loan."""
    after = pages.head_of(said.after)
    is_planned = [held.line for held in said.before.lines] != [held.line for held in said.after.lines]
    return {
        "is_replay": said.is_replay, "principal_left": after.balance, "due": after.due, "unapplied": after.unapplied,
        "before": _stand(loan, said.before), "after": _stand(loan, said.after), "bookings": bookings.told(said.bookings),
        "plan_before": plan_out(said.before) if is_planned else None, "plan_after": plan_out(said.after) if is_planned else None,
    }


def _stand(loan: Loan, position: Position) -> dict[str, Any]:
    head = pages.head_of(position)
    may_settle = LOAN.allows(rules.status_of(position), "settle")
    return {
        "as_of": position.as_of, "principal_left": head.balance, "due": head.due, "unapplied": head.unapplied, "deposit": head.deposit,
        "days_past_due": head.dpd, "payoff": queries.payoff_of(loan, position, position.as_of).to_pay if may_settle else None,
    }


def batch_out(said: BatchPreview) -> dict[str, Any]:
    """`BatchPreviewOut` of what would become of many."""
    same = ("name", "verdict", "amount", "subject", "reason")
    return {
        "counts": [{"verdict": verdict, "count": count, "amount": amount} for verdict, count, amount in said.counts()],
        "entries": len(said.bookings), "accounts": bookings.accounts_of(said.transfers),
        "outcomes": [{name: getattr(one, name) for name in same} for one in said.outcomes],
    }
