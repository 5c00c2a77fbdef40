"""A dealer's month: drawn up, agreed to by finance, paid by the bank, or taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.channels.models import Dealer
from chezhe.contracts.models import PayeeAccount
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, locks, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, NotFound, SamePerson, require_reason
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.bookings import Booking, mirrored
from chezhe.ledger.models import JournalEntry
from chezhe.payments import steps as payment_steps
from chezhe.servicing import monthly
from chezhe.servicing.commission import postings, rules
from chezhe.servicing.commission.models import STATEMENT_PREFIX, CommissionLine, CommissionStatement
from chezhe.servicing.commission.rules import Totals
from chezhe.servicing.commission.states import STANDING, STATEMENT

NETTING_EVENT, PAYMENT_EVENT = "commission_netting", "commission_paid"
KIND = "commission"
VERBS = {"paid": "settle", "failed": "fail", "returned": "return"}
_LOCK = "servicing.commission_statements"


class CommissionMonthNotOver(BusinessError):
    code = "commission_month_not_over"
    http_status = 422
    field = "as_of"
    sentence = gettext_lazy("%(as_of)s 尚未日终，月末日终完成后才能编制返佣结算单；业务日期是 %(today)s。")


class NothingToState(BusinessError):
    code = "commission_nothing_to_state"
    field = "as_of"
    sentence = gettext_lazy("截至 %(as_of)s 没有待结算的返佣，或上一张结算单尚未核准。")


class LaterStatementStands(BusinessError):
    code = "later_commission_statement"
    sentence = gettext_lazy("%(number)s 在此之后已编制，请先作废或冲回它。")


class NoPayeeAccount(BusinessError):
    code = "commission_payee_missing"
    field = "payee_number"
    sentence = gettext_lazy("车商 %(dealer)s 没有已核定的收款账户，或所选账户已停用，请先登记并核定。")


class CommissionPaidFirst(BusinessError):
    code = "commission_paid_first"
    sentence = gettext_lazy("返佣结算单 %(number)s 的付款结果尚未登记，退回须在其后登记。")


@dataclass(frozen=True, slots=True)
class Due:
    """What a dealer's statement of a month would say."""

    dealer: Dealer
    lines: list[CommissionLine]
    totals: Totals


def due(as_of: date, by: Actor) -> list[Due]:
    """The statements that a month would bring, by dealer, within the actor's reach. A dealer whose last statement nobody has agreed to,
    or that has one of this month or later, waits. Raises Invalid or CommissionMonthNotOver (422)."""
    monthly.require_over(as_of, business_date.current(), not_end=_("结算日须为月末。"), not_over=CommissionMonthNotOver)
    by_dealer: dict[int, list[CommissionLine]] = defaultdict(list)
    rows = CommissionLine.objects.visible_to(by).filter(statement__isnull=True, on__lte=as_of)
    for line in rows.select_related("dealer", "loan").order_by("dealer_id", "id"):
        by_dealer[line.dealer_id].append(line)
    last = _last_standing(by_dealer.keys())
    found = []
    for dealer_id, lines in by_dealer.items():
        before = last.get(dealer_id)
        if before is None or (before.status != "drawn" and before.as_of < as_of):
            brought = before.left.fen if before else 0
            found.append(Due(lines[0].dealer, lines, rules.totals((line.amount.fen for line in lines), brought)))
    return found


def _last_standing(dealers: Collection[int]) -> dict[int, CommissionStatement]:
    rows = CommissionStatement.objects.filter(dealer_id__in=list(dealers), status__in=STANDING)
    return {row.dealer_id: row for row in rows.order_by("as_of", "id")}


def draw_up(as_of: date, *, by: Actor) -> list[CommissionStatement]:
    """The statements of a month, for another person to agree to. Raises what `due` raises, and NothingToState (409)."""
    locks.hold(_LOCK)
    found = due(as_of, by)
    if not found:
        raise NothingToState(as_of=as_of)
    return [_draw(one, as_of, by) for one in found]


def _draw(one: Due, as_of: date, by: Actor) -> CommissionStatement:
    told = one.totals
    made = CommissionStatement.objects.create(
        number=numbers.next_number(STATEMENT_PREFIX, business_date.current()), dealer=one.dealer, as_of=as_of, accrued=Money(told.accrued),
        clawed=Money(told.clawed), brought=Money(told.brought), netted=Money(told.netted), payable=Money(told.payable),
        left=Money(told.left), drawn_at=clock.now(), drawn_by_ids=sorted(by.user_ids), drawn_by_name=by.name,
    )
    CommissionLine.objects.filter(pk__in=[line.pk for line in one.lines]).update(statement=made)
    moves.record(made.subject, "draw_up", "", made.status, by=by)
    return made


def netting_of(statement: CommissionStatement) -> tuple[Booking, ...]:
    """What agreeing to a statement books: what the dealer owes is set against what it earned."""
    if statement.status != "drawn" or not statement.netted:
        return ()
    return (Booking(business_date.current(), NETTING_EVENT, postings.for_netting(statement.netted.fen, statement.dealer.subject)),)


def require_approvable(statement: CommissionStatement, by: Actor) -> None:
    """Raises WrongState, or SamePerson (409) for who drew it up."""
    STATEMENT.require(statement.status, "approve")
    if by.user_ids & set(statement.drawn_by_ids):
        raise SamePerson(name=by.name, verb=STATEMENT.label("approve"))


def approve(statement: CommissionStatement, invoice_number: str, *, by: Actor) -> None:
    """Agree to a locked statement: it is payable, or over when nothing is left to be paid. Raises what `require_approvable` raises."""
    require_approvable(statement, by)
    today = business_date.current()
    for booking in netting_of(statement):
        ledger_steps.post(
            event=booking.event, reference=statement.netting_reference, transfers=booking.transfers, on=booking.on,
            branch_id=statement.dealer.branch_id, memo=statement.number, by=by)
    statement.approved_at, statement.approved_on, statement.approved_by_name = clock.now(), today, by.name
    statement.approved_by_ids, statement.invoice_number = sorted(by.user_ids), invoice_number.strip()
    statement.save(update_fields=["approved_at", "approved_on", "approved_by_ids", "approved_by_name", "invoice_number"])
    moves.move(statement, STATEMENT, "approve" if statement.payable else "close", by=by)
    _announce(statement)


def discard(statement: CommissionStatement, reason: str, *, by: Actor) -> None:
    """Put a locked statement aside that nobody has agreed to: its lines wait for the next.

    Raises WrongState (409) or ReasonRequired (422).
    """
    STATEMENT.require(statement.status, "discard")
    reason = require_reason(reason, most=200)
    statement.lines.update(statement=None)
    moves.move(statement, STATEMENT, "discard", by=by, reason=reason)


def accounts_of(dealer: Dealer) -> list[PayeeAccount]:
    """The dealer's accounts that a second person has agreed to, newest first."""
    return list(PayeeAccount.objects.filter(dealer=dealer, kind="dealer", status="verified").order_by("-id"))


def pay(statement: CommissionStatement, payee_number: str, *, by: Actor) -> None:
    """Order the payout of a locked statement. Raises WrongState, SamePerson or NoPayeeAccount (409)."""
    STATEMENT.require(statement.status, "pay")
    if by.user_ids & {*statement.drawn_by_ids, *statement.approved_by_ids}:
        raise SamePerson(name=by.name, verb=STATEMENT.label("pay"))
    chosen = [one for one in accounts_of(statement.dealer) if not payee_number or one.number == payee_number]
    if not chosen:
        raise NoPayeeAccount(dealer=statement.dealer.number)
    if statement.status == "failed":
        payment_steps.abandon_payout(reference=statement.reference, reason=STATEMENT.label("pay"), by=by)
    statement.attempt, statement.payee, statement.failure_code = statement.attempt + 1, chosen[0], ""
    payout = payment_steps.request_payout(
        reference=statement.reference, amount=statement.payable, memo=statement.number, branch_id=statement.dealer.branch_id, by=by,
        payee=payment_steps.Payee(name=chosen[0].name, account=chosen[0].account),
    )
    statement.payout_number = payout.number
    statement.save(update_fields=["attempt", "payee", "failure_code", "payout_number"])
    moves.move(statement, STATEMENT, "pay", by=by)


def guard_payout(rest: str, by: Actor) -> None:
    """A statement's payout is about to be sent, or sent once more. Raises NotFound (404), or WrongState (409) for an order that another
    has replaced."""
    number, _dot, attempt = rest.partition(".")
    statement = CommissionStatement.objects.filter(number=number).first()
    if statement is None or attempt != str(statement.attempt):
        raise NotFound(what=rest)
    if statement.status not in ("ordered", "failed"):
        STATEMENT.require(statement.status, "settle")


def follow(statement: CommissionStatement, attempt: int, outcome: str, *, on: date, failure_code: str, by: Actor) -> None:
    """The bank has answered about a locked statement. News of another order, or of a step that is over, changes nothing; that money came
    back, told before we know that it went, raises CommissionPaidFirst (409) and is delivered again later."""
    verb = VERBS.get(outcome, "")
    if attempt != statement.attempt:
        return
    if outcome == "returned" and statement.status in ("ordered", "failed"):
        raise CommissionPaidFirst(number=statement.number)
    if not STATEMENT.allows(statement.status, verb):
        return
    if outcome == "paid":
        ledger_steps.post(
            event=PAYMENT_EVENT, reference=statement.payment_reference, on=business_date.current(), branch_id=statement.dealer.branch_id,
            transfers=postings.for_payment(statement.payable.fen, statement.dealer.subject), memo=statement.number, by=by)
    elif outcome == "returned":
        ledger_steps.reverse(
            reference=statement.payment_reference, on=business_date.current(), reason=failure_code or STATEMENT.label("return"), by=by)
    statement.failure_code = "" if outcome == "paid" else failure_code
    statement.paid_on = on if outcome == "paid" else None
    statement.save(update_fields=["failure_code", "paid_on"])
    moves.move(statement, STATEMENT, verb, by=by, reason=failure_code)
    _announce(statement)


def require_reversible(statement: CommissionStatement) -> None:
    """Raises WrongState, or LaterStatementStands (409): what a later month began with would no longer be so."""
    STATEMENT.require(statement.status, "reverse")
    later = CommissionStatement.objects.filter(dealer_id=statement.dealer_id, status__in=STANDING, as_of__gt=statement.as_of).first()
    if later is not None:
        raise LaterStatementStands(number=later.number)


def would_reverse(statement: CommissionStatement) -> tuple[Booking, ...]:
    """What taking a statement back would book. Raises what `require_reversible` raises."""
    require_reversible(statement)
    return mirrored(_netting_entries(statement), business_date.current())


def reverse(statement: CommissionStatement, reason: str, *, by: Actor) -> None:
    """Take a locked statement back that is not paid, or whose money came back: its lines wait for the next one."""
    require_reversible(statement)
    reason = require_reason(reason, most=200)
    if statement.status == "failed":
        payment_steps.abandon_payout(reference=statement.reference, reason=reason, by=by)
    for entry in _netting_entries(statement):
        ledger_steps.reverse(reference=entry.reference, on=business_date.current(), reason=reason, by=by)
    statement.lines.update(statement=None)
    moves.move(statement, STATEMENT, "reverse", by=by, reason=reason)


def _netting_entries(statement: CommissionStatement) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(reference=statement.netting_reference))


def _announce(statement: CommissionStatement) -> None:
    events.publish(f"commission_statement.{statement.status}", statement.subject, {
        "number": statement.number, "dealer": statement.dealer.number, "payable_fen": statement.payable.fen})


def require_invoice(number: str) -> str:
    """The dealer's invoice number, kept as typed; empty where none was given. Raises Invalid (422)."""
    kept = number.strip()
    if kept and not (kept.isascii() and kept.replace("-", "").isalnum() and len(kept) <= 60):
        raise Invalid(field="invoice_number", code="invoice_number_form", sentence=_("发票号码只能是数字、字母与连字符，最多 60 位。"))
    return kept
