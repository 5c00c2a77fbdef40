"""The yardstick of a payment: the same work in plain Django, row by row with `create` and `save`, as peers write it.

The sums are the house's own (a loan's life is folded by the same function), so what is measured is the way to the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import audit, clock, values
from chezhe.kernel.models import Event
from chezhe.ledger import chart
from chezhe.ledger.models import Account, JournalEntry
from chezhe.ledger.models import Transfer as TransferRow
from chezhe.ledger.rules import EntryContent, digest_of
from chezhe.servicing import accruals, lives, postings, rules, steps
from chezhe.servicing import position as positions
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.position import Effect


def repay(loan_number: str, amount: Money, paid_on: date, reference: str, by: Any) -> None:
    """One payment from the bank that comes in today, in a transaction of its own."""
    with transaction.atomic():
        loan = Loan.objects.select_related("product_version", "branch").select_for_update(of=("self",)).get(number=loan_number)
        if LoanEvent.objects.filter(reference=reference).exists():
            return
        news = steps.News(value_on=paid_on, amount=amount, source=chart.BANK, reference=reference)
        kept = lives.kept_of([loan])[loan.pk]  # read by the ORM's own statements, composed anew each time
        before, did = positions.advance(lives.life_of(loan, kept=kept)[0], max(paid_on, loan.as_of))
        for effect in did:
            _journal(loan, [effect], steps.calendar_event(effect), f"{reference}/{steps.calendar_event(effect)}/{effect.on}", paid_on, by)
        after, effects = positions.take(before, news.incoming)
        entry = _journal(loan, effects, "repayment", reference, paid_on, by)
        LoanEvent.objects.create(
            loan=loan, kind="repaid", value_on=paid_on, posted_on=paid_on, recorded_at=clock.now(), amount=amount, source=chart.BANK,
            reference=reference, entry=entry, actor_name=by.name, facts=steps.spread(effects, news),
        )
        _save(loan, after)
        Event.objects.create(name="loan.repaid", subject=loan.subject, recorded_at=clock.now(), payload={
            "number": loan.number, "kind": "repaid", "amount_fen": amount.fen, "value_on": values.to_json(paid_on)})
        audit.record(by=by, verb="servicing.record_repayment", subject=loan.subject, facts={"amount": str(amount)})


def _journal(loan: Loan, effects: Iterable[Effect], event: str, reference: str, on: date, by: Any) -> JournalEntry | None:
    moved: tuple[Transfer, ...] = tuple(move for effect in effects for move in postings.for_effect(effect, loan.subject))
    if not moved:
        return None
    digest = digest_of(EntryContent(event, reference, on, loan.branch_id, loan.number, moved))
    entry = JournalEntry.objects.create(
        posted_on=on, recorded_at=clock.now(), event=event, reference=reference, branch=loan.branch, memo=loan.number, actor_key=by.key,
        actor_name=by.name, digest=digest,
    )
    for move in moved:
        debit, credit = Account.objects.get(code=move.debit), Account.objects.get(code=move.credit)
        TransferRow.objects.create(entry=entry, debit_account=debit, credit_account=credit, amount_fen=move.fen, owner=move.owner)
    return entry


def _save(loan: Loan, position: positions.Position) -> None:
    cached = rules.cache(position)
    for name in (*steps.AMOUNTS, *steps.PLAIN):
        value = getattr(cached, name)
        setattr(loan, name, Money(value) if name in steps.AMOUNTS else value)
    for change in accruals.lay_share(loan, cached.share):
        change.save()
    loan.save()
