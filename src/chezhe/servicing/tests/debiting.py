"""A borrower who is debited: the mandate, the simulated channel, and hours that pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time

from chezhe.customers import steps as customer_steps
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, jobs, simulators
from chezhe.kernel.actor import Actor
from chezhe.kernel.simulators import World
from chezhe.payments.actions.sign_mandate import sign_mandate
from chezhe.payments.debits.mandates import Signature
from chezhe.payments.debits.models import Mandate
from chezhe.payments.vendors.debit.simulator import account_with_fate
from chezhe.servicing.models import LoanDebit
from chezhe.servicing.tests.lending import START, Bank, days_pass

DUE = date(2026, 2, 15)
STEP_SECONDS = 60


def mandate(bank: Bank, fate: str = "800", *, debit_max: int = 1_000_000, day_max: int = 2_000_000) -> Mandate:
    """Wang signs for an account whose digits choose what becomes of orders."""
    number = account_with_fate(fate)
    account = bank.wang.accounts.filter(tail=number[-4:]).first() or customer_steps.add_account(
        bank.wang, kind="card", card_number=number, bank_name="某银行", is_main=False)
    signature = Signature(account_tail=account.tail, debit_max=Money(debit_max), day_max=Money(day_max), signed_on=START, evidence="DK-1")
    return sign_mandate(customer_number=bank.wang.number, signature=signature, by=bank.cast.lin)


@contextmanager
def channel() -> Iterator[World]:
    """The channel in this process, jobs in line; callbacks come once, after a second, unless a test says otherwise."""
    with jobs.in_line(), simulators.in_process() as world:
        world.set_faults("debit", duplicate_rate=0, delay_seconds=(1, 1))
        yield world


@contextmanager
def morning(bank: Bank, day: date = DUE, at: time = time(7, 50)) -> Iterator[World]:
    """`day` opens at ten to eight, and its debits are planned."""
    with clock.at(datetime.combine(day, at, clock.SHANGHAI)), channel() as world:
        if business_date.current() < day:
            days_pass(bank, day)
        work(world)
        yield world


def now_proved(actor: Actor) -> Actor:
    """The same person, who has just proved the second factor."""
    return replace(actor, stepped_up_at=clock.now())


def work(world: World) -> None:
    """Everything that is due now is done: news delivered, jobs run, callbacks taken."""
    for _ in range(6):
        events.deliver_all()
        jobs.run_due()
        world.pump()
    events.deliver_all()


def until(world: World, hour: int, minute: int = 0) -> None:
    """Time passes to an hour of the day, minute by minute."""
    end = datetime.combine(clock.today(), time(hour, minute), clock.SHANGHAI)
    work(world)
    while clock.now() < end:
        due = [moment for moment in (jobs.next_due_at(), world.next_due_at()) if moment is not None]
        ahead = min([moment for moment in due if moment > clock.now()], default=end)
        clock.tick(max(1.0, (min(ahead, end) - clock.now()).total_seconds()))
        work(world)


def tries() -> list[tuple[str, str]]:
    """Hour, status and reason of every try, in their order."""
    rows = LoanDebit.objects.order_by("due_at", "turn")
    return [(f"{row.due_at.astimezone(clock.SHANGHAI):%d %H}", f"{row.status} {row.reason_code}".strip()) for row in rows]
