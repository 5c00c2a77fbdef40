"""Receipts of a bank file move from suspense to loans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger import chart
from chezhe.payments import steps as payment_steps
from chezhe.payments.models import BankLine
from chezhe.payments.reconciliation import leaving
from chezhe.payments.rules import counter_reference, counter_serial
from chezhe.payments.states import BANK_LINE
from chezhe.servicing import batches, references, steps
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.states import LOAN

TOGETHER_MAX = 500


class ReceiptRegistered(BusinessError):
    code = "receipt_registered"
    field = "loan_number"
    sentence = gettext_lazy("流水号 %(serial)s 的收款柜面已登记到 %(loan)s，请重新入账该流水文件完成核销，不要再认领。")


def require_claim(line: BankLine, reason: str) -> None:
    """Raises WrongState (409) for a line that waits no more, and Invalid (422) without what the claim rests on."""
    BANK_LINE.require(line.status, "match")
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明认领依据。"))


def require_unregistered(line: BankLine) -> None:
    """Raises ReceiptRegistered (409) for a line whose very sum a clerk has booked by its serial. Another sum is no such thing."""
    event = registered([line.bank_serial]).get(line.bank_serial)
    if event is not None and event.amount == line.amount:
        raise ReceiptRegistered(serial=line.bank_serial, loan=event.loan.number)


def judge(line: BankLine, loan_number: str, *, by: Actor) -> tuple[Loan, steps.News]:
    """The loan that a claim would take, and what comes in for it. Raises NotFound (404), WrongState and ReceiptRegistered (409)."""
    require_unregistered(line)
    loan = Loan.objects.visible_to(by).select_related("customer", "product_version").fetch(loan_number.strip().upper())
    LOAN.require(loan.status, "repay")
    return loan, news_of(line, loan)


def apply(line: BankLine, loan_number: str, *, by: Actor) -> LoanEvent:
    """Spread a locked line's money over the loan; the line says where it went. Its serial is held, and no clerk has registered it.

    Money that came before the payout counts from the day of payout. Raises NotFound (404) and WrongState (409).
    """
    loan = Loan.objects.visible_to(by).select_related("product_version").lock(loan_number)
    LOAN.require(loan.status, "repay")
    event = steps.take_in(loan, news_of(line, loan), today=business_date.current(), by=by)
    payment_steps.match_line(line, subject=loan.subject, outcome=loan.number, by=by)
    return event


def apply_together(found: Sequence[tuple[str, BankLine]], *, by: Actor) -> set[int]:
    """Spread the locked lines that are plain over their loans, a loan's only line in the file; returns the ids of those done.
    Their serials are held, and no clerk has registered them.

    All loans named are locked in the order in which shards and debits lock them, also those of the lines that are left.
    """
    lines = Counter(number for number, _line in found)
    chosen = Loan.objects.visible_to(by).prefetch_related("product_version").select_for_update(of=("self",), no_key=True)
    loans = {loan.number: loan for loan in chosen.filter(number__in=list(lines)).order_by("pk")}
    plain = [
        (loans[number], line) for number, line in found
        if number in loans and lines[number] == 1 and LOAN.allows(loans[number].status, "repay")
    ]
    done: set[int] = set()
    for first in range(0, len(plain), TOGETHER_MAX):
        done |= _apply_some(plain[first : first + TOGETHER_MAX], by)
    return done


def _apply_some(plain: Sequence[tuple[Loan, BankLine]], by: Actor) -> set[int]:
    receipts = [batches.Receipt(loan, news_of(line, loan)) for loan, line in plain]
    left = {receipt.loan.pk for receipt in batches.take_in(receipts, today=business_date.current(), by=by)}
    matched = [(line, loan.subject, loan.number) for loan, line in plain if loan.pk not in left]
    payment_steps.match_lines(matched, by=by)
    return {line.pk for line, _subject, _outcome in matched}


def news_of(line: BankLine, loan: Loan) -> steps.News:
    """A line's money as its loan takes it in."""
    return steps.News(
        amount=line.amount, value_on=max(line.value_on, loan.begun_on), source=chart.SUSPENSE,
        reference=references.of_line(line.bank_serial), payer=line.payer_name, memo=line.memo, facts={"bank_serial": line.bank_serial},
    )


def registered(serials: Sequence[str]) -> dict[str, LoanEvent]:
    """What clerks have registered as bank transfers under these serials of the bank, and still stands, by serial."""
    named = [counter_reference("bank", serial) for serial in serials]
    rows = LoanEvent.objects.select_related("loan", "reversal").filter(reference__in=named, entry__isnull=False)
    found = ((event, references.standing_receipt(event.reference) if hasattr(event, "reversal") else event) for event in rows)
    return {counter_serial(first.reference): standing for first, standing in found if standing is not None}


def recognise(line: BankLine, event: LoanEvent, *, by: Actor) -> bool:
    """A clerk has booked this locked receipt by its serial before the statement told it: it leaves suspense without being booked
    twice. Another sum is no such thing: then it waits, with the reason."""
    if event.amount != line.amount:
        payment_steps.park_line(line, outcome=differs(event), by=by)
        return False
    outcome = _("柜面已登记，%(loan)s") % {"loan": event.loan.number}
    leaving.leave(line, "match", outcome=outcome, memo=event.loan.number, by=by, subject=event.loan.subject)
    return True


def differs(event: LoanEvent) -> str:
    """Why a receipt waits that a clerk has registered with another sum."""
    said = _("柜面已按此流水号为 %(loan)s 登记 %(amount)s 元，金额不同，请核对")
    return said % {"loan": event.loan.number, "amount": event.amount}


def nobody_named() -> str:
    """Why a receipt waits of which nothing says whose it is."""
    return _("附言中没有贷款编号，付款账号也未对应到唯一一笔贷款")


def hold(event: LoanEvent | None) -> BankLine | None:
    """The statement's line that brought an event's money, locked, if there is one; its serial is held in any case. Whoever posts a
    file holds its serials, then its lines, then their loans; so does whoever takes money back, and neither waits for the other for
    ever."""
    serial = _serial_of(event) if event is not None else ""
    references.hold_transfer(serial)
    return BankLine.objects.select_for_update(no_key=True).filter(bank_serial=serial).first() if serial else None


def line_of(event: LoanEvent) -> BankLine | None:
    """The statement's line that brought an event's money, if there is one."""
    serial = _serial_of(event)
    return BankLine.objects.filter(bank_serial=serial).first() if serial else None


def _serial_of(event: LoanEvent) -> str:
    return event.facts.get("bank_serial") or counter_serial(event.reference) or ""


def let_go(event: LoanEvent, line: BankLine | None, *, reason: str, by: Actor) -> None:
    """What a receipt (its `line`, held) paid was reversed: the money is in suspense again and waits for its loan. A receipt that was
    claimed for another event stays with it, when what a clerk had registered under its serial (of another sum) is reversed."""
    if line is None or line.status != "matched":
        return
    if leaving.booked_out(line) is not None:
        leaving.restore(line, reason=reason, by=by)
    elif "bank_serial" in event.facts:
        payment_steps.reopen_line(line, reason=reason, by=by)


def event_of(bank_serial: str) -> LoanEvent | None:
    """What a receipt paid, or else a clerk registered for it, unless that was reversed; None while it waits for its loan."""
    paid = LoanEvent.objects.filter(facts__bank_serial=bank_serial).exclude(kind="reversed").select_related("loan").order_by("-id")
    standing = next((event for event in paid if not LoanEvent.objects.filter(reverses=event).exists()), None)
    return standing or registered([bank_serial]).get(bank_serial)
