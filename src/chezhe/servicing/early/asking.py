"""A borrower's word that a loan is to be settled on a day, at the sum that was shown."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import Money
from chezhe.kernel import clock, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import queries
from chezhe.servicing.early.models import ASK_PREFIX, SettlementAsk
from chezhe.servicing.early.states import SETTLEMENT_ASK
from chezhe.servicing.models import Loan
from chezhe.servicing.states import RUNNING


class SumChanged(BusinessError):
    code = "settlement_sum_changed"
    field = "amount"
    sentence = _("%(on)s 的结清金额现为 %(sum)s 元，与您看到的不同，请核对后再提交。")


def quote(loan: Loan, on: date, today: date) -> queries.Payoff:
    """The payoff of a day that is still to come. Raises NotQuotable (422), WrongState or ChangedSince (409)."""
    if on < today:
        raise queries.NotQuotable(first=today, last=loan.matures_on)
    return queries.require_quote(loan, on, today)


def ask(loan: Loan, on: date, seen: Money, today: date, *, by: Actor) -> SettlementAsk:
    """Note it on the locked loan, if `seen` is what that day asks to the fen; saying the same again is saying it once.

    Raises SumChanged (409), and what `quote` raises.
    """
    quoted = quote(loan, on, today)
    if quoted.to_pay != seen:
        raise SumChanged(on=on, sum=quoted.to_pay.format(grouped=True))
    standing = SettlementAsk.objects.select_for_update(no_key=True).filter(loan=loan, status="asked").first()
    if standing is not None and (standing.settles_on, standing.amount) == (on, seen):
        return standing
    if standing is not None:
        end(standing, "replace", by=by)
    made = SettlementAsk.objects.create(
        number=numbers.next_number(ASK_PREFIX, today), loan=loan, settles_on=on, amount=seen, asked_at=clock.now(), asked_by_name=by.name)
    moves.record(made.subject, "ask", "", made.status, by=by)
    return made


def end(standing: SettlementAsk, verb: str, *, by: Actor) -> None:
    """It does not stand any more; the row is locked. Raises WrongState (409)."""
    SETTLEMENT_ASK.require(standing.status, verb)
    standing.ended_at = clock.now()
    standing.save(update_fields=["ended_at"])
    moves.move(standing, SETTLEMENT_ASK, verb, by=by)


def waiting(actor: Actor, today: date) -> QuerySet[SettlementAsk]:
    """Those whose day has not passed, of loans that run."""
    return SettlementAsk.objects.visible_to(actor).filter(status="asked", settles_on__gte=today, loan__status__in=RUNNING)
