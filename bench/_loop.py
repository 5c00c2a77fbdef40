"""The yardstick of the end of a day: a plain Django loop that visits every loan, as peers do, one transaction a loan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from chezhe.finmath import daily_kernels as daily
from chezhe.finmath import shares
from chezhe.finmath.accrual import AccruingLine, accrued_fen
from chezhe.finmath.money import Money
from chezhe.finmath.terms import DayCount
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM
from chezhe.ledger import chart
from chezhe.ledger import steps as ledger_steps
from chezhe.servicing import postings, rules
from chezhe.servicing.models import Loan, LoanEvent, Schedule
from chezhe.servicing.position.days import DPD_MARKS

AMOUNTS = {
    daily.UNAPPLIED: "unapplied", daily.PRINCIPAL_LEFT: "principal_left", daily.PRINCIPAL_DUE: "principal_due",
    daily.INTEREST_DUE: "interest_due", daily.FEE_DUE: "fee_due", daily.ACCRUED_OUT: "accrued_out",
}

USED = (
    (chart.FEE_RECEIVABLE, daily.PAID_FEE), (chart.INTEREST_RECEIVABLE, daily.PAID_INTEREST),
    (chart.LOAN_PRINCIPAL, daily.PAID_PRINCIPAL),
)


@dataclass(frozen=True, slots=True)
class Accrued:
    """What a loan had earned by the morning of the day, and what the loop accrued for the day: whole fen, the running total rounded."""

    before_fen: int
    fen: int


def close(loan_id: int, day: date) -> Accrued | None:
    """Close `day` for one loan: accrue, age, let fall due, save, write the journal. None for a loan that needs more than this."""
    with transaction.atomic():
        loan = Loan.objects.select_for_update().get(pk=loan_id)
        plan = loan.schedules.latest("version")
        accrued = _accrue(loan, plan, day)
        state, line, happened = _state(loan), _line(loan, plan), [0] * daily.HAPPENED_COLUMNS
        to = day + timedelta(days=1)
        if daily.day_step(state, line, happened, to.toordinal(), DPD_MARKS) == daily.BEYOND:
            transaction.set_rollback(True)
            return None
        _write_journal(loan, day, accrued.fen, line, happened)
        _save(loan, plan, state, to)
    return accrued


def _accrue(loan: Loan, plan: Schedule, day: date) -> Accrued:
    line, due = _running(loan, plan, loan.recognised), loan.accrued_out.fen
    if line is None or loan.is_off_book:
        return Accrued(due, 0)
    before = accrued_fen(line, day)
    return Accrued(due + before, accrued_fen(line, day + timedelta(days=1)) - before)


def _running(loan: Loan, plan: Schedule, passed: int) -> AccruingLine | None:
    if passed >= len(plan.due_dates):
        return None
    is_flat = loan.runs_on == rules.FLAT
    return AccruingLine(
        from_date=plan.due_dates[passed - 1] if passed else loan.paid_out_on, due_date=plan.due_dates[passed],
        balance_fen=(loan.principal_left - loan.principal_due).fen, interest_fen=plan.interest_fen[passed],
        annual_rate=None if is_flat else loan.annual_rate, day_count=DayCount.ACT_365 if is_flat else DayCount(loan.runs_on),
    )


def _state(loan: Loan) -> list[int]:
    state = [0] * daily.STATE_COLUMNS
    state[daily.AS_OF], state[daily.OLDEST] = loan.as_of.toordinal(), loan.oldest_due_on.toordinal() if loan.oldest_due_on else 0
    state[daily.OFF_AFTER], state[daily.IS_OFF], state[daily.RECOGNISED] = loan.off_book_after_days, int(loan.is_off_book), loan.recognised
    for column, name in AMOUNTS.items():
        state[column] = getattr(loan, name).fen
    return state


def _line(loan: Loan, plan: Schedule) -> list[int]:
    at = loan.recognised
    if at >= len(plan.due_dates):
        return [0] * daily.LINE_COLUMNS
    after = plan.due_dates[at + 1].toordinal() if at + 1 < len(plan.due_dates) else 0
    return [plan.due_dates[at].toordinal(), plan.principal_fen[at], plan.interest_fen[at], plan.fee_fen[at], after]


def _write_journal(loan: Loan, day: date, accrued: int, line: list[int], happened: list[int]) -> None:
    owner = loan.subject
    rows: list[tuple[str, date, tuple[Transfer, ...]]] = []
    if accrued:
        debit, credit = (chart.ACCRUED_INTEREST, chart.INTEREST_INCOME)[:: 1 if accrued > 0 else -1]
        rows.append(("accrual", day, (Transfer(debit, credit, abs(accrued), owner),)))
    if happened[daily.OFF_NIGHT]:
        rows.append(("off_book", day, postings.written(postings.off_book_rows(happened[daily.OFF_INTEREST]), owner)))
    if happened[daily.FELL]:
        due = postings.due_rows(line[daily.INTEREST], line[daily.FEE], is_off_book=bool(happened[daily.FELL_OFF]))
        rows.append(("due", date.fromordinal(line[daily.DUE]), postings.written(due, owner)))
    applied = [(chart.UNAPPLIED_CASH, account, happened[column]) for account, column in USED]
    rows.append(("unapplied_used", date.fromordinal(line[daily.DUE] or 1), postings.written(applied, owner)))
    for event, on, transfers in rows:
        if transfers:
            ledger_steps.post(event=event, reference=f"loop/{loan.number}/{event}/{on}", transfers=transfers, on=on,
                              branch_id=loan.branch_id, memo=loan.number, by=SYSTEM)
    if happened[daily.AGED_NIGHT]:
        LoanEvent.objects.create(loan=loan, kind="aged", value_on=day, posted_on=day, recorded_at=clock.now(), actor_name=SYSTEM.name,
                                 reference=f"loop/{loan.number}/aged/{day}", facts={"dpd": happened[daily.AGED_DPD]})


def _save(loan: Loan, plan: Schedule, state: list[int], to: date) -> None:
    for column, name in AMOUNTS.items():
        setattr(loan, name, Money(state[column]))
    loan.as_of, loan.recognised, loan.is_off_book = to, state[daily.RECOGNISED], bool(state[daily.IS_OFF])
    loan.oldest_due_on = date.fromordinal(state[daily.OLDEST]) if state[daily.OLDEST] else None
    line = None if loan.is_off_book else _running(loan, plan, loan.recognised)
    part = shares.share(line, as_of=to, before_fen=state[daily.ACCRUED_OUT])
    loan.accrual_basis, loan.accrual_denominator = part.day_count.value, part.denominator
    loan.accrual_weight, loan.accrual_origin = part.weight, part.origin
    loan.next_due_on = plan.due_dates[loan.recognised] if loan.recognised < len(plan.due_dates) else None
    full, due = shares.full_on(line) if line else None, loan.next_due_on
    night = daily.night_ahead(*state[:4], DPD_MARKS)
    morning = daily.next_morning(to.toordinal(), due.toordinal() if due else 0, night, full.toordinal() if full else 0)
    loan.next_event_on = date.fromordinal(morning) if morning else None
    loan.save()
