"""The worker's doors: the end of the day, and what borrowers are told in the morning."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from chezhe.kernel import business_date, outside
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.jobs import job
from chezhe.servicing import profiling, subsidy_claims
from chezhe.servicing.actions.answer_recomputation import answer_recomputation
from chezhe.servicing.actions.apply_repricing import apply_repricing as apply
from chezhe.servicing.actions.claw_back_defaults import claw_back_defaults as claw_back
from chezhe.servicing.actions.close_shard import close_shard as close_one
from chezhe.servicing.actions.compute_provision import compute_provision as compute
from chezhe.servicing.actions.compute_vat import compute_vat as work_out_vat
from chezhe.servicing.actions.finish_end_of_day import finish_end_of_day
from chezhe.servicing.actions.grant_subsidy import grant_subsidy
from chezhe.servicing.actions.hand_over_invoice import hand_over_invoice
from chezhe.servicing.actions.note_behaviour import note_behaviour as note
from chezhe.servicing.actions.order_debits import order_debits as order
from chezhe.servicing.actions.plan_debits import plan_debits as plan
from chezhe.servicing.actions.propose_repricing import propose_repricing as propose
from chezhe.servicing.actions.prove_night import prove_night as prove
from chezhe.servicing.actions.record_invoice_answer import record_invoice_answer
from chezhe.servicing.actions.remind_borrowers import remind_borrowers as remind
from chezhe.servicing.actions.tell_behaviour import tell_behaviour as tell
from chezhe.servicing.actions.tell_dealers import tell_dealers as tell_rates
from chezhe.servicing.actions.undo_repricing import undo_repricing
from chezhe.servicing.endofday import faults, recomputing, snapshot
from chezhe.servicing.tax.invoices.rules import RedLetter
from chezhe.servicing.vendors.einvoice import client

log = logging.getLogger("chezhe.servicing")


@job("servicing.close_shard", queue="end_of_day")
def close_shard(day: str, shard: int) -> None:
    """One shard, once: whatever the queue repeats."""
    with faults.noted(date.fromisoformat(day), faults.SHARD, shard):
        close_one(day=date.fromisoformat(day), shard=shard, by=SYSTEM)


@job("servicing.finish_day", queue="end_of_day")
def finish_day(day: str) -> None:
    """After each shard: the last one finds the day complete."""
    with faults.noted(date.fromisoformat(day), faults.FINISH):
        finish_end_of_day(day=date.fromisoformat(day), by=SYSTEM)


@job("servicing.keep_snapshot", queue="end_of_day")
def keep_snapshot(day: str) -> None:
    """The book as columns, for analytics; the doors have long been open."""
    with faults.noted(date.fromisoformat(day), faults.SNAPSHOT):
        snapshot.keep(date.fromisoformat(day))


@job("servicing.prove_night", queue="proof")
def prove_night(day: str, shard: int | None) -> None:
    """One part of the night's proof; done again it finds what is so then."""
    prove(day=date.fromisoformat(day), shard=shard, by=SYSTEM)


@job("servicing.recompute_day", queue="proof")
def recompute_day(recomputation_id: int) -> None:
    """A past day folded again, outside every transaction since it only reads; what was found is kept once."""
    answer_recomputation(recomputation_id=recomputation_id, found=recomputing.answer(recomputation_id), by=SYSTEM)


@job("servicing.propose_repricing", queue="end_of_day")
def propose_repricing(day: str) -> None:
    """A business day has begun: the rates that are looked at on it, and on days that were skipped."""
    propose(day=date.fromisoformat(day), by=SYSTEM)


@job("servicing.apply_repricing", queue="end_of_day")
def apply_repricing(number: str) -> None:
    """A chunk of a batch; a loan that is repriced stays so, whatever the queue repeats."""
    apply(batch_number=number, by=SYSTEM)


@job("servicing.reverse_repricing", queue="end_of_day")
def reverse_repricing(number: str) -> None:
    """A chunk of a batch that is being reversed."""
    undo_repricing(batch_number=number, by=SYSTEM)


@job("servicing.remind_borrowers")
def remind_borrowers(due_on: str, days_ahead: int, after: int) -> None:
    """Some of the borrowers whose instalment of a day is to be announced; a message is written once, however often it runs."""
    remind(due_on=date.fromisoformat(due_on), days_ahead=days_ahead, after=after, by=SYSTEM)


@job("servicing.compute_provision", queue="end_of_day")
def compute_provision(number: str) -> None:
    """A month's provision; a run that is done stays as it is, whatever the queue repeats."""
    compute(provision_number=number, by=SYSTEM)


@job("servicing.grant_subsidies", queue="end_of_day")
def grant_subsidies(month: str) -> None:
    """Every qualifying line of a month, each in a transaction of its own; what is granted stays so, whatever the queue repeats. A line
    that cannot be granted any more stops nobody: it stays on the list of the month."""
    for line in list(subsidy_claims.lines_of(subsidy_claims.month_of(month), business_date.current(), SYSTEM)):
        if not line.is_granted:
            try:
                grant_subsidy(loan_number=line.loan.number, period=line.period, by=SYSTEM)
            except BusinessError as refusal:
                log.info("subsidy of %s/%s refused: %s", line.loan.number, line.period, refusal.code)


@job("servicing.compute_vat", queue="end_of_day")
def compute_vat(number: str) -> None:
    """A month's VAT; a run that is done stays as it is, whatever the queue repeats."""
    work_out_vat(vat_number=number, by=SYSTEM)


@job("servicing.send_invoice")
def send_invoice(number: str) -> None:
    """Hand an invoice, or its red letter, to the platform, outside every transaction; running twice is harmless."""
    paper = hand_over_invoice(invoice_number=number, by=SYSTEM)
    if paper is None:
        return
    try:
        answer = client.redden(paper) if isinstance(paper, RedLetter) else client.issue(paper)
    except outside.Unreachable:
        answer = None
    record_invoice_answer(invoice_number=number, reference=paper.reference, answer=answer, by=SYSTEM)


@job("servicing.plan_debits")
def plan_debits(day: str) -> None:
    """The tries of a day, once, however often it runs."""
    plan(day=date.fromisoformat(day), by=SYSTEM)


@job("servicing.order_debits", queue="bank")
def order_debits(after: int) -> None:
    """The tries whose hour has come, some at a time; one that was ordered is not ordered again."""
    order(after=after, by=SYSTEM)


@job("servicing.order_due_debits", queue="upkeep", every=timedelta(minutes=5))
def order_due_debits() -> None:
    """The net under the job above, for an hour whose own job was lost."""
    order(after=0, by=SYSTEM)


@job("servicing.note_behaviour", queue="upkeep")
def note_behaviour(day: str) -> None:
    """A day is closed: whose behaviour the calendar changed waits to be told, once, however often this runs."""
    note(day=date.fromisoformat(day), by=SYSTEM)


@job("servicing.tell_dealers", queue="upkeep")
def tell_dealers(day: str) -> None:
    """A day is closed: the first instalments of dealers' loans; told twice it says the same."""
    tell_rates(day=date.fromisoformat(day), by=SYSTEM)


@job("servicing.claw_back_defaults", queue="upkeep")
def claw_back_defaults(day: str) -> None:
    """A day is closed: commission of loans whose first instalment was never paid; done twice it books once."""
    claw_back(day=date.fromisoformat(day), by=SYSTEM)


@job(profiling.JOB, queue="upkeep")
def tell_behaviour() -> None:
    """Some of the customers that wait; who was told waits no longer."""
    tell(business_date=business_date.current(), by=SYSTEM)
