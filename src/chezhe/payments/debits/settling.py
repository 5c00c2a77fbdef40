"""A day of the channel, compared and booked; and its money when it stands on our bank statement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, jobs, locks, moves, values
from chezhe.kernel.actor import Actor
from chezhe.ledger import steps as ledger_steps
from chezhe.payments import steps as payment_steps
from chezhe.payments.debits import answers, postings, queries, rules
from chezhe.payments.debits.models import ChannelSettlement, Debit
from chezhe.payments.debits.rules import Difference, StatementLine
from chezhe.payments.debits.states import SETTLEMENT
from chezhe.payments.models import BankLine

NUMBER = re.compile(r"CS\d{2}-\d{6,12}-\d")


def settle(day: date, lines: Sequence[StatementLine], *, by: Actor) -> ChannelSettlement:
    """Book the channel's statement of `day` when it says what our orders say; else keep where it does not."""
    locks.hold(f"channel-settlement:{day}")
    answers.expect_settlement(day, by=by)
    settlement = ChannelSettlement.objects.select_for_update(no_key=True).get(day=day)
    if settlement.status in ("settled", "arrived"):
        return settlement
    found = rules.differences(queries.lines_of(day), lines)
    _keep_figures(settlement, lines, found)
    if found:
        _differ(settlement, found, by)
    else:
        _book(settlement, lines, by)
    return settlement


def _keep_figures(settlement: ChannelSettlement, lines: Sequence[StatementLine], found: Sequence[Difference]) -> None:
    gross = sum(line.amount.fen if line.kind == "collected" else -line.amount.fen for line in lines)
    fee = sum(line.fee.fen for line in lines)
    settlement.lines, settlement.gross, settlement.fee = len(lines), Money(gross), Money(fee)
    settlement.net, settlement.differences = Money(gross - fee), [values.to_json(one) for one in found]
    settlement.save(update_fields=["lines", "gross", "fee", "net", "differences"])


def _differ(settlement: ChannelSettlement, found: Sequence[Difference], by: Actor) -> None:
    if settlement.status == "open":
        moves.move(settlement, SETTLEMENT, "differ", by=by)
        events.publish("payment.settlement_differs", settlement.subject, {"number": settlement.number, "lines": len(found)})
    asked = list(Debit.objects.filter(reference__in=[one.reference for one in found]).values_list("reference", flat=True))
    if asked:
        jobs.enqueue("payments.ask_about_debits", references=asked)


def _book(settlement: ChannelSettlement, lines: Sequence[StatementLine], by: Actor) -> None:
    settlement.settled_at = clock.now()
    settlement.save(update_fields=["settled_at"])
    moves.move(settlement, SETTLEMENT, "settle", by=by)
    fees = {line.reference: line.fee for line in lines if line.fee}
    charged = list(Debit.objects.filter(reference__in=fees))
    for debit in charged:
        debit.fee = fees[debit.reference]
    Debit.objects.bulk_update(charged, ["fee"], batch_size=1000)
    transfers = postings.settled(settlement.gross.fen, settlement.fee, settlement.subject)
    if transfers:
        ledger_steps.post(event="channel_settled", reference=f"channel-settled:{settlement.number}", transfers=transfers,
                          on=business_date.current(), memo=settlement.number, by=by)
    events.publish("payment.channel_settled", settlement.subject, {"number": settlement.number, "net_fen": settlement.net.fen})


def named_in(line: BankLine) -> ChannelSettlement | None:
    """The settlement whose number stands in a receipt's memo, locked, if its sum is on its way and the same."""
    found = found_in(line)
    rows = ChannelSettlement.objects.select_for_update(no_key=True).filter(status="settled", net=line.amount)
    return rows.filter(pk=found.pk).first() if found else None


def found_in(line: BankLine) -> ChannelSettlement | None:
    """`named_in` for who only looks."""
    named = NUMBER.search(line.memo.upper().replace(" ", ""))
    if not named:
        return None
    return ChannelSettlement.objects.filter(number=named[0], status="settled", net=line.amount).first()


def arrive(settlement: ChannelSettlement, line: BankLine, *, by: Actor) -> None:
    """The channel's money is a receipt on our statement: both rows are locked."""
    ledger_steps.post(event="channel_arrived", reference=f"channel-arrived:{settlement.number}", on=business_date.current(),
                      transfers=postings.arrived(settlement.net, settlement.subject), memo=settlement.number, by=by)
    moves.move(settlement, SETTLEMENT, "arrive", by=by, reason=line.bank_serial)
    payment_steps.match_line(line, subject=settlement.subject, outcome=settlement.number, by=by)
